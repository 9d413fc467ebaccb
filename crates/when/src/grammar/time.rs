//! Parses the time of day: `18:00`, `6pm`, `at 5`, `half past six`, `noon`, `this afternoon`.
//!
//! Does not check that the time exists: `25:12` is a time here.

use winnow::combinator::{alt, eof, not, opt, peek, preceded, terminated};
use winnow::prelude::*;

use super::count::{count, hour_word};
use super::piece::{Meridiem, Part, Piece, TimeWords};
use super::suffix::{meridiem, number_ends, one_letter_meridiem, unit};
use super::tokens::{Number, Parsed, Tokens, mark, number, one_word, touching, touching_mark, touching_number, word};

pub(super) fn time(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    alt((preceded(at, alt((hour_with_one_letter, plain, spoken_after_at, bare_after_at))), plain)).parse_next(input)
}

fn at(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    alt((word("at"), mark('@'))).parse_next(input)
}

/// A time that does not need `at`.
fn plain(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    alt((
        alt((clock, clock_with_h, compact, dotted, spoken, hour_with_meridiem, military)),
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
        opt(alt((meridiem, one_letter_meridiem))),
        opt((touching, word("h"))),
        // A fraction that is not zero, or a fourth part, makes it something else.
        not((touching, opt(alt((mark(':'), mark('.')))), touching_number(1..=usize::MAX))),
    )
        .map(|(hour, (), minute, second, half, ..)| TimeWords::Clock {
            hour: hour.value,
            minute: minute.value,
            second: second.unwrap_or(0),
            half,
        })
        .parse_next(input)
}

/// `18h30`, `09h30`; `1h30` is a distance.
pub(super) fn clock_with_h(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    (number(2..=2), touching, word("h"), touching_number(2..=2), number_ends)
        .map(|(hour, (), (), minute, ())| exact(hour.value, minute.value, None))
        .parse_next(input)
}

/// `6.30pm`; without am or pm it may be a date.
fn dotted(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    (number(1..=2), touching_mark('.'), touching_number(2..=2), meridiem)
        .map(|(hour, (), minute, half)| exact(hour.value, minute.value, Some(half)))
        .parse_next(input)
}

/// `6pm`, `645pm`, `six pm`, `seven thirty pm`, `7 30 pm`.
fn hour_with_meridiem(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    let apart =
        alt(((number(1..=2), number(2..=2)).map(|(hour, minute)| (hour.value, minute.value)), hour_and_minutes));
    let apart = (apart, meridiem).map(|((hour, minute), half)| exact(hour, minute, Some(half)));
    let figures = (number(1..=4), meridiem).map(|(number, half)| {
        let (hour, minute) = hour_and_minute(number);
        exact(hour, minute, Some(half))
    });
    let words = (count, meridiem).map(|(hour, half)| exact(hour, 0, Some(half)));
    alt((figures, words, apart)).parse_next(input)
}

/// `seven thirty`.
fn hour_and_minutes(input: &mut Tokens<'_, '_>) -> Parsed<(u32, u32)> {
    let hour = hour_word.verify(|hour| *hour <= 12);
    terminated((hour, preceded(opt((touching_mark('-'), touching)), count)), not(unit))
        .verify(|(_, minutes)| (10..60).contains(minutes))
        .parse_next(input)
}

/// The `6p` of `at 6p`. Without `at` it may be a price or the number of a flat.
fn hour_with_one_letter(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    (number(1..=2), one_letter_meridiem).map(|(hour, half)| exact(hour.value, 0, Some(half))).parse_next(input)
}

/// `1800 hours`, `0900 hrs`.
pub(super) fn military(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    let hours = one_word(|text| matches!(text, "h" | "hrs" | "hours").then_some(()));
    terminated(number(4..=4), hours)
        .map(hour_and_minute)
        .verify(|(hour, minute)| *hour < 24 && *minute < 60)
        .map(|(hour, minute)| exact(hour, minute, None))
        .parse_next(input)
}

/// `half past six`, `a quarter to 9 pm`, `ten past six`, `20 minutes to nine`.
pub(super) fn spoken(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    let named = alt((word("half").value(30), (opt(word("a")), word("quarter")).value(15)));
    let counted = terminated(figures_or_words, alt((word("minutes"), word("mins"), word("min"))));
    let past = (alt((named, counted, figures_or_words)), word("past").value(Side::Past), spoken_hour);
    let named = (opt(word("a")), word("quarter")).value(15);
    let counted = terminated(figures_or_words, alt((word("minutes"), word("mins"), word("min"))));
    let to = (alt((named, counted)), word("to").value(Side::To), spoken_hour);
    // Without am or pm, `five to six` may count people.
    let to_with_half = (figures_or_words, word("to").value(Side::To), spoken_hour.verify(|(_, half)| half.is_some()));
    alt((past, to, to_with_half)).verify_map(|(minutes, side, hour)| spoken_time(minutes, side, hour)).parse_next(input)
}

/// The `five to six` of `at five to six`.
fn spoken_after_at(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    (figures_or_words, word("to"), spoken_hour)
        .verify_map(|(minutes, (), hour)| spoken_time(minutes, Side::To, hour))
        .parse_next(input)
}

fn figures_or_words(input: &mut Tokens<'_, '_>) -> Parsed<u32> {
    alt((number(1..=2).map(|number| number.value), count)).parse_next(input)
}

/// The hour of a spoken time, and whether it is am or pm.
fn spoken_hour(input: &mut Tokens<'_, '_>) -> Parsed<(u32, Option<Meridiem>)> {
    let after = alt((meridiem.map(Some), alt(OCLOCK.map(word)).value(None), number_ends.value(None)));
    (figures_or_words, after).parse_next(input)
}

fn spoken_time(minutes: u32, side: Side, (hour, half): (u32, Option<Meridiem>)) -> Option<TimeWords> {
    let last = if half.is_some() { 12 } else { 23 };
    if !(1..=30).contains(&minutes) || !(1..=last).contains(&hour) {
        return None;
    }
    let (hour, minute, half) = match side {
        Side::Past => (hour, minutes, half),
        Side::To => match hour {
            1 => (12, 60 - minutes, half),
            12 => (11, 60 - minutes, half.map(other_half)),
            _ => (hour - 1, 60 - minutes, half),
        },
    };
    Some(match half {
        Some(_) => exact(hour, minute, half),
        None => TimeWords::Bare { hour, minute },
    })
}

/// Quarter to 12 pm is 11:45 am.
fn other_half(half: Meridiem) -> Meridiem {
    match half {
        Meridiem::Am => Meridiem::Pm,
        Meridiem::Pm => Meridiem::Am,
    }
}

/// Before or after the full hour.
#[derive(Clone, Copy)]
enum Side {
    Past,
    To,
}

const OCLOCK: [&str; 3] = ["o'clock", "o’clock", "oclock"];

fn oclock(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    let hour = alt((number(1..=2).map(|number| number.value), count));
    terminated(hour, alt(OCLOCK.map(word))).map(on_the_hour).parse_next(input)
}

/// The `8` of `8 in the morning` and of `8 tonight`.
fn bare_before_part(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    let hour = alt((number(1..=2).map(|number| number.value), count));
    let part = alt(((word("in"), word("the"), day_part).void(), word("tonight"), (word("this"), day_part).void()));
    terminated(hour, peek(part)).map(on_the_hour).parse_next(input)
}

/// `at 5`, `at five`, `at seven thirty`, `at 930`, `at 1730`, `at 19h`.
fn bare_after_at(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    let figures = terminated(number(1..=4), (number_ends, alt((eof.void(), not(touching))))).map(|number| {
        let (hour, minute) = hour_and_minute(number);
        if number.length <= 2 { on_the_hour(hour) } else { exact(hour, minute, None) }
    });
    let with_h = terminated(number(1..=2), (touching, word("h"), not(touching))).map(|hour| exact(hour.value, 0, None));
    let words = terminated(count.verify(|hour| (1..=12).contains(hour)), number_ends).map(on_the_hour);
    let to_the_minute = hour_and_minutes.map(|(hour, minute)| TimeWords::Bare { hour, minute });
    alt((with_h, figures, to_the_minute, words)).parse_next(input)
}

fn on_the_hour(hour: u32) -> TimeWords {
    TimeWords::Bare { hour, minute: 0 }
}

fn exact(hour: u32, minute: u32, half: Option<Meridiem>) -> TimeWords {
    TimeWords::Clock { hour, minute, second: 0, half }
}

/// `6` is an hour; `645` and `1730` are an hour and minutes.
fn hour_and_minute(number: Number) -> (u32, u32) {
    if number.length <= 2 { (number.value, 0) } else { (number.value / 100, number.value % 100) }
}

/// The `140500` or `1405` of `20260320T140500`.
fn compact(input: &mut Tokens<'_, '_>) -> Parsed<TimeWords> {
    let six = number(6..=6).map(|number| (number.value / 10_000, number.value / 100 % 100, number.value % 100));
    // `2026-03-20` directly after a mark is a date.
    let four =
        terminated(number(4..=4), not(touching_mark('-'))).map(|number| (number.value / 100, number.value % 100, 0));
    preceded(touching, alt((six, four)))
        .map(|(hour, minute, second)| TimeWords::Clock { hour, minute, second, half: None })
        .parse_next(input)
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
