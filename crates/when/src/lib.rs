//! Words, a zone and a now, to one moment.
//!
//! A person types `tomorrow 18:00 Europe/Paris`; [`read`] says which moment that is, asks
//! where there are several, or refuses and says why. It never guesses at what it does not
//! wholly understand: every byte of the text is accounted for, or the text is refused at the
//! first thing that is not.
//!
//! The way of a text through the crate:
//! text → `lex` (tokens) → `grammar` (pieces: date, time, zone, distance) → `combine`
//! (one reading, or several) → `civil` (the instant, where clocks change) → [`Reading`].
//!
//! It knows nobody: no clock (`now` comes in), no files, no screen.

mod civil;
mod refusal;
mod settings;
mod words;
pub mod zones;

pub use chrono_tz::Tz;
pub use civil::{Civil, resolve};
pub use refusal::{Choice, Question, Refusal, RefusalKind};
pub use settings::{DateOrder, Settings};
pub use words::Moment;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

/// What a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// This moment, later than now.
    Resolved(Moment),
    /// One of several moments, each later than now.
    Ask(Question),
    /// None, and why.
    Refused(Refusal),
}

/// Reads a text as one moment after `now`. `zone` is the one meant where the text names none.
#[must_use]
pub fn read(text: &str, now: DateTime<Utc>, zone: Tz, settings: &Settings) -> Reading {
    let mut zone = zone;
    let today = Moment::at(now, zone).civil.date();
    let (mut date, mut time) = (None, None);
    let mut at = 0;
    for word in text.split_whitespace() {
        let start = at + text[at..].find(word).unwrap_or(0);
        at = start + word.len();
        if let Some(named) = zones::parse(word) {
            zone = named;
        } else if word.eq_ignore_ascii_case("tomorrow") {
            date = today.checked_add_days(Days::new(1));
        } else if let Ok(day) = NaiveDate::parse_from_str(word, "%Y-%m-%d") {
            date = Some(day);
        } else if let Ok(clock) = NaiveTime::parse_from_str(word, "%H:%M") {
            time = Some(clock);
        } else {
            return Reading::Refused(Refusal::new(
                RefusalKind::NotUnderstood,
                start..at,
                format!("“{word}” is not understood."),
            ));
        }
    }
    if date.is_none() && time.is_none() {
        return Reading::Refused(Refusal::new(RefusalKind::Empty, 0..text.len(), "Type a date or a time."));
    }
    let civil = date.unwrap_or(today).and_time(time.unwrap_or(settings.date_alone));
    match resolve(civil, zone) {
        Civil::One(moment) if moment.instant <= now => Reading::Refused(Refusal::new(
            RefusalKind::Past,
            0..text.len(),
            format!("{} is in the past.", moment.words()),
        )),
        Civil::One(moment) => Reading::Resolved(moment),
        Civil::Twice(first, second) => Reading::Ask(Question {
            why: format!("{} happens twice.", first.clock()),
            choices: [first, second].into_iter().map(|moment| Choice { label: moment.words(), moment }).collect(),
        }),
        Civil::Skipped { before, after } => Reading::Refused(
            Refusal::new(RefusalKind::Skipped, 0..text.len(), format!("{} does not exist.", civil.format("%H:%M")))
                .offering([before, after].into_iter().map(|moment| Choice { label: moment.words(), moment }).collect()),
        ),
    }
}
