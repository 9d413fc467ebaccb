//! The receipts of deliveries, done or not, and how far the delivery log was read.
//!
//! Does not know how the log is read, or how a delivery is shown.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::contexts::{context_number, known_context};
use super::database::DatabaseError;
use super::handle::State;
use super::stored::read_instant;
use crate::context::ContextId;
use crate::failure::Failure;
use crate::schedule::Receipt;

/// How long a receipt is kept after it is done, so that its log line does not count as new.
const KEPT_FOR: TimeDelta = TimeDelta::days(90);

impl State {
    /// Stores receipts, and returns the new ones, in the same order.
    ///
    /// # Errors
    /// When the disk cannot be written; then none is stored.
    pub fn arrived(
        &self,
        context: &ContextId,
        receipts: &[Receipt],
        now: DateTime<Utc>,
    ) -> Result<Vec<Receipt>, Failure> {
        self.database.write(|connection| {
            let context = context_number(connection, context)?;
            let mut insert = connection.prepare_cached(
                "INSERT INTO arrived (context, key, arrived, receipt) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (context, key) DO NOTHING",
            )?;
            let mut new = Vec::new();
            for receipt in receipts {
                let stored = serde_json::to_string(receipt)
                    .map_err(|error| DatabaseError::unreadable(name_of(&receipt.key), error))?;
                if insert.execute(params![context, receipt.key, now.timestamp_millis(), stored])? == 1 {
                    new.push(receipt.clone());
                }
            }
            delete_old(connection, now)?;
            Ok(new)
        })
    }

    /// The receipts that are not done, oldest delivery first.
    ///
    /// # Errors
    /// When the disk cannot be read, or a row cannot be decoded.
    pub fn not_done(&self, context: &ContextId) -> Result<Vec<Receipt>, Failure> {
        self.database.read(|connection| match known_context(connection, context)? {
            Some(context) => not_done(connection, context),
            None => Ok(Vec::new()),
        })
    }

    /// Marks receipts as done. Ignores unknown keys.
    ///
    /// # Errors
    /// When the disk cannot be written; then none is marked.
    pub fn done(&self, context: &ContextId, keys: &[String]) -> Result<(), Failure> {
        self.mark(context, keys, "UPDATE arrived SET done = 1 WHERE context = ?1 AND key = ?2")
    }

    /// Marks receipts as not done after all. Ignores unknown keys.
    ///
    /// # Errors
    /// When the disk cannot be written; then none is marked.
    pub fn take_back_done(&self, context: &ContextId, keys: &[String]) -> Result<(), Failure> {
        self.mark(context, keys, "UPDATE arrived SET done = 0 WHERE context = ?1 AND key = ?2")
    }

    fn mark(&self, context: &ContextId, keys: &[String], sql: &str) -> Result<(), Failure> {
        self.database.write(|connection| {
            if let Some(context) = known_context(connection, context)? {
                let mut mark = connection.prepare_cached(sql)?;
                for key in keys {
                    mark.execute(params![context, key])?;
                }
            }
            Ok(())
        })
    }

    /// Up to when the delivery log was read, to the millisecond; `None` if never.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn read_until(&self, context: &ContextId) -> Result<Option<DateTime<Utc>>, Failure> {
        self.database.read(|connection| {
            let stored: Option<Option<i64>> = connection
                .prepare_cached("SELECT read_until FROM context WHERE key = ?1")?
                .query_row([context.as_str()], |row| row.get(0))
                .optional()?;
            let unreadable = |why| DatabaseError::unreadable("the time up to which the delivery log was read", why);
            stored.flatten().map(|at| read_instant(at).map_err(unreadable)).transpose()
        })
    }

    /// Stores up to when the delivery log was read.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub fn set_read_until(&self, context: &ContextId, at: DateTime<Utc>) -> Result<(), Failure> {
        self.database.write(|connection| {
            connection
                .prepare_cached("UPDATE context SET read_until = ?2 WHERE id = ?1")?
                .execute(params![context_number(connection, context)?, at.timestamp_millis()])?;
            Ok(())
        })
    }
}

fn not_done(connection: &Connection, context: i64) -> Result<Vec<Receipt>, DatabaseError> {
    let mut statement =
        connection.prepare_cached("SELECT key, receipt FROM arrived WHERE context = ?1 AND done = 0")?;
    let mut rows = statement.query([context])?;
    let mut receipts: Vec<Receipt> = Vec::new();
    while let Some(row) = rows.next()? {
        let stored = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        match serde_json::from_str(stored) {
            Ok(receipt) => receipts.push(receipt),
            Err(error) => return Err(DatabaseError::unreadable(name_of(&row.get::<_, String>(0)?), error)),
        }
    }
    receipts.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    Ok(receipts)
}

fn delete_old(connection: &Connection, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let Some(oldest) = now.checked_sub_signed(KEPT_FOR) else { return Ok(()) };
    connection
        .prepare_cached("DELETE FROM arrived WHERE done = 1 AND arrived < ?1")?
        .execute([oldest.timestamp_millis()])?;
    Ok(())
}

fn name_of(key: &str) -> String {
    format!("the receipt {key}")
}
