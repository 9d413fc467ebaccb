//! From tokens to pieces: a date, a time, a zone, a distance, in any order.
//!
//! It says what stands there, not whether it exists: `feb 30` is a date here. Knows neither now
//! nor the zone. A text is read whole: the first token that belongs to no piece ends it.

mod date;
mod distance;
mod time;
mod zone;

pub(crate) use date::DateWords;
pub(crate) use distance::{Amount, Distance, Unit};
pub(crate) use time::{Meridiem, Part, TimeWords};

use std::ops::Range;

use chrono::{FixedOffset, Weekday};
use chrono_tz::Tz;
use winnow::combinator::{alt, not, peek};
use winnow::error::EmptyError;
use winnow::prelude::*;
use winnow::stream::TokenSlice;
use winnow::token::{any, one_of};

use crate::lex::{Kind, Token};

type Tokens<'t, 's> = TokenSlice<'t, Token<'s>>;
type Read<T> = Result<T, EmptyError>;

/// A part of the text that means something by itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Date(DateWords),
    /// A day of the week by itself: it picks a day, or confirms the date beside it.
    Weekday(Weekday),
    Time(TimeWords),
    /// `morning`, with whether it says today's: `this morning`.
    Part {
        part: Part,
        today: bool,
    },
    /// Four digits or more, by themselves: `1730`, or the year of `24 dec 2026`.
    Digits {
        value: u32,
        length: usize,
    },
    Zone(Tz),
    /// May be an abbreviation of a zone; the zones know. With where the name itself stands.
    Abbreviation(Range<usize>),
    Offset(FixedOffset),
    Distance(Distance),
    /// `now`.
    Now,
    /// `every`: the beginning of what is not one moment.
    Repeating,
    /// `europe/pariss`.
    NoZone,
}

/// A piece, and the bytes of the text that it stands in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// Reads as many pieces as there are, and says where it stopped short of the end.
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
            Ok((value, span)) if !first.glued || after_comma || may_touch([before_last, last], &value) => {
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

/// The one piece that the tokens begin with, and how many of them it takes.
pub(crate) fn first_piece(tokens: &[Token<'_>]) -> Option<(Spanned<Piece>, usize)> {
    first(piece, tokens)
}

/// The same, but for zones: most words of a memo are none, and to find that out of a word takes longest.
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

/// Whether a piece may follow others without a space: `18:00Z`, `2026-03-20T14:05`. Of a time without
/// a date, `9:00-10:00` is not one ten hours behind UTC, but how long something takes.
pub(crate) fn may_touch(before: [Option<&Piece>; 2], next: &Piece) -> bool {
    match before {
        [Some(Piece::Date(DateWords::Ymd { .. })), Some(Piece::Time(_))] if matches!(next, Piece::Offset(_)) => true,
        [_, Some(Piece::Time(_) | Piece::Digits { .. })] => match next {
            Piece::Offset(offset) => offset.local_minus_utc() >= 0,
            _ => matches!(next, Piece::Zone(_) | Piece::Abbreviation(_)),
        },
        [_, Some(Piece::Date(DateWords::Ymd { .. }))] => matches!(next, Piece::Time(TimeWords::Clock { .. })),
        _ => false,
    }
}

/// What to show as not understood: the run of tokens without a space, and after a number
/// the word that it seems to count.
fn unread(tokens: &[Token<'_>]) -> Range<usize> {
    let Some((first, rest)) = tokens.split_first() else { return 0..0 };
    let mut end = first.span().end;
    let mut counts = first.kind == Kind::Number;
    for token in rest {
        let counted = counts && token.kind == Kind::Word;
        let joined = token.glued && !token.is_mark(',');
        if !joined && !counted {
            break;
        }
        counts = false;
        end = token.span().end;
    }
    first.start..end
}

fn piece(input: &mut Tokens<'_, '_>) -> Read<Piece> {
    alt((piece_of_time, zone::zone, zone::abbreviation)).parse_next(input)
}

/// Any piece that is no zone.
fn piece_of_time(input: &mut Tokens<'_, '_>) -> Read<Piece> {
    alt((
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

/// Four digits or more that no time and no date claimed.
fn digits(input: &mut Tokens<'_, '_>) -> Read<Piece> {
    number(4..=usize::MAX).map(|Number { value, length, .. }| Piece::Digits { value, length }).parse_next(input)
}

fn repeating(input: &mut Tokens<'_, '_>) -> Read<()> {
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

/// A number as it was typed.
#[derive(Debug, Clone, Copy)]
struct Number {
    /// At most `u32::MAX`, which is too much for any part of a date or a time.
    value: u32,
    /// The same for distances, in which even that may be meant: at most `u64::MAX`.
    long: u64,
    /// How many digits it was typed with.
    length: usize,
}

fn number<'t, 's: 't>(length: std::ops::RangeInclusive<usize>) -> impl Parser<Tokens<'t, 's>, Number, EmptyError> {
    any.verify_map(move |token: &'t Token<'s>| {
        let right = token.kind == Kind::Number && length.contains(&token.text.len());
        // All are digits, so that only too many of them do not parse.
        right.then(|| Number {
            value: token.text.parse().unwrap_or(u32::MAX),
            long: token.text.parse().unwrap_or(u64::MAX),
            length: token.text.len(),
        })
    })
}

/// A number that touches what stands before it.
fn touching_number<'t, 's: 't>(
    length: std::ops::RangeInclusive<usize>,
) -> impl Parser<Tokens<'t, 's>, Number, EmptyError> {
    (touching, number(length)).map(|((), number)| number)
}

fn word<'t, 's: 't>(word: &'static str) -> impl Parser<Tokens<'t, 's>, (), EmptyError> {
    one_of(move |token: &'t Token<'s>| token.is_word(word)).void()
}

/// One of the words that a table knows.
fn one_word<'t, 's: 't, T>(table: impl Fn(&str) -> Option<T>) -> impl Parser<Tokens<'t, 's>, T, EmptyError> {
    any.verify_map(move |token: &'t Token<'s>| if token.kind == Kind::Word { table(token.text) } else { None })
}

fn mark<'t, 's: 't>(mark: char) -> impl Parser<Tokens<'t, 's>, (), EmptyError> {
    one_of(move |token: &'t Token<'s>| token.is_mark(mark)).void()
}

/// A mark that touches what stands before it.
fn touching_mark<'t, 's: 't>(mark: char) -> impl Parser<Tokens<'t, 's>, (), EmptyError> {
    one_of(move |token: &'t Token<'s>| token.glued && token.is_mark(mark)).void()
}

/// Holds where the next token touches the one before.
fn touching(input: &mut Tokens<'_, '_>) -> Read<()> {
    peek(one_of(|token: &Token<'_>| token.glued)).void().parse_next(input)
}

/// Holds where no part of the same run of characters follows, but for a mark that ends it.
fn run_ends(input: &mut Tokens<'_, '_>) -> Read<()> {
    const ENDING: [char; 6] = [',', ';', ':', '.', '!', ')'];
    let ends = |token: &Token<'_>| ENDING.iter().any(|mark| token.is_mark(*mark));
    let more = one_of(move |token: &Token<'_>| token.glued && !ends(token));
    let more_after_mark = (one_of(ends), touching_number(1..=usize::MAX));
    not(alt((more.void(), more_after_mark.void()))).parse_next(input)
}

/// Holds where no unit, half of the day or rest of a time follows: then a number is just that.
fn number_ends(input: &mut Tokens<'_, '_>) -> Read<()> {
    not(alt((
        touching_mark(':'),
        (touching_mark('.'), touching_number(1..=usize::MAX)).void(),
        time::meridiem.void(),
        distance::unit.void(),
    )))
    .parse_next(input)
}
