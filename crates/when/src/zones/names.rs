//! The IANA names of time zones.
//!
//! Does not depend on cities or abbreviations.

use chrono::{DateTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::Tz;

/// The compiled-in release of the time zone database, such as `2025b`.
pub const TZDB_VERSION: &str = chrono_tz::IANA_TZDB_VERSION;

/// Finds a zone by its IANA name in any case, or by `Z`. Does not accept cities and abbreviations,
/// although a text may use them as zones.
#[must_use]
pub fn parse(name: &str) -> Option<Tz> {
    if name.eq_ignore_ascii_case("z") {
        return Some(Tz::UTC);
    }
    Tz::from_str_insensitive(name).ok()
}

/// The UTC offset of a zone at an instant: `+01:00`.
#[must_use]
pub fn offset_text(tz: Tz, at: DateTime<Utc>) -> String {
    tz.offset_from_utc_datetime(&at.naive_utc()).fix().to_string()
}

/// The name in lower case, with a space for each `/`, `_` and `-`.
pub(super) fn folded(name: &str) -> String {
    let spaced = |letter| if matches!(letter, '/' | '_' | '-') { ' ' } else { letter };
    name.chars().map(spaced).flat_map(char::to_lowercase).collect()
}
