//! Receipts: when to read them, and what each of them settles.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::notice::{Notice, Reaction};
use super::state::ContextState;
use super::undo::DoneMarks;
use crate::app::message::{Arrived, Effect, Request, StoreEvent};
use crate::failure::{Failure, FailureKind};
use crate::memo::Delivery;
use crate::schedule::{Name, Receipt, Schedule};

/// How often receipts are read while a memo is due and not proved: in the embedded scheduler, and in AWS.
const PAUSE: (TimeDelta, TimeDelta) = (TimeDelta::seconds(2), TimeDelta::seconds(15));

/// How far back the log is read for a delivery with no receipt: the longest that the scheduler may retry.
const LOOK_BACK: TimeDelta = TimeDelta::hours(24);

/// How long the receipt of a delivery in AWS may take: logs arrive late.
pub const LOG_DELAY: TimeDelta = TimeDelta::minutes(5);

impl ContextState {
    /// How long after its time a delivery may still be proved.
    #[must_use]
    pub fn receipt_delay(&self) -> TimeDelta {
        // The embedded store logs a delivery and deletes its schedule in one transaction.
        if self.info.local { TimeDelta::zero() } else { LOG_DELAY }
    }

    /// How long receipts are read for one delivery.
    fn patience(&self) -> TimeDelta {
        self.receipt_delay() + self.pause() * 8
    }

    fn pause(&self) -> TimeDelta {
        if self.info.local { PAUSE.0 } else { PAUSE.1 }
    }

    /// When to read receipts next: shortly after a memo is due, and again for as long as its receipt may take and a while
    /// longer. `None` while a reading runs.
    #[must_use]
    pub fn next_receipts(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (pause, patience) = (self.pause(), self.patience());
        let due = self
            .list
            .iter()
            .filter(|schedule| schedule.enabled && schedule.memo().is_some())
            .filter_map(Schedule::due)
            .find(|due| now < *due + patience);
        let gone = self.receipts.until.filter(|until| now < *until).map(|until| until - patience);
        let awaited = due.into_iter().chain(gone).min()?;
        let at = self.receipts.last.map_or(awaited + pause, |last| (awaited + pause).max(last + pause));
        (!self.receipts.reading).then_some(at)
    }

    /// Whether receipts are being read.
    #[must_use]
    pub fn reads_receipts(&self) -> bool {
        self.receipts.reading
    }

    /// Reads the receipts now.
    pub fn read_receipts(&mut self, now: DateTime<Utc>) -> Effect {
        self.receipts.reading = true;
        self.receipts.last = Some(now);
        let awaits = |schedule: &&Schedule| schedule.enabled && schedule.memo().is_some();
        let mut due = self.list.due(now).filter(awaits).filter_map(Schedule::due);
        let since = due.find(|due| now < *due + LOOK_BACK);
        self.request(Request::Arrived(since))
    }

    /// Reads the receipts now and for a while, because a memo that was due is gone.
    pub(super) fn await_receipts(&mut self, now: DateTime<Utc>) -> Option<Effect> {
        self.receipts.until = Some(now + self.patience());
        (!self.receipts.reading).then(|| self.read_receipts(now))
    }

    /// The store of this context changed.
    pub fn on_store_event(&mut self, event: StoreEvent, now: DateTime<Utc>) -> Effect {
        match event {
            StoreEvent::Delivered => {}
            StoreEvent::Elsewhere => self.reading.request(now),
        }
        self.read_receipts(now)
    }

    pub(super) fn arrived(&mut self, result: Result<Arrived, Failure>, now: DateTime<Utc>) -> Reaction {
        self.receipts.reading = false;
        let arrived = match result {
            Ok(arrived) => arrived,
            // A function that never ran has no log yet.
            Err(failure) if failure.kind == FailureKind::NotFound => return Reaction::default(),
            Err(failure) => {
                // The store on this machine may be locked for longer than any receipt takes.
                if self.info.local {
                    self.receipts.until = Some(now + self.patience());
                }
                return self.receipts_failed(failure);
            }
        };
        let mut reaction = arrived.queue.map_or_else(Reaction::default, |failure| self.receipts_failed(failure));
        reaction.extend(arrived.read.iter().map(|receipt| self.learn(receipt)).collect());
        reaction.extend(self.set_arrived(arrived.undone));
        let is_fresh = |receipt: &&Receipt| arrived.fresh.contains(&receipt.key);
        let fresh: Vec<Receipt> = self.arrived.iter().filter(is_fresh).cloned().collect();
        if !fresh.is_empty() {
            reaction.notices.push(Notice::Arrived(fresh));
        }
        reaction
    }

    fn set_arrived(&mut self, arrived: Vec<Receipt>) -> Reaction {
        let before = std::mem::replace(&mut self.arrived, arrived);
        let lost: HashSet<&str> =
            self.arrived.iter().filter(|receipt| receipt.is_lost()).map(|receipt| receipt.key.as_str()).collect();
        let gone = before.into_iter().filter(|receipt| receipt.is_lost() && !lost.contains(receipt.key.as_str()));
        Reaction { effects: Vec::new(), notices: gone.map(Notice::DealtWith).collect() }
    }

    /// Records that the person is done with some deliveries, and not done any more with others.
    pub(super) fn mark_done(&mut self, marks: DoneMarks) -> Reaction {
        let DoneMarks { done, undone } = marks;
        let keys = |receipts: &[Receipt]| receipts.iter().map(|receipt| receipt.key.clone()).collect::<Vec<_>>();
        let (done_keys, undone_keys) = (keys(&done), keys(&undone));
        self.arrived.retain(|receipt| !done_keys.contains(&receipt.key) && !undone_keys.contains(&receipt.key));
        self.arrived.extend(undone);
        // Oldest first, as the state has them.
        self.arrived.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
        let id = &self.info.id;
        let effects = [
            (!done_keys.is_empty()).then(|| Effect::Done(id.clone(), done_keys)),
            (!undone_keys.is_empty()).then(|| Effect::NotDone(id.clone(), undone_keys)),
        ];
        let lost = done.into_iter().filter(Receipt::is_lost);
        Reaction { effects: effects.into_iter().flatten().collect(), notices: lost.map(Notice::DealtWith).collect() }
    }

    /// What one receipt settles: whatever waited for this delivery waits no longer, unless the delivery is retried.
    fn learn(&mut self, receipt: &Receipt) -> Reaction {
        let Some(delivery) = receipt.delivery() else { return Reaction::default() };
        if !receipt.is_delivered() && !receipt.is_lost() {
            let before = self.failing.insert(delivery, receipt.clone());
            let is_news = before.as_ref().is_none_or(|before| before.outcome != receipt.outcome);
            return if is_news && self.awaits(delivery) {
                Reaction::notice(Notice::Retrying(before, receipt.clone()))
            } else {
                Reaction::default()
            };
        }
        let mut reaction = Reaction::default();
        reaction.notices.extend(self.failing.remove(&delivery).map(Notice::RetryEnded));
        if !self.awaits(delivery) {
            return reaction;
        }
        let name: Name = delivery.id.to_string().into();
        self.list.remove(&name);
        if self.changes.remove(&name).is_some() {
            reaction.effects.push(self.drop_from_journal(&name));
        }
        reaction
    }

    /// Whether a memo of the list waits for this delivery.
    fn awaits(&self, delivery: Delivery) -> bool {
        self.list.get(&delivery.id.to_string()).and_then(Schedule::memo).is_some_and(|memo| memo.delivery() == delivery)
    }

    /// Tells a failure to read receipts, if it is not the same as last time. While the network is down the list says so.
    fn receipts_failed(&mut self, failure: Failure) -> Reaction {
        if failure.kind.may_pass() || self.receipts.told.as_ref() == Some(&failure) {
            return Reaction::default();
        }
        self.receipts.told = Some(failure.clone());
        Reaction::notice(Notice::ReadingFailed(failure))
    }
}
