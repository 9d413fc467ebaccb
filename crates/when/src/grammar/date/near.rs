//! Parses days that are named from today: `tomorrow`, `next friday`, `a week on friday`, `this weekend`.
//!
//! Does not depend on which day today is.

use winnow::combinator::{alt, not, opt, preceded, terminated};
use winnow::prelude::*;

use super::figures;
use super::months::{day_month, month_day};
use super::names;
use crate::grammar::count::count;
use crate::grammar::piece::{BaseDate, DateWords, Piece};
use crate::grammar::tokens::{Parsed, Tokens, number, one_word, word};

/// `yesterday`, `today`, `tomorrow`, `the day after tomorrow`.
pub(super) fn near(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let after = (opt(word("the")), word("day"), word("after"), word("tomorrow")).value(2);
    alt((after, named_day)).map(|days| DateWords::FromToday { days }).parse_next(input)
}

fn named_day(input: &mut Tokens<'_, '_>) -> Parsed<i32> {
    one_word(|text| match text {
        "yesterday" => Some(-1),
        "today" => Some(0),
        "tomorrow" | "tom" | "tmr" | "tmrw" => Some(1),
        "overmorrow" => Some(2),
        _ => None,
    })
    .parse_next(input)
}

/// `friday`, `this friday`, `this coming friday`.
pub(super) fn weekday(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    let this = preceded(word("this"), names::weekday).map(Piece::ThisWeekday);
    let coming = preceded(opt((opt(word("this")), word("coming"))), names::weekday).map(Piece::Weekday);
    alt((this, coming)).parse_next(input)
}

/// `next friday`, `friday of next week`.
pub(super) fn weekday_of(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let before = (which.verify(|weeks| *weeks != 0), names::weekday);
    let after = (names::weekday, word("of"), which, word("week")).map(|(weekday, (), weeks, ())| (weeks, weekday));
    alt((before, after)).map(|(weeks, weekday)| DateWords::WeekdayOf { weekday, weeks }).parse_next(input)
}

/// `last`, `this` or `next`, as a count from this one.
pub(super) fn which(input: &mut Tokens<'_, '_>) -> Parsed<i32> {
    one_word(|text| match text {
        "last" => Some(-1),
        "this" | "coming" => Some(0),
        "next" => Some(1),
        _ => None,
    })
    .parse_next(input)
}

/// `a week on friday`, `two weeks from friday`, `friday week`, `a week tomorrow`, `the day before 24 dec`.
pub(super) fn from_another(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    alt((weeks_from, week_after_weekday, week_after_next, day_beside)).parse_next(input)
}

fn weeks_from(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let figures = number(1..=2).map(|number| number.value);
    let amount = alt((figures, count, one_word(|text| (text == "a").then_some(1))));
    let weeks = (opt(word("in")), amount, alt((word("week"), word("weeks")))).map(|(_, weeks, ())| 7 * weeks);
    let fortnight = (opt(word("a")), word("fortnight")).value(14);
    let days = alt((weeks, fortnight)).verify_map(|days| i32::try_from(days).ok());
    let from = || alt((word("from"), word("on")));
    let on_weekday = (
        days,
        alt((preceded(from(), names::weekday).map(Day::Weekday), preceded(opt(from()), near_day).map(Day::FromToday))),
    );
    on_weekday
        .map(|(days, day)| match day {
            Day::Weekday(weekday) => DateWords::From { days, base: BaseDate::Weekday(weekday) },
            Day::FromToday(later) => DateWords::FromToday { days: days + later },
        })
        .parse_next(input)
}

enum Day {
    Weekday(chrono::Weekday),
    FromToday(i32),
}

fn near_day(input: &mut Tokens<'_, '_>) -> Parsed<i32> {
    named_day.verify(|days| *days >= 0).parse_next(input)
}

/// `friday week` and `tomorrow week`; but not `this friday week`.
fn week_after_weekday(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let weekday = names::weekday.map(|weekday| DateWords::From { days: 7, base: BaseDate::Weekday(weekday) });
    let day = near_day.map(|days| DateWords::FromToday { days: days + 7 });
    terminated(alt((weekday, day)), (word("week"), not(alt((word("after"), word("of")))))).parse_next(input)
}

/// `the week after next`.
fn week_after_next(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    (opt(word("the")), word("week"), word("after"), word("next")).value(DateWords::Week { weeks: 2 }).parse_next(input)
}

/// `the day before 24 dec`, `day after 2026-03-20`.
fn day_beside(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let side = alt((word("before").value(-1), word("after").value(1)));
    let date = alt((figures::date, day_month, month_day)).verify_map(|date| match date {
        DateWords::MonthDay { month, day } => Some(BaseDate::MonthDay { month, day }),
        DateWords::Ymd { year, month, day } => Some(BaseDate::Ymd { year, month, day }),
        _ => None,
    });
    let base = alt((date, names::weekday.map(BaseDate::Weekday)));
    (opt(word("the")), word("day"), side, base)
        .map(|(_, (), days, base)| DateWords::From { days, base })
        .parse_next(input)
}

/// `next week`, `this weekend`, `next month`, `next year`.
pub(super) fn of_period(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let named = (which, period).map(move |(count, period)| match period {
        Period::Week => DateWords::Week { weeks: count },
        Period::Weekend => DateWords::Weekend { weeks: count },
        Period::Month => DateWords::Month { months: count },
        Period::Year => DateWords::Year { years: count },
    });
    alt((named, (opt(word("the")), word("weekend")).map(|_| DateWords::Weekend { weeks: 0 }))).parse_next(input)
}

#[derive(Clone, Copy)]
pub(super) enum Period {
    Week,
    Weekend,
    Month,
    Year,
}

pub(super) fn period(input: &mut Tokens<'_, '_>) -> Parsed<Period> {
    one_word(|text| match text {
        "week" => Some(Period::Week),
        "weekend" => Some(Period::Weekend),
        "month" => Some(Period::Month),
        "year" => Some(Period::Year),
        _ => None,
    })
    .parse_next(input)
}
