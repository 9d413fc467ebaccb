//! A moment, and how it is written for a person.
//!
//! Does not depend on how a text is read, but writes only what the grammar can read back.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::guess::Guess;
use crate::settings::Hours;

/// An instant, and the time zone in which the person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub instant: DateTime<Utc>,
    /// The time that the clock in `zone` shows at `instant`.
    pub civil: NaiveDateTime,
    /// The zone that the person meant.
    pub zone: Tz,
    /// Why the moment is a guess, if it is one. Show it to the person before you use it.
    pub guess: Option<Guess>,
}

impl Moment {
    /// The moment of an instant in a zone. It is not a guess.
    #[must_use]
    pub fn at(instant: DateTime<Utc>, zone: Tz) -> Self {
        Self { instant, civil: local_time(instant.naive_utc(), zone), zone, guess: None }
    }

    /// Whether the clock shows this time twice, so that only the abbreviation tells the two apart.
    #[must_use]
    pub fn happens_twice(&self) -> bool {
        matches!(self.zone.from_local_datetime(&self.civil), MappedLocalTime::Ambiguous(..))
    }

    /// `Tue 24 Nov 2026, 18:00 CET`, or `Tue 24 Nov 2026, 6:00 PM CET`; with seconds unless they are 0.
    #[must_use]
    pub fn words(&self, hours: Hours) -> String {
        format!("{}, {} {}", self.civil.format("%a %-d %b %Y"), self.clock(hours), self.abbreviation())
    }

    /// The abbreviation of the zone at this moment: `CET`, or `+03` where there is none.
    #[must_use]
    pub fn abbreviation(&self) -> String {
        self.zone.offset_from_utc_datetime(&self.instant.naive_utc()).to_string()
    }

    /// `18:00`, or `6:00 PM`; with seconds unless they are 0.
    #[must_use]
    pub fn clock(&self, hours: Hours) -> String {
        hours.clock(self.civil.time())
    }
}

/// The time that a clock in the zone shows at an instant. Returns UTC at the very ends of chrono's
/// range, where the local time does not fit into it.
pub(crate) fn local_time(utc: NaiveDateTime, zone: Tz) -> NaiveDateTime {
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    utc.checked_add_offset(offset).unwrap_or(utc)
}
