//! Parses dates in figures: `2026-03-20`, `20260320`, `24.12.2026`, `4/7`, `13/6/26`, `2026-W12-1`.
//!
//! Does not depend on names of months.

use chrono::NaiveDate;
use winnow::combinator::{alt, not, opt, peek, preceded, terminated};
use winnow::prelude::*;

use crate::grammar::piece::DateWords;
use crate::grammar::tokens::{
    Number, Parsed, Tokens, mark, number, run_ends, touching, touching_mark, touching_number, word,
};

pub(super) fn date(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    alt((iso, compact, iso_week, dotted, short_year, numeric)).parse_next(input)
}

/// `2026-03-20`, with the `T` before a time; `2026/03/20`, `2026.03.20`.
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
    terminated(alt((with('-'), with('/'), with('.'))), opt(t_before_time))
        .map(|(year, (), month, (), day)| DateWords::Ymd { year: year.value, month: month.value, day: day.value })
        .parse_next(input)
}

/// The `T` between a date and a time.
fn t_before_time(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    (touching, word("t"), peek(touching_number(1..=6))).void().parse_next(input)
}

/// `20260320`, with the `T` before a time. A number that does not name a day of this century is not a date.
fn compact(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    terminated(number(8..=8), (opt(t_before_time), not((touching_mark('-'), touching_number(1..=9)))))
        .map(|Number { value, .. }| (value / 10_000, value / 100 % 100, value % 100))
        .verify(|&(year, month, day)| {
            let exists = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day)).is_some();
            exists && (2000..2100).contains(&year)
        })
        .map(|(year, month, day)| DateWords::Ymd { year, month, day })
        .parse_next(input)
}

/// `2026-W12-1`, `2026-W12`.
fn iso_week(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let week = preceded((touching, word("w")), touching_number(1..=2));
    let day = preceded(touching_mark('-'), touching_number(1..=1));
    (number(4..=4), opt(touching_mark('-')), week, opt(day))
        .map(|(year, _, week, day)| DateWords::IsoWeek {
            year: year.value,
            week: week.value,
            day: day.map_or(1, |day| day.value),
        })
        .parse_next(input)
}

/// `24.12.2026`, `24.12.26`, `24.12.`: in dates with dots the day comes first. `24.12` may be a time.
fn dotted(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let day_month = (number(1..=2), touching_mark('.'), touching_number(1..=2), touching_mark('.'));
    // `4.17.21` is a version.
    let day_month =
        day_month.verify(|(day, (), month, ())| day.value <= 31 && month.value <= 12 || day.length + month.length < 2);
    let short = terminated(touching_number(2..=2), run_ends).map(this_century);
    let year = alt((touching_number(4..=usize::MAX).map(|year| year.value), short));
    (day_month, alt((year.map(Some), not(touching_number(1..=usize::MAX)).value(None))))
        .map(|((day, (), month, ()), year)| match year {
            Some(year) => DateWords::Ymd { year, month: month.value, day: day.value },
            None => DateWords::MonthDay { month: month.value, day: day.value },
        })
        .parse_next(input)
}

/// The year of two digits.
pub(super) fn this_century(year: Number) -> u32 {
    2000 + year.value
}

/// `13/6/26`, `13-6-26`.
fn short_year(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let with = |separator| {
        (
            number(1..=2),
            touching_mark(separator),
            touching_number(1..=2),
            touching_mark(separator),
            touching_number(2..=2),
        )
    };
    let no_more = not((touching, alt((mark('/'), mark('-'), mark(':')))));
    terminated(alt((with('/'), with('-'))), no_more)
        .map(|(first, (), second, (), third)| DateWords::ShortYear {
            numbers: [first.value, second.value, third.value],
        })
        .parse_next(input)
}

/// `4/7`, `4/7/2026`, `4-7-2026`.
fn numeric(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let pair = |separator| (number(1..=2), touching_mark(separator), touching_number(1..=2));
    let year = |separator| preceded(touching_mark(separator), touching_number(4..=usize::MAX));
    // After a third separator there is a year of one digit or of three.
    let no_more = not((touching, alt((mark('/'), mark('-')))));
    terminated(alt(((pair('/'), opt(year('/'))), (pair('-'), year('-').map(Some)))), no_more)
        .map(|((first, (), second), year)| DateWords::Numeric {
            first: first.value,
            second: second.value,
            year: year.map(|year| year.value),
        })
        .parse_next(input)
}
