//! Parses zones: `Europe/Paris`, `in Tokyo`, `UTC`, `+02:00`, `PST`.
//!
//! Does not resolve abbreviations: the zone that one means depends on the date.

use chrono::FixedOffset;
use winnow::combinator::{alt, opt, preceded, terminated};
use winnow::prelude::*;
use winnow::token::{any, take};

use super::piece::Piece;
use super::tokens::{Number, Parsed, Tokens, mark, number, run_ends, touching, touching_mark, touching_number, word};
use crate::lex::{Kind, Token};
use crate::zones;

pub(super) fn zone(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    let named = alt((
        offset.map(Piece::Offset),
        any.verify_map(|token: &Token<'_>| match token.kind {
            Kind::Zone(tz) => Some(Piece::Zone(tz)),
            Kind::UnknownZone => Some(Piece::UnknownZone),
            Kind::Word | Kind::Number | Kind::Mark => None,
        }),
        city,
        one_word_zone,
    ));
    preceded(opt(word("in")), terminated(named, opt(word("time")))).parse_next(input)
}

/// `+02:00`, `-0530`, `+3`, and the same after `UTC` or `GMT`.
fn offset(input: &mut Tokens<'_, '_>) -> Parsed<FixedOffset> {
    let named = (alt((word("utc"), word("gmt"))), touching);
    let sign = alt((mark('+').value(1), mark('-').value(-1), mark('−').value(-1)));
    let separated = (number(1..=2), touching_mark(':'), touching_number(2..=2))
        .map(|(hour, (), minute)| (hour.value, minute.value));
    let joined = number(1..=4)
        .map(|Number { value, length, .. }| if length <= 2 { (value, 0) } else { (value / 100, value % 100) });
    terminated(preceded(opt(named), (sign, preceded(touching, alt((separated, joined))))), run_ends)
        .verify_map(|(sign, (hours, minutes)): (i32, (u32, u32))| {
            // No zone was ever more than 16 hours from UTC.
            let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
            if hours > 18 || minutes > 59 { None } else { FixedOffset::east_opt(sign * seconds) }
        })
        .parse_next(input)
}

/// The longest sequence of words that names a city: `new york` before `york`.
fn city(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    let words = |count: usize| {
        take(count).verify_map(|tokens: &[Token<'_>]| {
            if tokens.iter().any(|token| token.kind != Kind::Word) {
                return None;
            }
            match tokens {
                [one] => zones::city(one.text),
                several => zones::city(&several.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")),
            }
        })
    };
    alt((words(zones::MAX_CITY_WORDS), words(2), words(1))).map(Piece::Zone).parse_next(input)
}

/// A zone whose name is one word, such as `Z` or `Japan`. Names that are also abbreviations (`EST`,
/// `GMT`) are not: the person's own zone may use them.
fn one_word_zone(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    any.verify_map(|token: &Token<'_>| {
        let zone = zones::parse(token.text).filter(|_| token.kind == Kind::Word && !zones::is_abbreviation(token.text));
        zone.map(Piece::Zone)
    })
    .parse_next(input)
}

/// A word that may be an abbreviation: those in the database have 2 to 6 letters. After `in` it must
/// be a known one.
pub(super) fn abbreviation(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    let known = any.verify(|token: &&Token<'_>| token.kind == Kind::Word && zones::is_abbreviation(token.text));
    let short = any.verify(|token: &&Token<'_>| {
        let text = token.text;
        token.kind == Kind::Word && (2..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
    });
    terminated(alt((preceded(word("in"), known), short)), opt(word("time")))
        .map(|token: &Token<'_>| Piece::Abbreviation(token.span()))
        .parse_next(input)
}
