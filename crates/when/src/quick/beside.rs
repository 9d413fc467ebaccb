//! Figures beside a time that may be a part of it, though the grammar does not read them there.
//!
//! Knows nothing of what the time itself is.

use std::ops::Range;

use super::line::{Line, is_one_of};
use super::runs::Run;
use crate::grammar::{Piece, TimeWords};
use crate::lex::Kind;

/// Whether what stands beside a run looks like a part of it: `meeting 14:00-15:00 tomorrow`,
/// `dinner 24.12 18:00`, `pay 1200 friday`, `tomorrow 5`.
pub(super) fn looks_like_its_part(run: &Run, line: &Line<'_>) -> bool {
    let before = Figures::around(line, run.first.checked_sub(1));
    let after = Figures::around(line, (!line.is_last(run.after)).then_some(run.after));
    let lacks_clock = !run.has_clock() && !run.has(|piece| matches!(piece, Piece::Distance(_)));
    let lacks_day = !run.has(|piece| matches!(piece, Piece::Date(_) | Piece::Weekday(_) | Piece::Distance(_)));
    let beside = [&before, &after].into_iter().flatten();
    let missing = beside.into_iter().any(|figures| match figures {
        Figures::Clock => lacks_clock,
        Figures::Dotted => lacks_clock || lacks_day,
        Figures::Hour => false,
    });
    missing || (lacks_clock && matches!(after, Some(Figures::Hour))) || is_verse(run, line)
}

/// `read John 3:16 tomorrow`; but `call mum 9:30 tomorrow`.
fn is_verse(run: &Run, line: &Line<'_>) -> bool {
    let Some(first) = run.elements.first() else { return false };
    let clock = matches!(first.piece.value, Piece::Time(TimeWords::Clock { half: None, .. }));
    let named = run.first.checked_sub(1).is_some_and(|before| line.typed(before).starts_with(char::is_uppercase));
    clock && named && line.typed(run.first).len() == 1 && line.tokens[run.first].kind == Kind::Number
}

/// What a group of figures without a space may be.
enum Figures {
    /// `14:00-15:00`, `9am-10am`, `1730`.
    Clock,
    /// `24.12`, `18.30`.
    Dotted,
    /// `5`.
    Hour,
}

impl Figures {
    /// The group that a token belongs to, if it may be a part of a time.
    fn around(line: &Line<'_>, token: Option<usize>) -> Option<Self> {
        let group = group(line, token.filter(|token| line.is_free(*token))?);
        let tokens = &line.tokens[group];
        if tokens.first()?.kind != Kind::Number {
            return None;
        }
        let has = |marks: &[char]| tokens.iter().any(|token| is_one_of(token, marks));
        let half = tokens.iter().any(|token| token.is_word("am") || token.is_word("pm"));
        match tokens {
            [number] => match (number.text.len(), number.text.parse::<u32>().ok()?) {
                (1 | 2, ..=24) => Some(Self::Hour),
                (4, value) if value / 100 < 24 && value % 100 < 60 => Some(Self::Clock),
                _ => None,
            },
            _ if half || has(&[':']) => Some(Self::Clock),
            [one, mark, other] if is_one_of(mark, &['.']) && one.text.len() < 3 && other.text.len() < 3 => {
                Some(Self::Dotted)
            }
            _ => None,
        }
    }
}

/// The tokens without a space between them, of which this is one.
fn group(line: &Line<'_>, token: usize) -> Range<usize> {
    let first = (0..=token).rev().find(|token| !line.tokens[*token].glued).unwrap_or(0);
    let after = (token + 1..line.tokens.len()).find(|token| !line.tokens[*token].glued).unwrap_or(line.tokens.len());
    first..after
}
