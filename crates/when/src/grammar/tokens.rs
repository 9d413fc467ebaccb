//! The parsers on which every other parser of the grammar is built: a number, a word, a mark.
//!
//! Does not depend on what the tokens mean.

use std::ops::RangeInclusive;

use winnow::combinator::{alt, not, peek};
use winnow::error::EmptyError;
use winnow::prelude::*;
use winnow::stream::TokenSlice;
use winnow::token::{any, one_of};

use crate::lex::{Kind, Token};

pub(super) type Tokens<'t, 's> = TokenSlice<'t, Token<'s>>;
pub(super) type Parsed<T> = Result<T, EmptyError>;

/// A number as typed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    /// The value, at most `u32::MAX`, which no part of a date or a time reaches.
    pub value: u32,
    /// The value for a distance, at most `u64::MAX`.
    pub long: u64,
    /// The number of digits.
    pub length: usize,
}

pub(super) fn number<'t, 's: 't>(length: RangeInclusive<usize>) -> impl Parser<Tokens<'t, 's>, Number, EmptyError> {
    any.verify_map(move |token: &'t Token<'s>| {
        let matches = token.kind == Kind::Number && length.contains(&token.text.len());
        // These are all digits, so parsing fails only on overflow.
        matches.then(|| Number {
            value: token.text.parse().unwrap_or(u32::MAX),
            long: token.text.parse().unwrap_or(u64::MAX),
            length: token.text.len(),
        })
    })
}

/// A number directly after the token before it.
pub(super) fn touching_number<'t, 's: 't>(
    length: RangeInclusive<usize>,
) -> impl Parser<Tokens<'t, 's>, Number, EmptyError> {
    (touching, number(length)).map(|((), number)| number)
}

pub(super) fn word<'t, 's: 't>(word: &'static str) -> impl Parser<Tokens<'t, 's>, (), EmptyError> {
    one_of(move |token: &'t Token<'s>| token.is_word(word)).void()
}

/// A word of the table.
pub(super) fn one_word<'t, 's: 't, T>(table: impl Fn(&str) -> Option<T>) -> impl Parser<Tokens<'t, 's>, T, EmptyError> {
    any.verify_map(move |token: &'t Token<'s>| if token.kind == Kind::Word { table(token.text) } else { None })
}

pub(super) fn mark<'t, 's: 't>(mark: char) -> impl Parser<Tokens<'t, 's>, (), EmptyError> {
    one_of(move |token: &'t Token<'s>| token.is_mark(mark)).void()
}

/// A mark directly after the token before it.
pub(super) fn touching_mark<'t, 's: 't>(mark: char) -> impl Parser<Tokens<'t, 's>, (), EmptyError> {
    one_of(move |token: &'t Token<'s>| token.glued && token.is_mark(mark)).void()
}

/// Succeeds if the next token directly follows the one before it.
pub(super) fn touching(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    peek(one_of(|token: &Token<'_>| token.glued)).void().parse_next(input)
}

/// Succeeds unless more characters follow without a space. A punctuation mark may end the run.
pub(super) fn run_ends(input: &mut Tokens<'_, '_>) -> Parsed<()> {
    const ENDING: [char; 6] = [',', ';', ':', '.', '!', ')'];
    let ends = |token: &Token<'_>| ENDING.iter().any(|mark| token.is_mark(*mark));
    let more = one_of(move |token: &Token<'_>| token.glued && !ends(token));
    let more_after_mark = (one_of(ends), touching_number(1..=usize::MAX));
    not(alt((more.void(), more_after_mark.void()))).parse_next(input)
}
