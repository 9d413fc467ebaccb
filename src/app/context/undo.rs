//! Undo and redo: each step holds the whole memos before and after, one of them or many, and the deliveries that it marked
//! as done.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::pending::Initiator;
use crate::memo::{Memo, MemoId};
use crate::schedule::{Change, Receipt};

/// How many steps are kept.
const STEPS: usize = 100;

/// What one key changed. Undo takes all of it back at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    edits: Vec<Edit>,
    marks: DoneMarks,
}

/// Deliveries that become done, or are not done any more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DoneMarks {
    /// They become done.
    pub done: Vec<Receipt>,
    /// They are not done any more.
    pub undone: Vec<Receipt>,
}

impl DoneMarks {
    /// These deliveries become done.
    #[must_use]
    pub fn done(done: Vec<Receipt>) -> Self {
        Self { done, undone: Vec::new() }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.undone.is_empty()
    }

    fn reversed(self) -> Self {
        Self { done: self.undone, undone: self.done }
    }
}

/// One memo before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    before: Option<Memo>,
    after: Option<Memo>,
}

impl Step {
    /// The step of these changes and marks; `None` if none of them can be undone.
    #[must_use]
    pub fn of<'a>(changes: impl IntoIterator<Item = &'a Change>, marks: DoneMarks) -> Option<Self> {
        let edits: Vec<Edit> = changes.into_iter().filter_map(Edit::of).collect();
        Some(Self { edits, marks }).filter(|step| !step.is_empty())
    }

    /// The step that drops a change which was not made: the list shows the memo before it. Undo asks for it once more.
    #[must_use]
    pub fn dropping(change: &Change) -> Option<Self> {
        let edit = match change {
            Change::Create(memo) => Edit { before: Some(memo.clone()), after: None },
            Change::Update { before, after } => Edit { before: Some(after.clone()), after: Some(before.clone()) },
            Change::Cancel(_) | Change::CancelForeign(_) => return None,
        };
        Some(Self { edits: vec![edit], marks: DoneMarks::default() })
    }

    /// Whether it changes schedules, and not only which deliveries are done.
    #[must_use]
    pub fn changes_schedules(&self) -> bool {
        !self.edits.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.marks.is_empty()
    }

    fn reversed(self) -> Self {
        Self { edits: self.edits.into_iter().map(Edit::reversed).collect(), marks: self.marks.reversed() }
    }
}

impl Edit {
    fn of(change: &Change) -> Option<Self> {
        let (before, after) = match change {
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

/// The changes of an undo or redo; empty if there is no step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reversal {
    /// The changes to make.
    pub changes: Vec<Change>,
    /// Memos whose time has passed, which cannot be restored as they were.
    pub passed: Vec<Memo>,
    /// The deliveries that become done, or are not done any more.
    pub marks: DoneMarks,
}

/// In which direction a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Undo.
    Back,
    /// Redo.
    Forward,
}

impl Direction {
    /// The initiator of the changes of such a step.
    #[must_use]
    pub fn initiator(self) -> Initiator {
        match self {
            Self::Back => Initiator::Undo,
            Self::Forward => Initiator::Redo,
        }
    }
}

/// The steps to undo and to redo.
#[derive(Debug, Clone, Default)]
pub struct Undo {
    back: Vec<Step>,
    forward: Vec<Step>,
}

impl Undo {
    /// Records a step when it is requested, not only when the scheduler has confirmed it. The initiator decides in which
    /// direction the step can be reversed.
    pub fn record(&mut self, step: Step, initiator: Initiator) {
        match initiator {
            Initiator::Person => {
                self.forward.clear();
                self.back.push(step);
            }
            Initiator::Redo => self.back.push(step),
            Initiator::Undo => self.forward.push(step.reversed()),
            Initiator::Program => {}
        }
        let surplus = self.back.len().saturating_sub(STEPS);
        self.back.drain(..surplus);
    }

    /// Forgets changes that were not made after all.
    pub fn withdraw<'a>(&mut self, changes: impl IntoIterator<Item = (&'a Change, Initiator)>) {
        let (mut back, mut forward) = (HashMap::new(), HashMap::new());
        for (change, initiator) in changes {
            let Some(edit) = Edit::of(change) else { continue };
            match initiator {
                Initiator::Person | Initiator::Redo => back.insert(edit.id(), edit),
                Initiator::Undo => forward.insert(edit.id(), edit.reversed()),
                Initiator::Program => continue,
            };
        }
        for (steps, mut gone) in [(&mut self.back, back), (&mut self.forward, forward)] {
            for step in steps.iter_mut().rev() {
                step.edits.retain(|edit| {
                    let id = edit.id();
                    let is_gone = gone.get(&id) == Some(edit);
                    if is_gone {
                        gone.remove(&id);
                    }
                    !is_gone
                });
            }
            steps.retain(|step| !step.is_empty());
        }
    }

    /// The step that goes next in this direction.
    #[must_use]
    pub fn next(&self, direction: Direction) -> Option<&Step> {
        match direction {
            Direction::Back => self.back.last(),
            Direction::Forward => self.forward.last(),
        }
    }

    /// Takes the last step in this direction.
    pub fn take(&mut self, direction: Direction, now: DateTime<Utc>) -> Reversal {
        let step = match direction {
            Direction::Back => self.back.pop().map(Step::reversed),
            Direction::Forward => self.forward.pop(),
        };
        step.map_or_else(Reversal::default, |step| reversal(step, now))
    }
}

fn reversal(step: Step, now: DateTime<Utc>) -> Reversal {
    let mut reversal = Reversal { marks: step.marks, ..Reversal::default() };
    for edit in step.edits {
        match (edit.before, edit.after) {
            (_, Some(after)) if after.due.instant <= now => reversal.passed.push(after),
            (None, Some(after)) => reversal.changes.push(Change::Create(after)),
            (Some(before), Some(after)) => reversal.changes.push(Change::Update { before, after }),
            (Some(before), None) => reversal.changes.push(Change::Cancel(before)),
            (None, None) => {}
        }
    }
    reversal
}
