//! What can be taken back, and done again: each step holds the whole memos before and after, one of them or many.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::context::ContextId;
use crate::memo::{Memo, MemoId};
use crate::schedule::Change;

use super::writes::Initiator;

/// How many steps are remembered.
const STEPS: usize = 100;

/// What one key changed, as it can be taken back: all of it at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    context: ContextId,
    changes: Vec<MemoChange>,
}

/// One memo before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MemoChange {
    before: Option<Memo>,
    after: Option<Memo>,
}

impl Step {
    /// The step that these changes are together; `None` where nothing of it can be taken back.
    #[must_use]
    pub fn of<'a>(context: &ContextId, writes: impl IntoIterator<Item = &'a Change>) -> Option<Self> {
        let changes: Vec<MemoChange> = writes.into_iter().filter_map(MemoChange::of).collect();
        (!changes.is_empty()).then(|| Self { context: context.clone(), changes })
    }

    fn reversed(self) -> Self {
        Self { context: self.context, changes: self.changes.into_iter().map(MemoChange::reversed).collect() }
    }
}

impl MemoChange {
    fn of(write: &Change) -> Option<Self> {
        let (before, after) = match write {
            Change::Create(memo) => (None, Some(memo.clone())),
            Change::Update { before, after } => (Some(before.clone()), Some(after.clone())),
            Change::Cancel(memo) => (Some(memo.clone()), None),
            Change::CancelForeign(_) => return None,
        };
        Some(Self { before, after })
    }

    fn reversed(self) -> Self {
        Self { before: self.after, after: self.before }
    }

    fn id(&self) -> Option<MemoId> {
        self.before.as_ref().or(self.after.as_ref()).map(|memo| memo.id)
    }
}

/// What taking a step back comes to; nothing, where there is no such step here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reversal {
    /// These changes.
    pub writes: Vec<Change>,
    /// Memos whose time has passed: they cannot be put back as they were.
    pub passed: Vec<Memo>,
}

/// The steps back and forth.
#[derive(Debug, Clone, Default)]
pub struct Undo {
    back: Vec<Step>,
    forth: Vec<Step>,
}

impl Undo {
    /// A change was asked for: from now on, and not only when the service has confirmed it, undo means this one. Whoever
    /// asked for it decides in which direction it can be taken back.
    pub fn asked_for(&mut self, step: Step, origin: Initiator) {
        match origin {
            Initiator::Person => {
                self.forth.retain(|other| other.context != step.context);
                self.back.push(step);
            }
            Initiator::Redo => self.back.push(step),
            Initiator::Undo => self.forth.push(step.reversed()),
            Initiator::Program => {}
        }
        let surplus = self.back.len().saturating_sub(STEPS);
        self.back.drain(..surplus);
    }

    /// A change was not made after all: there is nothing to take back of it.
    pub fn withdraw(&mut self, context: &ContextId, write: &Change, origin: Initiator) {
        let Some(change) = MemoChange::of(write) else { return };
        let (steps, change) = match origin {
            Initiator::Person | Initiator::Redo => (&mut self.back, change),
            Initiator::Undo => (&mut self.forth, change.reversed()),
            Initiator::Program => return,
        };
        let held = |step: &Step| step.context == *context && step.changes.contains(&change);
        let Some(at) = steps.iter().rposition(held) else { return };
        steps[at].changes.retain(|known| *known != change);
        if steps[at].changes.is_empty() {
            steps.remove(at);
        }
    }

    /// As [`Undo::withdraw`], for many changes that were asked for as one step or several.
    pub fn withdraw_all(&mut self, context: &ContextId, writes: &[(&Change, Initiator)]) {
        let (mut back, mut forth) = (HashMap::new(), HashMap::new());
        for (write, origin) in writes {
            let Some(change) = MemoChange::of(write) else { continue };
            match origin {
                Initiator::Person | Initiator::Redo => back.insert(change.id(), change),
                Initiator::Undo => forth.insert(change.id(), change.reversed()),
                Initiator::Program => continue,
            };
        }
        for (steps, mut gone) in [(&mut self.back, back), (&mut self.forth, forth)] {
            for step in steps.iter_mut().rev().filter(|step| step.context == *context) {
                step.changes.retain(|change| {
                    let id = change.id();
                    let is_gone = gone.get(&id) == Some(change);
                    if is_gone {
                        gone.remove(&id);
                    }
                    !is_gone
                });
            }
            steps.retain(|step| !step.changes.is_empty());
        }
    }

    /// Whether there is a step to take back in this place.
    #[must_use]
    pub fn can_undo(&self, context: &ContextId) -> bool {
        self.back.iter().any(|step| step.context == *context)
    }

    /// Whether there is a step to do again in this place.
    #[must_use]
    pub fn can_redo(&self, context: &ContextId) -> bool {
        self.forth.iter().any(|step| step.context == *context)
    }

    /// Takes the last step back.
    pub fn undo(&mut self, context: &ContextId, now: DateTime<Utc>) -> Reversal {
        take(&mut self.back, context).map_or_else(Reversal::default, |step| reversal(step.reversed(), now))
    }

    /// Does the last step that was taken back again.
    pub fn redo(&mut self, context: &ContextId, now: DateTime<Utc>) -> Reversal {
        take(&mut self.forth, context).map_or_else(Reversal::default, |step| reversal(step, now))
    }
}

fn take(steps: &mut Vec<Step>, context: &ContextId) -> Option<Step> {
    let index = steps.iter().rposition(|step| step.context == *context)?;
    Some(steps.remove(index))
}

fn reversal(step: Step, now: DateTime<Utc>) -> Reversal {
    let mut reversal = Reversal::default();
    for change in step.changes {
        match (change.before, change.after) {
            (_, Some(after)) if after.due.instant <= now => reversal.passed.push(after),
            (None, Some(after)) => reversal.writes.push(Change::Create(after)),
            (Some(before), Some(after)) => reversal.writes.push(Change::Update { before, after }),
            (Some(before), None) => reversal.writes.push(Change::Cancel(before)),
            (None, None) => {}
        }
    }
    reversal
}
