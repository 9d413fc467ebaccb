//! The two ways of not resolving: a question, where several readings are possible, and a
//! refusal, where none is. Each carries a sentence for the person and the way on.
//!
//! Knows nothing of the grammar; the sentence is made where the fault is found.

use std::fmt;
use std::ops::Range;

use crate::Moment;

/// More than one reading is possible, and the person has to pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is ambiguous, as a sentence.
    pub why: String,
    /// The readings, the earliest first.
    pub choices: Vec<Choice>,
}

/// One of several moments to pick from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What tells it from the others: `01:30 EDT (05:30 UTC)`, or `7 April`.
    pub label: String,
    /// The moment that it stands for.
    pub moment: Moment,
}

/// The text names no moment that a memo can be set for. Prints as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub kind: RefusalKind,
    /// Which bytes of the text it is about; always on the bounds of characters.
    pub span: Range<usize>,
    /// The two neighbours of a time that is skipped; empty for every other kind.
    pub offers: Vec<Choice>,
    sentence: String,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalKind {
    /// There is nothing in it but space.
    Empty,
    /// Something in it has no meaning here.
    NotUnderstood,
    /// It is before now.
    Past,
    /// The month has no such day.
    NoSuchDay,
    /// The day has no such time.
    NoSuchTime,
    /// Clocks go forward over it.
    Skipped,
    /// There is no such zone.
    UnknownZone,
    /// The date is another day of the week than the one that stands beside it.
    WrongWeekday,
    /// The date, the time, the zone or a unit is given twice.
    SaidTwice,
    /// Two parts of it deny each other: `tomorrow morning 18:00`.
    Contradiction,
    /// It means now.
    NotLater,
    /// It means more than one moment: `every friday`.
    Repeating,
    /// It is after the year 9999.
    TooFar,
}

impl Refusal {
    pub(crate) fn new(kind: RefusalKind, span: Range<usize>, sentence: impl Into<String>) -> Self {
        Self { kind, span, offers: Vec::new(), sentence: sentence.into() }
    }

    pub(crate) fn offering(mut self, offers: Vec<Choice>) -> Self {
        self.offers = offers;
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Refusal {}
