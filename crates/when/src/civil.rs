//! Finds the instants of a civil time in a zone. When clocks go back, a time happens twice; when
//! they go forward, it never happens. Both cases are values, so that a caller must handle them.
//!
//! Does not depend on the grammar or on now.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::moment::{Moment, local_time};

/// How often a civil time happens in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Civil {
    /// It happens once.
    One(Moment),
    /// Clocks go back over it, so it happens twice. The earlier moment comes first.
    Twice(Moment, Moment),
    /// Clocks go forward over it, so it never happens. The two neighbours are as far apart as the
    /// clocks jump.
    Skipped {
        /// The time read with the offset after the jump: 01:30 for a skipped 02:30.
        before: Moment,
        /// The time read with the offset before the jump: 03:30 for a skipped 02:30.
        after: Moment,
    },
}

/// Looks up a civil time in a zone.
///
/// Valid for the years 1 to 9999. It does not panic outside of them, but within a day of the ends
/// of chrono's range the result is meaningless.
#[must_use]
pub fn resolve(civil: NaiveDateTime, zone: Tz) -> Civil {
    let moment = |instant: DateTime<Tz>| Moment { instant: instant.with_timezone(&Utc), civil, zone, guess: None };
    match zone.from_local_datetime(&civil) {
        MappedLocalTime::Single(one) => Civil::One(moment(one)),
        MappedLocalTime::Ambiguous(first, second) => {
            let (first, second) = (moment(first), moment(second));
            if first.instant <= second.instant { Civil::Twice(first, second) } else { Civil::Twice(second, first) }
        }
        MappedLocalTime::None => skipped(civil, zone),
    }
}

/// The neighbours of a time that a zone skips.
fn skipped(civil: NaiveDateTime, zone: Tz) -> Civil {
    let (last, first) = ends_of_gap(civil, zone);
    let with_offset_at = |end: NaiveDateTime| {
        let offset = zone.offset_from_utc_datetime(&end).fix();
        let instant = civil.checked_sub_offset(offset).unwrap_or(civil);
        Moment::at(instant.and_utc(), zone)
    };
    Civil::Skipped { before: with_offset_at(first), after: with_offset_at(last) }
}

/// The last second (in UTC) before the clock jumps over `civil`, and the first second after it.
///
/// No offset in the time zone database reaches 26 hours, so the jump is at most that far from
/// `civil` read as UTC. A binary search finds it: the clock shows less than `civil` at one end, more
/// at the other, and never `civil` itself.
fn ends_of_gap(civil: NaiveDateTime, zone: Tz) -> (NaiveDateTime, NaiveDateTime) {
    const REACH: TimeDelta = TimeDelta::hours(26);
    let mut last = civil.checked_sub_signed(REACH).unwrap_or(NaiveDateTime::MIN);
    let mut first = civil.checked_add_signed(REACH).unwrap_or(NaiveDateTime::MAX);
    while first - last > TimeDelta::seconds(1) {
        let middle = last + TimeDelta::seconds((first - last).num_seconds() / 2);
        if local_time(middle, zone) < civil {
            last = middle;
        } else {
            first = middle;
        }
    }
    (last, first)
}
