//! Parses distances: `in 20 minutes`, `1h30m`, `3 days from now`.
//!
//! Does not depend on now.

use winnow::combinator::{alt, not, opt, preceded, repeat, terminated};
use winnow::prelude::*;

use super::piece::{Amount, Distance, Unit};
use super::suffix::{number_ends, unit};
use super::tokens::{Parsed, Tokens, mark, number, one_word, touching_mark, touching_number, word};

/// `in 20 min`, `+20m`, `1h30m`, `3 days from now`, `2 hours ago`.
pub(super) fn distance(input: &mut Tokens<'_, '_>) -> Parsed<Distance> {
    let ahead = |steps| Distance { steps, back: false };
    alt((
        preceded(alt((word("in"), mark('+'))), terminated(steps, opt(from_now))).map(ahead),
        terminated(steps, word("ago")).map(|steps| Distance { steps, back: true }),
        terminated(steps, opt(from_now)).map(ahead),
    ))
    .parse_next(input)
}

fn from_now(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    alt(((word("from"), word("now")).void(), word("later"), word("hence"))).parse_next(input)
}

fn steps(input: &mut Tokens<'_, '_>) -> Parsed<Vec<(Amount, Unit)>> {
    let first = step.parse_next(input)?;
    // `1 hour and a second`, but `in 1 hour a second coat of paint`.
    let article = alt((word("a"), word("an")));
    let another = alt((preceded(alt((word("and"), mark(','))), step), preceded(not(article), step)));
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

/// `20 min`, `half an hour`, `an hour and a half`, `1.5 hours`.
fn step(input: &mut Tokens<'_, '_>) -> Parsed<(Amount, Unit)> {
    let half = (opt(word("a")), word("half"), opt(alt((word("a"), word("an")))));
    let halves = (half, unit).map(|(_, unit)| (Amount::HALF, unit));
    let quarter = (opt(word("a")), word("quarter"), opt(word("of")), opt(alt((word("a"), word("an")))), unit)
        .map(|(.., unit)| (Amount { numerator: 1, denominator: 4 }, unit));
    let and_a_half = (word("and"), word("a"), word("half"));
    let counted = (amount, unit, opt(and_a_half))
        .map(|(amount, unit, half)| (if half.is_some() { amount.and_a_half() } else { amount }, unit));
    alt((halves, quarter, counted)).parse_next(input)
}

fn amount(input: &mut Tokens<'_, '_>) -> Parsed<Amount> {
    alt((decimal, number(1..=usize::MAX).map(|number| Amount::whole(number.long)), one_word(count))).parse_next(input)
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

fn count(text: &str) -> Option<Amount> {
    let count = match text {
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "fifteen" => 15,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "ninety" => 90,
        _ => return None,
    };
    Some(Amount::whole(count))
}
