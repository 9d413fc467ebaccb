//! What can be taken back, and done again: each step holds the whole memo before and after.

use chrono::{DateTime, Utc};

use crate::memo::Memo;
use crate::schedule::{ContextId, Write};

use super::writes::Origin;

/// How many steps are remembered.
const STEPS: usize = 100;

/// One change, as it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    context: ContextId,
    before: Option<Memo>,
    after: Option<Memo>,
}

impl Step {
    /// The step that a change is; `None` for one that cannot be taken back.
    #[must_use]
    pub fn of(context: &ContextId, write: &Write) -> Option<Self> {
        let (before, after) = match write {
            Write::Create(memo) => (None, Some(memo.clone())),
            Write::Update { before, after } => (Some(before.clone()), Some(after.clone())),
            Write::Cancel(memo) => (Some(memo.clone()), None),
            Write::CancelForeign(_) => return None,
        };
        Some(Self { context: context.clone(), before, after })
    }

    fn reversed(self) -> Self {
        Self { context: self.context, before: self.after, after: self.before }
    }
}

/// What taking a step back comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reversal {
    /// This change.
    Write(Write),
    /// Its time has passed: it cannot be put back as it was, so the form opens, filled with it.
    Reopen(Memo),
    /// Nothing: there is no such step here.
    Nothing,
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
    pub fn asked_for(&mut self, step: Step, origin: Origin) {
        match origin {
            Origin::Person => {
                self.forth.retain(|other| other.context != step.context);
                self.back.push(step);
            }
            Origin::Redo => self.back.push(step),
            Origin::Undo => self.forth.push(step.reversed()),
            Origin::Program => {}
        }
        let surplus = self.back.len().saturating_sub(STEPS);
        self.back.drain(..surplus);
    }

    /// The change was not made after all: there is nothing to take back.
    pub fn withdraw(&mut self, step: Step, origin: Origin) {
        let (steps, step) = match origin {
            Origin::Person | Origin::Redo => (&mut self.back, step),
            Origin::Undo => (&mut self.forth, step.reversed()),
            Origin::Program => return,
        };
        if let Some(at) = steps.iter().rposition(|known| *known == step) {
            steps.remove(at);
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
        take(&mut self.back, context).map_or(Reversal::Nothing, |step| reversal(step.reversed(), now))
    }

    /// Does the last step that was taken back again.
    pub fn redo(&mut self, context: &ContextId, now: DateTime<Utc>) -> Reversal {
        take(&mut self.forth, context).map_or(Reversal::Nothing, |step| reversal(step, now))
    }
}

fn take(steps: &mut Vec<Step>, context: &ContextId) -> Option<Step> {
    let index = steps.iter().rposition(|step| step.context == *context)?;
    Some(steps.remove(index))
}

fn reversal(step: Step, now: DateTime<Utc>) -> Reversal {
    match (step.before, step.after) {
        (_, Some(after)) if after.due.instant <= now => Reversal::Reopen(after),
        (None, Some(after)) => Reversal::Write(Write::Create(after)),
        (Some(before), Some(after)) => Reversal::Write(Write::Update { before, after }),
        (Some(before), None) => Reversal::Write(Write::Cancel(before)),
        (None, None) => Reversal::Nothing,
    }
}
