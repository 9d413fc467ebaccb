//! What the program is about: a memo, the moment at which it is due, and its identity.
//!
//! Knows only `when`. It must never know how a memo is sent, kept or drawn.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use when::Moment;

/// The identity of a memo: a UUID v4, which is also the name of its schedule.
///
/// Edits, snoozes and undo keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemoId(Uuid);

impl MemoId {
    /// An identity made of sixteen random bytes; version and variant are set here.
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
    /// When the text is no UUID.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self)
    }
}

/// A text that is to be delivered at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memo {
    /// Who it is.
    pub id: MemoId,
    /// What it says, as typed: any Unicode, perhaps several lines.
    pub text: String,
    /// When it is due, in the zone the person chose.
    pub due: Moment,
}

impl Memo {
    /// The delivery that this memo waits for.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        Delivery { id: self.id, scheduled: self.due.instant }
    }

    /// Whether the other memo is the same in every respect.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let Self { id, text, due } = self;
        let Moment { instant, zone, .. } = due;
        *id == other.id && *text == other.text && *instant == other.due.instant && *zone == other.due.zone
    }

    /// The first line of the text, for places that have room for one.
    #[must_use]
    pub fn first_line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }
}

/// One delivery: a memo at one scheduled time. A receipt of an earlier time proves nothing about a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Delivery {
    /// The memo.
    pub id: MemoId,
    /// The time it was scheduled for, to the second.
    pub scheduled: DateTime<Utc>,
}

/// A memo that is still being written: the fields of the form as they stand.
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
    /// The memo that is being changed, when it is not a new one.
    pub editing: Option<MemoId>,
}

impl Draft {
    /// Whether nothing was typed that would be missed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.memo.trim().is_empty() && self.date.trim().is_empty() && self.time.trim().is_empty()
    }
}

/// How many bytes a text takes once it is written into JSON with `<` as `\u003c`, without its quotes: what counts
/// against the limit of a schedule's input.
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
