//! The stored form of changes, and of the values in columns. The JSON has types of its own, so that a change of the
//! domain's types never changes the format by accident.
//!
//! Does not depend on the tables.
//!
//! # Versions
//!
//! The JSON has no version member. A tickler that stores something else adds a member or a kind of change; if it only
//! changes what a member means, it adds a member `v`. So an older tickler sees that the row is newer.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use when::{Moment, Tz};

use crate::memo::{Memo, MemoId};
use crate::schedule::{Change, Name};

/// A [`Change`] as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(tag = "write", rename_all = "kebab-case", deny_unknown_fields)]
enum StoredChange<'a> {
    Create { memo: StoredMemo<'a> },
    Update { before: StoredMemo<'a>, after: StoredMemo<'a> },
    Cancel { memo: StoredMemo<'a> },
    CancelForeign { name: Cow<'a, str> },
}

/// A [`Memo`] as it is stored. The instant decides between the two times when the clocks go back.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredMemo<'a> {
    id: MemoId,
    text: Cow<'a, str>,
    due_ms: i64,
    zone: Cow<'a, str>,
    /// Not used any more. It is written for older programs, which require it.
    guess: bool,
}

/// The kinds of changes, and the members of changes and memos. Anything else is newer than this program.
const KINDS: [&str; 4] = ["create", "update", "cancel", "cancel-foreign"];
const CHANGE_MEMBERS: [&str; 5] = ["write", "memo", "before", "after", "name"];
const MEMO_MEMBERS: [&str; 5] = ["id", "text", "due_ms", "zone", "guess"];

/// Why a stored change cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It has a member or a kind that this program does not know: a newer tickler wrote it.
    Newer,
    /// It is not in the stored form, for this reason.
    Damaged(String),
}

/// The stored form of a change.
pub(super) fn store_change(change: &Change) -> serde_json::Result<String> {
    let stored = match change {
        Change::Create(memo) => StoredChange::Create { memo: memo.into() },
        Change::Update { before, after } => StoredChange::Update { before: before.into(), after: after.into() },
        Change::Cancel(memo) => StoredChange::Cancel { memo: memo.into() },
        Change::CancelForeign(name) => StoredChange::CancelForeign { name: name.as_ref().into() },
    };
    serde_json::to_string(&stored)
}

/// The change of a stored form.
pub(super) fn read_change(stored: &str) -> Result<Change, Unreadable> {
    let change = serde_json::from_str(stored).map_err(|error| match serde_json::from_str(stored) {
        Ok(value) if is_newer(&value) => Unreadable::Newer,
        _ => Unreadable::Damaged(error.to_string()),
    })?;
    let read = || {
        Ok(match change {
            StoredChange::Create { memo } => Change::Create(memo.read()?),
            StoredChange::Update { before, after } => Change::Update { before: before.read()?, after: after.read()? },
            StoredChange::Cancel { memo } => Change::Cancel(memo.read()?),
            StoredChange::CancelForeign { name } => Change::CancelForeign(Name::from(name.as_ref())),
        })
    };
    read().map_err(Unreadable::Damaged)
}

fn is_newer(stored: &Value) -> bool {
    let has_others = |value: &Value, known: &[&str]| {
        value.as_object().is_some_and(|members| members.keys().any(|name| !known.contains(&name.as_str())))
    };
    let is_other_kind = stored.get("write").and_then(Value::as_str).is_some_and(|kind| !KINDS.contains(&kind));
    let mut memos = ["memo", "before", "after"].into_iter().filter_map(|name| stored.get(name));
    is_other_kind || has_others(stored, &CHANGE_MEMBERS) || memos.any(|memo| has_others(memo, &MEMO_MEMBERS))
}

impl<'a> From<&'a Memo> for StoredMemo<'a> {
    fn from(memo: &'a Memo) -> Self {
        Self {
            id: memo.id,
            text: memo.text.as_str().into(),
            due_ms: memo.due.instant.timestamp_millis(),
            zone: memo.due.zone.name().into(),
            guess: memo.due.guess.is_some(),
        }
    }
}

impl StoredMemo<'_> {
    fn read(self) -> Result<Memo, String> {
        let Self { id, text, due_ms, zone, guess: _ } = self;
        let due = Moment::at(read_instant(due_ms)?, read_zone(&zone)?);
        Ok(Memo { id, text: text.into_owned(), due })
    }
}

/// The instant of stored milliseconds, or why there is none.
pub(super) fn read_instant(milliseconds: i64) -> Result<DateTime<Utc>, String> {
    DateTime::from_timestamp_millis(milliseconds).ok_or_else(|| format!("{milliseconds} ms is out of range"))
}

/// The time zone of a stored name, or why there is none.
pub(super) fn read_zone(name: &str) -> Result<Tz, String> {
    name.parse().map_err(|_| format!("this tickler does not know the time zone \"{name}\""))
}
