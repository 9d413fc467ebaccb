//! Splits text into tokens: numbers, words, marks, and zone names that are more than a word.
//!
//! Does not depend on what a token means. Keeps every byte and its position.

use std::borrow::Cow;
use std::ops::Range;

use chrono_tz::Tz;
use winnow::combinator::alt;
use winnow::error::EmptyError;
use winnow::prelude::*;
use winnow::stream::{LocatingSlice, Location};
use winnow::token::{any, one_of, take_while};

use crate::zones;

/// The smallest unit of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'s> {
    pub kind: Kind,
    /// The folded text.
    pub text: &'s str,
    /// The byte of the text as typed at which it begins.
    pub start: usize,
    /// The byte of the text as typed at which it ends.
    pub end: usize,
    /// Whether it follows the token before it without a space.
    pub glued: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// ASCII digits.
    Number,
    /// Letters, and apostrophes after the first.
    Word,
    /// The name of a zone, more than letters: `europe/paris`, `est5edt`.
    Zone(Tz),
    /// Looks like the name of a zone, but is not: `europe/pariss`.
    UnknownZone,
    /// Any other character.
    Mark,
}

impl Token<'_> {
    /// Its bytes in the text as typed.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    pub fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark && self.text.starts_with(mark)
    }
}

impl Location for Token<'_> {
    fn previous_token_end(&self) -> usize {
        self.span().end
    }

    fn current_token_start(&self) -> usize {
        self.start
    }
}

/// A text in lower case, with ASCII in place of full-width letters, digits and marks (`１８：００`).
pub(crate) struct Folded<'t> {
    text: Cow<'t, str>,
    /// For each byte of the folded text, and for its end, the byte of the text as typed; `None` if they are the same.
    typed: Option<Vec<usize>>,
}

impl<'t> Folded<'t> {
    pub fn new(typed: &'t str) -> Self {
        if !typed.chars().any(is_full_width) {
            // Lower case in ASCII takes as many bytes as upper case.
            let has_upper = typed.bytes().any(|byte| byte.is_ascii_uppercase());
            let text = if has_upper { Cow::Owned(typed.to_ascii_lowercase()) } else { Cow::Borrowed(typed) };
            return Self { text, typed: None };
        }
        let mut text = String::with_capacity(typed.len());
        let mut places = Vec::with_capacity(typed.len() + 1);
        for (at, c) in typed.char_indices() {
            let narrow = if is_full_width(c) { narrow(c) } else { c };
            text.push(narrow.to_ascii_lowercase());
            places.extend(at..at + narrow.len_utf8());
        }
        places.push(typed.len());
        Self { text: Cow::Owned(text), typed: Some(places) }
    }

    fn place(&self, byte: usize) -> usize {
        self.typed.as_ref().map_or(byte, |places| places.get(byte).copied().unwrap_or(byte))
    }
}

/// The full-width forms of the ASCII characters from `!` to `~`.
fn is_full_width(c: char) -> bool {
    ('\u{ff01}'..='\u{ff5e}').contains(&c)
}

fn narrow(c: char) -> char {
    char::from_u32(u32::from(c) - 0xff01 + u32::from('!')).unwrap_or(c)
}

type Source<'s> = LocatingSlice<&'s str>;
type Lexed<T> = Result<T, EmptyError>;

/// The tokens of a text.
pub(crate) fn tokens<'f>(folded: &'f Folded<'_>) -> Vec<Token<'f>> {
    let mut source = LocatingSlice::new(&*folded.text);
    let mut tokens = Vec::with_capacity(16);
    let mut last_end = None;
    loop {
        let spaces: Lexed<&str> = take_while(0.., char::is_whitespace).parse_next(&mut source);
        debug_assert!(spaces.is_ok(), "zero spaces match too");
        let Ok(((kind, text), span)) = token.with_span().parse_next(&mut source) else {
            return tokens;
        };
        let (start, end) = (folded.place(span.start), folded.place(span.end));
        tokens.push(Token { kind, text, start, end, glued: last_end == Some(span.start) });
        last_end = Some(span.end);
    }
}

/// Fails only at the end of the text: every character is at least a mark.
fn token<'s>(source: &mut Source<'s>) -> Lexed<(Kind, &'s str)> {
    alt((
        take_while(1.., |c: char| c.is_ascii_digit()).map(|digits| (Kind::Number, digits)),
        zone_name,
        word.map(|letters| (Kind::Word, letters)),
        any.take().map(|mark| (Kind::Mark, mark)),
    ))
    .parse_next(source)
}

fn word<'s>(source: &mut Source<'s>) -> Lexed<&'s str> {
    (one_of(char::is_alphabetic), take_while(0.., |c: char| c.is_alphabetic() || c == '\'' || c == '’'))
        .take()
        .parse_next(source)
}

/// A run of characters that a zone name may contain, if it is more than letters.
fn zone_name<'s>(source: &mut Source<'s>) -> Lexed<(Kind, &'s str)> {
    (
        one_of(|c: char| c.is_ascii_alphabetic()),
        take_while(0.., |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+')),
    )
        .take()
        .verify_map(|run: &str| {
            if run.bytes().all(|b| b.is_ascii_alphabetic()) {
                return None;
            }
            if let Some(tz) = zones::parse(run).or_else(|| zones::city(run)) {
                return Some((Kind::Zone(tz), run));
            }
            let (_, city) = run.split_once('/')?;
            city.starts_with(|c: char| c.is_ascii_alphabetic()).then_some((Kind::UnknownZone, run))
        })
        .parse_next(source)
}
