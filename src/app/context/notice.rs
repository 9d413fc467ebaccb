//! What a context has to tell the person, as values. The words are made in one place, which knows the keys, the clock
//! format and whether the context is the current one (`app/notices.rs`).

use crate::failure::Failure;
use crate::memo::Memo;
use crate::schedule::{Change, Name, Receipt, Schedule};

use super::batch::Batch;
use super::pending::Initiator;
use super::undo::DoneMarks;
use crate::app::message::Effect;

/// Something to tell the person.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// The scheduler saved a memo.
    Scheduled(Memo, Initiator),
    /// The scheduler cancelled a memo.
    Cancelled(Memo, Initiator),
    /// The person is done with deliveries, or not done any more.
    Marked(DoneMarks, Initiator),
    /// The person dropped a change that was not made.
    Discarded(Change),
    /// The scheduler cancelled a foreign schedule.
    CancelledForeign(Name),
    /// A change failed.
    Failed {
        /// The change.
        change: Change,
        /// Why it failed.
        failure: Failure,
        /// Whether an earlier try failed, too.
        is_retry: bool,
        /// Whether a queued change decides what becomes of the memo.
        has_queued: bool,
    },
    /// There was nothing to cancel, or nothing to change.
    AlreadyGone(Change),
    /// The memo to edit was gone. The edit stays in the list as refused.
    EditedMemoGone {
        /// The memo before the edit.
        before: Memo,
        /// The memo that the person wanted.
        after: Memo,
        /// Why it was refused.
        failure: Failure,
    },
    /// Somebody else changed the memo; nothing was overwritten.
    ChangedElsewhere {
        /// The change that was not made.
        change: Change,
        /// The schedule as it is now.
        theirs: Box<Schedule>,
    },
    /// Somebody else changed the memo, and a queued change was dropped.
    QueuedChangeDropped {
        /// The change that was not made.
        change: Change,
        /// Whether the dropped change was a cancel.
        was_cancel: bool,
    },
    /// The time of a queued change passed before it could be sent.
    Expired(Change),
    /// A batch is through.
    BatchEnded(Batch),
    /// The number of changes from an earlier run that are sent again.
    SentAgain(usize),
    /// The number of changes from an earlier run that are unconfirmed.
    Unconfirmed(usize),
    /// A memo was run now. The text is the answer of the target.
    Ran(Memo, String),
    /// A memo could not be run now.
    RunFailed(Memo, Failure),
    /// Deliveries, and final failures, that nobody has seen yet.
    Arrived(Vec<Receipt>),
    /// A delivery failed, and the scheduler tries again. The first receipt is the one that was announced before.
    Retrying(Option<Receipt>, Receipt),
    /// A retried delivery ended, one way or the other.
    RetryEnded(Receipt),
    /// The person dealt with a failed delivery, here or elsewhere.
    DealtWith(Receipt),
    /// The person stopped the reading of the group.
    ReadingStopped,
    /// A reading failed.
    ReadingFailed(Failure),
}

/// The reaction of a context: effects to carry out, and notices for the person.
#[derive(Debug, Default, PartialEq)]
pub struct Reaction {
    /// To carry out.
    pub effects: Vec<Effect>,
    /// To tell the person.
    pub notices: Vec<Notice>,
}

impl Reaction {
    pub(super) fn notice(notice: Notice) -> Self {
        Self { effects: Vec::new(), notices: vec![notice] }
    }

    pub(super) fn effect(effect: impl IntoIterator<Item = Effect>) -> Self {
        Self { effects: effect.into_iter().collect(), notices: Vec::new() }
    }

    /// This reaction, then another one.
    pub fn extend(&mut self, other: Self) {
        self.effects.extend(other.effects);
        self.notices.extend(other.notices);
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.extend(other);
        self
    }
}

impl FromIterator<Reaction> for Reaction {
    fn from_iter<I: IntoIterator<Item = Reaction>>(reactions: I) -> Self {
        reactions.into_iter().fold(Self::default(), Self::and)
    }
}
