//! How far away: `in 20 minutes`, `1h30m`, `3 days from now`.
//!
//! Keeps each unit as it was said: how long a month is depends on the day, which is not known here.

use winnow::combinator::{alt, not, opt, preceded, repeat, terminated};
use winnow::prelude::*;

use super::{Read, Tokens, mark, number, one_word, touching_mark, touching_number, word};

/// A distance in time from now, and which way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Distance {
    pub steps: Vec<(Amount, Unit)>,
    /// `3 days ago`.
    pub back: bool,
}

/// `numerator / denominator`: halves and decimals are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    pub numerator: u64,
    pub denominator: u64,
}

impl Amount {
    fn whole(numerator: u64) -> Self {
        Self { numerator, denominator: 1 }
    }

    const HALF: Self = Self { numerator: 1, denominator: 2 };

    fn and_a_half(self) -> Self {
        Self {
            numerator: self.numerator.saturating_mul(2).saturating_add(self.denominator),
            denominator: self.denominator * 2,
        }
    }
}

/// From short to long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
    Year,
}

/// `in 20 min`, `+20m`, `1h30m`, `3 days from now`, `2 hours ago`.
pub(super) fn distance(input: &mut Tokens<'_, '_>) -> Read<Distance> {
    let ahead = |steps| Distance { steps, back: false };
    alt((
        preceded(alt((word("in"), mark('+'))), terminated(steps, opt(from_now))).map(ahead),
        terminated(steps, word("ago")).map(|steps| Distance { steps, back: true }),
        terminated(steps, opt(from_now)).map(ahead),
    ))
    .parse_next(input)
}

fn from_now(input: &mut Tokens<'_, '_>) -> Read<()> {
    alt(((word("from"), word("now")).void(), word("later"), word("hence"))).parse_next(input)
}

fn steps(input: &mut Tokens<'_, '_>) -> Read<Vec<(Amount, Unit)>> {
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
fn minutes_of_hour(input: &mut Tokens<'_, '_>) -> Read<Amount> {
    terminated(touching_number(2..=2), super::number_ends).map(|minutes| Amount::whole(minutes.long)).parse_next(input)
}

/// `20 min`, `half an hour`, `an hour and a half`, `1.5 hours`.
fn step(input: &mut Tokens<'_, '_>) -> Read<(Amount, Unit)> {
    let half = (opt(word("a")), word("half"), opt(alt((word("a"), word("an")))));
    let halves = (half, unit).map(|(_, unit)| (Amount::HALF, unit));
    let quarter = (opt(word("a")), word("quarter"), opt(word("of")), opt(alt((word("a"), word("an")))), unit)
        .map(|(.., unit)| (Amount { numerator: 1, denominator: 4 }, unit));
    let and_a_half = (word("and"), word("a"), word("half"));
    let counted = (amount, unit, opt(and_a_half))
        .map(|(amount, unit, half)| (if half.is_some() { amount.and_a_half() } else { amount }, unit));
    alt((halves, quarter, counted)).parse_next(input)
}

fn amount(input: &mut Tokens<'_, '_>) -> Read<Amount> {
    alt((decimal, number(1..=usize::MAX).map(|number| Amount::whole(number.long)), one_word(count))).parse_next(input)
}

/// `1.5`, to three places: no unit needs more.
fn decimal(input: &mut Tokens<'_, '_>) -> Read<Amount> {
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

pub(super) fn unit(input: &mut Tokens<'_, '_>) -> Read<Unit> {
    one_word(|text| {
        Some(match text {
            "s" | "sec" | "secs" | "second" | "seconds" => Unit::Second,
            "m" | "min" | "mins" | "minute" | "minutes" => Unit::Minute,
            "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Hour,
            "d" | "day" | "days" => Unit::Day,
            "w" | "wk" | "wks" | "week" | "weeks" => Unit::Week,
            "fortnight" | "fortnights" => Unit::Fortnight,
            "mo" | "mos" | "month" | "months" => Unit::Month,
            "y" | "yr" | "yrs" | "year" | "years" => Unit::Year,
            _ => return None,
        })
    })
    .parse_next(input)
}
