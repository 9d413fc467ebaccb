//! Finds the segments of a line: one or more pieces without anything between them.
//!
//! Stricter than the grammar, which may take any word as part of a time: in a line, a word may belong
//! to the memo. Does not decide whether a segment is a time.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::line::Line;
use super::ownership::{Owner, Ownership, repeated};
use super::segment::{Confidence, Element, Segment, is_zone_piece};
use crate::grammar::{DateWords, Piece, first_piece, first_piece_of_time, may_touch};
use crate::guess::Guess;
use crate::lex::Kind;

/// The guess that a piece makes of its segment if it may belong to the memo.
fn guess_for(piece: &Piece) -> Guess {
    match piece {
        Piece::Digits { .. } | Piece::Date(DateWords::Numeric { .. }) => Guess::Numbers,
        _ if is_zone_piece(piece) => Guess::ZoneInMemo,
        _ => Guess::Words,
    }
}

/// The segments of a line, in order.
pub(super) fn segments(line: &Line<'_>, zone: Tz, now: DateTime<Utc>) -> Vec<Segment> {
    let scanner = Scanner { line, ownership: Ownership { line, zone, now } };
    let mut segments = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        let (segment, next) = scanner.segment(at);
        segments.extend(segment);
        at = next;
    }
    segments
}

/// Finds the segments of a line.
struct Scanner<'a, 's> {
    line: &'a Line<'s>,
    ownership: Ownership<'a, 's>,
}

impl Scanner<'_, '_> {
    /// The segment that begins at a token, if there is one, and the token at which to continue.
    fn segment(&self, first: usize) -> (Option<Segment>, usize) {
        let mut segment =
            Segment { elements: Vec::new(), first, after: first, guess: None, confidence: Confidence::None };
        if !self.line.is_unquoted(first) || !self.line.begins_a_word(first) {
            return (None, first + 1);
        }
        let mut next = first;
        while let Some((element, owner)) = self.element(&segment) {
            next = element.tokens.end;
            if matches!(owner, Owner::LikelyTime | Owner::LikelyMemo) {
                segment.mark_guess(guess_for(&element.piece.value));
            }
            match owner {
                Owner::Time | Owner::LikelyTime => {
                    segment.after = element.tokens.end;
                    segment.elements.push(element);
                }
                Owner::LikelyMemo | Owner::Memo => break,
            }
        }
        while !self.line.ends_a_word(segment.after) && segment.elements.pop().is_some() {
            segment.mark_guess(Guess::Words);
            segment.after = segment.elements.last().map_or(first, |element| element.tokens.end);
        }
        let next =
            if next > segment.after && !segment.elements.is_empty() { segment.after } else { next.max(first + 1) };
        ((!segment.elements.is_empty()).then_some(segment), next)
    }

    /// The next piece after a segment, and its owner.
    fn element(&self, segment: &Segment) -> Option<(Element, Owner)> {
        let comma = !segment.elements.is_empty() && self.line.tokens.get(segment.after)?.is_mark(',');
        let first = segment.after + usize::from(comma);
        if !self.line.is_unquoted(first) {
            return None;
        }
        let tokens = &self.line.tokens[first..];
        // A time does not begin with a city or an abbreviation.
        let may_be_zone = !segment.elements.is_empty() || matches!(tokens[0].kind, Kind::Zone(_));
        let read = if may_be_zone { first_piece } else { first_piece_of_time };
        let (piece, length) = repeated(self.line, first).or_else(|| read(tokens))?;
        let element = Element { piece, tokens: first..first + length };
        let touches = tokens[0].glued && !comma && !segment.elements.is_empty();
        let quoted = element.tokens.clone().any(|token| !self.line.is_unquoted(token));
        if quoted || (touches && !may_touch(segment.last_two(), &tokens[0], &element.piece.value)) {
            return None;
        }
        let owner = self.ownership.owner(segment, &element);
        Some((element, owner))
    }
}
