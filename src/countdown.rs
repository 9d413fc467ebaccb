//! The text of a countdown, and when it next changes.
//!
//! The screen sleeps until the next change, so the text and the change follow from the same rule. Does not read a clock.

use chrono::{DateTime, TimeDelta, Utc};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// The time until `due`, or since: `in 3 min 20 s`, `in 1 day 2 h`, `now`, `2 h ago`.
///
/// The time left is rounded up to whole seconds, so that nothing is due too early; the time since is rounded down.
#[must_use]
pub fn text(due: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match Distance::between(due, now) {
        Distance::Until(seconds) => text_until(seconds),
        Distance::Since(seconds) => text_since(seconds),
    }
}

/// The first instant after `now` at which [`text`] changes.
///
/// `None` if that instant is out of range.
#[must_use]
pub fn next_change(due: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    // When the next text starts, in seconds after the due time; negative before it.
    let start = match Distance::between(due, now) {
        Distance::Until(seconds) => 1 - floor(seconds, unit_until(seconds)),
        Distance::Since(seconds) => {
            let unit = unit_since(seconds);
            floor(seconds, unit) + unit
        }
    };
    due.checked_add_signed(TimeDelta::try_seconds(start)?)
}

/// The time to or from the due time, in whole seconds.
enum Distance {
    /// Before the due time; at least 1.
    Until(i64),
    /// At or after the due time; at least 0.
    Since(i64),
}

impl Distance {
    fn between(due: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let remaining = due.signed_duration_since(now);
        if remaining <= TimeDelta::zero() {
            return Self::Since(-remaining.num_seconds());
        }
        Self::Until(remaining.num_seconds() + i64::from(remaining.subsec_nanos() > 0))
    }
}

/// The smaller unit of the text before the due time, in seconds. The text changes when its count does.
fn unit_until(seconds: i64) -> i64 {
    match seconds {
        ..HOUR => 1,
        HOUR..DAY => MINUTE,
        DAY..WEEK => HOUR,
        WEEK.. => DAY,
    }
}

/// The unit of the text after the due time, in seconds.
fn unit_since(seconds: i64) -> i64 {
    match seconds {
        ..MINUTE => 1,
        MINUTE..HOUR => MINUTE,
        HOUR..DAY => HOUR,
        DAY.. => DAY,
    }
}

fn floor(seconds: i64, unit: i64) -> i64 {
    seconds - seconds % unit
}

fn text_until(seconds: i64) -> String {
    let (large, small) = match seconds {
        ..MINUTE => (seconds_of(seconds), None),
        MINUTE..HOUR => (minutes(seconds), some_if(seconds % MINUTE, seconds_of)),
        HOUR..DAY => (hours(seconds), some_if(seconds % HOUR / MINUTE * MINUTE, minutes)),
        DAY..WEEK => (days(seconds), some_if(seconds % DAY / HOUR * HOUR, hours)),
        WEEK.. => (days(seconds), None),
    };
    match small {
        Some(small) => format!("in {large} {small}"),
        None => format!("in {large}"),
    }
}

fn text_since(seconds: i64) -> String {
    let distance = match seconds {
        0 => return "now".to_owned(),
        1..MINUTE => seconds_of(seconds),
        MINUTE..HOUR => minutes(seconds),
        HOUR..DAY => hours(seconds),
        _ => days(seconds),
    };
    format!("{distance} ago")
}

fn some_if(seconds: i64, text: fn(i64) -> String) -> Option<String> {
    (seconds > 0).then(|| text(seconds))
}

fn seconds_of(seconds: i64) -> String {
    format!("{seconds} s")
}

fn minutes(seconds: i64) -> String {
    format!("{} min", seconds / MINUTE)
}

fn hours(seconds: i64) -> String {
    format!("{} h", seconds / HOUR)
}

fn days(seconds: i64) -> String {
    match seconds / DAY {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;

    use super::{DAY, HOUR, MINUTE, WEEK, next_change, text};

    fn due() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_536_000, 0).unwrap()
    }

    /// The text `remaining` milliseconds before the due time.
    fn before_ms(remaining: i64) -> String {
        text(due(), due() - TimeDelta::milliseconds(remaining))
    }

    #[test]
    fn a_future_time_shows_two_units() {
        for (seconds, expected) in [
            (1, "in 1 s"),
            (12, "in 12 s"),
            (59, "in 59 s"),
            (MINUTE, "in 1 min"),
            (3 * MINUTE + 20, "in 3 min 20 s"),
            (HOUR - 1, "in 59 min 59 s"),
            (HOUR, "in 1 h"),
            (2 * HOUR + 59, "in 2 h"),
            (2 * HOUR + 50 * MINUTE + 59, "in 2 h 50 min"),
            (DAY - 1, "in 23 h 59 min"),
            (DAY, "in 1 day"),
            (DAY + 59 * MINUTE, "in 1 day"),
            (DAY + 2 * HOUR, "in 1 day 2 h"),
            (WEEK - 1, "in 6 days 23 h"),
            (WEEK, "in 7 days"),
            (10 * DAY - 1, "in 9 days"),
            (31 * DAY, "in 31 days"),
        ] {
            assert_eq!(before_ms(seconds * 1_000), expected, "{seconds} s before");
        }
    }

    #[test]
    fn the_time_left_is_rounded_up() {
        assert_eq!(before_ms(1), "in 1 s");
        assert_eq!(before_ms(1_001), "in 2 s");
        assert_eq!(before_ms(59_001), "in 1 min");
        assert_eq!(before_ms(0), "now");
    }

    #[test]
    fn a_past_time_shows_one_unit() {
        for (milliseconds, expected) in [
            (0, "now"),
            (999, "now"),
            (1_000, "1 s ago"),
            (59_999, "59 s ago"),
            (MINUTE * 1_000, "1 min ago"),
            (3 * MINUTE * 1_000 + 20_000, "3 min ago"),
            (HOUR * 1_000 - 1, "59 min ago"),
            (2 * HOUR * 1_000, "2 h ago"),
            (DAY * 1_000 - 1, "23 h ago"),
            (DAY * 1_000, "1 day ago"),
            (3 * DAY * 1_000, "3 days ago"),
            (400 * DAY * 1_000, "400 days ago"),
        ] {
            assert_eq!(before_ms(-milliseconds), expected, "{milliseconds} ms after");
        }
    }

    #[test]
    fn the_next_change_is_computed() {
        for (now, change) in [
            (-(2 * DAY + 2 * HOUR), -(2 * DAY + 2 * HOUR) + 1),
            (-(2 * DAY + HOUR + 1), -(2 * DAY + HOUR) + 1),
            (-(HOUR + 90), -(HOUR + MINUTE) + 1),
            (-90, -89),
            (-1, 0),
            (0, 1),
            (59, 60),
            (61, 120),
            (2 * HOUR + 1, 3 * HOUR),
            (DAY, 2 * DAY),
        ] {
            let next = next_change(due(), due() + TimeDelta::seconds(now)).unwrap();
            assert_eq!((next - due()).num_seconds(), change, "{now} s after the due time");
        }
    }

    #[test]
    fn there_is_no_change_after_the_end_of_time() {
        let last = DateTime::<Utc>::MAX_UTC;
        assert_eq!(text(last, last), "now");
        assert_eq!(next_change(last, last), None);
        assert_eq!(next_change(DateTime::<Utc>::MIN_UTC, last), None);
        assert!(next_change(last, DateTime::<Utc>::MIN_UTC).is_some());
    }

    /// Distances in nanoseconds: short ones, where the text changes often, and long ones.
    fn distance() -> impl Strategy<Value = i64> {
        const SECOND: i64 = 1_000_000_000;
        prop_oneof![
            -90 * SECOND..90 * SECOND,
            -2 * HOUR * SECOND..2 * HOUR * SECOND,
            -9 * DAY * SECOND..9 * DAY * SECOND,
            -20_000 * DAY * SECOND..20_000 * DAY * SECOND,
            (-9 * DAY..9 * DAY).prop_map(|seconds| seconds * SECOND),
            (-220..220_i64).prop_map(|hours| hours * HOUR * SECOND),
        ]
    }

    proptest! {
        #[test]
        fn the_text_stays_until_its_next_change(distance in distance(), fractions in prop::array::uniform8(0.0..1.0_f64)) {
            let now = due() - TimeDelta::nanoseconds(distance);
            let shown = text(due(), now);
            let next = next_change(due(), now).unwrap();
            prop_assert!(next > now);
            prop_assert_ne!(&shown, &text(due(), next));

            let span = (next - now).num_nanoseconds().unwrap();
            prop_assert_eq!(&shown, &text(due(), next - TimeDelta::nanoseconds(1)));
            for fraction in fractions {
                #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any instant in between will do")]
                let into = ((span - 1) as f64 * fraction) as i64;
                prop_assert_eq!(&shown, &text(due(), now + TimeDelta::nanoseconds(into)));
            }
        }
    }
}
