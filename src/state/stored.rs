//! The stored form of what is kept, where it is not a column: JSON of this module's own, so that a change of the
//! domain's types never changes what is on disk by accident.
//!
//! It must never know of tables.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};
use when::{Moment, Tz};

use crate::context::ContextId;
use crate::memo::{Memo, MemoId};
use crate::schedule::{Change, Name};

/// A [`Change`] as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(tag = "write", rename_all = "kebab-case", deny_unknown_fields)]
enum StoredWrite<'a> {
    Create { memo: StoredMemo<'a> },
    Update { before: StoredMemo<'a>, after: StoredMemo<'a> },
    Cancel { memo: StoredMemo<'a> },
    CancelForeign { name: Cow<'a, str> },
}

/// A [`Memo`] as it is stored. The instant tells which of two is meant where the clock shows a time twice.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredMemo<'a> {
    id: MemoId,
    text: Cow<'a, str>,
    due_ms: i64,
    zone: Cow<'a, str>,
    /// Once told whether the time had been a guess, which whoever set it has seen. It is written for the sake of older
    /// programs, and read for that of older journals.
    guess: bool,
}

/// A write, in its stored form.
pub(super) fn store_write(write: &Change) -> serde_json::Result<String> {
    let stored = match write {
        Change::Create(memo) => StoredWrite::Create { memo: memo.into() },
        Change::Update { before, after } => StoredWrite::Update { before: before.into(), after: after.into() },
        Change::Cancel(memo) => StoredWrite::Cancel { memo: memo.into() },
        Change::CancelForeign(name) => StoredWrite::CancelForeign { name: name.as_ref().into() },
    };
    serde_json::to_string(&stored)
}

/// The write of a stored form; else why it cannot be understood.
pub(super) fn read_write(stored: &str) -> Result<Change, String> {
    Ok(match serde_json::from_str(stored).map_err(|error| error.to_string())? {
        StoredWrite::Create { memo } => Change::Create(memo.read()?),
        StoredWrite::Update { before, after } => Change::Update { before: before.read()?, after: after.read()? },
        StoredWrite::Cancel { memo } => Change::Cancel(memo.read()?),
        StoredWrite::CancelForeign { name } => Change::CancelForeign(Name::from(name.as_ref())),
    })
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

/// The instant of stored milliseconds; else why there is none.
pub(super) fn read_instant(milliseconds: i64) -> Result<DateTime<Utc>, String> {
    DateTime::from_timestamp_millis(milliseconds).ok_or_else(|| format!("{milliseconds} ms is no time"))
}

/// The zone of a stored name; else why there is none.
pub(super) fn read_zone(name: &str) -> Result<Tz, String> {
    name.parse().map_err(|_| format!("“{name}” is no time zone that this tickler knows"))
}

/// The number that stands for a context in the tables, where it has one.
pub(super) fn known_context(connection: &Connection, context: &ContextId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM context WHERE key = ?1")?
        .query_row([context.as_str()], |row| row.get(0))
        .optional()
}

/// The number that stands for a context in the tables; given to it now where it has none.
pub(super) fn context(connection: &Connection, context: &ContextId) -> rusqlite::Result<i64> {
    match known_context(connection, context)? {
        Some(id) => Ok(id),
        None => connection
            .query_row("INSERT INTO context (key) VALUES (?1) RETURNING id", [context.as_str()], |row| row.get(0)),
    }
}
