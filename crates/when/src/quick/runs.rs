//! The runs of a line that the grammar can read: each one or more pieces without anything between.
//!
//! Stricter than the grammar, which may take every word for a part of a time since nothing else
//! can stand there: here anything may. Whether a run is a time at all is for `weight` to say.

use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::claims::{Claims, Verdict, repeated};
use super::line::Line;
use super::weight::Weight;
use crate::Guess;
use crate::grammar::{DateWords, Piece, Spanned, first_piece, first_piece_of_time, may_touch};
use crate::lex::Kind;

/// Pieces that follow each other.
#[derive(Debug)]
pub(super) struct Run {
    pub elements: Vec<Element>,
    /// The token that it begins with.
    pub first: usize,
    /// The token after it.
    pub after: usize,
    /// Why it may be meant otherwise: a word beside it may belong to it, or one of its own to the memo.
    pub doubt: Option<Guess>,
    /// How surely it is a time.
    pub weight: Weight,
}

/// A piece, and the tokens that it takes.
#[derive(Debug)]
pub(super) struct Element {
    pub piece: Spanned<Piece>,
    pub tokens: Range<usize>,
}

impl Run {
    /// The bytes of it.
    pub fn span(&self) -> Range<usize> {
        match self.elements.as_slice() {
            [first, .., last] => first.piece.span.start..last.piece.span.end,
            [only] => only.piece.span.clone(),
            [] => 0..0,
        }
    }

    /// Whether a time of day is in it.
    pub fn has_clock(&self) -> bool {
        self.has(|piece| matches!(piece, Piece::Time(_) | Piece::Part { .. } | Piece::Digits { .. }))
    }

    pub fn has_zone(&self) -> bool {
        self.has(is_place)
    }

    /// Whether it is a zone and nothing else.
    pub fn is_zone(&self) -> bool {
        self.elements.iter().all(|element| is_place(&element.piece.value))
    }

    pub fn has(&self, is: impl Fn(&Piece) -> bool) -> bool {
        self.elements.iter().any(|element| is(&element.piece.value))
    }

    /// Takes note of a reason why it may be meant otherwise. The first one is told.
    pub fn doubt_if(&mut self, holds: bool, why: Guess) {
        if holds {
            self.doubt.get_or_insert(why);
        }
    }

    /// Takes the word before it into it.
    pub fn take_word_before(&mut self, line: &Line<'_>) {
        if let (Some(before), Some(first)) = (self.first.checked_sub(1), self.elements.first_mut()) {
            first.piece.span.start = line.tokens[before].start;
            self.first = before;
        }
    }

    pub fn last(&self) -> Option<&Piece> {
        self.elements.last().map(|element| &element.piece.value)
    }

    /// The last piece, and before it the one before it.
    fn last_two(&self) -> [Option<&Piece>; 2] {
        let mut backwards = self.elements.iter().rev().map(|element| &element.piece.value);
        let last = backwards.next();
        [backwards.next(), last]
    }
}

fn is_place(piece: &Piece) -> bool {
    matches!(piece, Piece::Zone(_) | Piece::Abbreviation(_) | Piece::Offset(_) | Piece::NoZone)
}

/// Why a piece that may be the memo's as well makes a guess of the run beside it.
fn doubt_of(piece: &Piece) -> Guess {
    match piece {
        Piece::Digits { .. } | Piece::Date(DateWords::Numeric { .. }) => Guess::Figures,
        _ if is_place(piece) => Guess::ZoneInMemo,
        _ => Guess::Words,
    }
}

/// The runs of a line, in order.
pub(super) fn runs(line: &Line<'_>, zone: Tz, now: DateTime<Utc>) -> Vec<Run> {
    let claims = Claims { line, zone, now };
    let mut runs = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        let (run, next) = claims.run(at);
        runs.extend(run);
        at = next;
    }
    runs
}

impl Claims<'_, '_> {
    /// The run that begins with a token, and the token to go on from.
    fn run(&self, first: usize) -> (Option<Run>, usize) {
        let mut run = Run { elements: Vec::new(), first, after: first, doubt: None, weight: Weight::Nothing };
        if !self.line.is_free(first) || !self.line.begins_a_word(first) {
            return (None, first + 1);
        }
        let mut next = first;
        while let Some((element, verdict)) = self.element(&run) {
            next = element.tokens.end;
            match verdict {
                Verdict::Taken | Verdict::Doubted => {
                    run.doubt_if(matches!(verdict, Verdict::Doubted), doubt_of(&element.piece.value));
                    run.after = element.tokens.end;
                    run.elements.push(element);
                }
                Verdict::LeftInDoubt | Verdict::Left => {
                    run.doubt_if(matches!(verdict, Verdict::LeftInDoubt), doubt_of(&element.piece.value));
                    break;
                }
            }
        }
        while !self.line.ends_a_word(run.after) && run.elements.pop().is_some() {
            run.doubt_if(true, Guess::Words);
            run.after = run.elements.last().map_or(first, |element| element.tokens.end);
        }
        let next = if next > run.after && !run.elements.is_empty() { run.after } else { next.max(first + 1) };
        ((!run.elements.is_empty()).then_some(run), next)
    }

    /// The next piece after a run, and whose it is.
    fn element(&self, run: &Run) -> Option<(Element, Verdict)> {
        let comma = !run.elements.is_empty() && self.line.tokens.get(run.after)?.is_mark(',');
        let first = run.after + usize::from(comma);
        if !self.line.is_free(first) {
            return None;
        }
        let tokens = &self.line.tokens[first..];
        // No time begins with a city or an abbreviation.
        let may_be_zone = !run.elements.is_empty() || matches!(tokens[0].kind, Kind::Zone(_));
        let read = if may_be_zone { first_piece } else { first_piece_of_time };
        let (piece, length) = repeated(self.line, first).or_else(|| read(tokens))?;
        let element = Element { piece, tokens: first..first + length };
        let touches = tokens[0].glued && !comma && !run.elements.is_empty();
        let quoted = element.tokens.clone().any(|token| !self.line.is_free(token));
        if quoted || (touches && !may_touch(run.last_two(), &element.piece.value)) {
            return None;
        }
        let verdict = self.verdict(run, &element);
        Some((element, verdict))
    }
}
