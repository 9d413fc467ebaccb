//! The engine's transactions: what is due is taken, and what became of it written down, in one.
//!
//! That is the whole guarantee against losing and doubling: until the commit nothing has happened, and after it
//! nothing is due any more, whoever is killed in between. It must never know how a delivery is made or what a failure
//! is worth: it asks for each row, and writes down the answer.

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, TransactionBehavior};

use super::{DeadLetter, Store, StoreError, groups, log};
use crate::definition::Definition;
use crate::target::LogLine;

/// A schedule whose turn it is.
#[derive(Debug)]
pub(crate) struct DueRow {
    pub(crate) group: String,
    pub(crate) name: String,
    /// When it was to fire.
    pub(crate) due: DateTime<Utc>,
    pub(crate) definition: Definition,
    /// What was tried already.
    pub(crate) earlier: Option<Attempt>,
}

/// A delivery that has failed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// How many attempts were made.
    pub(crate) count: u32,
    /// When the first of them was.
    pub(crate) first: DateTime<Utc>,
    pub(crate) execution_id: String,
}

/// What is to become of a due schedule.
#[derive(Debug)]
pub(crate) enum Outcome {
    Delivered { line: LogLine, delete: bool },
    Retry { attempt: Attempt, at: DateTime<Utc> },
    Dead { letter: DeadLetter, delete: bool },
}

/// The columns of a due row, before they are made sense of.
struct Columns {
    group: String,
    name: String,
    due_ms: i64,
    attempts: u32,
    first_attempt_ms: Option<i64>,
    execution_id: Option<String>,
    definition: String,
}

impl Store {
    /// When the engine has something to do next.
    pub(crate) fn next_attempt(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next: Option<i64> = self.read(|connection| {
            connection
                .prepare_cached("SELECT min(next_attempt_ms) FROM schedules WHERE next_attempt_ms IS NOT NULL")?
                .query_row([], |row| row.get(0))
        })?;
        next.map(|next| self.moment(next)).transpose()
    }

    /// Takes up to `limit` schedules that are due at `now`, earliest first, asks `decide` about each and writes its
    /// answers down: one `BEGIN IMMEDIATE` transaction. Answers how many there were.
    ///
    /// `decide` may be asked for nothing: when the commit fails, none of its answers counts.
    pub(crate) fn settle_due(
        &self,
        now: DateTime<Utc>,
        limit: usize,
        mut decide: impl FnMut(&DueRow) -> Outcome,
    ) -> Result<usize, StoreError> {
        let mut connection = self.connection();
        let failed = |source| self.failed(source);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let rows = due_rows(&transaction, now, limit).map_err(failed)?;
        for columns in &rows {
            match self.due_row(columns) {
                Ok(row) => settle(&transaction, &row, decide(&row)).map_err(failed)?,
                Err(error) => {
                    // One damaged row must not keep all others from firing; it is set aside where it is.
                    tracing::error!(group = columns.group, name = columns.name, %error, "a due schedule cannot be read");
                    rest(&transaction, &columns.group, &columns.name).map_err(failed)?;
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

    fn due_row(&self, columns: &Columns) -> Result<DueRow, StoreError> {
        let earlier = match (&columns.execution_id, columns.first_attempt_ms) {
            (Some(execution_id), Some(first)) => Some(Attempt {
                count: columns.attempts,
                first: self.moment(first)?,
                execution_id: execution_id.clone(),
            }),
            _ => None,
        };
        Ok(DueRow {
            group: columns.group.clone(),
            name: columns.name.clone(),
            due: self.moment(columns.due_ms)?,
            definition: self.decode(&columns.definition)?,
            earlier,
        })
    }
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
                group: row.get(0)?,
                name: row.get(1)?,
                due_ms: row.get(2)?,
                attempts: row.get(3)?,
                first_attempt_ms: row.get(4)?,
                execution_id: row.get(5)?,
                definition: row.get(6)?,
            })
        })?
        .collect()
}

fn settle(transaction: &Transaction<'_>, row: &DueRow, outcome: Outcome) -> rusqlite::Result<()> {
    let delete = match outcome {
        Outcome::Delivered { line, delete } => {
            log::append(transaction, &line)?;
            delete
        }
        Outcome::Dead { letter, delete } => {
            log::bury(transaction, &letter)?;
            delete
        }
        Outcome::Retry { attempt, at } => return retry(transaction, row, &attempt, at),
    };
    if delete {
        transaction
            .prepare_cached("DELETE FROM schedules WHERE grp = ?1 AND name = ?2")?
            .execute((&row.group, &row.name))?;
        return Ok(());
    }
    rest(transaction, &row.group, &row.name)
}

/// Completed: the schedule stays, and does not fire again until it is updated.
fn rest(transaction: &Transaction<'_>, group: &str, name: &str) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("UPDATE schedules SET next_attempt_ms = NULL WHERE grp = ?1 AND name = ?2")?
        .execute((group, name))?;
    Ok(())
}

fn retry(transaction: &Transaction<'_>, row: &DueRow, attempt: &Attempt, at: DateTime<Utc>) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE schedules SET attempts = ?3, first_attempt_ms = ?4, execution_id = ?5, next_attempt_ms = ?6
             WHERE grp = ?1 AND name = ?2",
        )?
        .execute((
            &row.group,
            &row.name,
            attempt.count,
            attempt.first.timestamp_millis(),
            &attempt.execution_id,
            at.timestamp_millis(),
        ))?;
    Ok(())
}
