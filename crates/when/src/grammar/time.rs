//! Parses the time of day: `18:00`, `6pm`, `at 5`, `noon`, `this afternoon`.
//!
//! Does not check that the time exists: `25:12` is a time here.

use winnow::combinator::{alt, eof, not, opt, peek, preceded, terminated};
use winnow::prelude::*;

use super::piece::{Part, Piece, TimeWords};
use super::suffix::{meridiem, number_ends};
use super::tokens::{Number, Parsed, Tokens, mark, number, one_word, touching, touching_mark, touching_number, word};

pub(super) fn time(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    alt((preceded(at, alt((plain, bare_after_at))), plain)).parse_next(input)
}

fn at(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    alt((word("at"), mark('@'))).parse_next(input)
}

/// A time that does not need `at`.
fn plain(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    alt((
        clock,
        dotted,
        hour_with_meridiem,
        oclock,
        bare_before_part,
        one_word(|text| match text {
            "noon" | "midday" => Some(TimeWords::Noon),
            "midnight" => Some(TimeWords::Midnight),
            "eod" | "eob" | "cob" => Some(TimeWords::EndOfDay),
            _ => None,
        }),
        (word("end"), word("of"), opt(word("the")), word("day")).value(TimeWords::EndOfDay),
    ))
    .parse_next(input)
}

/// `18:00`, `18:00:30`, `6:45 pm`. A fraction of a second must be zero.
fn clock(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    let zeros = (touching_mark('.'), touching_number(1..=9).verify(|fraction: &Number| fraction.value == 0));
    let seconds = (touching_mark(':'), touching_number(2..=2), opt(zeros)).map(|((), second, _)| second.value);
    (
        number(1..=2),
        touching_mark(':'),
        touching_number(2..=2),
        opt(seconds),
        opt(meridiem),
        // A fraction that is not zero, or a fourth part, makes it something else.
        not((touching, opt(alt((mark(':'), mark('.')))), touching_number(1..=usize::MAX))),
    )
        .map(|(hour, (), minute, second, half, ())| TimeWords::Clock {
            hour: hour.value,
            minute: minute.value,
            second: second.unwrap_or(0),
            half,
        })
        .parse_next(input)
}

/// `6.30pm`; without am or pm it may be a date.
fn dotted(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    (number(1..=2), touching_mark('.'), touching_number(2..=2), meridiem)
        .map(|(hour, (), minute, half)| TimeWords::Clock {
            hour: hour.value,
            minute: minute.value,
            second: 0,
            half: Some(half),
        })
        .parse_next(input)
}

/// `6pm`, `645pm`.
fn hour_with_meridiem(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    (number(1..=4), meridiem)
        .map(|(number, half)| {
            let (hour, minute) = hour_and_minute(number);
            TimeWords::Clock { hour, minute, second: 0, half: Some(half) }
        })
        .parse_next(input)
}

fn oclock(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    terminated(number(1..=2), alt((word("o'clock"), word("o’clock"), word("oclock"))))
        .map(|number| TimeWords::Bare { hour: number.value })
        .parse_next(input)
}

/// The `8` of `8 in the morning`.
fn bare_before_part(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    terminated(number(1..=2), peek((word("in"), word("the"), day_part)))
        .map(|number| TimeWords::Bare { hour: number.value })
        .parse_next(input)
}

/// `at 5`, `at 930`, `at 1730`.
fn bare_after_at(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    terminated(number(1..=4), (number_ends, alt((eof.void(), not(touching)))))
        .map(|number| match (number.length, hour_and_minute(number)) {
            (1 | 2, (hour, _)) => TimeWords::Bare { hour },
            (_, (hour, minute)) => TimeWords::Clock { hour, minute, second: 0, half: None },
        })
        .parse_next(input)
}

/// `6` is an hour; `645` and `1730` are an hour and minutes.
fn hour_and_minute(number: Number) -> (u32, u32) {
    if number.length <= 2 { (number.value, 0) } else { (number.value / 100, number.value % 100) }
}

/// `tonight`, `this morning`, `in the evening`, `at night`, `afternoon`.
pub(super) fn part(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    let today = alt((word("tonight").value(Part::Night), preceded(word("this"), day_part)));
    let any_day = alt((
        preceded((word("in"), word("the")), day_part),
        preceded(word("at"), word("night").value(Part::Night)),
        day_part,
    ));
    alt((today.map(|part| Piece::Part { part, today: true }), any_day.map(|part| Piece::Part { part, today: false })))
        .parse_next(input)
}

fn day_part(input: &mut Tokens<'_, '_>) -> Parsed<Part> {
    one_word(|text| match text {
        "morning" => Some(Part::Morning),
        "afternoon" => Some(Part::Afternoon),
        "evening" => Some(Part::Evening),
        "night" => Some(Part::Night),
        _ => None,
    })
    .parse_next(input)
}
