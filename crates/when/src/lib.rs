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
//! [`quick`](fn@quick) does the same for a line of which only a part is a time, and the rest a memo.
//!
//! It knows nobody: no clock (`now` comes in), no files, no screen.

mod civil;
mod combine;
mod grammar;
mod guess;
mod lex;
mod quick;
mod refusal;
mod settings;
mod words;
pub mod zones;

pub use chrono_tz::Tz;
pub use civil::{Civil, resolve};
pub use guess::Guess;
pub use quick::{Found, Quick, quick};
pub use refusal::{Choice, Question, Refusal, RefusalKind};
pub use settings::{DateOrder, Hours, Settings};
pub use words::Moment;

use chrono::{DateTime, Utc};

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
///
/// ```
/// use when::{Hours, Reading, Settings, Tz, read};
///
/// let now = "2026-11-24T14:10:00Z".parse()?;
/// let Reading::Resolved(moment) = read("tomorrow 18:00", now, Tz::Europe__Paris, &Settings::default()) else {
///     panic!("it says all there is to say")
/// };
/// assert_eq!(moment.words(Hours::TwentyFour), "Wed 25 Nov 2026, 18:00 CET");
/// # Ok::<(), chrono::ParseError>(())
/// ```
///
/// Whole seconds: where `now` has a fraction, a distance counts from the second that it is in.
#[must_use]
pub fn read(text: &str, now: DateTime<Utc>, zone: Tz, settings: &Settings) -> Reading {
    understood(text, now, zone, settings).unwrap_or_else(Reading::Refused)
}

fn understood(text: &str, now: DateTime<Utc>, zone: Tz, settings: &Settings) -> Result<Reading, Refusal> {
    // Small letters of ASCII take as many bytes as large ones, so that spans hold for both.
    let small = text.to_ascii_lowercase();
    let tokens = lex::tokens(&small);
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
