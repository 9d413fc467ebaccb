//! Overlays: questions, documents and the palette. Only a key opens one, never a message from the background.

use when::{Choice, Moment, Reading};

use crate::failure::Failure;
use crate::keymap::Motion;
use crate::memo::Memo;
use crate::schedule::{Details, Name, Receipt};

use super::line_input::LineInput;
use super::message::Copied;
use super::motion::{Ends, target};
use super::snooze_by::SnoozeBy;

/// Something to copy, and its label.
pub type Offer = (&'static str, Copied);

/// How many letters in a yes-or-no question are a sentence, and not a slip.
const STRAY_LETTERS: usize = 2;

/// An overlay.
#[derive(Debug, Clone, PartialEq)]
pub enum Modal {
    /// The keys.
    Help {
        /// The scroll position.
        scroll: Scroll,
    },
    /// The details of one schedule.
    Details {
        /// The name of the schedule.
        name: Name,
        /// The details; `None` while they are being read.
        known: Option<Result<Option<Details>, Failure>>,
        /// The scroll position.
        scroll: Scroll,
    },
    /// One receipt.
    Receipt {
        /// The receipt.
        receipt: Box<Receipt>,
        /// The scroll position.
        scroll: Scroll,
    },
    /// A yes-or-no question. No letter answers it, so that a sentence typed into the list cannot.
    Confirm {
        /// The question.
        question: String,
        /// How many letters were typed that answer nothing. After a few of them yes means no, since a sentence ends with
        /// Enter, too.
        letters: usize,
        /// What yes does.
        yes: Agreed,
    },
    /// A question with a list of answers.
    Choose {
        /// The question.
        question: String,
        /// The answers.
        choices: Vec<Choice>,
        /// The index of the highlighted answer.
        selected: usize,
        /// What an answer does.
        then: Chosen,
    },
    /// A question with a typed answer: until when.
    Words {
        /// The question.
        question: String,
        /// The answer so far.
        typed: LineInput,
        /// The moment that a relative time counts from.
        from: Moment,
        /// What the answer means.
        reading: Reading,
        /// What the answer does.
        then: Chosen,
    },
    /// What to copy.
    Copy {
        /// The offers.
        offers: Vec<Offer>,
        /// The index of the highlighted offer.
        selected: usize,
    },
    /// All available commands, by name.
    Palette {
        /// The search.
        typed: LineInput,
        /// The index of the highlighted command, of those that match.
        selected: usize,
    },
    /// Which context to switch to.
    Contexts {
        /// The names of the contexts.
        names: Vec<String>,
        /// The index of the highlighted name.
        selected: usize,
    },
}

/// The scroll position of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scroll {
    /// The first line that is shown.
    pub top: usize,
    /// The greatest `top`: the last page begins there. The screen measures it.
    pub end: usize,
}

impl Scroll {
    fn go(&mut self, motion: Motion, page: usize) {
        self.top = target(motion, self.top, self.end.saturating_add(1), page, Ends::Stop);
    }
}

/// What yes does.
#[derive(Debug, Clone, PartialEq)]
pub enum Agreed {
    /// Deliver the memo now, then cancel its schedule.
    Run(Memo),
    /// Cancel a foreign schedule.
    CancelForeign(Name),
    /// Mark these deliveries as done, by the keys of their receipts.
    AllDone(Vec<String>),
}

/// What an answer does.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen {
    /// Schedule the form's memo for that moment.
    Submit,
    /// Snooze a pending memo until then.
    Snooze(Memo),
    /// Snooze all marked memos.
    SnoozeMarked {
        /// For how long, for each of the answers.
        offers: Vec<SnoozeBy>,
    },
    /// Schedule a memo that was delivered, or that failed, for then.
    Again {
        /// The memo.
        memo: Memo,
        /// The delivery that becomes done, by the key of its receipt.
        arrived: String,
    },
}

impl Modal {
    /// A yes-or-no question.
    pub(super) fn confirm(question: String, yes: Agreed) -> Self {
        Self::Confirm { question, letters: 0, yes }
    }

    /// Whether this is a yes-or-no question that yes still answers.
    #[must_use]
    pub fn can_agree(&self) -> bool {
        matches!(self, Self::Confirm { letters, .. } if *letters < STRAY_LETTERS)
    }

    /// Moves the highlight, or scrolls the document. `commands` is the number of commands that the palette shows.
    pub(super) fn go(&mut self, motion: Motion, page: usize, commands: usize) {
        let (selected, count) = match self {
            Self::Help { scroll } | Self::Details { scroll, .. } | Self::Receipt { scroll, .. } => {
                return scroll.go(motion, page);
            }
            Self::Choose { choices, selected, .. } => (selected, choices.len()),
            Self::Contexts { names, selected } => (selected, names.len()),
            Self::Copy { offers, selected } => (selected, offers.len()),
            Self::Palette { selected, .. } => (selected, commands),
            Self::Confirm { .. } | Self::Words { .. } => return,
        };
        *selected = target(motion, *selected, count, page, Ends::Wrap);
    }

    /// The screen has measured how far the document scrolls.
    pub(super) fn measured(&mut self, end: usize) {
        match self {
            Self::Help { scroll } | Self::Details { scroll, .. } | Self::Receipt { scroll, .. } => scroll.end = end,
            Self::Confirm { .. }
            | Self::Choose { .. }
            | Self::Words { .. }
            | Self::Copy { .. }
            | Self::Palette { .. }
            | Self::Contexts { .. } => {}
        }
    }
}
