//! Questions and papers that lie on top of the screen. They follow a key, never a message from the background.

use when::{Choice, Moment, Reading};

use crate::failure::Failure;
use crate::memo::Memo;
use crate::schedule::{Details, Name, Receipt};

use super::copy::Offer;
use super::snooze::Later;
use super::typed::LineInput;

/// What lies on top.
#[derive(Debug, Clone, PartialEq)]
pub enum Modal {
    /// The keys.
    Help {
        /// The first line that is shown.
        top: usize,
    },
    /// Everything known about one schedule.
    Details {
        /// Which.
        name: Name,
        /// What is known; `None` while it is being read.
        known: Option<Result<Option<Details>, Failure>>,
        /// The first line that is shown.
        top: usize,
    },
    /// One line of the delivery log, whole.
    Receipt {
        /// The line.
        receipt: Box<Receipt>,
        /// The first line that is shown.
        top: usize,
    },
    /// A question with yes and no; no is what Enter and Esc say.
    Confirm {
        /// The question.
        question: String,
        /// What yes does.
        yes: Agreed,
    },
    /// A question with several answers.
    Choose {
        /// The question.
        question: String,
        /// The answers.
        choices: Vec<Choice>,
        /// Which is highlighted.
        selected: usize,
        /// What taking one does.
        then: Chosen,
    },
    /// A question that is answered in words: until when.
    Words {
        /// The question.
        question: String,
        /// The answer, as far as it is typed.
        typed: LineInput,
        /// What it is counted from.
        from: Moment,
        /// What the words mean, from then.
        reading: Reading,
        /// What taking it does.
        then: Chosen,
    },
    /// The question what is to be copied.
    Copy {
        /// What there is.
        offers: Vec<Offer>,
        /// Which is highlighted.
        selected: usize,
    },
    /// Everything that can be done here and now.
    Palette {
        /// What it is called, as far as it is typed.
        typed: LineInput,
        /// Which is highlighted, of those that fit.
        selected: usize,
    },
    /// The question which of the places where memos live is meant.
    Places {
        /// Their names.
        names: Vec<String>,
        /// Which is highlighted.
        selected: usize,
    },
}

/// What yes does.
#[derive(Debug, Clone, PartialEq)]
pub enum Agreed {
    /// Deliver the memo now, then cancel its schedule.
    Run(Memo),
    /// Cancel somebody else's schedule.
    CancelForeign(Name),
    /// Be done with all that had arrived when it was asked, by the keys of their receipts.
    PutAwayAll(Vec<String>),
}

/// What taking an answer does.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen {
    /// Schedule the form's memo at that moment.
    Submit,
    /// Put a memo that is pending off until then.
    Snooze(Memo),
    /// Put all marked memos off.
    SnoozeMarked {
        /// In which way, for each of the answers.
        offers: Vec<Later>,
    },
    /// Schedule what was delivered, or failed, for then.
    Again {
        /// The memo.
        memo: Memo,
        /// What is done with thereby, by the key of its receipt.
        arrived: String,
    },
}

impl Modal {
    /// Moves the highlight, or the paper.
    pub fn step(&mut self, forward: bool) {
        match self {
            Self::Help { top } | Self::Details { top, .. } | Self::Receipt { top, .. } => {
                *top = if forward { *top + 1 } else { top.saturating_sub(1) };
            }
            Self::Choose { choices, selected, .. } => *selected = stepped(*selected, choices.len(), forward),
            Self::Places { names, selected } => *selected = stepped(*selected, names.len(), forward),
            Self::Copy { offers, selected } => *selected = stepped(*selected, offers.len(), forward),
            Self::Confirm { .. } | Self::Words { .. } | Self::Palette { .. } => {}
        }
    }

    /// The answer with this index, counted from 0.
    #[must_use]
    pub fn answer(&self, index: usize) -> Option<Moment> {
        match self {
            Self::Choose { choices, .. } => choices.get(index).map(|choice| choice.moment),
            _ => None,
        }
    }
}

/// The one after or before, in a ring of so many.
pub(super) fn stepped(selected: usize, count: usize, forward: bool) -> usize {
    let step = if forward { 1 } else { count.saturating_sub(1) };
    (selected + step).checked_rem(count).unwrap_or(0)
}
