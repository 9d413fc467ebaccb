//! What a person may decide once, so that a short expression is whole: the hour
//! that a date alone means, the hours of the day's parts, the order of `4/7`.
//!
//! Knows nothing of files or flags: whoever reads a configuration fills this in.

use chrono::{NaiveTime, Timelike as _, Weekday};

/// The choices that an expression leaves to its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The time of a date that comes without one: `tomorrow`.
    pub date_alone: NaiveTime,
    /// `tomorrow morning`.
    pub morning: NaiveTime,
    /// `this afternoon`.
    pub afternoon: NaiveTime,
    /// `friday evening`.
    pub evening: NaiveTime,
    /// `tonight`, and `tomorrow night`.
    pub tonight: NaiveTime,
    /// `eod`, and the time of `eom` and `eoy`.
    pub end_of_day: NaiveTime,
    /// How to read `4/7`.
    pub date_order: DateOrder,
    /// The day that a week begins with: it decides what `next friday` is on a Sunday.
    pub week_begins: Weekday,
    /// How times of day are told in answer; both ways are always read.
    pub hours: Hours,
}

/// Which of two numbers with a slash between them is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// Where both orders give a date, ask which one is meant.
    #[default]
    Ask,
    /// `4/7` is 4 July.
    DayFirst,
    /// `4/7` is 7 April.
    MonthFirst,
}

/// How a time of day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hours {
    /// `18:00`
    #[default]
    TwentyFour,
    /// `6:00 PM`
    Twelve,
}

impl Hours {
    /// A time of day; with seconds where they are not 0.
    #[must_use]
    pub fn clock(self, time: NaiveTime) -> String {
        if time.second() == 0 { self.minutes(time) } else { self.seconds(time) }
    }

    /// A time of day to the minute, whatever its seconds.
    #[must_use]
    pub fn minutes(self, time: NaiveTime) -> String {
        let format = match self {
            Self::TwentyFour => "%H:%M",
            Self::Twelve => "%-I:%M %p",
        };
        time.format(format).to_string()
    }

    /// A time of day to the second, also where that is 0.
    #[must_use]
    pub fn seconds(self, time: NaiveTime) -> String {
        let format = match self {
            Self::TwentyFour => "%H:%M:%S",
            Self::Twelve => "%-I:%M:%S %p",
        };
        time.format(format).to_string()
    }
}

impl Default for Settings {
    /// A date alone means 09:00; morning 09:00, afternoon 15:00, evening 19:00,
    /// tonight 20:00, end of day 17:00; an ambiguous order of day and month is asked about;
    /// a week begins on Monday, and a day has 24 hours.
    fn default() -> Self {
        Self {
            date_alone: hour(9),
            morning: hour(9),
            afternoon: hour(15),
            evening: hour(19),
            tonight: hour(20),
            end_of_day: hour(17),
            date_order: DateOrder::Ask,
            week_begins: Weekday::Mon,
            hours: Hours::TwentyFour,
        }
    }
}

/// A full hour from 0 to 23; midnight for any other number.
const fn hour(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}
