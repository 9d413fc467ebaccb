//! The names of months and of days of the week, and ordinals.
//!
//! Does not depend on the dates that contain them.

use chrono::Weekday;
use winnow::combinator::{alt, opt, preceded, terminated};
use winnow::prelude::*;

use crate::grammar::count;
use crate::grammar::tokens::{Parsed, Tokens, number, one_word, touching, touching_mark};

pub(crate) fn weekday_named(text: &str) -> Option<Weekday> {
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
}

/// The number of a month, from 1 to 12.
pub(crate) fn month_named(text: &str) -> Option<u32> {
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
}

pub(super) fn weekday(input: &mut Tokens<'_, '_>) -> Parsed<Weekday> {
    terminated(one_word(weekday_named), opt(touching_mark('.'))).parse_next(input)
}

pub(super) fn month(input: &mut Tokens<'_, '_>) -> Parsed<u32> {
    terminated(one_word(month_named), opt(touching_mark('.'))).parse_next(input)
}

/// The `st` of `1st`.
pub(super) fn ordinal_ending(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    preceded(touching, one_word(|text| matches!(text, "st" | "nd" | "rd" | "th").then_some(()))).parse_next(input)
}

/// `27th`, `first`.
pub(super) fn ordinal(input: &mut Tokens<'_, '_>) -> Parsed<u32> {
    alt((terminated(number(1..=2), ordinal_ending).map(|number| number.value), count::ordinal)).parse_next(input)
}
