//! What this process knows of the deliveries of a context, so that each is shown, heard once and done once whatever becomes
//! of `state.db`.
//!
//! Pure. Does not know how the log is read, or how `state.db` is written.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::schedule::Receipt;
use crate::state::{Arrivals, Kept, Mark};

/// The arrivals of a context, in memory.
#[derive(Debug, Default)]
pub(super) struct SessionArrivals {
    /// The keys of the receipts that were heard, in this run or before.
    heard: HashSet<String>,
    /// The keys of the receipts that are done, as far as this process has met them.
    done: HashSet<String>,
    /// The receipts that are not done.
    not_done: Vec<Receipt>,
    /// The receipts that could not be written yet.
    unwritten: BTreeMap<String, Receipt>,
    /// The receipts that the person was done with in this run: one may come back.
    put_away: HashMap<String, Receipt>,
    /// What the person was done with, or not done with after all, that could not be written yet.
    unwritten_marks: BTreeMap<String, Mark>,
}

/// What a reading of the log turned up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct News {
    /// Everything that is not done, oldest first.
    pub undone: Vec<Receipt>,
    /// The keys of the receipts that nobody has heard of.
    pub fresh: HashSet<String>,
}

impl SessionArrivals {
    /// What to write: what was read now, and what could not be written before.
    pub fn to_write(&self, shown: &[Receipt], done: &[String], read_until: Option<DateTime<Utc>>) -> Arrivals {
        Arrivals {
            receipts: self.unwritten.values().chain(shown).cloned().collect(),
            marks: self
                .unwritten_marks
                .iter()
                .map(|(key, mark)| (key.clone(), *mark))
                .chain(done.iter().map(|key| (key.clone(), Mark::Done)))
                .collect(),
            read_until,
        }
    }

    /// Whether something could not be written.
    pub fn is_unwritten(&self) -> bool {
        !self.unwritten.is_empty() || !self.unwritten_marks.is_empty()
    }

    /// Everything was written. `new` are the keys of the receipts that `state.db` did not have.
    pub fn written(&mut self, shown: &[Receipt], new: &HashSet<String>, not_done: Vec<Receipt>) -> News {
        self.unwritten.clear();
        self.unwritten_marks.clear();
        // What rang while it could not be written does not ring again.
        let fresh = shown.iter().map(|receipt| &receipt.key).filter(|key| new.contains(*key)).cloned();
        let fresh = fresh.filter(|key| self.heard.insert(key.clone())).collect();
        self.learn(shown.iter().map(|receipt| receipt.key.clone()), not_done);
        News { undone: self.not_done.clone(), fresh }
    }

    /// Nothing could be written: remembers what was read. `kept` is what `state.db` has, if at least that could be read.
    pub fn remember(&mut self, shown: &[Receipt], done: &[String], kept: Option<Kept>) -> News {
        if let Some(Kept { known, not_done, .. }) = kept {
            self.learn(known, not_done);
        }
        let mut fresh = HashSet::new();
        for receipt in shown.iter().filter(|receipt| !self.done.contains(&receipt.key)) {
            if self.heard.insert(receipt.key.clone()) {
                fresh.insert(receipt.key.clone());
                self.unwritten.insert(receipt.key.clone(), receipt.clone());
            }
        }
        let waiting: HashSet<String> = self.undone().into_iter().map(|receipt| receipt.key).collect();
        self.mark(&done.iter().filter(|key| waiting.contains(*key)).cloned().collect::<Vec<_>>(), Mark::Done);
        News { undone: self.undone(), fresh }
    }

    /// The person is done with these receipts, or not done after all, and that is not written yet.
    pub fn mark(&mut self, keys: &[String], mark: Mark) {
        for key in keys {
            self.unwritten_marks.insert(key.clone(), mark);
            match mark {
                Mark::Done => {
                    let receipt = self.not_done.iter().find(|receipt| receipt.key == *key).or(self.unwritten.get(key));
                    self.put_away.extend(receipt.map(|receipt| (key.clone(), receipt.clone())));
                    self.done.insert(key.clone());
                }
                Mark::NotDone => {
                    let is_there = self.not_done.iter().any(|receipt| receipt.key == *key);
                    self.not_done.extend(self.put_away.remove(key).filter(|_| !is_there));
                    self.done.remove(key);
                }
            }
        }
    }

    /// The marks of these receipts are written.
    pub fn wrote_marks(&mut self, keys: &[String]) {
        for key in keys {
            // A receipt that is not written yet cannot be marked there.
            if !self.unwritten.contains_key(key) {
                self.unwritten_marks.remove(key);
            }
        }
    }

    /// Learns what `state.db` has: these receipts, of which these are not done.
    fn learn(&mut self, known: impl IntoIterator<Item = String>, not_done: Vec<Receipt>) {
        let waiting: HashSet<&str> = not_done.iter().map(|receipt| receipt.key.as_str()).collect();
        for key in known {
            if waiting.contains(key.as_str()) {
                self.done.remove(&key);
            } else {
                self.done.insert(key.clone());
            }
            self.heard.insert(key);
        }
        self.heard.extend(not_done.iter().map(|receipt| receipt.key.clone()));
        self.not_done = not_done;
        // What the person did after that counts.
        for (key, mark) in std::mem::take(&mut self.unwritten_marks) {
            self.mark(&[key], mark);
        }
    }

    /// Everything that is not done, oldest first.
    fn undone(&self) -> Vec<Receipt> {
        let written: HashSet<&str> = self.not_done.iter().map(|receipt| receipt.key.as_str()).collect();
        let unwritten = self.unwritten.values().filter(|receipt| !written.contains(receipt.key.as_str()));
        let all = self.not_done.iter().chain(unwritten).filter(|receipt| !self.done.contains(&receipt.key));
        let mut undone: Vec<Receipt> = all.cloned().collect();
        undone.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
        undone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::Outcome;

    fn receipt(key: &str) -> Receipt {
        Receipt {
            key: key.to_owned(),
            id: None,
            text: key.to_owned(),
            zone: None,
            scheduled: None,
            at: DateTime::UNIX_EPOCH,
            attempt: 1,
            by_hand: false,
            outcome: Outcome::Delivered,
        }
    }

    fn keys(receipts: &[Receipt]) -> Vec<&str> {
        receipts.iter().map(|receipt| receipt.key.as_str()).collect()
    }

    fn set(keys: &[&str]) -> HashSet<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn what_cannot_be_written_is_heard_once_and_written_later() {
        let mut session = SessionArrivals::default();
        let shown = [receipt("tea")];
        for expected in [set(&["tea"]), set(&[])] {
            let news = session.remember(&shown, &[], None);
            assert_eq!((keys(&news.undone), news.fresh), (vec!["tea"], expected));
        }
        assert!(session.is_unwritten());
        assert_eq!(keys(&session.to_write(&[], &[], None).receipts), ["tea"]);

        // The disk can be written again: the receipt is new there, and was heard here.
        let news = session.written(&shown, &set(&["tea"]), vec![receipt("tea")]);
        assert_eq!((keys(&news.undone), news.fresh), (vec!["tea"], set(&[])));
        assert!(!session.is_unwritten());
    }

    #[test]
    fn what_another_window_has_heard_is_not_heard_again() {
        let mut session = SessionArrivals::default();
        let kept = Kept { known: set(&["tea", "milk"]), not_done: vec![receipt("milk")], damaged: Vec::new() };
        let news = session.remember(&[receipt("bread"), receipt("milk"), receipt("tea")], &[], Some(kept));
        assert_eq!((keys(&news.undone), news.fresh), (vec!["bread", "milk"], set(&["bread"])));
        assert_eq!(keys(&session.to_write(&[], &[], None).receipts), ["bread"]);
    }

    #[test]
    fn what_is_done_stays_done_when_nothing_can_be_read_any_more() {
        let mut session = SessionArrivals::default();
        session.written(&[receipt("milk"), receipt("tea")], &set(&["milk"]), vec![receipt("milk")]);
        let news = session.remember(&[receipt("milk"), receipt("tea")], &[], None);
        assert_eq!((keys(&news.undone), news.fresh), (vec!["milk"], set(&[])));
        session.mark(&["milk".to_owned()], Mark::Done);
        assert_eq!(session.remember(&[receipt("milk")], &[], None), News::default());
        assert_eq!(session.to_write(&[], &[], None).marks, [("milk".to_owned(), Mark::Done)]);
        session.wrote_marks(&["milk".to_owned()]);
        assert!(!session.is_unwritten());
    }

    #[test]
    fn a_receipt_that_is_done_before_it_is_written_is_written_as_done() {
        let mut session = SessionArrivals::default();
        session.remember(&[receipt("tea")], &[], None);
        session.mark(&["tea".to_owned()], Mark::Done);
        // `state.db` can be written again, but does not have the receipt yet.
        session.wrote_marks(&["tea".to_owned()]);
        let write = session.to_write(&[], &[], None);
        assert_eq!((keys(&write.receipts), write.marks), (vec!["tea"], vec![("tea".to_owned(), Mark::Done)]));
        let kept = Kept { known: set(&["tea"]), not_done: vec![receipt("tea")], damaged: Vec::new() };
        assert_eq!(session.remember(&[receipt("tea")], &[], Some(kept)), News::default(), "it does not come back");
    }

    #[test]
    fn what_is_not_done_after_all_comes_back() {
        let mut session = SessionArrivals::default();
        let (shown, key) = ([receipt("milk")], ["milk".to_owned()]);
        session.written(&shown, &set(&["milk"]), shown.to_vec());
        session.mark(&key, Mark::Done);
        session.wrote_marks(&key);
        session.written(&shown, &set(&[]), Vec::new());
        assert_eq!(session.remember(&shown, &[], None), News::default());
        session.mark(&key, Mark::NotDone);
        let news = session.remember(&shown, &[], None);
        assert_eq!((keys(&news.undone), news.fresh), (vec!["milk"], set(&[])));
        assert_eq!(session.to_write(&[], &[], None).marks, [("milk".to_owned(), Mark::NotDone)]);
    }

    #[test]
    fn a_failure_that_was_delivered_after_all_goes() {
        let mut session = SessionArrivals::default();
        session.remember(&[receipt("failed")], &[], None);
        let news = session.remember(&[receipt("tea")], &["failed".to_owned(), "other".to_owned()], None);
        assert_eq!(keys(&news.undone), ["tea"]);
        assert_eq!(
            session.to_write(&[], &[], None).marks,
            [("failed".to_owned(), Mark::Done)],
            "not what was never there"
        );
    }
}
