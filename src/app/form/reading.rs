//! From the fields to a memo: Date, Time and Zone are joined into one expression, which `when` reads, so a person may write
//! "tomorrow 6pm" in any of them. Does not read a clock: `now` comes in.

use chrono::{DateTime, Utc};
use when::{Choice, Moment, Reading, RefusalKind};

use super::quick::Chip;
use super::state::{Field, Form};
use crate::harmless;

/// Why the form is not a memo yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Something in this field is missing or wrong.
    Field(Field, String),
    /// There is more than one reading to choose from.
    Choose {
        /// Why.
        why: String,
        /// The readings.
        choices: Vec<Choice>,
    },
}

impl Form {
    /// Whether Date or Time has text.
    #[must_use]
    pub fn names_a_time(&self) -> bool {
        !self.text(Field::Date).trim().is_empty() || !self.text(Field::Time).trim().is_empty()
    }

    /// Reads Date, Time and Zone together.
    #[must_use]
    pub fn reading(&self, now: DateTime<Utc>, settings: &when::Settings) -> Reading {
        when::read(&self.expression(), now, self.zone, settings)
    }

    /// The person's own zone is only a default, so a zone beside the time wins over it.
    fn expression(&self) -> String {
        let [date, time, zone] = [Field::Date, Field::Time, Field::Zone].map(|field| self.text(field));
        if zone.trim() == self.zone.name() { format!("{date} {time}") } else { format!("{date} {time} {zone}") }
    }

    /// What is wrong with the Zone field, if its text is not a time zone, nor part of the name of one.
    #[must_use]
    pub fn zone_problem(&self, now: DateTime<Utc>, settings: &when::Settings) -> Option<Problem> {
        let typed = self.text(Field::Zone);
        let typed = typed.trim();
        if typed.is_empty() || when::zones::parse(typed).is_some() || self.offers_zones() {
            return None;
        }
        // The grammar knows more than names: offsets, and zones in words.
        let reading = when::read(&format!("tomorrow 12:00 {typed}"), now, self.zone, settings);
        let Reading::Refused(refusal) = reading else { return None };
        (refusal.kind == RefusalKind::NotUnderstood).then(|| Problem::Field(Field::Zone, no_zone(typed)))
    }

    /// The field of a byte of the joined expression.
    fn field_at(&self, byte: usize) -> Field {
        let date_end = self.text(Field::Date).len();
        let time_end = date_end + 1 + self.text(Field::Time).len();
        match byte {
            _ if byte < date_end => Field::Date,
            _ if byte < time_end => Field::Time,
            _ => Field::Zone,
        }
    }

    /// The moment of a reading of Date, Time and Zone.
    ///
    /// # Errors
    /// Why the reading has no single moment.
    pub fn moment(&self, reading: &Reading) -> Result<Moment, Problem> {
        match reading {
            Reading::Resolved(moment) => Ok(*moment),
            Reading::Ask(question) => {
                Err(Problem::Choose { why: question.why.clone(), choices: question.choices.clone() })
            }
            Reading::Refused(refusal) if !refusal.offers.is_empty() => {
                Err(Problem::Choose { why: refusal.to_string(), choices: refusal.offers.clone() })
            }
            Reading::Refused(refusal) => {
                let field = if self.names_a_time() { self.field_at(refusal.span.start) } else { Field::Date };
                // A word that the grammar does not know is an unknown zone here, and the cure is to search for one.
                let why = if field == Field::Zone && refusal.kind == RefusalKind::NotUnderstood {
                    no_zone(self.text(Field::Zone).trim())
                } else {
                    refusal.to_string()
                };
                Err(Problem::Field(field, why))
            }
        }
    }

    /// The moment of the time in the memo.
    ///
    /// # Errors
    /// Why that time has no single moment.
    pub fn chip_moment(&self, chip: &Chip) -> Result<Moment, Problem> {
        self.moment(&chip.reading).map_err(|problem| match problem {
            Problem::Field(_, why) => Problem::Field(Field::Memo, why),
            choose @ Problem::Choose { .. } => choose,
        })
    }

    /// The text and the due time of the memo.
    ///
    /// # Errors
    /// What is missing or wrong, or the readings to choose from.
    pub fn submit(&mut self, now: DateTime<Utc>, settings: &when::Settings) -> Result<(String, Moment), Problem> {
        self.settle_zone();
        let text = self.memo(now, settings);
        if harmless::is_blank(&text) {
            return Err(Problem::Field(Field::Memo, "The memo is empty. Type what to remember.".into()));
        }
        if let Some(problem) = self.zone_problem(now, settings) {
            return Err(problem);
        }
        if let Some(chip) = self.chip(now, settings) {
            return Ok((text, self.chip_moment(&chip)?));
        }
        if !self.names_a_time() {
            let why = match self.unread(now, settings) {
                Some(part) => format!("There is no clear time yet: “{}” may be a part of one.", harmless::line(part)),
                None => "There is no time yet.".to_owned(),
            };
            let advice = "Type a date, a time or both, such as \"tomorrow\" and \"18:00\", or \"in 20m\".";
            return Err(Problem::Field(Field::Date, format!("{why} {advice}")));
        }
        Ok((text, self.moment(&self.reading(now, settings))?))
    }
}

fn no_zone(typed: &str) -> String {
    format!("“{typed}” is not a time zone. Type part of a name, such as tokyo.")
}
