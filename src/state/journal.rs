//! The journal: a change is on disk before it is sent, and stays there until its outcome is known.
//!
//! Does not know how a change is sent. `instance` knows which instances have ended.

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
}

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
    /// stay with it. Changes that a newer tickler wrote stay in the journal as they are.
    ///
    /// # Errors
    /// When the disk cannot be read or written, or a row is damaged; then nothing was adopted.
    pub fn adopt(&self, context: &ContextId) -> Result<Adopted, Failure> {
        let (changes, newer) = self.database.write(|connection| {
            let (mut changes, mut newer) = (Vec::new(), Vec::new());
            if let Some(context) = known_context(connection, context)? {
                for row in self.rows_of_ended(connection, context)? {
                    match row {
                        Row::Readable(journalled) => changes.push(journalled),
                        Row::Newer(id) => newer.push(id),
                    }
                }
            }
            let mut own = connection.prepare_cached("UPDATE outbox SET instance = ?1 WHERE id = ?2")?;
            for journalled in &changes {
                own.execute(params![self.instance.name(), journalled.row.0])?;
            }
            // An instance without a lock file counts as ended, so the rows that stay are found again.
            self.instance.sweep()?;
            Ok((changes, newer))
        })?;
        let mut counted = self.counted_newer.borrow_mut();
        Ok(Adopted { changes, newer: newer.into_iter().filter(|id| counted.insert(*id)).count() })
    }

    /// The rows of instances that have ended, oldest first.
    fn rows_of_ended(&self, connection: &Connection, context: i64) -> Result<Vec<Row>, DatabaseError> {
        let ended = self.ended_owners(connection, context)?;
        let mut statement = connection
            .prepare_cached("SELECT id, instance, write, journalled FROM outbox WHERE context = ?1 ORDER BY id")?;
        let mut rows = statement.query([context])?;
        let mut left = Vec::new();
        while let Some(row) = rows.next()? {
            let owner = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            if ended.iter().any(|ended| ended == owner) {
                left.push(decode(row)?);
            }
        }
        Ok(left)
    }

    fn ended_owners(&self, connection: &Connection, context: i64) -> Result<Vec<String>, DatabaseError> {
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

fn decode(row: &rusqlite::Row<'_>) -> Result<Row, DatabaseError> {
    let id: i64 = row.get(0)?;
    let damaged = |why| DatabaseError::unreadable(format!("row {id} of the journal"), why);
    let change = match read_change(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?) {
        Ok(change) => change,
        Err(Unreadable::Newer) => return Ok(Row::Newer(id)),
        Err(Unreadable::Damaged(why)) => return Err(damaged(why)),
    };
    let journalled = read_instant(row.get(3)?).map_err(damaged)?;
    Ok(Row::Readable(Journalled { row: RowId(id), change, journalled }))
}

fn encode(change: &Change) -> Result<String, Failure> {
    store_change(change)
        .map_err(|error| Failure::new(FailureKind::Disk, format!("The change cannot be journalled: {error}."), ""))
}
