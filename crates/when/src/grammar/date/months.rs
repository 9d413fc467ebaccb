//! Parses dates with the name of a month: `24 dec`, `dec 24`, `the first of april`, `2/jun/2026`.
//!
//! Does not depend on the year in which they are.

use winnow::combinator::{alt, opt, preceded};
use winnow::prelude::*;

use super::names::{month, ordinal, ordinal_ending};
use crate::grammar::piece::DateWords;
use crate::grammar::suffix::number_ends;
use crate::grammar::tokens::{Parsed, Tokens, number, run_ends, touching, touching_mark, touching_number, word};

/// `24 dec`, `the 24th of december`, `the first of april`, `6. march`, `24-dec-2026`, `2/jun`.
pub(super) fn day_month(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let joined = |separator| {
        let year = preceded(touching_mark(separator), touching_number(4..=usize::MAX));
        (number(1..=2), touching_mark(separator), preceded(touching, month), opt(year)).map(|(day, (), month, year)| {
            match year {
                Some(year) => DateWords::Ymd { year: year.value, month, day: day.value },
                None => DateWords::MonthDay { month, day: day.value },
            }
        })
    };
    let figures =
        (opt(word("the")), number(1..=2), opt(alt((ordinal_ending, touching_mark('.')))), opt(word("of")), month)
            .map(|(_, day, _, _, month)| DateWords::MonthDay { month, day: day.value });
    let words = (opt(word("the")), ordinal, opt(word("of")), month)
        .map(|(_, day, _, month)| DateWords::MonthDay { month, day });
    alt((joined('-'), joined('/'), figures, words)).parse_next(input)
}

/// `dec 24`, `december the 24th`, `may the fifth`, `mar-6`; not `dec 6pm`.
pub(super) fn month_day(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    let figures = (number(1..=2), alt((ordinal_ending, number_ends))).map(|(day, ())| day.value);
    let spaced = (month, opt(word("the")), alt((figures, ordinal))).map(|(month, _, day)| (month, day));
    let joined = (month, alt((touching_mark('-'), touching_mark('/'))), touching_number(1..=2), run_ends)
        .map(|(month, (), day, ())| (month, day.value));
    alt((joined, spaced)).map(|(month, day)| DateWords::MonthDay { month, day }).parse_next(input)
}
