//! The pieces of a text: dates, times, zones, distances, as typed.
//!
//! Does not depend on how they are parsed.

use std::ops::Range;

use chrono::{FixedOffset, Weekday};
use chrono_tz::Tz;

/// A part of the text with a meaning of its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Date(DateWords),
    /// A day of the week alone: it picks a day, or confirms the date beside it.
    Weekday(Weekday),
    /// `this friday`: the same, but never a later one than the next.
    ThisWeekday(Weekday),
    Time(TimeWords),
    /// `morning`, or with `today` set, `this morning`.
    Part {
        part: Part,
        today: bool,
    },
    /// Four digits or more, alone: `1730`, or the year of `24 dec 2026`.
    Digits {
        value: u32,
        length: usize,
    },
    Zone(Tz),
    /// A possible abbreviation of a zone, with the bytes of the abbreviation alone.
    Abbreviation(Range<usize>),
    Offset(FixedOffset),
    Distance(Distance),
    /// `18h`: 18:00, or in 18 hours.
    HoursOrClock {
        hour: u32,
    },
    Now,
    /// `every`: the text names a repeating time.
    Repeating,
    /// `europe/pariss`.
    UnknownZone,
}

/// A value, and the bytes of the text from which it was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// A date as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateWords {
    /// `2026-03-20`, `24.12.2026`.
    Ymd { year: u32, month: u32, day: u32 },
    /// `24 dec`, `24.12.`; the year may be a separate piece.
    MonthDay { month: u32, day: u32 },
    /// `4/7`, `4/7/2026`: either number may be the day.
    Numeric { first: u32, second: u32, year: Option<u32> },
    /// `13/6/26`: the year has two digits and is the last number, or the first.
    ShortYear { numbers: [u32; 3] },
    /// `2026-W12-1`: a day of an ISO week.
    IsoWeek { year: u32, week: u32, day: u32 },
    /// `27th`.
    DayOfMonth { day: u32 },
    /// `the 25th of this month`: a number of months from this one.
    DayOf { day: u32, months: i32 },
    /// `the 2nd friday of may`; the year may be a separate piece.
    NthWeekday { nth: Nth, weekday: Weekday, month: MonthWords, year: Option<u32> },
    /// `yesterday`, `tomorrow`: a number of days from today.
    FromToday { days: i32 },
    /// `a week on friday`, `the day before 24 dec`: a number of days from another date.
    From { days: i32, base: BaseDate },
    /// `next friday`: a day of the week, a number of weeks from this one.
    WeekdayOf { weekday: Weekday, weeks: i32 },
    /// `this weekend`: its Saturday.
    Weekend { weeks: i32 },
    /// `next week`: its Monday, or the day of the week beside it.
    Week { weeks: i32 },
    /// `end of the week`: its Friday.
    EndOfWeek { weeks: i32 },
    /// `next month`: its first day.
    Month { months: i32 },
    /// `next year`: its first day.
    Year { years: i32 },
    /// `the last day of the month`.
    LastDay { month: MonthWords },
    /// `eom`: the last day of a month.
    EndOfMonth { month: MonthWords },
    /// `eoy`: the last day of a year.
    EndOfYear { years: i32 },
}

/// A month as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MonthWords {
    /// `may`, from 1 to 12: the next one, unless a year says which.
    Named(u32),
    /// `next month`: a number of months from this one.
    FromThis(i32),
}

/// Which of the days of a month with the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nth {
    /// From 1 to 5.
    Place(u32),
    Last,
}

/// The date from which another one is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BaseDate {
    Weekday(Weekday),
    MonthDay { month: u32, day: u32 },
    Ymd { year: u32, month: u32, day: u32 },
}

/// A time of day as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeWords {
    /// `18:00`, `6:45pm`, `22:37:30`, `6pm`.
    Clock {
        hour: u32,
        minute: u32,
        second: u32,
        half: Option<Meridiem>,
    },
    /// `at 5`, `5 o'clock`, `half past five`: without am or pm.
    Bare {
        hour: u32,
        minute: u32,
    },
    Noon,
    Midnight,
    EndOfDay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meridiem {
    Am,
    Pm,
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Morning,
    Afternoon,
    Evening,
    Night,
}

/// A distance from now. Keeps each unit as typed, because the length of a month depends on the date.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Distance {
    pub steps: Vec<(Amount, Unit)>,
    /// `3 days ago`.
    pub back: bool,
}

/// `numerator / denominator`, so that halves and decimals are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    pub numerator: u64,
    pub denominator: u64,
}

impl Amount {
    pub(super) const HALF: Self = Self { numerator: 1, denominator: 2 };

    pub(crate) fn whole(numerator: u64) -> Self {
        Self { numerator, denominator: 1 }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let crossed = |one: Self, other: Self| one.numerator.saturating_mul(other.denominator);
        Self {
            numerator: crossed(self, other).saturating_add(crossed(other, self)),
            denominator: self.denominator * other.denominator,
        }
    }
}

/// A unit of a distance, from short to long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
    Year,
}
