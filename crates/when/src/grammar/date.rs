//! Parses dates: `2026-03-20`, `24 dec`, `tomorrow`, `next friday`, `27th`, `4/7`.
//!
//! Does not check that the date exists (`feb 30`), and does not choose a year or an order of day and month.

use chrono::Weekday;
use winnow::combinator::{alt, not, opt, peek, preceded, terminated};
use winnow::prelude::*;

use super::piece::{DateWords, Piece};
use super::suffix::number_ends;
use super::tokens::{Number, Parsed, Tokens, mark, number, one_word, touching, touching_mark, touching_number, word};

pub(super) fn date(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    preceded(opt(word("on")), alt((named_weekday, calendar.map(Piece::Date)))).parse_next(input)
}

fn calendar(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    alt((iso, dotted, numeric, day_month, month_day, day_of_month, near, of_period, end_of)).parse_next(input)
}

/// `2026-03-20`, with the `T` before a time; `2026/03/20`.
fn iso(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let with = |separator| {
        (
            number(4..=usize::MAX),
            touching_mark(separator),
            touching_number(1..=2),
            touching_mark(separator),
            touching_number(1..=2),
        )
    };
    let t = (touching, word("t"), peek(touching_number(1..=2)));
    (alt((with('-'), with('/'))), opt(t))
        .map(|((year, (), month, (), day), _)| DateWords::Ymd { year: year.value, month: month.value, day: day.value })
        .parse_next(input)
}

/// `24.12.2026`, `24.12.`: in dates with dots the day comes first. `24.12` may be a time.
fn dotted(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let day_month = (number(1..=2), touching_mark('.'), touching_number(1..=2), touching_mark('.'));
    (day_month, opt(touching_number(4..=usize::MAX)))
        .map(|((day, (), month, ()), year)| with_year(month.value, day.value, year))
        .parse_next(input)
}

fn with_year(month: u32, day: u32, year: Option<Number>) -> DateWords {
    match year {
        Some(year) => DateWords::Ymd { year: year.value, month, day },
        None => DateWords::MonthDay { month, day },
    }
}

/// `4/7`, `4/7/2026`, `4-7-2026`.
fn numeric(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let pair = |separator| (number(1..=2), touching_mark(separator), touching_number(1..=2));
    let year = |separator| preceded(touching_mark(separator), touching_number(4..=usize::MAX));
    // After a third separator there is a year of two digits.
    let no_more = not((touching, alt((mark('/'), mark('-')))));
    terminated(alt(((pair('/'), opt(year('/'))), (pair('-'), year('-').map(Some)))), no_more)
        .map(|((first, (), second), year)| DateWords::Numeric {
            first: first.value,
            second: second.value,
            year: year.map(|year| year.value),
        })
        .parse_next(input)
}

/// `24 dec`, `the 24th of december`, `24-dec-2026`.
fn day_month(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let dashed_year = preceded(touching_mark('-'), touching_number(4..=usize::MAX));
    let dashed = (number(1..=2), touching_mark('-'), month, dashed_year)
        .map(|(day, (), month, year)| with_year(month, day.value, Some(year)));
    let spaced = (opt(word("the")), number(1..=2), opt(ordinal), opt(word("of")), month)
        .map(|(_, day, _, _, month)| with_year(month, day.value, None));
    alt((dashed, spaced)).parse_next(input)
}

/// `dec 24`, `december the 24th`; not `dec 6pm`.
fn month_day(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    (month, opt(word("the")), number(1..=2), alt((ordinal, number_ends)))
        .map(|(month, _, day, ())| with_year(month, day.value, None))
        .parse_next(input)
}

/// `27th`, `the 3rd`.
fn day_of_month(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    (opt(word("the")), number(1..=2), ordinal)
        .map(|(_, day, ())| DateWords::DayOfMonth { day: day.value })
        .parse_next(input)
}

fn ordinal(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    preceded(touching, one_word(|text| matches!(text, "st" | "nd" | "rd" | "th").then_some(()))).parse_next(input)
}

/// `yesterday`, `today`, `tomorrow`, `the day after tomorrow`.
fn near(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let after = (opt(word("the")), word("day"), word("after"), word("tomorrow")).value(2);
    let named = one_word(|text| match text {
        "yesterday" => Some(-1),
        "today" => Some(0),
        "tomorrow" | "tom" | "tmr" | "tmrw" => Some(1),
        "overmorrow" => Some(2),
        _ => None,
    });
    alt((after, named)).map(|days| DateWords::FromToday { days }).parse_next(input)
}

/// `friday`, `this friday`, `next friday`.
fn named_weekday(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    (opt(which), weekday)
        .map(|(weeks, weekday)| match weeks {
            // `this friday` is the coming one, as is `friday`.
            None | Some(0) => Piece::Weekday(weekday),
            Some(weeks) => Piece::Date(DateWords::WeekdayOf { weekday, weeks }),
        })
        .parse_next(input)
}

/// `last`, `this` or `next`, as a count from this one.
fn which(input: &mut Tokens<'_, '_>) -> Parsed<i32> {
    one_word(|text| match text {
        "last" => Some(-1),
        "this" | "coming" => Some(0),
        "next" => Some(1),
        _ => None,
    })
    .parse_next(input)
}

/// `next week`, `this weekend`, `next month`, `next year`.
fn of_period(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let named = (which, period).map(move |(count, period)| match period {
        Period::Week => DateWords::Week { weeks: count },
        Period::Weekend => DateWords::Weekend { weeks: count },
        Period::Month => DateWords::Month { months: count },
        Period::Year => DateWords::Year { years: count },
    });
    alt((named, (opt(word("the")), word("weekend")).map(|_| DateWords::Weekend { weeks: 0 }))).parse_next(input)
}

#[derive(Clone, Copy)]
enum Period {
    Week,
    Weekend,
    Month,
    Year,
}

fn period(input: &mut Tokens<'_, '_>) -> Parsed<Period> {
    one_word(|text| match text {
        "week" => Some(Period::Week),
        "weekend" => Some(Period::Weekend),
        "month" => Some(Period::Month),
        "year" => Some(Period::Year),
        _ => None,
    })
    .parse_next(input)
}

/// `eom`, `eoy`, `end of next month`, `end of the year`.
fn end_of(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let short = one_word(|text| match text {
        "eom" => Some((0, Period::Month)),
        "eoy" => Some((0, Period::Year)),
        _ => None,
    });
    let article = alt((word("the").value(0), which));
    let long =
        (word("end"), word("of"), opt(article), period).map(|((), (), count, period)| (count.unwrap_or(0), period));
    alt((short, long))
        .verify_map(|(count, period)| match period {
            Period::Month => Some(DateWords::EndOfMonth { months: count }),
            Period::Year => Some(DateWords::EndOfYear { years: count }),
            // The end of a week may be Friday or Sunday.
            Period::Week | Period::Weekend => None,
        })
        .parse_next(input)
}

fn weekday(input: &mut Tokens<'_, '_>) -> Parsed<Weekday> {
    let named = one_word(|text| {
        Some(match text {
            "mon" | "monday" => Weekday::Mon,
            "tue" | "tues" | "tuesday" => Weekday::Tue,
            "wed" | "weds" | "wednesday" => Weekday::Wed,
            "thu" | "thur" | "thurs" | "thursday" => Weekday::Thu,
            "fri" | "friday" => Weekday::Fri,
            "sat" | "saturday" => Weekday::Sat,
            "sun" | "sunday" => Weekday::Sun,
            _ => return None,
        })
    });
    terminated(named, opt(touching_mark('.'))).parse_next(input)
}

/// A month, from 1 to 12.
fn month(input: &mut Tokens<'_, '_>) -> Parsed<u32> {
    let named = one_word(|text| {
        Some(match text {
            "jan" | "january" => 1,
            "feb" | "february" => 2,
            "mar" | "march" => 3,
            "apr" | "april" => 4,
            "may" => 5,
            "jun" | "june" => 6,
            "jul" | "july" => 7,
            "aug" | "august" => 8,
            "sep" | "sept" | "september" => 9,
            "oct" | "october" => 10,
            "nov" | "november" => 11,
            "dec" | "december" => 12,
            _ => return None,
        })
    });
    terminated(named, opt(touching_mark('.'))).parse_next(input)
}
