//! From the time on the wall to the instant, where that is not one to one: when clocks
//! go back a time happens twice, and when they go forward an hour never comes.
//! Both are values here, so that a caller has to look at them.
//!
//! Knows nothing of words, and nothing of now.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::Moment;

/// What a civil time is in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Civil {
    /// It happens once.
    One(Moment),
    /// Clocks go back over it: it happens twice, the earlier first.
    Twice(Moment, Moment),
    /// Clocks go forward over it: it never happens. Its neighbours are as far apart
    /// as the clocks jump.
    Skipped {
        /// What the clock shows when one reads the time by the offset after the jump:
        /// 01:30, for 02:30 in a skipped hour.
        before: Moment,
        /// What the clock shows when one reads the time by the offset before the jump:
        /// 03:30, for 02:30 in a skipped hour.
        after: Moment,
    },
}

/// Looks up a civil time in a zone.
///
/// It is meant for dates from year 1 to 9999; outside of them it does not panic, but within
/// a day of the ends of what chrono can hold its answer means nothing.
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
    let by_offset_at = |end: NaiveDateTime| {
        let offset = zone.offset_from_utc_datetime(&end).fix();
        let instant = civil.checked_sub_offset(offset).unwrap_or(civil);
        Moment::at(instant.and_utc(), zone)
    };
    Civil::Skipped { before: by_offset_at(first), after: by_offset_at(last) }
}

/// The last second (in UTC) before the clock jumps over `civil`, and the first one after it.
///
/// No offset in the time zone database reaches 26 hours, so the jump lies within that
/// distance of `civil` read as UTC. Halving finds it: a clock that shows less than `civil` at
/// one end and more at the other must somewhere jump over it, as it never shows it.
fn ends_of_gap(civil: NaiveDateTime, zone: Tz) -> (NaiveDateTime, NaiveDateTime) {
    const REACH: TimeDelta = TimeDelta::hours(26);
    let mut last = civil.checked_sub_signed(REACH).unwrap_or(NaiveDateTime::MIN);
    let mut first = civil.checked_add_signed(REACH).unwrap_or(NaiveDateTime::MAX);
    while first - last > TimeDelta::seconds(1) {
        let middle = last + TimeDelta::seconds((first - last).num_seconds() / 2);
        if clock_shows(middle, zone) < civil {
            last = middle;
        } else {
            first = middle;
        }
    }
    (last, first)
}

/// What a clock in the zone shows at an instant. At the very ends of what chrono can hold,
/// where it has no such time, the clock of UTC.
pub(crate) fn clock_shows(utc: NaiveDateTime, zone: Tz) -> NaiveDateTime {
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    utc.checked_add_offset(offset).unwrap_or(utc)
}
