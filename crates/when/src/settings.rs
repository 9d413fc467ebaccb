//! What a person may decide once, so that a short expression is whole: the hour
//! that a date alone means, the hours of the day's parts, the order of `4/7`.
//!
//! Knows nothing of files or flags: whoever reads a configuration fills this in.

use chrono::NaiveTime;

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

impl Default for Settings {
    /// A date alone means 09:00; morning 09:00, afternoon 15:00, evening 19:00,
    /// tonight 20:00, end of day 17:00; an ambiguous order of day and month is asked about.
    fn default() -> Self {
        Self {
            date_alone: hour(9),
            morning: hour(9),
            afternoon: hour(15),
            evening: hour(19),
            tonight: hour(20),
            end_of_day: hour(17),
            date_order: DateOrder::Ask,
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
