//! What may follow a number and change its meaning: am or pm, a unit.
//!
//! Does not depend on times or distances, which both use it.

use winnow::combinator::{alt, not, opt};
use winnow::prelude::*;

use super::piece::{Meridiem, Unit};
use super::tokens::{Parsed, Tokens, one_word, run_ends, touching, touching_mark, touching_number, word};

/// `am`, `pm`, `a.m.`, `p.m.`
pub(super) fn meridiem(input: &mut Tokens<'_, '_>) -> Parsed<Meridiem> {
    let dotted = (
        one_word(|text| match text {
            "a" => Some(Meridiem::Am),
            "p" => Some(Meridiem::Pm),
            _ => None,
        }),
        touching_mark('.'),
        touching,
        word("m"),
        opt(touching_mark('.')),
    )
        .map(|(half, ..)| half);
    let plain = one_word(|text| match text {
        "am" => Some(Meridiem::Am),
        "pm" => Some(Meridiem::Pm),
        _ => None,
    });
    alt((plain, dotted)).parse_next(input)
}

/// The `p` of `6p`, directly after the number and with nothing directly after it.
pub(super) fn one_letter_meridiem(input: &mut Tokens<'_, '_>) -> Parsed<Meridiem> {
    let letter = one_word(|text| match text {
        "a" => Some(Meridiem::Am),
        "p" => Some(Meridiem::Pm),
        _ => None,
    });
    (touching, letter, run_ends).map(|((), half, ())| half).parse_next(input)
}

/// `min`, `hours`, `d`.
pub(super) fn unit(input: &mut Tokens<'_, '_>) -> Parsed<Unit> {
    one_word(|text| {
        // `in a week's time`, `in 10 days' time`
        let text = text.trim_end_matches(['\'', '’']);
        let text = text.strip_suffix("'s").or_else(|| text.strip_suffix("’s")).unwrap_or(text);
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

/// Succeeds if a number ends here: no unit, no am or pm and no rest of a time follows it.
pub(super) fn number_ends(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    not(alt((
        touching_mark(':'),
        (touching_mark('.'), touching_number(1..=usize::MAX)).void(),
        meridiem.void(),
        unit.void(),
    )))
    .parse_next(input)
}
