//! Quick entry: a time that is typed with the memo, in one line.
//!
//! What is read as a time is shown as a chip, and taken out of the memo when it is scheduled. Only a new memo is read so,
//! and only while Date and Time are empty, or as they were proposed by a view of days or hours: the words of a memo that
//! is being changed are the person's, and a time in its own fields leaves nothing to be found.

use std::ops::Range;

use chrono::{DateTime, Utc};
use when::{Hours, Moment, Reading, Refusal, RefusalKind};

use super::{Field, Form, field};
use crate::memo::Draft;

/// The time that stands in the memo's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Its words, as typed.
    pub words: String,
    /// Where they stand in the line, in bytes.
    pub spans: Vec<Range<usize>>,
    /// What they mean.
    pub reading: Reading,
    /// The memo without them.
    pub memo: String,
}

impl Form {
    /// The time in the memo, if one is read there.
    #[must_use]
    pub fn chip(&self, now: DateTime<Utc>, settings: &when::Settings) -> Option<Chip> {
        let memo = self.area(Field::Memo);
        let proposed = self.proposed.as_ref().filter(|proposed| self.still_proposes(proposed));
        let said = self.names_a_time() && proposed.is_none();
        if self.keeps_words || self.is_change() || said || memo.lines().len() > 1 {
            return None;
        }
        let line = memo.lines().first()?;
        let zone = when::zones::parse(self.text(Field::Zone).trim()).unwrap_or(self.zone);
        let when::Quick { memo, time } = when::quick(line, now, zone, settings);
        let when::Found { spans, reading } = time?;
        let words = spans.iter().filter_map(|span| line.get(span.clone())).collect::<Vec<_>>().join(" ");
        let reading = match proposed {
            Some(proposed) => on_day(&proposed.date, &words, reading, |text| when::read(text, now, zone, settings)),
            None => reading,
        };
        Some(Chip { words, spans, reading, memo })
    }

    /// Whether Date and Time are as they were proposed.
    fn still_proposes(&self, proposed: &Draft) -> bool {
        (&self.text(Field::Date), &self.text(Field::Time)) == (&proposed.date, &proposed.time)
    }

    /// Takes the time back into the text of the memo, or out of it again.
    pub fn keep_words(&mut self) {
        self.keeps_words = !self.keeps_words;
        self.problem = None;
    }

    /// Whether the words of the memo are kept, whatever time they seem to say.
    #[must_use]
    pub fn keeps_words(&self) -> bool {
        self.keeps_words
    }

    /// Puts the time into its own fields, so that it can be changed there. What could not be read stands in Date as it
    /// was typed, and is told there.
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

    /// What the memo says: without the time, where that stands in its line.
    #[must_use]
    pub fn memo(&self, now: DateTime<Utc>, settings: &when::Settings) -> String {
        let text = self.chip(now, settings).map_or_else(|| self.text(Field::Memo), |chip| chip.memo);
        text.trim_end().to_owned()
    }
}

/// What words mean that were typed where a day was proposed: a time of that day or, where they name another one, what they
/// mean alone.
fn on_day(day: &str, words: &str, alone: Reading, read: impl Fn(&str) -> Reading) -> Reading {
    match (read(&format!("{day} {words}")), alone) {
        // It is of that day, and cannot be: another day, on which it could, is not what is meant.
        (there @ Reading::Refused(Refusal { kind: RefusalKind::Skipped | RefusalKind::Past, .. }), _) => there,
        (Reading::Refused(_), alone) => alone,
        // That they may belong to the memo is as true on that day.
        (Reading::Resolved(there), Reading::Resolved(alone)) => {
            Reading::Resolved(Moment { guess: there.guess.or(alone.guess), ..there })
        }
        (there, _) => there,
    }
}

/// The moment that a reading means without a question, if it does.
pub(super) fn resolved(reading: &Reading) -> Option<Moment> {
    match reading {
        Reading::Resolved(moment) => Some(*moment),
        Reading::Ask(_) | Reading::Refused(_) => None,
    }
}
