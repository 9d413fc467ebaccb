//! The three kinds of schedule expressions, and the instant of an `at()` in a time zone.
//!
//! Accepts and refuses what the real service was recorded to. Does not depend on schedules or a clock.

mod cron;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

pub use cron::Cron;

/// When a schedule fires.
///
/// Only [`Expression::At`] fires so far. The other two are parsed, and so validated as the service does; see
/// [`Expression::next_after`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// `at(2030-01-01T09:30:00)`: once, at this civil time.
    At(NaiveDateTime),
    /// `rate(5 minutes)`: repeatedly, at this interval.
    Rate {
        /// How many units; at least 1.
        value: u32,
        /// Minutes, hours or days.
        unit: RateUnit,
    },
    /// `cron(0 9 ? * MON-FRI *)`: at every civil time that matches.
    Cron(Cron),
}

/// The unit of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateUnit {
    /// `minute`, `minutes`.
    Minutes,
    /// `hour`, `hours`.
    Hours,
    /// `day`, `days`.
    Days,
}

impl Expression {
    /// Parses an expression; `None` if the service would refuse it.
    ///
    /// The keyword may be in any case, as recorded. That units, months and weekdays may be too is our choice, because the
    /// service accepts `RATE(...)` and `CRON(...)`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (keyword, rest) = text.split_once('(')?;
        let inner = rest.strip_suffix(')')?;
        match keyword.to_ascii_lowercase().as_str() {
            "at" => parse_at(inner).map(Expression::At),
            "rate" => parse_rate(inner),
            "cron" => Cron::parse(inner).map(Expression::Cron),
            _ => None,
        }
    }

    /// When the schedule is first due, or next due after `last`.
    ///
    /// An `at()` is due once. `rate()` and `cron()` return `None` for now, so they never fire.
    #[must_use]
    pub fn next_after(&self, last: Option<DateTime<Utc>>, zone: Tz) -> Option<DateTime<Utc>> {
        match (self, last) {
            (Expression::At(civil), None) => Some(resolve_civil_time(*civil, zone)),
            (Expression::At(_), Some(_)) | (Expression::Rate { .. } | Expression::Cron(_), _) => None,
        }
    }
}

/// `yyyy-mm-ddThh:mm`, with or without seconds. No zone, no fraction, no space.
///
/// With seconds it fires in that second, which is our choice: nobody has measured when within the minute the real
/// service fires.
fn parse_at(text: &str) -> Option<NaiveDateTime> {
    let shape: &[u8] = match text.len() {
        16 => b"0000-00-00T00:00",
        19 => b"0000-00-00T00:00:00",
        _ => return None,
    };
    let fits = text.bytes().zip(shape).all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        other => byte == *other,
    });
    if !fits {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let year = i32::try_from(number(0, 4)?).ok()?;
    let second = if text.len() == 19 { number(17, 19)? } else { 0 };
    NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?.and_hms_opt(number(11, 13)?, number(14, 16)?, second)
}

/// A positive number and a unit, with or without a space between them and a plural s.
fn parse_rate(text: &str) -> Option<Expression> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (value, unit) = text.split_at_checked(digits)?;
    let value: u32 = value.parse().ok().filter(|value| *value > 0)?;
    let unit = match unit.trim_start_matches(' ').to_ascii_lowercase().as_str() {
        "minute" | "minutes" => RateUnit::Minutes,
        "hour" | "hours" => RateUnit::Hours,
        "day" | "days" => RateUnit::Days,
        _ => return None,
    };
    Some(Expression::Rate { value, unit })
}

/// The instant of a civil time in a time zone.
///
/// In a gap of the clocks, the first instant after the gap; of a time that occurs twice, the first. AWS documents
/// neither for `at()` (for `cron` it skips the gap and runs once in the overlap), so both are our choice: a memo that is
/// up to an hour off is better than none, and early is better than twice.
#[must_use]
pub fn resolve_civil_time(civil: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&civil).earliest() {
        Some(moment) => moment.with_timezone(&Utc),
        None => first_instant_after_gap(civil, zone),
    }
}

/// The end of the gap that contains `civil`: the first instant with a later civil time.
///
/// Bisects 38 hours to either side: no zone is further than 14 hours from UTC, and the widest gap ever is a day, in zones
/// that crossed the date line.
fn first_instant_after_gap(civil: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let reach = Duration::hours(38).num_seconds();
    let as_if_utc = civil.and_utc();
    let is_past = |seconds: i64| {
        let moment = as_if_utc + Duration::seconds(seconds);
        let offset = zone.offset_from_utc_datetime(&moment.naive_utc()).fix();
        moment.naive_utc() + offset >= civil
    };
    let (mut before, mut after) = (-reach, reach);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if is_past(middle) {
            after = middle;
        } else {
            before = middle;
        }
    }
    as_if_utc + Duration::seconds(after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn fires(expression: &str, zone: Tz) -> DateTime<Utc> {
        Expression::parse(expression).unwrap().next_after(None, zone).unwrap()
    }

    #[test]
    fn invalid_expressions_are_refused() {
        for expression in [
            "at(2021-12-31T23:59:59Z)",
            "at(2021-12-31)",
            "at(2030-01-01 00:00:00)",
            "at(2030-01-01T00:00:00.000)",
            "at(2030-02-30T00:00:00)",
            "at(2030-01-01T24:00:00)",
            "at(2030-01-01T00:00:60)",
            "at(2030-1-1T00:00:00)",
            "at(+030-01-01T00:00)",
            "at( 2030-01-01T00:00:00 )",
            "at()",
            "rate(10 seconds)",
            "rate(10 years)",
            "rate()",
            "rate(10)",
            "rate(10 minutess)",
            "rate(foo minutes)",
            "rate(-10 minutes)",
            "rate( 10 minutes )",
            " rate(10 minutes)",
            "rate(10 minutes) ",
            "rate(0 minute)",
            "rate(1 week)",
            "rate(99999999999 minutes)",
            "rate(é minutes)",
            "cron()",
            "cron(INVALID)",
            "cron(0 1 * * * *)",
            "cron(7 20 * * NOT *)",
            "cron(0 dummy ? * MON-FRI *)",
            "cron(71 8 1 * ? *)",
            "cron(0 8 1 *)",
            "cron(0 8 1 * ? * *)",
            "cron(60 8 1 * ? *)",
            "cron(0 24 1 * ? *)",
            "every(5 minutes)",
            "",
            "(",
            ")",
        ] {
            assert_eq!(Expression::parse(expression), None, "{expression}");
        }
    }

    #[test]
    fn valid_expressions_are_accepted() {
        for expression in [
            "at(2030-01-01T00:00)",
            "at(2030-01-01T00:00:00)",
            "AT(2030-01-01T00:00:00)",
            "at(1999-12-31T23:59:59)",
            "rate(1 minutes)",
            "rate(2 minute)",
            "rate(1minute)",
            "RATE(5 hours)",
            "rate(30 days)",
            "CRON(0 18 ? * MON-FRI *)",
            "cron(0 18 ? * MON-FRI *)",
            "cron(*/15 * * * ? *)",
            "cron(0 8 1 * ?)",
            "cron(0 8 L * ? *)",
            "cron(0 8 1W * ? *)",
            "cron(0 8 ? * 3L *)",
        ] {
            assert!(Expression::parse(expression).is_some(), "{expression}");
        }
    }

    #[test]
    fn at_is_civil_time_in_its_zone_to_the_second() {
        assert_eq!(fires("at(2026-11-24T18:00:30)", Tz::Europe__Paris), utc("2026-11-24T17:00:30Z"));
        assert_eq!(fires("at(2026-07-01T18:00)", Tz::Europe__Paris), utc("2026-07-01T16:00:00Z"));
        assert_eq!(fires("at(2026-11-24T18:00:30)", Tz::UTC), utc("2026-11-24T18:00:30Z"));
    }

    #[test]
    fn a_time_in_the_gap_fires_when_the_gap_ends() {
        let end = utc("2026-03-29T01:00:00Z");
        for expression in ["at(2026-03-29T02:00:00)", "at(2026-03-29T02:30:00)", "at(2026-03-29T02:59:59)"] {
            assert_eq!(fires(expression, Tz::Europe__Paris), end, "{expression}");
        }
        // Half an hour on Lord Howe Island; a whole day when Samoa crossed the date line.
        assert_eq!(fires("at(2026-10-04T02:15:00)", Tz::Australia__Lord_Howe), utc("2026-10-03T15:30:00Z"));
        assert_eq!(fires("at(2011-12-30T12:00:00)", Tz::Pacific__Apia), utc("2011-12-30T10:00:00Z"));
    }

    #[test]
    fn a_time_that_occurs_twice_fires_the_first_time() {
        assert_eq!(fires("at(2026-10-25T02:30:00)", Tz::Europe__Paris), utc("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn at_is_due_once_and_rate_and_cron_never() {
        let at = Expression::parse("at(2030-01-01T00:00)").unwrap();
        assert_eq!(at.next_after(Some(utc("2030-01-01T00:00:00Z")), Tz::UTC), None);
        for expression in ["rate(1 day)", "cron(0 0 * * ? *)"] {
            assert_eq!(Expression::parse(expression).unwrap().next_after(None, Tz::UTC), None, "{expression}");
        }
    }

    proptest! {
        #[test]
        fn the_parser_never_panics(text in "(at|rate|cron)?\\(?\\PC{0,40}\\)?") {
            let _ = Expression::parse(&text);
        }

        /// The instant has the civil time if that exists. Otherwise it is later, at the end of the gap.
        #[test]
        fn the_instant_reads_back_as_the_civil_time(
            seconds in 0_i64..4_102_444_800,
            zone in proptest::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        ) {
            let civil = DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
            let read_back = resolve_civil_time(civil, zone).with_timezone(&zone).naive_local();
            if zone.from_local_datetime(&civil).earliest().is_some() {
                prop_assert_eq!(read_back, civil);
            } else {
                prop_assert!(read_back > civil);
                let just_before = resolve_civil_time(civil, zone) - Duration::seconds(1);
                prop_assert!(just_before.with_timezone(&zone).naive_local() < civil);
            }
        }
    }
}
