//! Parses days of a month: `27th`, `5th of next month`, `the 2nd friday of may`, `end of the month`.
//!
//! Does not depend on which day of the week a date is.

use winnow::combinator::{alt, opt, preceded};
use winnow::prelude::*;

use super::names::{month, ordinal, ordinal_ending, weekday};
use super::near::{Period, period, which};
use crate::grammar::piece::{DateWords, MonthWords, Nth};
use crate::grammar::tokens::{Parsed, Tokens, number, one_word, word};

/// `27th`, `the 3rd`, `the 25th of this month`, `the first of the month`.
pub(super) fn day(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let of = (opt(word("the")), ordinal, word("of"), relative_month)
        .map(|(_, day, (), months)| DateWords::DayOf { day, months });
    let alone =
        (opt(word("the")), number(1..=2), ordinal_ending).map(|(_, day, ())| DateWords::DayOfMonth { day: day.value });
    alt((of, alone)).parse_next(input)
}

/// `the month`, `next month`, as a count from this one.
fn relative_month(input: &mut Tokens<'_, '_>) -> Parsed<i32> {
    (alt((word("the").value(0), which)), word("month")).map(|(months, ())| months).parse_next(input)
}

/// `may`, `the month`, `next month`.
fn any_month(input: &mut Tokens<'_, '_>) -> Parsed<MonthWords> {
    alt((month.map(MonthWords::Named), relative_month.map(MonthWords::FromThis))).parse_next(input)
}

/// `the 2nd friday of may`, `last monday in may`, `first monday of next month`.
pub(super) fn nth_weekday(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let nth = alt((word("last").value(Nth::Last), ordinal.verify(|place| (1..=5).contains(place)).map(Nth::Place)));
    (opt(word("the")), nth, weekday, alt((word("of"), word("in"))), any_month)
        .map(|(_, nth, weekday, (), month)| DateWords::NthWeekday { nth, weekday, month, year: None })
        .parse_next(input)
}

/// `eom`, `end of next month`, `the end of april`, `last day of the month`, `end of the week`, `eoy`.
pub(super) fn end(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let short = one_word(|text| match text {
        "eow" => Some(DateWords::EndOfWeek { weeks: 0 }),
        "eom" => Some(DateWords::EndOfMonth { month: MonthWords::FromThis(0) }),
        "eoy" => Some(DateWords::EndOfYear { years: 0 }),
        _ => None,
    });
    let article = alt((word("the").value(0), which));
    let long = (word("end"), word("of"), opt(article), period).verify_map(|((), (), count, period)| {
        let count = count.unwrap_or(0);
        match period {
            Period::Week => Some(DateWords::EndOfWeek { weeks: count }),
            Period::Month => Some(DateWords::EndOfMonth { month: MonthWords::FromThis(count) }),
            Period::Year => Some(DateWords::EndOfYear { years: count }),
            Period::Weekend => None,
        }
    });
    let named = preceded((word("end"), word("of")), month)
        .map(|month| DateWords::EndOfMonth { month: MonthWords::Named(month) });
    let last_day =
        preceded((word("last"), word("day"), word("of")), any_month).map(|month| DateWords::LastDay { month });
    alt((short, preceded(opt(word("the")), alt((long, named, last_day))))).parse_next(input)
}
