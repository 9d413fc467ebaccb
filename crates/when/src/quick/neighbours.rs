//! Finds numbers next to a segment that may belong to its time, although the grammar cannot read them.
//!
//! Does not depend on what the time means.

use std::ops::Range;

use super::line::{Line, is_any_mark};
use super::segment::Segment;
use crate::grammar::{Piece, TimeWords};
use crate::lex::Kind;

/// Whether a number next to a segment may belong to it: `meeting 14:00-15:00 tomorrow`,
/// `dinner 24.12 18:00`, `pay 1200 friday`, `tomorrow 5`.
pub(super) fn may_belong(segment: &Segment, line: &Line<'_>) -> bool {
    let before = Numbers::around(line, segment.first.checked_sub(1));
    let after = Numbers::around(line, (!line.is_last(segment.after)).then_some(segment.after));
    let lacks_time = !segment.has_time() && !segment.has(|piece| matches!(piece, Piece::Distance(_)));
    let lacks_day = !segment.has_day();
    let neighbours = [&before, &after].into_iter().flatten();
    let missing = neighbours.into_iter().any(|numbers| match numbers {
        Numbers::Clock => lacks_time,
        Numbers::Dotted => lacks_time || lacks_day,
        Numbers::Hour => false,
    });
    missing || (lacks_time && matches!(after, Some(Numbers::Hour))) || is_verse(segment, line)
}

/// `read John 3:16 tomorrow`; but `call mum 9:30 tomorrow`.
fn is_verse(segment: &Segment, line: &Line<'_>) -> bool {
    let Some(first) = segment.elements.first() else { return false };
    let clock = matches!(first.piece.value, Piece::Time(TimeWords::Clock { half: None, .. }));
    let named = segment.first.checked_sub(1).is_some_and(|before| line.typed(before).starts_with(char::is_uppercase));
    clock && named && line.typed(segment.first).len() == 1 && line.tokens[segment.first].kind == Kind::Number
}

/// What a group of numbers without a space may be.
enum Numbers {
    /// `14:00-15:00`, `9am-10am`, `1730`.
    Clock,
    /// `24.12`, `18.30`.
    Dotted,
    /// `5`.
    Hour,
}

impl Numbers {
    /// Classifies the group around a token, if it may be part of a time.
    fn around(line: &Line<'_>, token: Option<usize>) -> Option<Self> {
        let group = group(line, token.filter(|token| line.is_unquoted(*token))?);
        let tokens = &line.tokens[group];
        if tokens.first()?.kind != Kind::Number {
            return None;
        }
        let has = |marks: &[char]| tokens.iter().any(|token| is_any_mark(token, marks));
        let half = tokens.iter().any(|token| token.is_word("am") || token.is_word("pm"));
        match tokens {
            [number] => match (number.text.len(), number.text.parse::<u32>().ok()?) {
                (1 | 2, ..=24) => Some(Self::Hour),
                (4, value) if value / 100 < 24 && value % 100 < 60 => Some(Self::Clock),
                _ => None,
            },
            _ if half || has(&[':']) => Some(Self::Clock),
            [one, mark, other] if is_any_mark(mark, &['.']) && one.text.len() < 3 && other.text.len() < 3 => {
                Some(Self::Dotted)
            }
            _ => None,
        }
    }
}

/// The tokens around this one without a space between them.
fn group(line: &Line<'_>, token: usize) -> Range<usize> {
    let first = (0..=token).rev().find(|token| !line.tokens[*token].glued).unwrap_or(0);
    let after = (token + 1..line.tokens.len()).find(|token| !line.tokens[*token].glued).unwrap_or(line.tokens.len());
    first..after
}
