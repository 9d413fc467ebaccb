//! A line of quick entry: its tokens, which of them are quoted, and the `remind me` at its start.
//!
//! Does not depend on times.

use std::ops::Range;

use crate::lex::{self, Folded, Kind, Token};

/// Marks that may close a sentence or a bracket after a time.
const CLOSING: [char; 4] = ['.', '!', ')', ']'];

/// Labels that say that a time follows: `due: friday`.
const LABELS: &str = "due by on at when date start remind";

/// Marks that may separate a time from its memo.
const SEPARATING: [char; 7] = [',', ';', ':', '-', '–', '—', '|'];

pub(super) struct Line<'s> {
    /// The line as typed.
    pub text: &'s str,
    pub tokens: Vec<Token<'s>>,
    /// For each token, whether it is quoted. Quoted tokens are never read as a time.
    quoted: Vec<bool>,
    /// The number of tokens of a bullet at the start: `- [ ]`.
    bullet: usize,
    /// The number of tokens of the bullet and of `remind me` at the start.
    lead: usize,
    /// The token from which only closing marks, tags and emoji follow.
    tail: usize,
}

impl<'s> Line<'s> {
    /// `folded` is the text folded.
    pub fn new(text: &'s str, folded: &'s Folded<'_>) -> Self {
        let tokens = lex::tokens(folded);
        let quoted = quoted(&tokens);
        let bullet = bullet(&tokens);
        let is_request = matches!(&tokens[bullet..], [remind, me, ..] if remind.is_word("remind") && me.is_word("me"));
        let lead = bullet + if is_request { 2 } else { 0 };
        let tail = tail(&tokens).max(bullet);
        Self { text, tokens, quoted, bullet, lead, tail }
    }

    /// The first token after the bullet and the `remind me` at the start.
    pub fn lead(&self) -> usize {
        self.lead
    }

    /// The byte at which the bullet at the start ends.
    pub fn bullet_end(&self) -> usize {
        self.bullet.checked_sub(1).map_or(0, |last| self.end_of(last))
    }

    /// The tokens of the label before a token, such as `due:`.
    pub fn label_before(&self, token: usize) -> Option<Range<usize>> {
        let colon =
            token.checked_sub(1).filter(|colon| self.tokens[*colon].is_mark(':') && self.tokens[*colon].glued)?;
        let label = colon.checked_sub(1)?;
        self.word(label).filter(|word| is_label(word) && !self.tokens[label].glued).map(|_| label..token)
    }

    /// The byte at which the closing marks after a token end.
    pub fn end_of_closing(&self, after: usize) -> usize {
        let marks = self.tokens[after..].iter().take_while(|token| token.glued && is_any_mark(token, &CLOSING)).count();
        if after + marks == self.tokens.len() {
            self.text.len()
        } else {
            self.end_of((after + marks).saturating_sub(1))
        }
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

    /// Whether a time may begin at this token: after a space, a bracket or a label.
    pub fn begins_a_word(&self, token: usize) -> bool {
        let opened = token.checked_sub(1).is_some_and(|before| is_any_mark(&self.tokens[before], &['(', '[']))
            || self.label_before(token).is_some();
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
        if self.lead == self.bullet {
            return 0..0;
        }
        self.tokens[self.bullet].start..self.end_of(self.after_request(self.lead) - 1)
    }

    /// The byte at which a token ends.
    pub fn end_of(&self, token: usize) -> usize {
        self.tokens.get(token).map_or(self.text.len(), |token| token.span().end)
    }

    /// The token after this one, if this one is a `to` that belongs to `remind me`; else this one.
    pub fn after_request(&self, token: usize) -> usize {
        let connects = self.lead > self.bullet && matches!(self.word(token), Some("to" | "about" | "that" | "of"));
        if connects { token + 1 } else { token }
    }
}

pub(super) fn is_any_mark(token: &Token<'_>, marks: &[char]) -> bool {
    marks.iter().any(|mark| token.is_mark(*mark))
}

/// Whether a word with a colon after it says that a time follows.
pub(super) fn is_label(word: &str) -> bool {
    in_list(LABELS, word)
}

/// Whether a word is in a list of words separated by spaces.
pub(super) fn in_list(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}

/// The number of tokens of `- [ ]`, `- [x]`, `-` or `*` at the start of a line.
fn bullet(tokens: &[Token<'_>]) -> usize {
    let is_box = |tokens: &[Token<'_>]| match tokens {
        [open, close, ..] if open.is_mark('[') && close.is_mark(']') => 2,
        [open, tick, close, ..] if open.is_mark('[') && tick.is_word("x") && close.is_mark(']') => 3,
        _ => 0,
    };
    match tokens {
        [dash, next, ..] if is_any_mark(dash, &['-', '*', '+', '•']) && !next.glued => 1 + is_box(&tokens[1..]),
        _ => is_box(tokens),
    }
}

/// The token from which only closing marks, tags (`#health`) and emoji follow.
fn tail(tokens: &[Token<'_>]) -> usize {
    let mut tail = tokens.len();
    loop {
        let before = &tokens[..tail];
        let closing = before.iter().rev().take_while(|token| token.glued && is_any_mark(token, &CLOSING)).count();
        let symbols = before.iter().rev().take_while(|token| is_emoji(token)).count();
        let tag = match before {
            [.., hash, name] if hash.is_mark('#') && !hash.glued && name.glued && name.kind != Kind::Mark => 2,
            _ => 0,
        };
        match closing.max(symbols).max(tag) {
            0 => return tail,
            count => tail -= count,
        }
    }
}

/// Whether a token is an emoji, or a part of one.
fn is_emoji(token: &Token<'_>) -> bool {
    token.kind == Kind::Mark
        && token.text.chars().all(
            |c| matches!(c, '\u{200d}' | '\u{20e3}' | '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}'),
        )
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
