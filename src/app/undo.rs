//! What can be taken back, and done again: each step holds the whole memo before and after.

use chrono::{DateTime, Utc};

use crate::memo::Memo;
use crate::schedule::{ContextId, Write, Written};

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
    /// The step that a confirmed change was; `None` for one that cannot be taken back.
    #[must_use]
    pub fn of(context: &ContextId, write: &Write, written: &Written) -> Option<Self> {
        let (before, after) = match (write, written) {
            (Write::Create(memo), Written::Saved(_)) => (None, Some(memo.clone())),
            (Write::Update { before, after }, Written::Saved(_)) => (Some(before.clone()), Some(after.clone())),
            (Write::Cancel(memo), Written::Cancelled) => (Some(memo.clone()), None),
            _ => return None,
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
    /// A change was confirmed. Whoever asked for it decides in which direction it can be taken back.
    pub fn confirmed(&mut self, step: Step, origin: Origin) {
        match origin {
            Origin::Person => {
                self.forth.clear();
                self.back.push(step);
            }
            Origin::Redo => self.back.push(step),
            Origin::Undo => self.forth.push(step.reversed()),
            Origin::Program => {}
        }
        let surplus = self.back.len().saturating_sub(STEPS);
        self.back.drain(..surplus);
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
