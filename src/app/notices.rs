//! Notices in words: the one place that turns what a context has to tell into sentences. It adds the context's name where
//! that is not the current one.

use chrono::{DateTime, Utc};

use super::context::batch::{Batch, BatchKind, NotMade};
use super::context::notice::Notice;
use super::context::pending::Initiator;
use super::context::undo::{Direction, DoneMarks};
use super::message::{Effect, Ring};
use super::model::App;
use super::quote::{first_line, quoted, subject};
use super::view::View;
use crate::context::ContextId;
use crate::failure::Failure;
use crate::keymap::{Chord, FormAction, KeyContext, MemoAction, ProgramAction};
use crate::memo::Memo;
use crate::preferences::Notifications;
use crate::schedule::{Change, Receipt};

/// How many memos one sentence names.
const NAMED: usize = 5;

/// Which context a notice is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// The current one.
    Current,
    /// Another one.
    Other,
}

/// What to do with a sentence.
enum Words {
    /// Show it for a few seconds.
    News(String),
    /// Show it until the person dismisses it.
    Warning(String),
    /// Take it back.
    Retract(String),
}

impl App {
    /// Tells the person; returns what follows from it.
    pub(super) fn announce(&mut self, id: &ContextId, notice: Notice, now: DateTime<Utc>) -> Vec<Effect> {
        let scope = if self.current_id() == Some(id) { Scope::Current } else { Scope::Other };
        let words = self.words_of(&notice, scope);
        let name = self.contexts.get(id).filter(|_| scope == Scope::Other).map(|context| context.info.name.clone());
        let placed = |sentence: String| match &name {
            Some(name) => format!("In {name}: {sentence}"),
            None => sentence,
        };
        for words in words {
            match words {
                Words::News(sentence) => self.banners.say(placed(sentence), now),
                Words::Warning(sentence) => self.banners.warn(placed(sentence)),
                Words::Retract(sentence) => self.banners.retract(&placed(sentence)),
            }
        }
        match notice {
            Notice::EditedMemoGone { before, after, .. } if scope == Scope::Current => self.reopen(before, &after, now),
            Notice::ChangedElsewhere { change: Change::Update { after, .. }, theirs } if scope == Scope::Current => {
                if let Some(theirs) = theirs.memo() {
                    self.reopen(theirs.clone(), &after, now);
                }
            }
            Notice::Arrived(fresh) => return self.ring(id, &fresh, scope),
            Notice::EditedMemoGone { .. }
            | Notice::ChangedElsewhere { .. }
            | Notice::Scheduled(..)
            | Notice::Cancelled(..)
            | Notice::Marked(..)
            | Notice::Discarded(_)
            | Notice::CancelledForeign(_)
            | Notice::Failed { .. }
            | Notice::AlreadyGone(_)
            | Notice::QueuedChangeDropped { .. }
            | Notice::Expired(_)
            | Notice::BatchEnded(_)
            | Notice::SentAgain(_)
            | Notice::Unconfirmed(_)
            | Notice::Ran(..)
            | Notice::RunFailed(..)
            | Notice::Retrying(..)
            | Notice::RetryEnded(_)
            | Notice::DealtWith(_)
            | Notice::ReadingStopped
            | Notice::ReadingFailed(_) => {}
        }
        Vec::new()
    }

    /// Keeps an edit that was not made, and describes it if the form does not show it.
    fn reopen(&mut self, before: Memo, after: &Memo, now: DateTime<Utc>) {
        if !self.form.is_empty() {
            let (was, edit) = (self.words(&after.due), self.key(MemoAction::Edit));
            self.banners.warn(format!("Your change was: {}, {was}. {edit} on it goes back to it.", quoted(after)));
        }
        self.keep_change(before, after, now);
    }

    /// Rings for these deliveries, and reads the history again where it is on the screen.
    fn ring(&mut self, id: &ContextId, fresh: &[Receipt], scope: Scope) -> Vec<Effect> {
        let mut effects = vec![Effect::Ring(self.notification(fresh))];
        if let Some(context) = self.contexts.get_mut(id) {
            if scope == Scope::Other {
                context.unseen += fresh.iter().filter(|receipt| receipt.is_delivered()).count();
            } else if self.view == View::History {
                effects.extend(context.read_history());
            }
        }
        effects
    }

    fn notification(&self, fresh: &[Receipt]) -> Ring {
        let words = |receipt: &Receipt| receipt.text.lines().next().unwrap_or_default().to_owned();
        let those = |delivered| fresh.iter().filter(move |receipt| receipt.is_delivered() == delivered).map(words);
        let texts = Notifications::texts(those(true).collect(), those(false).collect());
        Ring { by: self.settings.preferences.notifications.clone(), texts }
    }

    fn words_of(&self, notice: &Notice, scope: Scope) -> Vec<Words> {
        match notice {
            // A retry in another context that fails again is no news.
            Notice::Failed { is_retry: true, failure, .. } if scope == Scope::Other && failure.kind.may_pass() => {
                Vec::new()
            }
            Notice::Cancelled(_, Initiator::Program) => Vec::new(),
            Notice::Arrived(fresh) => self.arrived_words(fresh, scope),
            Notice::Retrying(before, receipt) => {
                let before = before.as_ref().map(|before| Words::Retract(retrying(before)));
                before.into_iter().chain([Words::Warning(retrying(receipt))]).collect()
            }
            Notice::RetryEnded(receipt) => vec![Words::Retract(retrying(receipt))],
            Notice::DealtWith(receipt) => vec![Words::Retract(self.not_delivered(receipt, scope))],
            Notice::ReadingStopped => {
                let again = self.key(ProgramAction::Refresh);
                vec![Words::News(format!("Stopped reading. {again} continues."))]
            }
            Notice::ReadingFailed(failure) => vec![Words::Warning(failure.to_string())],
            change => self.change_words(change, scope).into_iter().collect(),
        }
    }

    /// The words for the outcome of a change.
    fn change_words(&self, notice: &Notice, scope: Scope) -> Option<Words> {
        Some(match notice {
            Notice::Scheduled(memo, initiator) => Words::News(self.scheduled(memo, *initiator, scope)),
            Notice::Cancelled(memo, initiator) => Words::News(self.cancelled(memo, *initiator, scope)),
            Notice::Marked(marks, initiator) => Words::News(self.marked_words(marks, *initiator, scope)),
            Notice::Discarded(change) => {
                Words::News(self.reversible(&format!("Dropped {}.", subject(change)), Initiator::Person, scope))
            }
            Notice::CancelledForeign(name) => Words::News(format!("Cancelled “{name}”.")),
            Notice::Failed { change, failure, has_queued, .. } => {
                let kept = self.what_becomes_of(change, failure, *has_queued, scope);
                Words::Warning(format!("{}: {failure}{kept}", subject(change)))
            }
            Notice::AlreadyGone(change) => Words::Warning(already_gone(change)),
            Notice::EditedMemoGone { after, failure, .. } => {
                let kept = if scope == Scope::Current { "" } else { " Your change stays there as “not saved”." };
                Words::Warning(format!("{}: {failure}{kept}", quoted(after)))
            }
            Notice::ChangedElsewhere { change, theirs } => {
                Words::Warning(self.changed_elsewhere(change, theirs.memo(), scope))
            }
            Notice::QueuedChangeDropped { change, was_cancel } => {
                let cancel = if *was_cancel { ", and the memo was not cancelled" } else { "" };
                Words::Warning(format!(
                    "{} was changed elsewhere meanwhile. Nothing was overwritten{cancel}.",
                    subject(change)
                ))
            }
            Notice::Expired(change) => Words::Warning(format!(
                "{} was not sent: its time passed while an earlier change was on its way.",
                subject(change)
            )),
            Notice::BatchEnded(batch) => self.batch_words(batch),
            Notice::SentAgain(count) => Words::News(format!("{} from last time: sent again.", changes(*count))),
            Notice::Unconfirmed(count) => Words::Warning(self.unconfirmed(*count)),
            Notice::Ran(memo, answer) => {
                let answer = if answer.is_empty() { String::new() } else { format!(" Its target answered: {answer}.") };
                Words::News(format!("Delivered {} now.{answer}", quoted(memo)))
            }
            Notice::RunFailed(memo, failure) => {
                Words::Warning(format!("{} could not be run: {failure} It is still scheduled.", quoted(memo)))
            }
            Notice::Arrived(_)
            | Notice::Retrying(..)
            | Notice::RetryEnded(_)
            | Notice::DealtWith(_)
            | Notice::ReadingStopped
            | Notice::ReadingFailed(_) => return None,
        })
    }

    fn scheduled(&self, memo: &Memo, initiator: Initiator, scope: Scope) -> String {
        let (memo, due) = (quoted(memo), self.words(&memo.due));
        let sentence = match initiator {
            Initiator::Person => format!("Scheduled {memo} for {due}."),
            Initiator::Program => format!("Scheduled {memo} from last time for {due}."),
            Initiator::Undo | Initiator::Redo => format!("{memo} is scheduled for {due}."),
        };
        self.reversible(&sentence, initiator, scope)
    }

    fn cancelled(&self, memo: &Memo, initiator: Initiator, scope: Scope) -> String {
        let has_arrived = |receipt: &Receipt| receipt.id == Some(memo.id);
        let sentence = match initiator {
            Initiator::Person | Initiator::Program => format!("Cancelled {}.", quoted(memo)),
            // The snooze of a memo that had arrived was undone.
            Initiator::Undo if scope == Scope::Current && self.current().arrived.iter().any(has_arrived) => {
                format!("{} is back among what has arrived.", quoted(memo))
            }
            Initiator::Undo | Initiator::Redo => format!("{} is cancelled.", quoted(memo)),
        };
        self.reversible(&sentence, initiator, scope)
    }

    fn marked_words(&self, marks: &DoneMarks, initiator: Initiator, scope: Scope) -> String {
        let DoneMarks { done, undone } = marks;
        let (receipts, what) = if undone.is_empty() { (done, "done") } else { (undone, "back") };
        let sentence = match receipts.as_slice() {
            [one] => format!("{} is {what}.", first_line(&one.text)),
            many => format!("{} memos are {what}.", many.len()),
        };
        self.reversible(&sentence, initiator, scope)
    }

    /// A sentence about a change, with the key that takes the change back. What undo or redo did says so.
    fn reversible(&self, sentence: &str, initiator: Initiator, scope: Scope) -> String {
        let (did, reverse) = match initiator {
            Initiator::Program => return sentence.to_owned(),
            Initiator::Person => ("", Direction::Back),
            Initiator::Undo => ("Undid the change: ", Direction::Forward),
            Initiator::Redo => ("Redid the change: ", Direction::Back),
        };
        match scope {
            Scope::Current => format!("{did}{sentence} {}", self.reverse_words(reverse)),
            Scope::Other => format!("{did}{sentence}"),
        }
    }

    /// `u undoes it.`, with the key of the view, or else that of the list.
    fn reverse_words(&self, direction: Direction) -> String {
        let (action, reverses) = match direction {
            Direction::Back => (MemoAction::Undo, "undoes"),
            Direction::Forward => (MemoAction::Redo, "redoes"),
        };
        let here = self.settings.keys.chord(self.view.key_context(), action).map(Chord::name);
        format!("{} {reverses} it.", here.unwrap_or_else(|| self.key(action)))
    }

    fn what_becomes_of(&self, change: &Change, failure: &Failure, has_queued: bool, scope: Scope) -> String {
        match (change, failure.kind.may_pass()) {
            // The queued change decides.
            (_, false) if has_queued => String::new(),
            (Change::Create(_) | Change::Update { .. }, true) => " The memo is kept.".to_owned(),
            (Change::Create(_) | Change::Update { .. }, false) if scope == Scope::Current => {
                let (edit, drop) = (self.key(MemoAction::Edit), self.key(MemoAction::Cancel));
                format!(" It stays in the list as “not saved”: {edit} edits it, {drop} drops it.")
            }
            (Change::Create(_) | Change::Update { .. }, false) => " It stays there as “not saved”.".to_owned(),
            (Change::Cancel(_) | Change::CancelForeign(_), _) => " It is still scheduled.".to_owned(),
        }
    }

    fn changed_elsewhere(&self, change: &Change, theirs: Option<&Memo>, scope: Scope) -> String {
        let Change::Update { after, .. } = change else {
            return format!("{}: another schedule has its name.", subject(change));
        };
        let mut sentence = format!("{} was changed elsewhere meanwhile. Nothing was overwritten.", subject(change));
        if scope == Scope::Other {
            let due = self.words(&after.due);
            sentence.extend([" Your change was: ", &quoted(after), ", ", &due, "."]);
        } else if let Some(theirs) = theirs {
            sentence.push_str(&self.difference(theirs, after));
            if self.form.is_empty() {
                let submit = self.settings.keys.key(KeyContext::Form, FormAction::Submit);
                sentence.extend([" The form has yours: ", &submit, " saves it over theirs."]);
            }
        }
        sentence
    }

    /// How the memo that is there differs from the memo that the person wanted.
    fn difference(&self, there: &Memo, wanted: &Memo) -> String {
        let text = (there.text != wanted.text)
            .then(|| format!(" It says {}, and you wrote {}.", quoted(there), quoted(wanted)));
        let due = (there.due.instant != wanted.due.instant || there.due.zone != wanted.due.zone)
            .then(|| format!(" It is due {}, and you set {}.", self.words(&there.due), self.words(&wanted.due)));
        text.into_iter().chain(due).collect()
    }

    fn unconfirmed(&self, count: usize) -> String {
        let passed = match count {
            1 => "The time of one memo passed before it was confirmed".to_owned(),
            n => format!("The times of {n} memos passed before they were confirmed"),
        };
        let (again, drop) = (self.key(MemoAction::Snooze), self.key(MemoAction::Cancel));
        format!("{passed}: look for “unconfirmed”, then {again} schedules it again and {drop} drops it.")
    }

    fn arrived_words(&self, fresh: &[Receipt], scope: Scope) -> Vec<Words> {
        let lost = fresh.iter().filter(|receipt| receipt.is_lost());
        let mut words: Vec<Words> = lost.map(|receipt| Words::Warning(self.not_delivered(receipt, scope))).collect();
        let switch = self.key(ProgramAction::Contexts);
        let delivered: Vec<&Receipt> = fresh.iter().filter(|receipt| receipt.is_delivered()).collect();
        match delivered.as_slice() {
            [] => {}
            _ if scope == Scope::Current => {}
            [one] => words.push(Words::News(format!("{} arrived. {switch} switches there.", first_line(&one.text)))),
            many => words.push(Words::News(format!("{} memos arrived. {switch} switches there.", many.len()))),
        }
        words
    }

    /// The last try failed.
    fn not_delivered(&self, receipt: &Receipt, scope: Scope) -> String {
        let then = if scope == Scope::Current {
            let (again, done) = (self.key(MemoAction::Snooze), self.key(MemoAction::Done));
            format!("{again} schedules it again, {done} marks it as done.")
        } else {
            format!("{} switches there.", self.key(ProgramAction::Contexts))
        };
        format!("{} was not delivered: {}. {then}", first_line(&receipt.text), reason(receipt))
    }

    fn batch_words(&self, batch: &Batch) -> Words {
        let (made, total) = (batch.made(), batch.total);
        let (done, noun) = match batch.kind {
            BatchKind::Cancel => ("Cancelled", "memos"),
            BatchKind::Snooze => ("Snoozed", "memos"),
            BatchKind::Undo => ("Undid", "changes"),
            BatchKind::Redo => ("Redid", "changes"),
        };
        if made == total {
            let reverse = match batch.kind {
                BatchKind::Cancel | BatchKind::Snooze | BatchKind::Redo => self.reverse_words(Direction::Back),
                BatchKind::Undo => self.reverse_words(Direction::Forward),
            };
            return Words::News(format!("{done} {made} {noun}. {reverse}"));
        }
        let mut sentence = format!("{done} {made} of {total} {noun}.");
        if batch.not_sent > 0 {
            sentence.push_str(" Stopped: the rest is unchanged.");
        }
        let failed: Vec<(&Change, String)> =
            batch.not_made.iter().map(|(change, why)| (change, why_not(why))).collect();
        let retried: Vec<(&Change, String)> =
            batch.retried.iter().map(|(change, why)| (change, capital(&why.to_string()))).collect();
        for (items, what) in [(&failed, "Not"), (&retried, "Not sent yet, and retried automatically")] {
            if let Some((_, why)) = items.first() {
                let names: Vec<String> = items.iter().take(NAMED).map(|(change, _)| subject(change)).collect();
                let more = items.len() - names.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                sentence.extend([" ", what, ": ", &names.join(", "), &more, ". ", why]);
            }
        }
        if failed.is_empty() && retried.is_empty() { Words::News(sentence) } else { Words::Warning(sentence) }
    }
}

fn why_not(why: &NotMade) -> String {
    match why {
        NotMade::Failed(failure) => capital(&failure.to_string()),
        NotMade::Gone => "It is not scheduled any more: it was delivered, or cancelled elsewhere.".to_owned(),
        NotMade::ChangedElsewhere => "It was changed elsewhere meanwhile. Nothing was overwritten.".to_owned(),
        NotMade::ChangedWhileQueued => "It was changed elsewhere meanwhile.".to_owned(),
        NotMade::ExpiredInQueue => "Its time passed while an earlier change was on its way.".to_owned(),
    }
}

fn already_gone(change: &Change) -> String {
    format!("{} was already gone: delivered, or cancelled elsewhere.", subject(change))
}

/// A try failed, and another follows.
fn retrying(receipt: &Receipt) -> String {
    format!("{} failed, and is retried: {}.", first_line(&receipt.text), reason(receipt))
}

fn reason(receipt: &Receipt) -> &str {
    receipt.error().unwrap_or_default().trim_end_matches('.')
}

fn changes(count: usize) -> String {
    match count {
        1 => "One change".to_owned(),
        n => format!("{n} changes"),
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
