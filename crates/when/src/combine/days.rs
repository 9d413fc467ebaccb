//! The days that a date may mean, seen from today: `friday` is one of the next Fridays, `4/7` is
//! one of two days of each year.
//!
//! Does not depend on times of day: the caller picks the first day that is later than now.

use std::ops::Range;

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};

use crate::grammar::{BaseDate, DateWords, MonthWords, Nth};
use crate::refusal::{Refusal, RefusalKind};
use crate::settings::{DateOrder, Settings};

/// One interpretation of a date: the days that it may be, in order. It means the first that is not past.
pub(super) type Candidates = Vec<NaiveDate>;

/// The last year of a moment: years have four digits.
pub(super) const LAST_YEAR: i32 = 9999;

/// A day that does not exist in a leap year does not exist in any year.
const LEAP_YEAR: i32 = 2000;

/// Four digits look like a year up to this many years from now, and two digits name one.
pub(super) const SOON: i32 = 10;

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

/// The next day with this name, which may be today.
pub(super) fn this_weekday(weekday: Weekday, today: NaiveDate) -> Candidates {
    let mut days = self::weekday(weekday, today);
    days.truncate(1);
    days
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
        DateWords::ShortYear { numbers } => short_year(numbers, today, settings.date_order, span),
        DateWords::IsoWeek { year, week, day } => Ok(vec![vec![in_iso_week(year, week, day, span)?]]),
        DateWords::DayOfMonth { day } => Ok(vec![monthly(day, today, span)?]),
        DateWords::DayOf { day, months } => Ok(vec![vec![day_of(day, months, today, span)?]]),
        DateWords::NthWeekday { nth, weekday, month, year } => {
            let months = months_of(month, year, today, span)?;
            let days: Candidates = months.into_iter().filter_map(|first| nth_weekday(nth, weekday, first)).collect();
            if days.is_empty() { Err(no_such_weekday(weekday, span)) } else { Ok(vec![days]) }
        }
        DateWords::FromToday { days } => near(shifted(today, days.into())),
        DateWords::From { days, base } => {
            let from = match base {
                BaseDate::Weekday(weekday) => self::weekday(weekday, today),
                BaseDate::MonthDay { month, day } => yearly(month, day, today, span)?,
                BaseDate::Ymd { year, month, day } => vec![on(year, month, day, span)?],
            };
            Ok(vec![from.into_iter().filter_map(|date| shifted(date, days.into())).collect()])
        }
        DateWords::WeekdayOf { weekday, weeks } => near(day_of_week(weekday, weeks, today, week)),
        // A weekend ends a week that begins on Monday, whatever `week_begins` is.
        DateWords::Weekend { weeks } => near(day_of_week(Weekday::Sat, weeks, today, Weekday::Mon)),
        DateWords::Week { weeks } => near(day_of_week(weekday.unwrap_or(Weekday::Mon), weeks, today, week)),
        DateWords::Month { months } => near(first_of_month(today, months)),
        DateWords::Year { years } => near(NaiveDate::from_ymd_opt(today.year() + years, 1, 1)),
        DateWords::EndOfWeek { weeks } => near(day_of_week(Weekday::Fri, weeks, today, Weekday::Mon)),
        DateWords::LastDay { month } | DateWords::EndOfMonth { month } => {
            let firsts = months_of(month, None, today, span)?;
            Ok(vec![firsts.into_iter().filter_map(last_of_month).collect()])
        }
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

/// A date whose year has two digits: `13/6/26`, or with the year first. A year before this one or long after it is
/// not meant, so mostly one reading is left.
fn short_year(
    [first, second, third]: [u32; 3],
    today: NaiveDate,
    order: DateOrder,
    span: &Range<usize>,
) -> Result<Vec<Candidates>, Refusal> {
    let on = |year: u32, month, day| {
        let year =
            i32::try_from(2000 + year).ok().filter(|year| (today.year()..=today.year() + SOON).contains(year))?;
        NaiveDate::from_ymd_opt(year, month, day)
    };
    let year_first = on(first, second, third).filter(|date| *date >= today);
    let readings = match (on(third, second, first), on(third, first, second), order) {
        (Some(one), _, DateOrder::DayFirst) | (_, Some(one), DateOrder::MonthFirst) => vec![Some(one), year_first],
        (day_first, month_first, _) => vec![day_first, month_first, year_first],
    };
    let mut days: Vec<NaiveDate> = readings.into_iter().flatten().collect();
    days.sort_unstable();
    days.dedup();
    if days.is_empty() {
        let sentence = "This date is not understood: write the year in full, as in 2026-12-24.";
        return Err(Refusal::new(RefusalKind::NotUnderstood, span.clone(), sentence));
    }
    Ok(days.into_iter().map(|day| vec![day]).collect())
}

fn in_iso_week(year: u32, week: u32, day: u32, span: &Range<usize>) -> Result<NaiveDate, Refusal> {
    let weekday = day.checked_sub(1).and_then(|day| u8::try_from(day).ok()).and_then(|day| Weekday::try_from(day).ok());
    let date = weekday.zip(i32::try_from(year).ok());
    date.and_then(|(weekday, year)| NaiveDate::from_isoywd_opt(year, week, weekday)).ok_or_else(|| {
        let sentence = format!("There is no such day as day {day} of week {week} in {year}.");
        Refusal::new(RefusalKind::NoSuchDay, span.clone(), sentence)
    })
}

/// A day of one month.
fn day_of(day: u32, months: i32, today: NaiveDate, span: &Range<usize>) -> Result<NaiveDate, Refusal> {
    let first = first_of_month(today, months).ok_or_else(|| Refusal::too_far(span))?;
    first.with_day(day).ok_or_else(|| no_such_day(first.month(), day, Some(first.year()), span))
}

/// The first days of the months that a month may mean: that of the year, or this one and the next of the same name.
fn months_of(
    month: MonthWords,
    year: Option<u32>,
    today: NaiveDate,
    span: &Range<usize>,
) -> Result<Vec<NaiveDate>, Refusal> {
    match (month, year) {
        (MonthWords::Named(month), Some(year)) => Ok(vec![on(year, month, 1, span)?]),
        (MonthWords::Named(month), None) => yearly(month, 1, today, span),
        (MonthWords::FromThis(months), _) => {
            first_of_month(today, months).map(|first| vec![first]).ok_or_else(|| Refusal::too_far(span))
        }
    }
}

fn last_of_month(first: NaiveDate) -> Option<NaiveDate> {
    shifted_months(first, 1)?.pred_opt()
}

fn nth_weekday(nth: Nth, weekday: Weekday, first: NaiveDate) -> Option<NaiveDate> {
    match nth {
        Nth::Place(place) => {
            let place = u8::try_from(place).ok()?;
            NaiveDate::from_weekday_of_month_opt(first.year(), first.month(), weekday, place)
        }
        Nth::Last => {
            let last = last_of_month(first)?;
            shifted(last, -i64::from(last.weekday().days_since(weekday)))
        }
    }
}

fn no_such_weekday(weekday: Weekday, span: &Range<usize>) -> Refusal {
    let sentence = format!("There is no fifth {} in that month.", full_name(weekday));
    Refusal::new(RefusalKind::NoSuchDay, span.clone(), sentence)
}

fn full_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
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
