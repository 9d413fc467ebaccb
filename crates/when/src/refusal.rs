//! The two ways of not resolving: a question, where several readings are possible, and a
//! refusal, where none is. Each carries a sentence for the person and the way on.
//!
//! Knows nothing of the grammar; the sentence is made where the fault is found.

use std::fmt;
use std::ops::Range;

use crate::{Moment, zones};

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

    pub(crate) fn not_understood(text: &str, span: Range<usize>) -> Self {
        let said = quoted(text, &span);
        let hint = match text[span.clone()].to_ascii_lowercase().as_str() {
            "at" | "@" => ": a time must follow it, as in “at 18:00”.",
            "on" => ": a date must follow it, as in “on 24 dec”.",
            "in" | "+" => ": a distance must follow it, as in “in 20 min”.",
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
                ": write a time as 18:00 or 6pm, a date as 24 dec, a distance as 20 min."
            }
            numbers if numbers.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'/' | b'.' | b'-')) => {
                ": write a date as 24 dec, or with its year in full as 2026-12-24."
            }
            _ => ".",
        };
        Self::new(RefusalKind::NotUnderstood, span, format!("{said} is not understood{hint}"))
    }

    pub(crate) fn empty(text: &str) -> Self {
        Self::new(RefusalKind::Empty, 0..text.len(), "Say when: a time such as 18:00, a date, or “in 20 min”.")
    }

    /// A zone, and nothing to read on its clock. `span` is the zone.
    pub(crate) fn only_a_zone(span: Option<Range<usize>>) -> Self {
        Self::new(RefusalKind::Empty, span.unwrap_or_default(), "A zone alone is no time: add a date or a time.")
    }

    pub(crate) fn repeating(text: &str, span: Range<usize>) -> Self {
        let sentence = format!("{} is repeating, and a memo comes up once: name one day.", quoted(text, &span));
        Self::new(RefusalKind::Repeating, span, sentence)
    }

    pub(crate) fn unknown_zone(text: &str, span: Range<usize>) -> Self {
        let said = quoted(text, &span);
        let sentence = match zones::nearest(&text[span.clone()]) {
            Some(near) => format!("There is no zone {said}: is it {near}?"),
            None => format!("There is no zone {said}: write it as Europe/Paris."),
        };
        Self::new(RefusalKind::UnknownZone, span, sentence)
    }

    pub(crate) fn said_twice(what: &str, span: &Range<usize>) -> Self {
        Self::new(RefusalKind::SaidTwice, span.clone(), format!("The {what} is given twice: leave one of the two out."))
    }

    /// More than one time in one line, each in its own place.
    pub(crate) fn two_times(text: &str, spans: &[Range<usize>]) -> Self {
        let all: Vec<String> = spans.iter().map(|span| quoted(text, span)).collect();
        let span = spans.last().cloned().unwrap_or_default();
        let sentence =
            format!("There are several times in it, {}: put what belongs to the memo in quotes.", all.join(" and "));
        Self::new(RefusalKind::SaidTwice, span, sentence)
    }

    pub(crate) fn not_later(span: Range<usize>) -> Self {
        Self::new(RefusalKind::NotLater, span, "That is now, and now is not later: name a later time.")
    }

    pub(crate) fn too_far(span: &Range<usize>) -> Self {
        Self::new(RefusalKind::TooFar, span.clone(), "That is after the year 9999: name an earlier time.")
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

/// The most characters of a text that a sentence quotes.
const QUOTED: usize = 40;

/// A part of what was typed, fit for a sentence on a screen: short, and without control characters.
fn quoted(text: &str, span: &Range<usize>) -> String {
    let said = &text[span.clone()];
    let shown = said.chars().take(QUOTED).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    let more = if said.chars().nth(QUOTED).is_some() { "…" } else { "" };
    format!("“{}{more}”", shown.collect::<String>())
}
