//! The engine's transaction: it takes what is due and records the outcome of each delivery.
//!
//! This is the guarantee against lost and doubled deliveries: before the commit nothing has happened, and after it
//! nothing is due, whichever process is killed when. Does not know how a delivery is made or when to retry: it asks for
//! the outcome of each schedule and records it.

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, TransactionBehavior};

use super::columns::{bytes, moment, text};
use super::error::StoreError;
use super::groups;
use super::handle::Store;
use super::log::{self, DeadLetter};
use super::schedules::row_name;
use crate::definition::Definition;
use crate::target::LogLine;

/// A schedule that is due.
#[derive(Debug)]
pub(crate) struct DueSchedule {
    pub(crate) group: String,
    pub(crate) name: String,
    /// When it should fire.
    pub(crate) due: DateTime<Utc>,
    pub(crate) definition: Definition,
    /// The failed attempts so far.
    pub(crate) failed: Option<Attempts>,
}

/// The failed attempts of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempts {
    pub(crate) count: u32,
    /// When the first one was made.
    pub(crate) first: DateTime<Utc>,
    /// Shared by all attempts.
    pub(crate) execution_id: String,
}

/// The outcome of one attempt, and whether the schedule is deleted.
#[derive(Debug)]
pub(crate) enum Outcome {
    Delivered { line: LogLine, delete: bool },
    Retry { attempts: Attempts, at: DateTime<Utc> },
    Dead { letter: DeadLetter, delete: bool },
}

/// The columns of a due row, not decoded.
struct Columns {
    group: Vec<u8>,
    name: Vec<u8>,
    due_ms: i64,
    attempts: i64,
    first_attempt_ms: Option<i64>,
    execution_id: Vec<u8>,
    /// Bytes that are not text are replaced: the memo rings with the rest.
    definition: String,
}

impl Store {
    /// When the next attempt is due.
    pub(crate) fn next_attempt(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next: Option<i64> = self.read(|connection| {
            connection
                .prepare_cached("SELECT min(next_attempt_ms) FROM schedules WHERE next_attempt_ms IS NOT NULL")?
                .query_row([], |row| row.get(0))
        })?;
        Ok(next.and_then(|next| match moment(next) {
            Ok(next) => Some(next),
            // A damaged time: in the past it is due at once, which sets its row aside, and in the future never.
            Err(_) => (next < 0).then_some(DateTime::UNIX_EPOCH),
        }))
    }

    /// Takes up to `limit` schedules that are due at `now`, earliest first, and records what `decide` returns for each,
    /// in one `BEGIN IMMEDIATE` transaction. Returns how many there were.
    ///
    /// If the commit fails, nothing that `decide` returned counts.
    pub(crate) fn settle_due(
        &self,
        now: DateTime<Utc>,
        limit: usize,
        mut decide: impl FnMut(&DueSchedule) -> Outcome,
    ) -> Result<usize, StoreError> {
        let mut connection = self.connection();
        let failed = |source| self.failed(source);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let rows = due_rows(&transaction, now, limit).map_err(failed)?;
        for columns in &rows {
            match due_row(columns) {
                Ok(row) => settle(&transaction, &row, decide(&row)).map_err(failed)?,
                Err(why) => {
                    // A damaged row must not stop the others. It stays, and does not fire.
                    self.leave_out(&row_name(&String::from_utf8_lossy(&columns.name)), why);
                    give_up(&transaction, columns).map_err(failed)?;
                }
            }
        }
        groups::forget_deleted_groups(&transaction, now).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        drop(connection);
        if !rows.is_empty() {
            self.announce();
        }
        Ok(rows.len())
    }
}

fn due_row(columns: &Columns) -> Result<DueSchedule, String> {
    let failed = match columns.first_attempt_ms {
        Some(first) if !columns.execution_id.is_empty() => Some(Attempts {
            count: u32::try_from(columns.attempts).map_err(|error| error.to_string())?,
            first: moment(first)?,
            execution_id: utf8(&columns.execution_id)?,
        }),
        Some(_) | None => None,
    };
    Ok(DueSchedule {
        group: utf8(&columns.group)?,
        name: utf8(&columns.name)?,
        due: moment(columns.due_ms)?,
        definition: serde_json::from_str(&columns.definition).map_err(|error| error.to_string())?,
        failed,
    })
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_owned()).map_err(|error| error.to_string())
}

fn due_rows(transaction: &Transaction<'_>, now: DateTime<Utc>, limit: usize) -> rusqlite::Result<Vec<Columns>> {
    transaction
        .prepare_cached(
            "SELECT grp, name, coalesce(due_ms, next_attempt_ms), attempts, first_attempt_ms, execution_id, definition
             FROM schedules WHERE next_attempt_ms <= ?1
             ORDER BY next_attempt_ms, grp, name LIMIT ?2",
        )?
        .query_map((now.timestamp_millis(), i64::try_from(limit).unwrap_or(i64::MAX)), |row| {
            Ok(Columns {
                group: bytes(row, 0)?,
                name: bytes(row, 1)?,
                due_ms: row.get(2)?,
                attempts: row.get(3)?,
                first_attempt_ms: row.get(4)?,
                execution_id: bytes(row, 5)?,
                definition: text(row, 6)?,
            })
        })?
        .collect()
}

/// Keeps a damaged row, which does not fire. Its name may not be text, so it is compared as bytes.
fn give_up(transaction: &Transaction<'_>, columns: &Columns) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE schedules SET next_attempt_ms = NULL WHERE CAST(grp AS BLOB) = ?1 AND CAST(name AS BLOB) = ?2",
        (&columns.group, &columns.name),
    )?;
    Ok(())
}

fn settle(transaction: &Transaction<'_>, row: &DueSchedule, outcome: Outcome) -> rusqlite::Result<()> {
    let delete = match outcome {
        Outcome::Delivered { line, delete } => {
            log::append(transaction, &line)?;
            delete
        }
        Outcome::Dead { letter, delete } => {
            log::add_dead_letter(transaction, &letter)?;
            delete
        }
        Outcome::Retry { attempts, at } => return retry(transaction, row, &attempts, at),
    };
    if delete {
        transaction
            .prepare_cached("DELETE FROM schedules WHERE grp = ?1 AND name = ?2")?
            .execute((&row.group, &row.name))?;
        return Ok(());
    }
    complete(transaction, &row.group, &row.name)
}

/// Keeps the schedule. It does not fire again until it is updated.
fn complete(transaction: &Transaction<'_>, group: &str, name: &str) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("UPDATE schedules SET next_attempt_ms = NULL WHERE grp = ?1 AND name = ?2")?
        .execute((group, name))?;
    Ok(())
}

fn retry(
    transaction: &Transaction<'_>,
    row: &DueSchedule,
    attempts: &Attempts,
    at: DateTime<Utc>,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE schedules SET attempts = ?3, first_attempt_ms = ?4, execution_id = ?5, next_attempt_ms = ?6
             WHERE grp = ?1 AND name = ?2",
        )?
        .execute((
            &row.group,
            &row.name,
            attempts.count,
            attempts.first.timestamp_millis(),
            &attempts.execution_id,
            at.timestamp_millis(),
        ))?;
    Ok(())
}
