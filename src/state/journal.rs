//! The journal: a change is on disk before it is sent, and stays there until its outcome is known.
//!
//! Does not know how a change is sent. `instance` knows which instances have ended.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::contexts::{context_number, known_context};
use super::database::DatabaseError;
use super::handle::State;
use super::stored::{Unreadable, read_change, read_instant, store_change};
use crate::context::ContextId;
use crate::failure::{Failure, FailureKind};
use crate::schedule::Change;

/// A row of the journal. No two changes ever get the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(i64);

/// A change in the journal that was not settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journalled {
    /// Its row, which belongs to this instance now.
    pub row: RowId,
    /// The change. It may have been sent, and only the response lost.
    pub change: Change,
    /// When it was journalled, to the millisecond.
    pub journalled: DateTime<Utc>,
}

/// What an instance takes over from instances that have ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Adopted {
    /// The changes, oldest first.
    pub changes: Vec<Journalled>,
    /// How many changes stay in the journal because a newer tickler wrote them. Each `State` counts a change once.
    pub newer: usize,
    /// The changes that cannot be read, and the instances that nobody knows to have ended. The changes are set aside: no
    /// later run comes across them again.
    pub damaged: Vec<Failure>,
}

/// The owner of the rows that are set aside.
const SET_ASIDE: &str = "set aside";

impl Adopted {
    /// Tells the person about the changes that stay in the journal of the context with this name.
    #[must_use]
    pub fn newer_failure(&self, context: &str) -> Option<Failure> {
        let (what, advice) = match self.newer {
            0 => return None,
            1 => (
                format!("1 change for {context} in the journal was written by a newer tickler."),
                "It stays there; start that version to send it.",
            ),
            several => (
                format!("{several} changes for {context} in the journal were written by a newer tickler."),
                "They stay there; start that version to send them.",
            ),
        };
        Some(Failure::new(FailureKind::Disk, what, advice))
    }
}

/// A row of the journal, decoded.
enum Row {
    Readable(Journalled),
    /// A newer tickler wrote it.
    Newer(i64),
    /// It cannot be decoded.
    Damaged {
        id: i64,
        /// The text of its memo, if that can be read.
        memo: Option<String>,
        why: String,
    },
}

impl State {
    /// Writes changes to the journal before they are sent, in one transaction. Due times are stored to the millisecond.
    ///
    /// # Errors
    /// When the disk cannot be written; then the journal has none of them. If they are sent nevertheless, a crash forgets
    /// them.
    pub fn journal(&self, context: &ContextId, changes: &[Change], now: DateTime<Utc>) -> Result<Vec<RowId>, Failure> {
        let stored: Vec<String> = changes.iter().map(encode).collect::<Result<_, _>>()?;
        self.database.write(|connection| {
            let context = context_number(connection, context)?;
            stored.iter().map(|stored| self.insert(connection, context, stored, now)).collect()
        })
    }

    fn insert(
        &self,
        connection: &Connection,
        context: i64,
        stored: &str,
        now: DateTime<Utc>,
    ) -> Result<RowId, DatabaseError> {
        connection
            .prepare_cached("INSERT INTO outbox (instance, context, journalled, write) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![self.instance.name(), context, now.timestamp_millis(), stored])?;
        Ok(RowId(connection.last_insert_rowid()))
    }

    /// Removes changes from the journal, in one transaction: they were confirmed or given up. Ignores missing rows.
    ///
    /// # Errors
    /// When the disk cannot be written; then none of them is removed.
    pub fn settle(&self, rows: &[RowId]) -> Result<(), Failure> {
        self.database.write(|connection| {
            let mut delete = connection.prepare_cached("DELETE FROM outbox WHERE id = ?1")?;
            for row in rows {
                delete.execute([row.0])?;
            }
            Ok(())
        })
    }

    /// Takes over the changes for this context of instances that have ended.
    ///
    /// One transaction: if several instances adopt at once, exactly one gets each change. Changes of a running instance
    /// stay with it. Changes that a newer tickler wrote stay in the journal as they are, and so do damaged ones, which are
    /// set aside.
    ///
    /// # Errors
    /// When the disk cannot be read or written; then nothing was adopted.
    pub fn adopt(&self, context: &ContextId) -> Result<Adopted, Failure> {
        let (mut adopted, newer) = self.database.write(|connection| {
            let adopted = match known_context(connection, context)? {
                Some(context) => self.take_over(connection, context)?,
                None => Default::default(),
            };
            // An instance without a lock file counts as ended, so the rows that stay are found again.
            if let Err(failure) = self.instance.sweep() {
                tracing::warn!(%failure, "the lock files of ended instances stay");
            }
            Ok(adopted)
        })?;
        let mut counted = self.counted_newer.borrow_mut();
        adopted.newer = newer.into_iter().filter(|id| counted.insert(*id)).count();
        Ok(adopted)
    }

    /// Makes the rows of ended instances ours, and sets the damaged ones aside. Also returns the rows of a newer tickler.
    fn take_over(&self, connection: &Connection, context: i64) -> Result<(Adopted, Vec<i64>), DatabaseError> {
        let (mut adopted, mut newer) = (Adopted::default(), Vec::new());
        let ended = self.ended_owners(connection, context, &mut adopted.damaged)?;
        let mut own = connection.prepare_cached("UPDATE outbox SET instance = ?1 WHERE id = ?2")?;
        for row in rows_of(connection, context, &ended)? {
            match row {
                Row::Readable(journalled) => {
                    own.execute(params![self.instance.name(), journalled.row.0])?;
                    adopted.changes.push(journalled);
                }
                Row::Newer(id) => newer.push(id),
                Row::Damaged { id, memo, why } => {
                    own.execute(params![SET_ASIDE, id])?;
                    adopted.damaged.push(self.damaged_change(id, memo.as_deref(), &why));
                }
            }
        }
        Ok((adopted, newer))
    }

    fn damaged_change(&self, id: i64, memo: Option<&str>, why: &str) -> Failure {
        let of = memo.and_then(|memo| memo.lines().next()).map(|line| format!(", a change of “{line}”,"));
        let row = format!("row {id} of the journal{}", of.unwrap_or_default());
        let advice = "It was set aside, and is not sent. Check whether the memo is scheduled as you want it.";
        self.database.damaged_row(&row, why, advice)
    }

    /// The instances with rows in the journal that have ended. A failure to find out about one is added to `unknown`; its
    /// rows stay with it.
    fn ended_owners(
        &self,
        connection: &Connection,
        context: i64,
        unknown: &mut Vec<Failure>,
    ) -> Result<HashSet<Vec<u8>>, DatabaseError> {
        let mut statement = connection.prepare("SELECT DISTINCT instance FROM outbox WHERE context = ?1")?;
        let mut rows = statement.query([context])?;
        let mut ended = HashSet::new();
        while let Some(row) = rows.next()? {
            let owner = row.get_ref(0)?.as_bytes().map_err(rusqlite::Error::from)?;
            let has_ended = match std::str::from_utf8(owner) {
                Ok(name) if name == SET_ASIDE || name == self.instance.name() => false,
                Ok(name) => self.instance.has_ended(name).unwrap_or_else(|failure| {
                    unknown.push(failure);
                    false
                }),
                // No instance has such a name.
                Err(_) => true,
            };
            if has_ended {
                ended.insert(owner.to_owned());
            }
        }
        Ok(ended)
    }
}

/// The rows of these instances, oldest first.
fn rows_of(connection: &Connection, context: i64, owners: &HashSet<Vec<u8>>) -> Result<Vec<Row>, DatabaseError> {
    let mut statement = connection
        .prepare_cached("SELECT id, instance, write, journalled FROM outbox WHERE context = ?1 ORDER BY id")?;
    let mut rows = statement.query([context])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if owners.contains(row.get_ref(1)?.as_bytes().map_err(rusqlite::Error::from)?) {
            found.push(decode(row)?);
        }
    }
    Ok(found)
}

fn decode(row: &rusqlite::Row<'_>) -> Result<Row, DatabaseError> {
    let id: i64 = row.get(0)?;
    let stored = row.get_ref(2)?.as_bytes().map_err(rusqlite::Error::from)?;
    let damaged = |why: String| Row::Damaged { id, memo: memo_in(stored), why };
    let change = match std::str::from_utf8(stored) {
        Ok(stored) => read_change(stored),
        Err(error) => Err(Unreadable::Damaged(error.to_string())),
    };
    Ok(match (change, read_instant(row.get(3)?)) {
        (Ok(change), Ok(journalled)) => Row::Readable(Journalled { row: RowId(id), change, journalled }),
        (Err(Unreadable::Newer), _) => Row::Newer(id),
        (Err(Unreadable::Damaged(why)), _) | (Ok(_), Err(why)) => damaged(why),
    })
}

/// The text of the memo in a damaged change, as far as it can be read.
fn memo_in(stored: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(stored).ok()?;
    let text = ["memo", "after"].iter().find_map(|name| value.get(name)?.get("text")?.as_str())?;
    Some(text.to_owned())
}

fn encode(change: &Change) -> Result<String, Failure> {
    store_change(change)
        .map_err(|error| Failure::new(FailureKind::Disk, format!("The change cannot be journalled: {error}."), ""))
}
