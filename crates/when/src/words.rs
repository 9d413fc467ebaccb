//! A moment in words that a person reads, and that the grammar reads back.
//!
//! Knows nothing of how an expression is read, but must print only what can be.

use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::Guess;
use crate::civil::{Civil, clock_shows, resolve};
use crate::settings::Hours;

/// One moment: an instant, and the clock that the person goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When it is.
    pub instant: DateTime<Utc>,
    /// What the clock in `zone` shows then.
    pub civil: NaiveDateTime,
    /// The zone that the person meant.
    pub zone: Tz,
    /// Why it is a guess, where another reading was possible: show it before you go by it.
    pub guess: Option<Guess>,
}

impl Moment {
    /// The moment of an instant in a zone; not a guess.
    #[must_use]
    pub fn at(instant: DateTime<Utc>, zone: Tz) -> Self {
        Self { instant, civil: clock_shows(instant.naive_utc(), zone), zone, guess: None }
    }

    /// Whether the clock shows this time twice, so that only the abbreviation tells which is meant.
    #[must_use]
    pub fn happens_twice(&self) -> bool {
        matches!(resolve(self.civil, self.zone), Civil::Twice(..))
    }

    /// `Tue 24 Nov 2026, 18:00 CET`, or `Tue 24 Nov 2026, 6:00 PM CET`; with seconds where they are not 0.
    #[must_use]
    pub fn words(&self, hours: Hours) -> String {
        format!("{}, {} {}", self.civil.format("%a %-d %b %Y"), self.clock(hours), self.abbreviation())
    }

    /// What the zone's clock is called at this moment: `CET`, or `+03` where it has no name.
    #[must_use]
    pub fn abbreviation(&self) -> String {
        self.zone.offset_from_utc_datetime(&self.instant.naive_utc()).to_string()
    }

    /// `18:00`, or `6:00 PM`; with seconds where they are not 0.
    #[must_use]
    pub fn clock(&self, hours: Hours) -> String {
        hours.clock(self.civil.time())
    }
}
