//! A line of quick entry: its tokens, which of them are quoted, and the `remind me` at its start.
//!
//! Does not depend on times.

use std::ops::Range;

use crate::lex::{self, Kind, Token};

/// Marks that may close a sentence or a bracket after a time.
const CLOSING: [char; 3] = ['.', '!', ')'];

/// Marks that may separate a time from its memo.
const SEPARATING: [char; 7] = [',', ';', ':', '-', '–', '—', '|'];

pub(super) struct Line<'s> {
    /// The line as typed.
    pub text: &'s str,
    pub tokens: Vec<Token<'s>>,
    /// For each token, whether it is quoted. Quoted tokens are never read as a time.
    quoted: Vec<bool>,
    /// The number of tokens of `remind me` at the start.
    lead: usize,
    /// The token from which only closing marks follow.
    tail: usize,
}

impl<'s> Line<'s> {
    /// `lower` is the text in ASCII lower case.
    pub fn new(text: &'s str, lower: &'s str) -> Self {
        let tokens = lex::tokens(lower);
        let quoted = quoted(&tokens);
        let is_request = matches!(tokens.as_slice(), [remind, me, ..] if remind.is_word("remind") && me.is_word("me"));
        let lead = if is_request { 2 } else { 0 };
        let closing = tokens.iter().rev().take_while(|token| token.glued && is_any_mark(token, &CLOSING)).count();
        let tail = tokens.len() - closing;
        Self { text, tokens, quoted, lead, tail }
    }

    /// Whether a time that begins at this token is at the start of the line.
    pub fn is_first(&self, token: usize) -> bool {
        token <= self.lead
    }

    /// The token after the last one that is not a closing mark.
    pub fn end(&self) -> usize {
        self.tail
    }

    /// Whether a time that ends before this token is at the end of the line.
    pub fn is_last(&self, after: usize) -> bool {
        after >= self.tail
    }

    /// Whether there is such a token and it is not quoted.
    pub fn is_unquoted(&self, token: usize) -> bool {
        self.quoted.get(token).is_some_and(|quoted| !quoted)
    }

    /// Whether a time may begin at this token: after a space or a bracket.
    pub fn begins_a_word(&self, token: usize) -> bool {
        let opened = token.checked_sub(1).is_some_and(|before| self.tokens[before].is_mark('('));
        self.tokens.get(token).is_some_and(|token| !token.glued || opened)
    }

    /// Whether a time may end before this token: before a space, or before a closing or separating mark.
    pub fn ends_a_word(&self, after: usize) -> bool {
        let Some(next) = self.tokens.get(after).filter(|next| next.glued) else { return true };
        let space_follows = self.tokens.get(after + 1).is_none_or(|token| !token.glued || is_any_mark(token, &CLOSING));
        is_any_mark(next, &[',', ';']) || (space_follows && (is_any_mark(next, &CLOSING) || next.is_mark(':')))
    }

    /// Whether the memo continues at this token, without even a comma after the time.
    pub fn memo_continues(&self, after: usize) -> bool {
        let separates = |token: &Token<'_>| is_any_mark(token, &SEPARATING) || is_any_mark(token, &CLOSING);
        !self.is_last(after) && self.is_unquoted(after) && !separates(&self.tokens[after])
    }

    /// The word in lower case, if this token is a word and is not quoted.
    pub fn word(&self, token: usize) -> Option<&'s str> {
        self.tokens
            .get(token)
            .filter(|found| found.kind == Kind::Word && self.is_unquoted(token))
            .map(|found| found.text)
    }

    /// The word before this token.
    pub fn word_before(&self, token: usize) -> Option<&'s str> {
        token.checked_sub(1).and_then(|before| self.word(before))
    }

    /// A token as typed.
    pub fn typed(&self, token: usize) -> &'s str {
        self.tokens.get(token).map_or("", |token| &self.text[token.span()])
    }

    /// The bytes of `remind me to` at the start of a line whose time is elsewhere.
    pub fn request(&self) -> Range<usize> {
        if self.lead == 0 {
            return 0..0;
        }
        0..self.end_of(self.after_request(self.lead) - 1)
    }

    /// The byte at which a token ends.
    pub fn end_of(&self, token: usize) -> usize {
        self.tokens.get(token).map_or(self.text.len(), |token| token.span().end)
    }

    /// The token after this one, if this one is a `to` that belongs to `remind me`; else this one.
    pub fn after_request(&self, token: usize) -> usize {
        let connects = self.lead > 0 && matches!(self.word(token), Some("to" | "about" | "that" | "of"));
        if connects { token + 1 } else { token }
    }
}

pub(super) fn is_any_mark(token: &Token<'_>, marks: &[char]) -> bool {
    marks.iter().any(|mark| token.is_mark(*mark))
}

/// Whether a word is in a list of words separated by spaces.
pub(super) fn in_list(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}

/// Whether each token is quoted; the quotation marks count as quoted. An opening mark must follow a space or
/// a bracket. A quotation that is still open goes to the end of the line.
fn quoted(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut closing = None;
    tokens
        .iter()
        .enumerate()
        .map(|(index, token)| {
            if let Some(mark) = closing {
                if token.is_mark(mark) {
                    closing = None;
                }
                return true;
            }
            let may_open = !token.glued || index.checked_sub(1).is_some_and(|before| tokens[before].is_mark('('));
            if may_open && is_any_mark(token, &['"', '“']) {
                closing = Some(if token.is_mark('"') { '"' } else { '”' });
            }
            closing.is_some()
        })
        .collect()
}
