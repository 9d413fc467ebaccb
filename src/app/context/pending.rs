//! Pending changes: those that the scheduler has not confirmed. Each is on its way, waits for a retry, was refused, or is
//! unconfirmed.
//!
//! There is one pending change a schedule. A later change of the same schedule is queued behind it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::merge::{self, Ending, Next};
use crate::app::message::{Effect, Request};
use crate::context::ContextId;
use crate::failure::Failure;
use crate::schedule::{Change, Name};

/// A change that the scheduler has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingChange {
    /// The change.
    pub change: Change,
    /// How far the change has come.
    pub stage: Stage,
    /// Who asked for the change.
    pub initiator: Initiator,
    /// The change to make after this one.
    pub queued: Option<(Change, Initiator)>,
    retries: u32,
}

impl PendingChange {
    fn new(change: Change, initiator: Initiator) -> Self {
        Self { change, stage: Stage::Sending, initiator, queued: None, retries: 0 }
    }

    /// Whether an earlier try failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.retries > 0
    }

    /// The change that the person asked for last.
    #[must_use]
    pub fn latest(&self) -> &Change {
        self.queued.as_ref().map_or(&self.change, |(queued, _)| queued)
    }
}

/// How far a change has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Sent, with no response yet.
    Sending,
    /// In doubt: a try failed, and the next one is at this time.
    Waiting(Failure, DateTime<Utc>),
    /// The scheduler refused the change. It stays until the person edits or drops it.
    Refused(Failure),
    /// The time of the change passed before it was confirmed. The memo may have been delivered, so tickler does not send the
    /// change again.
    Unconfirmed,
}

/// Who asked for a change. Undo and redo depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initiator {
    /// The person, by a key.
    Person,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// The program: the end of a run now, or a change from an earlier run of the program.
    Program,
}

/// The pending changes of a context, by the name of the schedule.
#[derive(Debug, Clone, Default)]
pub struct PendingChanges(HashMap<Name, PendingChange>);

/// The longest pause between two tries.
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// What the beginning of a change leads to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// The change to send now.
    send: Option<Change>,
    /// A new queue for this schedule, where the queue changed.
    queue: Option<(Name, Option<Change>)>,
    /// What the requested change became; `None` if an earlier change leads to the same result.
    pub became: Option<Change>,
    /// The queued change that the new one replaced.
    pub replaced: Option<Change>,
}

impl Begun {
    /// The effects for this context.
    #[must_use]
    pub fn effects(self, context: &ContextId) -> Vec<Effect> {
        let queue = self.queue.map(|queue| Effect::JournalQueued(context.clone(), vec![queue]));
        let send = self.send.map(|change| Effect::Request(context.clone(), Request::Change(change)));
        send.into_iter().chain(queue).collect()
    }
}

/// What is due for a retry.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Retries {
    /// The changes to send again.
    pub send: Vec<Change>,
    /// The queued changes behind an expired change, and what each became.
    pub became: Vec<(Change, Option<Change>)>,
}

impl PendingChanges {
    /// Begins a change. Behind a change of the same schedule that is sent or in doubt, the new change is queued.
    pub fn begin(&mut self, change: Change, initiator: Initiator) -> Begun {
        let name = change.name();
        let Some(pending) = self.0.get_mut(&name) else { return self.begin_at_once(name, change, initiator) };
        let in_doubt = match &pending.stage {
            Stage::Refused(_) | Stage::Unconfirmed => return self.begin_at_once(name, change, initiator),
            Stage::Waiting(..) => true,
            Stage::Sending => false,
        };
        if in_doubt && let Some(instead) = merge::replace(&pending.change, &change) {
            let replaced = pending.queued.take().map(|(queued, _)| queued);
            return Begun { replaced, ..self.begin_at_once(name, instead, initiator) };
        }
        let replaced = pending.queued.take().map(|(queued, _)| queued);
        let queued = merge::queue_behind(&pending.change, replaced.as_ref(), &change);
        pending.queued = queued.clone().map(|queued| (queued, initiator));
        pending.stage = Stage::Sending;
        Begun {
            send: in_doubt.then(|| pending.change.clone()),
            queue: (queued != replaced).then(|| (name, queued.clone())),
            became: queued,
            replaced,
        }
    }

    fn begin_at_once(&mut self, name: Name, change: Change, initiator: Initiator) -> Begun {
        self.0.insert(name, PendingChange::new(change.clone(), initiator));
        Begun { send: Some(change.clone()), became: Some(change), ..Begun::default() }
    }

    /// Records a change whose time passed before it was confirmed.
    pub fn mark_unconfirmed(&mut self, change: &Change) {
        let pending =
            PendingChange { stage: Stage::Unconfirmed, ..PendingChange::new(change.clone(), Initiator::Program) };
        self.0.insert(change.name(), pending);
    }

    /// Removes the pending change of this schedule: it was made, or dropped.
    pub fn remove(&mut self, name: &str) -> Option<PendingChange> {
        self.0.remove(name)
    }

    /// Takes the queued change of this schedule.
    pub fn take_queued(&mut self, name: &str) -> Option<(Change, Initiator)> {
        self.0.get_mut(name)?.queued.take()
    }

    /// Takes the queued change of this schedule where it can replace the change before it at once.
    pub fn take_replacement(&mut self, name: &str) -> Option<(Change, Initiator)> {
        let pending = self.0.get_mut(name)?;
        let first = &pending.change;
        pending.queued.take_if(|(queued, _)| merge::replace(first, queued).is_some())
    }

    /// Records a failed try. If the failure may pass, a retry follows.
    pub fn fail(&mut self, name: &str, failure: &Failure, now: DateTime<Utc>) {
        if let Some(pending) = self.0.get_mut(name) {
            pending.stage = if failure.kind.may_pass() {
                let pause = TimeDelta::seconds(2 << pending.retries.min(5)).min(LONGEST_PAUSE);
                pending.retries += 1;
                Stage::Waiting(failure.clone(), now + pause)
            } else {
                Stage::Refused(failure.clone())
            };
        }
    }

    /// The pending change of this schedule.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&PendingChange> {
        self.0.get(name)
    }

    /// The pending change of this schedule, if it is this one.
    #[must_use]
    pub fn get_if(&self, name: &str, change: &Change) -> Option<&PendingChange> {
        self.get(name).filter(|pending| pending.change == *change)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &PendingChange> {
        self.0.values()
    }

    /// What is due for a retry. A create whose time has passed becomes unconfirmed instead, because AWS accepts a time in
    /// the past and fires at once.
    pub fn retry(&mut self, now: DateTime<Utc>) -> Retries {
        let mut retries = Retries::default();
        for pending in self.0.values_mut() {
            let Stage::Waiting(_, until) = &pending.stage else { continue };
            if pending.change.has_passed(now) {
                pending.stage = Stage::Unconfirmed;
                let Some((queued, initiator)) = pending.queued.take() else { continue };
                let Next::Send(change) = merge::next(&pending.change, &queued, Ending::Expired) else { continue };
                *pending = PendingChange::new(change.clone(), initiator);
                if change.has_passed(now) {
                    pending.stage = Stage::Unconfirmed;
                    retries.became.push((queued, None));
                } else {
                    retries.became.push((queued, Some(change.clone())));
                    retries.send.push(change);
                }
            } else if *until <= now {
                pending.stage = Stage::Sending;
                retries.send.push(pending.change.clone());
            }
        }
        retries
    }

    /// When [`PendingChanges::retry`] has something to do next.
    #[must_use]
    pub fn next_retry(&self) -> Option<DateTime<Utc>> {
        self.0
            .values()
            .filter_map(|pending| match (&pending.stage, &pending.change) {
                (Stage::Waiting(_, until), Change::Create(memo) | Change::Update { after: memo, .. }) => {
                    Some(memo.due.instant.min(*until))
                }
                (Stage::Waiting(_, until), Change::Cancel(_) | Change::CancelForeign(_)) => Some(*until),
                (Stage::Sending | Stage::Refused(_) | Stage::Unconfirmed, _) => None,
            })
            .min()
    }

    /// Makes every retry due now: the person asked, or the network is back.
    pub fn retry_now(&mut self, now: DateTime<Utc>) {
        for pending in self.0.values_mut() {
            if let Stage::Waiting(_, until) = &mut pending.stage {
                *until = now;
            }
        }
    }

    /// How many changes the scheduler may still take.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.0.values().filter(|pending| pending.stage != Stage::Unconfirmed).count()
    }
}
