//! Quick entry: a time that is typed with the memo, in one line.
//!
//! The time shows as a chip, and is removed from the memo when the memo is scheduled. Only a new memo is read, and only while
//! Date and Time are empty or as the calendar or the hours proposed them.

use std::ops::Range;

use chrono::{DateTime, Utc};
use when::{Hours, Moment, Reading, Refusal, RefusalKind};

use super::state::{Field, Form, field};
use crate::memo::Draft;

/// A time in the memo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Its words, as typed.
    pub words: String,
    /// Their position in the line, in bytes.
    pub spans: Vec<Range<usize>>,
    /// Their meaning.
    pub reading: Reading,
    /// The memo without the words.
    pub memo: String,
}

impl Form {
    /// The time in the memo, if there is one.
    #[must_use]
    pub fn chip(&self, now: DateTime<Utc>, settings: &when::Settings) -> Option<Chip> {
        let proposed = self.proposed.as_ref().filter(|proposed| self.still_proposes(proposed));
        let line = self.line_with_time()?;
        let zone = self.zone_of_line();
        let when::Quick { memo, time, unread: _ } = when::quick(line, now, zone, settings);
        let when::Found { spans, reading } = time?;
        let words = spans.iter().filter_map(|span| line.get(span.clone())).collect::<Vec<_>>().join(" ");
        let reading = match proposed {
            Some(proposed) => on_day(&proposed.date, &words, reading, |text| when::read(text, now, zone, settings)),
            None => reading,
        };
        Some(Chip { words, spans, reading, memo })
    }

    /// The part of the memo that looks like a time, if no time was found in it.
    #[must_use]
    pub fn unread(&self, now: DateTime<Utc>, settings: &when::Settings) -> Option<&str> {
        let line = self.line_with_time()?;
        let quick = when::quick(line, now, self.zone_of_line(), settings);
        quick.unread.filter(|_| quick.time.is_none()).and_then(|unread| line.get(unread))
    }

    /// The line in which tickler looks for a time.
    fn line_with_time(&self) -> Option<&str> {
        let proposes = self.proposed.as_ref().is_some_and(|proposed| self.still_proposes(proposed));
        let has_time = self.names_a_time() && !proposes;
        if self.keeps_words || self.is_change() || has_time { None } else { self.only_line() }
    }

    /// The zone of a time in the memo that names none.
    fn zone_of_line(&self) -> when::Tz {
        when::zones::parse(self.text(Field::Zone).trim()).unwrap_or(self.zone)
    }

    /// The memo, if it is a single line. A line end behind it, as a paste often has, begins no other line.
    #[must_use]
    pub fn only_line(&self) -> Option<&str> {
        match self.area(Field::Memo).lines() {
            [line, rest @ ..] if rest.iter().all(|line| line.trim().is_empty()) => Some(line),
            _ => None,
        }
    }

    /// Whether Date and Time are as they were proposed.
    fn still_proposes(&self, proposed: &Draft) -> bool {
        (&self.text(Field::Date), &self.text(Field::Time)) == (&proposed.date, &proposed.time)
    }

    /// Keeps the time as text of the memo, or reads it again.
    pub fn keep_words(&mut self) {
        self.keeps_words = !self.keeps_words;
        self.problem = None;
    }

    /// Whether the memo is all text, even where its words look like a time.
    #[must_use]
    pub fn keeps_words(&self) -> bool {
        self.keeps_words
    }

    /// Moves the time to its own fields, so that the person can edit it there. A time that cannot be read goes to Date as it
    /// was typed, with the reason below.
    pub fn open_out(&mut self, chip: &Chip, hours: Hours) {
        self.fields[Field::Memo as usize] = field(&chip.memo, true);
        match &chip.reading {
            Reading::Resolved(moment) => {
                self.fields[Field::Date as usize] = field(&moment.civil.format("%Y-%m-%d").to_string(), false);
                self.fields[Field::Time as usize] = field(&moment.clock(hours), false);
                self.fields[Field::Zone as usize] = field(moment.zone.name(), false);
            }
            Reading::Ask(_) | Reading::Refused(_) => {
                self.fields[Field::Date as usize] = field(&chip.words, false);
                self.fields[Field::Time as usize] = field("", false);
            }
        }
    }

    /// The text of the memo, without the time.
    #[must_use]
    pub fn memo(&self, now: DateTime<Utc>, settings: &when::Settings) -> String {
        let text = self.chip(now, settings).map_or_else(|| self.text(Field::Memo), |chip| chip.memo);
        text.trim_end().to_owned()
    }
}

/// The meaning of a time beside a proposed day: a time on that day, or the time's own day if it names one.
fn on_day(day: &str, words: &str, alone: Reading, read: impl Fn(&str) -> Reading) -> Reading {
    match (read(&format!("{day} {words}")), alone) {
        // A time on that day that does not exist, or has passed. The same time on another day is not what the person means.
        (there @ Reading::Refused(Refusal { kind: RefusalKind::Skipped | RefusalKind::Past, .. }), _) => there,
        (Reading::Refused(_), alone) => alone,
        // The words may still belong to the memo.
        (Reading::Resolved(there), Reading::Resolved(alone)) => {
            Reading::Resolved(Moment { guess: there.guess.or(alone.guess), ..there })
        }
        (there, _) => there,
    }
}
