//! What a person sets once and then need not type: the hour of a date alone, the hours of
//! `morning` and `evening`, the order of `4/7`.
//!
//! Does not depend on files or flags: the caller fills in the values.

use chrono::{NaiveTime, Timelike as _, Weekday};

/// How to read what a text leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The time of a date without a time: `tomorrow`.
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
    /// The first day of the week. It decides what `next friday` means on a Sunday.
    pub week_begins: Weekday,
    /// How to write times of day. Both styles are always read.
    pub hours: Hours,
}

/// Which number of `4/7` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// Ask, if both orders give a date.
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
    /// A time of day, with seconds unless they are 0.
    #[must_use]
    pub fn clock(self, time: NaiveTime) -> String {
        if time.second() == 0 { self.minutes(time) } else { self.seconds(time) }
    }

    /// A time of day without its seconds.
    #[must_use]
    pub fn minutes(self, time: NaiveTime) -> String {
        let format = match self {
            Self::TwentyFour => "%H:%M",
            Self::Twelve => "%-I:%M %p",
        };
        time.format(format).to_string()
    }

    /// A time of day with its seconds, even if they are 0.
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
    /// A date alone means 09:00; morning 09:00, afternoon 15:00, evening 19:00, tonight 20:00,
    /// end of day 17:00. An ambiguous order of day and month asks. A week begins on Monday, and
    /// times are written in 24 hours.
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

/// A full hour from 0 to 23, or midnight for any other number.
const fn hour(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}
