//! Reads a text that is nothing but a time.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::lex::{self, Folded};
use crate::reading::Reading;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::{combine, grammar};

/// Reads a text as one moment after `now`. `zone` applies where the text names no zone.
///
/// ```
/// use when::{Hours, Reading, Settings, Tz, read};
///
/// let now = "2026-11-24T14:10:00Z".parse()?;
/// let Reading::Resolved(moment) = read("tomorrow 18:00", now, Tz::Europe__Paris, &Settings::default()) else {
///     panic!("the text names one moment")
/// };
/// assert_eq!(moment.words(Hours::TwentyFour), "Wed 25 Nov 2026, 18:00 CET");
/// # Ok::<(), chrono::ParseError>(())
/// ```
///
/// A fraction of a second in `now` is dropped: a distance counts from the full second.
#[must_use]
pub fn read(text: &str, now: DateTime<Utc>, zone: Tz, settings: &Settings) -> Reading {
    try_read(text, now, zone, settings).unwrap_or_else(Reading::Refused)
}

fn try_read(text: &str, now: DateTime<Utc>, zone: Tz, settings: &Settings) -> Result<Reading, Refusal> {
    let folded = Folded::new(text);
    let tokens = lex::tokens(&folded);
    if tokens.is_empty() {
        return Err(Refusal::empty(text));
    }
    let (pieces, unread) = grammar::pieces(&tokens);
    if let Some(span) = unread {
        return Err(
            combine::first_fault(text, &pieces, now, zone).unwrap_or_else(|| Refusal::not_understood(text, span))
        );
    }
    combine::combine(text, pieces, now, zone, settings)
}
