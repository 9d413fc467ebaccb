//! A memo: a text, the moment it is due, and its id.
//!
//! Part of the domain. Depends on `when` only, not on how a memo is sent, stored or drawn.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use when::Moment;

/// The id of a memo: a UUID v4, which is also the name of its schedule.
///
/// Edit, snooze and undo keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemoId(Uuid);

impl MemoId {
    /// An id from sixteen random bytes; this sets version and variant.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}

impl fmt::Display for MemoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for MemoId {
    type Err = uuid::Error;

    /// # Errors
    /// When the text is not a UUID.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self)
    }
}

/// A text to deliver at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memo {
    /// Its id.
    pub id: MemoId,
    /// The text, as typed: any Unicode, perhaps several lines.
    pub text: String,
    /// When it is due, in the time zone that the person chose.
    pub due: Moment,
}

impl Memo {
    /// The delivery for which the memo is scheduled.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        Delivery { id: self.id, scheduled: self.due.instant }
    }

    /// Whether both are the same memo: same id, same text, due in the same second of the same zone.
    ///
    /// A schedule has no fractions of a second. The wall clock follows from instant and zone, and a guess says how the
    /// moment was read, not what it is. Every field is named here, so that a new one cannot be forgotten.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let Self { id, text, due } = self;
        let Moment { instant, zone, civil: _, guess: _ } = due;
        *id == other.id
            && *text == other.text
            && instant.timestamp() == other.due.instant.timestamp()
            && *zone == other.due.zone
    }

    /// The first line of the text, where there is room for only one.
    #[must_use]
    pub fn first_line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }
}

/// A delivery: one memo at one scheduled time. A receipt for an earlier time proves nothing about a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Delivery {
    /// The memo.
    pub id: MemoId,
    /// The scheduled time, to the second.
    pub scheduled: DateTime<Utc>,
}

/// A memo in the form that is not scheduled yet: the fields as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The memo.
    pub memo: String,
    /// The date, as typed.
    pub date: String,
    /// The time, as typed.
    pub time: String,
    /// The zone, as typed.
    pub zone: String,
    /// The memo that is being edited; `None` for a new one.
    pub editing: Option<MemoId>,
}

impl Draft {
    /// Whether nothing worth keeping was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.memo.trim().is_empty() && self.date.trim().is_empty() && self.time.trim().is_empty()
    }
}

/// The size of a text in bytes as a JSON string with `<` as `\u003c`, without the quotes. This counts against the limit
/// of a schedule's input.
#[must_use]
pub fn written_size(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            '<' => 6,
            c if c < ' ' => 6,
            c => c.len_utf8(),
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use when::{Guess, Tz};

    use super::*;

    #[test]
    fn a_memo_is_the_same_until_its_text_its_second_or_its_zone_changes() {
        let due = Moment::at("2026-11-24T17:00:00Z".parse().unwrap(), Tz::Europe__Paris);
        let memo = Memo { id: MemoId::from_random([1; 16]), text: "tea".to_owned(), due };
        let guessed = Moment { guess: Some(Guess::NoOneMoment), ..due };
        let fraction = Moment::at(due.instant + TimeDelta::milliseconds(7), due.zone);
        for same in [due, guessed, fraction] {
            assert!(memo.is_same(&Memo { due: same, ..memo.clone() }), "{same:?}");
        }
        let later = Moment::at(due.instant + TimeDelta::seconds(1), due.zone);
        let elsewhere = Moment::at(due.instant, Tz::Europe__Rome);
        for other in [
            Memo { due: later, ..memo.clone() },
            Memo { due: elsewhere, ..memo.clone() },
            Memo { text: "coffee".to_owned(), ..memo.clone() },
            Memo { id: MemoId::from_random([2; 16]), ..memo.clone() },
        ] {
            assert!(!memo.is_same(&other), "{other:?}");
        }
    }
}
