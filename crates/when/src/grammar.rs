//! Parses tokens into pieces: a date, a time, a zone, a distance, in any order.
//!
//! Says what the text contains, not whether it exists: `feb 30` is a date here. Does not depend on
//! now or on the person's zone.

mod count;
mod date;
mod distance;
mod piece;
mod suffix;
mod time;
mod tokens;
mod zone;

pub(crate) use count::is_number_word;
pub(crate) use date::{month_named, weekday_named};
pub(crate) use piece::{
    Amount, BaseDate, DateWords, Distance, Meridiem, MonthWords, Nth, Part, Piece, Spanned, TimeWords, Unit,
};

use std::ops::Range;

use winnow::combinator::alt;
use winnow::error::EmptyError;
use winnow::prelude::*;
use winnow::stream::TokenSlice;

use crate::lex::{Kind, Token};
use tokens::{Number, Parsed, Tokens, number, one_word, word};

/// Reads pieces until the end, or until a token that belongs to none; then also returns what to show as not understood.
pub(crate) fn pieces(tokens: &[Token<'_>]) -> (Vec<Spanned<Piece>>, Option<Range<usize>>) {
    let mut input = TokenSlice::new(tokens);
    let mut pieces: Vec<Spanned<Piece>> = Vec::with_capacity(4);
    let mut after_comma = true;
    while let Some(first) = input.first().copied() {
        if first.is_mark(',') && !pieces.is_empty() {
            input.next_token();
            after_comma = true;
            continue;
        }
        let start = input.checkpoint();
        let mut before = pieces.iter().rev().map(|piece| &piece.value);
        let (last, before_last) = (before.next(), before.next());
        match piece.with_span().parse_next(&mut input) {
            Ok((value, span)) if !first.glued || after_comma || may_touch([before_last, last], &first, &value) => {
                pieces.push(Spanned { value, span });
            }
            _ => {
                input.reset(&start);
                return (pieces, Some(unread(&input)));
            }
        }
        after_comma = false;
    }
    (pieces, None)
}

/// The piece at the start of the tokens, and the number of tokens that it takes.
pub(crate) fn first_piece(tokens: &[Token<'_>]) -> Option<(Spanned<Piece>, usize)> {
    first(piece, tokens)
}

/// The same without zones. Use it on words of a memo: checking a word against all zones is the slowest step.
pub(crate) fn first_piece_of_time(tokens: &[Token<'_>]) -> Option<(Spanned<Piece>, usize)> {
    first(piece_of_time, tokens)
}

fn first<'t, 's: 't>(
    parser: impl Parser<Tokens<'t, 's>, Piece, EmptyError>,
    tokens: &'t [Token<'s>],
) -> Option<(Spanned<Piece>, usize)> {
    let mut input = TokenSlice::new(tokens);
    let (value, span) = parser.with_span().parse_next(&mut input).ok()?;
    Some((Spanned { value, span }, tokens.len() - input.len()))
}

/// Whether a piece may follow others without a space: `18:00Z`, `2026-03-20T14:05`, `friday@16:30`. A negative offset
/// may do so only after a date and a time, because `9:00-10:00` is a range of times. `first` is its first token.
pub(crate) fn may_touch(before: [Option<&Piece>; 2], first: &Token<'_>, next: &Piece) -> bool {
    match before {
        [_, Some(Piece::Date(_) | Piece::Weekday(_) | Piece::ThisWeekday(_))] if first.is_mark('@') => true,
        [Some(Piece::Date(DateWords::Ymd { .. })), Some(Piece::Time(_))] if matches!(next, Piece::Offset(_)) => true,
        [_, Some(Piece::Time(_) | Piece::Digits { .. })] => match next {
            Piece::Offset(offset) => offset.local_minus_utc() >= 0,
            _ => matches!(next, Piece::Zone(_) | Piece::Abbreviation(_)),
        },
        [_, Some(Piece::Date(DateWords::Ymd { .. }))] => matches!(next, Piece::Time(TimeWords::Clock { .. })),
        _ => false,
    }
}

/// What to show as not understood: the tokens up to the next space, and after a number also the
/// word that it seems to count.
fn unread(tokens: &[Token<'_>]) -> Range<usize> {
    let Some((first, rest)) = tokens.split_first() else { return 0..0 };
    let mut end = first.span().end;
    let mut may_count = first.kind == Kind::Number;
    for token in rest {
        let counted = may_count && token.kind == Kind::Word;
        let joined = token.glued && !token.is_mark(',');
        if !joined && !counted {
            break;
        }
        may_count = false;
        end = token.span().end;
    }
    first.start..end
}

fn piece(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    alt((piece_of_time, zone::zone, zone::abbreviation)).parse_next(input)
}

/// Any piece except a zone.
fn piece_of_time(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    alt((
        before_distance,
        distance::distance.map(Piece::Distance),
        time::part,
        time::time.map(Piece::Time),
        date::date,
        digits,
        word("now").value(Piece::Now),
        repeating.value(Piece::Repeating),
    ))
    .parse_next(input)
}

/// Pieces that begin like a distance: `twenty minutes to nine`, `a week on friday`, `18h`.
fn before_distance(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    alt((
        time::spoken.map(Piece::Time),
        time::military.map(Piece::Time),
        time::clock_with_h.map(Piece::Time),
        date::from_another,
        distance::hours_or_clock,
    ))
    .parse_next(input)
}

/// Four digits or more that are not part of a time or a date.
fn digits(input: &mut Tokens<'_, '_>) -> Parsed<Piece> {
    number(4..=usize::MAX).map(|Number { value, length, .. }| Piece::Digits { value, length }).parse_next(input)
}

fn repeating(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    one_word(|text| {
        let known = matches!(
            text,
            "every"
                | "each"
                | "everyday"
                | "daily"
                | "nightly"
                | "weekly"
                | "fortnightly"
                | "biweekly"
                | "monthly"
                | "quarterly"
                | "yearly"
                | "annually"
                | "hourly"
                | "weekdays"
                | "weekends"
                | "mondays"
                | "tuesdays"
                | "wednesdays"
                | "thursdays"
                | "fridays"
                | "saturdays"
                | "sundays"
        );
        known.then_some(())
    })
    .parse_next(input)
}
