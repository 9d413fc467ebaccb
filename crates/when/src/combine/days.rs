//! The days that a date may mean, seen from today: `friday` is one of the next Fridays, `4/7` is
//! one of two days of each year.
//!
//! Does not depend on times of day: the caller picks the first day that is later than now.

use std::ops::Range;

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};

use crate::grammar::DateWords;
use crate::refusal::{Refusal, RefusalKind};
use crate::settings::{DateOrder, Settings};

/// One interpretation of a date: the days that it may be, in order. It means the first that is not past.
pub(super) type Candidates = Vec<NaiveDate>;

/// The last year of a moment: years have four digits.
pub(super) const LAST_YEAR: i32 = 9999;

/// A day that does not exist in a leap year does not exist in any year.
const LEAP_YEAR: i32 = 2000;

/// How many days a day of the week or a time alone may try: today may have passed, and the next day may skip the hour.
const TRIES: u64 = 3;

/// The next days, for a time alone.
pub(super) fn any_day(today: NaiveDate) -> Candidates {
    every(1, today)
}

/// The next days with this name.
pub(super) fn weekday(weekday: Weekday, today: NaiveDate) -> Candidates {
    let days = weekday.days_since(today.weekday());
    today.checked_add_days(Days::new(days.into())).map(|first| every(7, first)).unwrap_or_default()
}

fn every(days: u64, first: NaiveDate) -> Candidates {
    (0..TRIES).filter_map(|count| first.checked_add_days(Days::new(count * days))).collect()
}

/// The interpretations of a date. `weekday` is the day of the week beside it; it picks a day of `next week`.
pub(super) fn interpretations(
    date: DateWords,
    span: &Range<usize>,
    weekday: Option<Weekday>,
    today: NaiveDate,
    settings: &Settings,
) -> Result<Vec<Candidates>, Refusal> {
    let week = settings.week_begins;
    let near = |date: Option<NaiveDate>| date.map(|date| vec![vec![date]]).ok_or_else(|| Refusal::too_far(span));
    match date {
        DateWords::Ymd { year, month, day } => Ok(vec![vec![on(year, month, day, span)?]]),
        DateWords::MonthDay { month, day } => Ok(vec![yearly(month, day, today, span)?]),
        DateWords::Numeric { first, second, year } => numeric(first, second, year, today, settings.date_order, span),
        DateWords::DayOfMonth { day } => Ok(vec![monthly(day, today, span)?]),
        DateWords::FromToday { days } => near(shifted(today, days.into())),
        DateWords::WeekdayOf { weekday, weeks } => near(day_of_week(weekday, weeks, today, week)),
        // A weekend ends a week that begins on Monday, whatever `week_begins` is.
        DateWords::Weekend { weeks } => near(day_of_week(Weekday::Sat, weeks, today, Weekday::Mon)),
        DateWords::Week { weeks } => near(day_of_week(weekday.unwrap_or(Weekday::Mon), weeks, today, week)),
        DateWords::Month { months } => near(first_of_month(today, months)),
        DateWords::Year { years } => near(NaiveDate::from_ymd_opt(today.year() + years, 1, 1)),
        DateWords::EndOfMonth { months } => near(first_of_month(today, months + 1).and_then(|first| first.pred_opt())),
        DateWords::EndOfYear { years } => near(NaiveDate::from_ymd_opt(today.year() + years, 12, 31)),
    }
}

fn on(year: u32, month: u32, day: u32, span: &Range<usize>) -> Result<NaiveDate, Refusal> {
    let year = i32::try_from(year).ok().filter(|year| *year <= LAST_YEAR).ok_or_else(|| Refusal::too_far(span))?;
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| no_such_day(month, day, Some(year), span))
}

/// A day in each of the next years. A leap day may be eight years away.
fn yearly(month: u32, day: u32, today: NaiveDate, span: &Range<usize>) -> Result<Candidates, Refusal> {
    if NaiveDate::from_ymd_opt(LEAP_YEAR, month, day).is_none() {
        return Err(no_such_day(month, day, None, span));
    }
    Ok((0..=8).filter_map(|years| NaiveDate::from_ymd_opt(today.year() + years, month, day)).collect())
}

/// Both orders of day and month, if both give a day and the setting does not choose one.
fn numeric(
    first: u32,
    second: u32,
    year: Option<u32>,
    today: NaiveDate,
    order: DateOrder,
    span: &Range<usize>,
) -> Result<Vec<Candidates>, Refusal> {
    let days = |month, day| match year {
        Some(year) => on(year, month, day, span).map(|date| vec![date]),
        None => yearly(month, day, today, span),
    };
    let (day_first, month_first) = (days(second, first), days(first, second));
    match (day_first, month_first) {
        (Ok(one), Ok(_)) if first == second || order == DateOrder::DayFirst => Ok(vec![one]),
        (Ok(_), Ok(one)) if order == DateOrder::MonthFirst => Ok(vec![one]),
        (Ok(one), Ok(other)) => Ok(vec![one, other]),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(vec![one]),
        (Err(by_day), Err(by_month)) => Err(if order == DateOrder::MonthFirst { by_month } else { by_day }),
    }
}

/// A day of this month and of the next months that have it.
fn monthly(day: u32, today: NaiveDate, span: &Range<usize>) -> Result<Candidates, Refusal> {
    if !(1..=31).contains(&day) {
        let sentence = format!("There is no such day of the month as {day}.");
        return Err(Refusal::new(RefusalKind::NoSuchDay, span.clone(), sentence));
    }
    Ok((0..=3).filter_map(|months| first_of_month(today, months)?.with_day(day)).collect())
}

fn no_such_day(month: u32, day: u32, year: Option<i32>, span: &Range<usize>) -> Refusal {
    let of_month = u8::try_from(month).ok().and_then(|month| chrono::Month::try_from(month).ok());
    let sentence = match (of_month, year) {
        (Some(month), Some(year)) => format!("There is no such day as {day} {} {year}.", month.name()),
        (Some(month), None) => format!("There is no such day as {day} {}.", month.name()),
        (None, _) => format!("There is no such day as day {day} of month {month}."),
    };
    Refusal::new(RefusalKind::NoSuchDay, span.clone(), sentence)
}

/// A day of the week, a number of weeks from this one.
fn day_of_week(weekday: Weekday, weeks: i32, today: NaiveDate, week_begins: Weekday) -> Option<NaiveDate> {
    let from_today = i64::from(weekday.days_since(week_begins)) - i64::from(today.weekday().days_since(week_begins));
    shifted(today, from_today + 7 * i64::from(weeks))
}

fn first_of_month(today: NaiveDate, months: i32) -> Option<NaiveDate> {
    shifted_months(today.with_day(1)?, months.into())
}

/// A date a number of days later, or earlier if the number is negative.
pub(super) fn shifted(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let count = Days::new(days.unsigned_abs());
    if days < 0 { date.checked_sub_days(count) } else { date.checked_add_days(count) }
}

/// A date a number of months later or earlier. A month without that day gives its last day.
pub(super) fn shifted_months(date: NaiveDate, months: i64) -> Option<NaiveDate> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) }
}
