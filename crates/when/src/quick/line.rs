//! A line as quick entry sees it: its tokens, which of them are quoted, and where the words end
//! that only ask for a reminder.
//!
//! Knows nothing of times.

use std::ops::Range;

use crate::lex::{self, Kind, Token};

/// What may close a sentence or a bracket after a time, and says nothing.
const CLOSING: [char; 3] = ['.', '!', ')'];

/// What may stand between a time and its memo.
const DIVIDING: [char; 7] = [',', ';', ':', '-', '–', '—', '|'];

pub(super) struct Line<'s> {
    /// As it was typed.
    pub text: &'s str,
    pub tokens: Vec<Token<'s>>,
    /// For each token whether it is quoted; a quoted one is never read.
    quoted: Vec<bool>,
    /// How many tokens come before the time or the memo: those of `remind me`.
    lead: usize,
    /// From where on there is nothing but marks that close.
    tail: usize,
}

impl<'s> Line<'s> {
    /// `small` is the text in small letters of ASCII.
    pub fn new(text: &'s str, small: &'s str) -> Self {
        let tokens = lex::tokens(small);
        let quoted = quoted(&tokens);
        let asks = matches!(tokens.as_slice(), [remind, me, ..] if remind.is_word("remind") && me.is_word("me"));
        let lead = if asks { 2 } else { 0 };
        let closing = tokens.iter().rev().take_while(|token| token.glued && is_one_of(token, &CLOSING)).count();
        let tail = tokens.len() - closing;
        Self { text, tokens, quoted, lead, tail }
    }

    /// Whether a time that begins here is the first thing that the line says.
    pub fn is_first(&self, token: usize) -> bool {
        token <= self.lead
    }

    /// The token after the last one that says something.
    pub fn end(&self) -> usize {
        self.tail
    }

    /// Whether a time that ends before this token is the last thing that the line says.
    pub fn is_last(&self, after: usize) -> bool {
        after >= self.tail
    }

    pub fn is_free(&self, token: usize) -> bool {
        self.quoted.get(token).is_some_and(|quoted| !quoted)
    }

    /// Whether a time may begin with this token: after a space or a bracket.
    pub fn begins_a_word(&self, token: usize) -> bool {
        let opened = token.checked_sub(1).is_some_and(|before| self.tokens[before].is_mark('('));
        self.tokens.get(token).is_some_and(|token| !token.glued || opened)
    }

    /// Whether a time may end before this token: before a space or a mark that closes or divides.
    pub fn ends_a_word(&self, after: usize) -> bool {
        let Some(next) = self.tokens.get(after).filter(|next| next.glued) else { return true };
        let rest_is_apart = self.tokens.get(after + 1).is_none_or(|token| !token.glued || is_one_of(token, &CLOSING));
        is_one_of(next, &[',', ';']) || (rest_is_apart && (is_one_of(next, &CLOSING) || next.is_mark(':')))
    }

    /// Whether the memo goes on here, without so much as a comma between it and the time.
    pub fn goes_on(&self, after: usize) -> bool {
        let divides = |token: &Token<'_>| is_one_of(token, &DIVIDING) || is_one_of(token, &CLOSING);
        !self.is_last(after) && self.is_free(after) && !divides(&self.tokens[after])
    }

    /// The word in small letters, where there is one and it is not quoted.
    pub fn word(&self, token: usize) -> Option<&'s str> {
        self.tokens.get(token).filter(|found| found.kind == Kind::Word && self.is_free(token)).map(|found| found.text)
    }

    /// The word before this token.
    pub fn word_before(&self, token: usize) -> Option<&'s str> {
        token.checked_sub(1).and_then(|before| self.word(before))
    }

    /// A token as it was typed.
    pub fn typed(&self, token: usize) -> &'s str {
        self.tokens.get(token).map_or("", |token| &self.text[token.span()])
    }

    /// The bytes of `remind me to` before the memo, where a time has been found elsewhere.
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

    /// The token after a `to` that belongs to `remind me`.
    pub fn after_request(&self, token: usize) -> usize {
        let connects = self.lead > 0 && matches!(self.word(token), Some("to" | "about" | "that" | "of"));
        if connects { token + 1 } else { token }
    }
}

pub(super) fn is_one_of(token: &Token<'_>, marks: &[char]) -> bool {
    marks.iter().any(|mark| token.is_mark(*mark))
}

/// Whether a word is one of those of a list, in which spaces divide them.
pub(super) fn is_one(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}

/// Which tokens are quoted, with the quotes themselves. What opens a quote stands before a word;
/// a quote that is never closed goes to the end of the line: it may be about to be closed.
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
            let apart = !token.glued || index.checked_sub(1).is_some_and(|before| tokens[before].is_mark('('));
            if apart && is_one_of(token, &['"', '“']) {
                closing = Some(if token.is_mark('"') { '"' } else { '”' });
            }
            closing.is_some()
        })
        .collect()
}
