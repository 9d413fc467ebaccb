//! Parses distances: `in 20 minutes`, `1h30m`, `3 days from now`, `in one and a half hours`.
//!
//! Does not depend on now.

use winnow::combinator::{alt, not, opt, preceded, repeat, terminated};
use winnow::prelude::*;

use super::count::count;
use super::piece::{Amount, Distance, Piece, Unit};
use super::suffix::{number_ends, unit};
use super::time::{clock_with_h, military};
use super::tokens::{Number, Parsed, Tokens, mark, number, one_word, touching_mark, touching_number, word};

/// `in 20 min`, `+20m`, `1h30m`, `3 days from now`, `now + 1 hour`, `2 hours ago`.
pub(super) fn distance(input: &mut Tokens<'_, '_>) -> Parsed<Distance> {
    let ahead = |steps| Distance { steps, back: false };
    let ahead_of_now = alt(((word("in"), opt(about)).void(), mark('+'), (word("now"), mark('+')).void()));
    alt((
        preceded(ahead_of_now, terminated(steps, opt(alt((from_now, word("time")))))).map(ahead),
        terminated(steps, word("ago")).map(|steps| Distance { steps, back: true }),
        terminated(steps, opt(from_now)).map(ahead),
    ))
    .parse_next(input)
}

/// `18h`: a time or a distance. `5h` is a distance, because a time of one digit is written `5:00` or `5 am`.
pub(super) fn hours_or_clock(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    let hours = number(2..=2).verify(|hour: &Number| (10..=23).contains(&hour.value));
    let letter = one_word(|text| (text == "h").then_some(()));
    let more = alt((touching_number(1..=9).void(), (opt(word("and")), step).void(), from_now, word("ago")));
    terminated(hours, (super::tokens::touching, letter, not(more)))
        .map(|hour| Piece::HoursOrClock { hour: hour.value })
        .parse_next(input)
}

/// `about` changes nothing: the memo is due at the distance that is named.
fn about(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    let words =
        one_word(|text| matches!(text, "about" | "around" | "roughly" | "approximately" | "approx").then_some(()));
    alt((words, mark('~'))).parse_next(input)
}

fn from_now(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    alt(((word("from"), word("now")).void(), word("later"), word("hence"))).parse_next(input)
}

pub(super) fn steps(input: &mut Tokens<'_, '_>) -> Parsed<Vec<(Amount, Unit)>> {
    let first = step.parse_next(input)?;
    // `in 3 days 18h30` is a day and a time. `1 hour and a second`, but `in 1 hour a second coat of paint`.
    let article = alt((word("a"), word("an")));
    let another = alt((
        preceded(alt((word("and"), mark(','))), step),
        preceded(not(alt((article, clock_with_h.void(), military.void()))), step),
    ));
    let mut steps: Vec<_> = repeat(0.., another).parse_next(input)?;
    steps.insert(0, first);
    if let Some(minutes) = opt(minutes_of_hour).parse_next(input)?
        && steps.last().is_some_and(|(_, unit)| *unit == Unit::Hour)
    {
        steps.push((minutes, Unit::Minute));
    }
    Ok(steps)
}

/// The `30` of `1h30`.
fn minutes_of_hour(input: &mut Tokens<'_, '_>) -> Parsed<Amount> {
    terminated(touching_number(2..=2), number_ends).map(|minutes| Amount::whole(minutes.long)).parse_next(input)
}

/// `20 min`, `half an hour`, `an hour and a half`, `one and a half hours`, `1.5 hours`, `three quarters of an hour`.
fn step(input: &mut Tokens<'_, '_>) -> Parsed<(Amount, Unit)> {
    let article = || opt(alt((word("an"), word("a"))));
    let half = (opt(word("a")), word("half"), article());
    let halves = (half, unit).map(|(_, unit)| (Amount::HALF, unit));
    let quarter = (opt(word("a")), word("quarter"), opt(word("of")), article(), unit)
        .map(|(.., unit)| (Amount { numerator: 1, denominator: 4 }, unit));
    let three_quarters = alt((word("three"), number(1..=1).verify(|three: &Number| three.value == 3).void()));
    let quarters = (three_quarters, word("quarters"), word("of"), article(), unit)
        .map(|(.., unit)| (Amount { numerator: 3, denominator: 4 }, unit));
    let counted = (amount, unit, opt(and_a_half))
        .map(|(amount, unit, half)| (if half.is_some() { amount.plus(Amount::HALF) } else { amount }, unit));
    alt((halves, quarter, quarters, counted)).parse_next(input)
}

fn and_a_half(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    (word("and"), word("a"), word("half")).void().parse_next(input)
}

fn amount(input: &mut Tokens<'_, '_>) -> Parsed<Amount> {
    let couple = (opt(word("a")), word("couple"), opt(word("of"))).value(Amount::whole(2));
    let figures = || number(1..=usize::MAX).map(|number| Amount::whole(number.long));
    let mixed = (figures(), alt((and_a_half.value(Amount::HALF), fraction))).map(|(whole, part)| whole.plus(part));
    let words = (count, opt(and_a_half)).map(|(whole, half)| {
        let whole = Amount::whole(whole.into());
        if half.is_some() { whole.plus(Amount::HALF) } else { whole }
    });
    let article = one_word(|text| matches!(text, "a" | "an").then_some(Amount::whole(1)));
    alt((decimal, mixed, fraction, figures(), couple, words, article)).parse_next(input)
}

/// `1.5`, with at most three decimals: no unit needs more.
fn decimal(input: &mut Tokens<'_, '_>) -> Parsed<Amount> {
    (number(1..=usize::MAX), touching_mark('.'), touching_number(1..=3))
        .map(|(whole, (), fraction)| {
            let denominator = [1, 10, 100, 1000][fraction.length];
            Amount { numerator: whole.long.saturating_mul(denominator).saturating_add(fraction.long), denominator }
        })
        .parse_next(input)
}

/// `1/2`, `3/4`, `½`.
fn fraction(input: &mut Tokens<'_, '_>) -> Parsed<Amount> {
    let figures = (number(1..=1), touching_mark('/'), touching_number(1..=1));
    let divided = figures.verify_map(|(numerator, (), denominator)| {
        let known = matches!((numerator.value, denominator.value), (1, 2..=4) | (2, 3) | (3, 4));
        known.then_some(Amount { numerator: numerator.long, denominator: denominator.long })
    });
    let sign = alt((
        mark('½').value(Amount::HALF),
        mark('¼').value(Amount { numerator: 1, denominator: 4 }),
        mark('¾').value(Amount { numerator: 3, denominator: 4 }),
    ));
    alt((divided, sign)).parse_next(input)
}
