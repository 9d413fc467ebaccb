//! Parses dates: `2026-03-20`, `24 dec`, `tomorrow`, `next friday`, `27th`, `4/7`.
//!
//! Does not check that the date exists (`feb 30`), and does not choose a year or an order of day and month.

mod figures;
mod months;
mod names;
mod near;
mod of_month;

pub(crate) use names::{month_named, weekday_named};

use winnow::combinator::{alt, opt, preceded};
use winnow::prelude::*;

use super::piece::{DateWords, Piece};
use super::tokens::{Parsed, Tokens, word};

pub(super) fn date(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    let on_or_at = alt((preceded(opt(word("on")), calendar), preceded(word("at"), of_month::end)));
    alt((on_or_at.map(Piece::Date), preceded(opt(word("on")), near::weekday))).parse_next(input)
}

/// A date that begins like a distance: `a week on friday`.
pub(super) fn from_another(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    preceded(opt(word("on")), near::from_another).map(Piece::Date).parse_next(input)
}

fn calendar(input: &mut Tokens<'_, '_>) -> Parsed<DateWords> {
    alt((
        figures::date,
        of_month::nth_weekday,
        of_month::end,
        months::day_month,
        months::month_day,
        of_month::day,
        near::near,
        near::weekday_of,
        near::of_period,
    ))
    .parse_next(input)
}
