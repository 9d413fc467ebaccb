//! A batch: one key that changes many memos. Each change is sent, journalled and retried like any other; the person reads
//! one summary, at the end.

use std::collections::HashMap;

use crate::app::message::{Effect, Request};
use crate::context::ContextId;
use crate::failure::Failure;
use crate::schedule::{Change, Name};

/// What a batch does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    /// Cancel memos.
    Cancel,
    /// Snooze memos.
    Snooze,
    /// Undo a batch.
    Undo,
    /// Redo a batch.
    Redo,
}

/// Why a change of a batch was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotMade {
    /// It failed.
    Failed(Failure),
    /// The memo was delivered, or cancelled elsewhere.
    Gone,
    /// Somebody else changed the memo; nothing was overwritten.
    ChangedElsewhere,
    /// Somebody else changed the memo while the change was queued.
    ChangedWhileQueued,
    /// Its time passed while it was queued.
    ExpiredInQueue,
}

/// How a change of a batch ended, for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchItem {
    /// Made.
    Made,
    /// Not made, and not retried.
    NotMade(NotMade),
    /// Not sent yet, and retried.
    Retried(Failure),
    /// Stopped before it was sent.
    Stopped,
    /// Replaced by a later change of the same memo.
    Replaced,
}

/// A batch under way, or at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// What it does.
    pub kind: BatchKind,
    open: HashMap<Name, Change>,
    /// How many changes it has, without those that were replaced.
    pub total: usize,
    /// The changes that were not made, and why.
    pub not_made: Vec<(Change, NotMade)>,
    /// The changes that are retried, and why.
    pub retried: Vec<(Change, Failure)>,
    /// How many changes were stopped before they were sent.
    pub not_sent: usize,
    /// Whether the person stopped the batch.
    pub stopped: bool,
}

impl Batch {
    /// A batch of these changes.
    #[must_use]
    pub fn new(kind: BatchKind, changes: &[Change]) -> Self {
        Self {
            kind,
            open: changes.iter().map(|change| (change.name(), change.clone())).collect(),
            total: changes.len(),
            not_made: Vec::new(),
            retried: Vec::new(),
            not_sent: 0,
            stopped: false,
        }
    }

    /// How many changes have an outcome, and how many there are, without those that were stopped before they were sent.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let total = self.total - self.not_sent;
        (total - self.open.len(), total)
    }

    /// How many changes were made.
    #[must_use]
    pub fn made(&self) -> usize {
        self.total - self.not_made.len() - self.retried.len() - self.not_sent - self.open.len()
    }

    /// Whether every change has an outcome.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether this change belongs to the batch and has no outcome yet.
    #[must_use]
    pub fn holds(&self, change: &Change) -> bool {
        self.open.get(&change.name()) == Some(change)
    }

    /// The changes without an outcome.
    pub fn open(&self) -> impl Iterator<Item = &Change> {
        self.open.values()
    }

    /// A queued change of the batch is a different change now.
    pub(super) fn replace(&mut self, change: &Change, with: &Change) {
        if let Some(known) = self.open.get_mut(&change.name()).filter(|known| *known == change) {
            *known = with.clone();
        }
    }

    /// Records the outcome of a change.
    pub(super) fn record(&mut self, change: &Change, item: BatchItem) {
        self.open.remove(&change.name());
        match item {
            BatchItem::Made => {}
            BatchItem::NotMade(why) => self.not_made.push((change.clone(), why)),
            BatchItem::Retried(failure) => self.retried.push((change.clone(), failure)),
            BatchItem::Stopped => self.not_sent += 1,
            BatchItem::Replaced => self.total -= 1,
        }
    }
}

/// The same effects with all changes in one request and all queues in one effect, so that the journal takes one transaction.
pub(super) fn pack(context: &ContextId, effects: Vec<Effect>) -> Vec<Effect> {
    let (mut send, mut queues, mut packed) = (Vec::new(), Vec::new(), Vec::new());
    for effect in effects {
        match effect {
            Effect::Request(_, Request::Change(change)) => send.push(change),
            Effect::JournalQueued(_, queue) => queues.extend(queue),
            other => packed.push(other),
        }
    }
    packed.extend(request_changes(context, send));
    if !queues.is_empty() {
        packed.push(Effect::JournalQueued(context.clone(), queues));
    }
    packed
}

/// The effect that sends these changes, if there are any.
pub(super) fn request_changes(context: &ContextId, mut changes: Vec<Change>) -> Option<Effect> {
    let request = match changes.len() {
        0 | 1 => Request::Change(changes.pop()?),
        _ => Request::ChangeMany(changes),
    };
    Some(Effect::Request(context.clone(), request))
}
