//! The outbox: what a write carries is on disk before it is sent, and stays until its end is known.
//!
//! It must never know how a write is sent. That an instance has ended is for `instance` to say.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::State;
use super::store::Trouble;
use super::stored::{context as context_row, known_context, read_instant, read_write, store_write};
use crate::context::ContextId;
use crate::failure::{Failure, FailureKind};
use crate::schedule::Change;

/// Which row of the outbox: never given to two writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(i64);

/// A write that somebody journalled and nobody settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journalled {
    /// Its row, which is this instance's now.
    pub row: RowId,
    /// What was to be written. An attempt may have been made, and only its answer been lost.
    pub write: Change,
    /// When it was journalled, to the millisecond.
    pub journalled: DateTime<Utc>,
}

impl State {
    /// Puts writes on disk, before they are sent; all of them in one transaction. Due times are kept to the millisecond.
    ///
    /// # Errors
    /// When the disk does not take them; then none of them is there, and what is sent all the same nothing remembers
    /// after a crash.
    pub fn journal(&self, context: &ContextId, writes: &[Change], now: DateTime<Utc>) -> Result<Vec<RowId>, Failure> {
        let stored: Vec<String> = writes.iter().map(in_stored_form).collect::<Result<_, _>>()?;
        self.store.write(|connection| {
            let context = context_row(connection, context)?;
            stored.iter().map(|stored| self.insert(connection, context, stored, now)).collect()
        })
    }

    fn insert(
        &self,
        connection: &Connection,
        context: i64,
        stored: &str,
        now: DateTime<Utc>,
    ) -> Result<RowId, Trouble> {
        connection
            .prepare_cached("INSERT INTO outbox (instance, context, journalled, write) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![self.instance.name(), context, now.timestamp_millis(), stored])?;
        Ok(RowId(connection.last_insert_rowid()))
    }

    /// Forgets writes: they were confirmed, or given up; all of them in one transaction. A row that is gone already stays
    /// so.
    ///
    /// # Errors
    /// When the disk does not take it; then none of them is forgotten.
    pub fn settle(&self, rows: &[RowId]) -> Result<(), Failure> {
        self.store.write(|connection| {
            let mut delete = connection.prepare_cached("DELETE FROM outbox WHERE id = ?1")?;
            for row in rows {
                delete.execute([row.0])?;
            }
            Ok(())
        })
    }

    /// Takes over what instances that have ended left in this context, oldest first.
    ///
    /// One transaction: of several instances that adopt at once, exactly one gets each row. What a living instance
    /// journalled is left to it.
    ///
    /// # Errors
    /// When the disk cannot be read or written, or a row cannot be understood; then nothing was adopted.
    pub fn adopt(&self, context: &ContextId) -> Result<Vec<Journalled>, Failure> {
        self.store.write(|connection| {
            let mut adopted = Vec::new();
            if let Some(context) = known_context(connection, context)? {
                for owner in self.ended_owners(connection, context)? {
                    adopted.extend(left_by(connection, context, &owner)?);
                    connection.execute(
                        "UPDATE outbox SET instance = ?1 WHERE context = ?2 AND instance = ?3",
                        params![self.instance.name(), context, owner],
                    )?;
                }
            }
            adopted.sort_by_key(|journalled| journalled.row);
            // A lock file that is missing counts as an instance that has ended, so rows of other contexts lose nothing.
            self.instance.sweep()?;
            Ok(adopted)
        })
    }

    fn ended_owners(&self, connection: &Connection, context: i64) -> Result<Vec<String>, Trouble> {
        let mut statement =
            connection.prepare("SELECT DISTINCT instance FROM outbox WHERE context = ?1 AND instance <> ?2")?;
        let owners = statement.query_map(params![context, self.instance.name()], |row| row.get::<_, String>(0))?;
        let mut ended = Vec::new();
        for owner in owners {
            let owner = owner?;
            if self.instance.has_ended(&owner)? {
                ended.push(owner);
            }
        }
        Ok(ended)
    }
}

fn left_by(connection: &Connection, context: i64, owner: &str) -> Result<Vec<Journalled>, Trouble> {
    let mut statement =
        connection.prepare_cached("SELECT id, write, journalled FROM outbox WHERE context = ?1 AND instance = ?2")?;
    let mut rows = statement.query(params![context, owner])?;
    let mut left = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let unreadable = |why| Trouble::unreadable(name_of(id), why);
        left.push(Journalled {
            row: RowId(id),
            write: read_write(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?).map_err(unreadable)?,
            journalled: read_instant(row.get(2)?).map_err(unreadable)?,
        });
    }
    Ok(left)
}

fn in_stored_form(write: &Change) -> Result<String, Failure> {
    store_write(write)
        .map_err(|error| Failure::new(FailureKind::Disk, format!("The change cannot be written down: {error}."), ""))
}

fn name_of(row: i64) -> String {
    format!("row {row} of the outbox")
}
