//! A segment: adjacent pieces of a line that may be its time.
//!
//! Does not depend on how a segment is found or judged.

use std::ops::Range;

use super::line::Line;
use crate::grammar::{Piece, Spanned};
use crate::guess::Guess;

/// Pieces without anything between them.
#[derive(Debug)]
pub(super) struct Segment {
    pub elements: Vec<Element>,
    /// Its first token.
    pub first: usize,
    /// The token after its last one.
    pub after: usize,
    /// Why it is a guess, if it is one: a word next to it may belong to it, or one of its words to the memo.
    pub guess: Option<Guess>,
    /// How likely it is a time.
    pub confidence: Confidence,
}

/// A piece and its tokens.
#[derive(Debug)]
pub(super) struct Element {
    pub piece: Spanned<Piece>,
    pub tokens: Range<usize>,
}

impl Segment {
    /// Its bytes in the line.
    pub fn span(&self) -> Range<usize> {
        match self.elements.as_slice() {
            [first, .., last] => first.piece.span.start..last.piece.span.end,
            [only] => only.piece.span.clone(),
            [] => 0..0,
        }
    }

    /// Whether it names a time of day.
    pub fn has_time(&self) -> bool {
        self.has(|piece| {
            matches!(piece, Piece::Time(_) | Piece::Part { .. } | Piece::Digits { .. } | Piece::HoursOrClock { .. })
        })
    }

    /// Whether it names a day or a distance.
    pub fn has_day(&self) -> bool {
        self.has(|piece| {
            matches!(piece, Piece::Date(_) | Piece::Weekday(_) | Piece::ThisWeekday(_) | Piece::Distance(_))
        })
    }

    pub fn has_zone(&self) -> bool {
        self.has(is_zone_piece)
    }

    /// Whether it is only a zone.
    pub fn is_zone(&self) -> bool {
        self.elements.iter().all(|element| is_zone_piece(&element.piece.value))
    }

    pub fn has(&self, is: impl Fn(&Piece) -> bool) -> bool {
        self.elements.iter().any(|element| is(&element.piece.value))
    }

    /// Makes it a guess. The first reason is the one that is shown.
    pub fn mark_guess(&mut self, why: Guess) {
        self.guess.get_or_insert(why);
    }

    /// Adds the words before it from a token on.
    pub fn begin_at(&mut self, token: usize, line: &Line<'_>) {
        if let Some(first) = self.elements.first_mut() {
            first.piece.span.start = line.tokens[token].start;
            self.first = token;
        }
    }

    pub fn last(&self) -> Option<&Piece> {
        self.elements.last().map(|element| &element.piece.value)
    }

    /// The last two pieces, in order.
    pub fn last_two(&self) -> [Option<&Piece>; 2] {
        let mut backwards = self.elements.iter().rev().map(|element| &element.piece.value);
        let last = backwards.next();
        [backwards.next(), last]
    }
}

/// Whether a piece names a zone.
pub(super) fn is_zone_piece(piece: &Piece) -> bool {
    matches!(piece, Piece::Zone(_) | Piece::Abbreviation(_) | Piece::Offset(_) | Piece::UnknownZone)
}

/// How likely a segment is a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Confidence {
    /// It is not a time.
    None,
    /// It is a time at an end of the line, and then a guess.
    Guess,
    /// It is a time.
    Sure,
}
