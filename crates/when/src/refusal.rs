//! The two results other than a moment: a question, if several readings are possible, and a
//! refusal, if none is. Each carries a sentence for the person and says what to do next.
//!
//! Does not depend on the grammar: the code that finds a fault writes its sentence.

use std::fmt;
use std::ops::Range;

use crate::moment::Moment;
use crate::zones;

/// Several readings are possible, and the person must choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is ambiguous, in full sentences.
    pub why: String,
    /// The readings, earliest first.
    pub choices: Vec<Choice>,
}

/// One of several moments to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// How it differs from the others: `01:30 EDT (05:30 UTC)`, or `7 April`.
    pub label: String,
    /// The moment.
    pub moment: Moment,
}

/// The text names no moment for which a memo can be scheduled. `Display` prints a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub kind: RefusalKind,
    /// The bytes of the text that are at fault, always on character boundaries.
    pub span: Range<usize>,
    /// The two neighbours of a skipped time; empty for every other kind.
    pub offers: Vec<Choice>,
    sentence: String,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The text names no time.
    Empty,
    /// A part of the text has no meaning.
    NotUnderstood,
    /// The moment is before now.
    Past,
    /// The month has no such day.
    NoSuchDay,
    /// The day has no such time.
    NoSuchTime,
    /// Clocks go forward over the time.
    Skipped,
    /// No zone has this name.
    UnknownZone,
    /// The date is not the day of the week that the text names.
    WrongWeekday,
    /// The date, the time, the zone or a unit is given twice.
    GivenTwice,
    /// Two parts contradict each other: `tomorrow morning 18:00`.
    Contradiction,
    /// The moment is now.
    NotLater,
    /// The text names a repeating time: `every friday`.
    Repeating,
    /// The moment is after the year 9999.
    TooFar,
}

impl Refusal {
    pub(crate) fn new(kind: RefusalKind, span: Range<usize>, sentence: impl Into<String>) -> Self {
        Self { kind, span, offers: Vec::new(), sentence: sentence.into() }
    }

    pub(crate) fn not_understood(text: &str, span: Range<usize>) -> Self {
        let typed = quoted(text, &span);
        let hint = match text[span.clone()].to_ascii_lowercase().as_str() {
            "at" | "@" => ": put a time after it, as in “at 18:00”.",
            "on" => ": put a date after it, as in “on 24 dec”.",
            "in" | "+" => ": put a distance after it, as in “in 20 min”.",
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
                ": write a time as 18:00 or 6pm, a date as 24 dec, a distance as 20 min."
            }
            numbers if numbers.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'/' | b'.' | b'-')) => {
                ": write a date as 24 dec, or with the year in full as 2026-12-24."
            }
            _ => ".",
        };
        Self::new(RefusalKind::NotUnderstood, span, format!("{typed} is not understood{hint}"))
    }

    pub(crate) fn empty(text: &str) -> Self {
        Self::new(RefusalKind::Empty, 0..text.len(), "Give a time such as 18:00, a date, or “in 20 min”.")
    }

    /// A zone without a date or a time. `span` is the zone.
    pub(crate) fn only_a_zone(span: Option<Range<usize>>) -> Self {
        Self::new(RefusalKind::Empty, span.unwrap_or_default(), "A zone alone is not a time: add a date or a time.")
    }

    pub(crate) fn repeating(text: &str, span: Range<usize>) -> Self {
        let sentence =
            format!("{} asks for a repeating memo, but a memo is due once: name one day.", quoted(text, &span));
        Self::new(RefusalKind::Repeating, span, sentence)
    }

    pub(crate) fn unknown_zone(text: &str, span: Range<usize>) -> Self {
        let typed = quoted(text, &span);
        let sentence = match zones::nearest(&text[span.clone()]) {
            Some(near) => format!("{typed} is not a time zone. Did you mean {near}?"),
            None => format!("{typed} is not a time zone: write one like Europe/Paris."),
        };
        Self::new(RefusalKind::UnknownZone, span, sentence)
    }

    pub(crate) fn given_twice(what: &str, span: &Range<usize>) -> Self {
        Self::new(RefusalKind::GivenTwice, span.clone(), format!("The {what} is given twice: remove one."))
    }

    /// Several times in one line.
    pub(crate) fn two_times(text: &str, spans: &[Range<usize>]) -> Self {
        let all: Vec<String> = spans.iter().map(|span| quoted(text, span)).collect();
        let span = spans.last().cloned().unwrap_or_default();
        let sentence =
            format!("The line names several times, {}: put quotes around what belongs to the memo.", all.join(" and "));
        Self::new(RefusalKind::GivenTwice, span, sentence)
    }

    pub(crate) fn not_later(span: Range<usize>) -> Self {
        Self::new(RefusalKind::NotLater, span, "That is now: name a later time.")
    }

    pub(crate) fn too_far(span: &Range<usize>) -> Self {
        Self::new(RefusalKind::TooFar, span.clone(), "That is after the year 9999: name an earlier time.")
    }

    pub(crate) fn with_offers(mut self, offers: Vec<Choice>) -> Self {
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

/// The longest quotation in a sentence, in characters.
const MAX_QUOTED: usize = 40;

/// Quotes a part of the text, cut short and without control characters.
fn quoted(text: &str, span: &Range<usize>) -> String {
    let typed = &text[span.clone()];
    let shown = typed.chars().take(MAX_QUOTED).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    let more = if typed.chars().nth(MAX_QUOTED).is_some() { "…" } else { "" };
    format!("“{}{more}”", shown.collect::<String>())
}
