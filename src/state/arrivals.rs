//! The deliveries that nobody has said done to, and how far the delivery log was read.
//!
//! It must never know how the log is read, nor how an arrival is shown.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::State;
use super::store::Trouble;
use super::stored::{context as context_row, known_context, read_instant};
use crate::context::ContextId;
use crate::failure::Failure;
use crate::schedule::Receipt;

/// How long an arrival that is done is remembered, so that its line of the log is not taken for a new one.
const MEMORY: TimeDelta = TimeDelta::days(90);

impl State {
    /// Remembers receipts, and returns those that were new, in the order given.
    ///
    /// # Errors
    /// When the disk does not take them; then none is remembered.
    pub fn arrived(
        &self,
        context: &ContextId,
        receipts: &[Receipt],
        now: DateTime<Utc>,
    ) -> Result<Vec<Receipt>, Failure> {
        self.store.write(|connection| {
            let context = context_row(connection, context)?;
            let mut remember = connection.prepare_cached(
                "INSERT INTO arrived (context, key, arrived, receipt) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (context, key) DO NOTHING",
            )?;
            let mut new = Vec::new();
            for receipt in receipts {
                let stored = serde_json::to_string(receipt)
                    .map_err(|error| Trouble::unreadable(name_of(&receipt.key), error))?;
                if remember.execute(params![context, receipt.key, now.timestamp_millis(), stored])? == 1 {
                    new.push(receipt.clone());
                }
            }
            forget_done(connection, now)?;
            Ok(new)
        })
    }

    /// What arrived and is not done, oldest delivery first.
    ///
    /// # Errors
    /// When the disk cannot be read, or a row cannot be understood.
    pub fn undone(&self, context: &ContextId) -> Result<Vec<Receipt>, Failure> {
        self.store.read(|connection| match known_context(connection, context)? {
            Some(context) => undone(connection, context),
            None => Ok(Vec::new()),
        })
    }

    /// A person said done to these. A key that never arrived is passed over.
    ///
    /// # Errors
    /// When the disk does not take it; then none of them is done.
    pub fn done(&self, context: &ContextId, keys: &[String]) -> Result<(), Failure> {
        self.store.write(|connection| {
            if let Some(context) = known_context(connection, context)? {
                let mut done =
                    connection.prepare_cached("UPDATE arrived SET done = 1 WHERE context = ?1 AND key = ?2")?;
                for key in keys {
                    done.execute(params![context, key])?;
                }
            }
            Ok(())
        })
    }

    /// Up to when the delivery log was read, to the millisecond; `None` where it never was.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn read_until(&self, context: &ContextId) -> Result<Option<DateTime<Utc>>, Failure> {
        self.store.read(|connection| {
            let stored: Option<Option<i64>> = connection
                .prepare_cached("SELECT read_until FROM context WHERE key = ?1")?
                .query_row([context.as_str()], |row| row.get(0))
                .optional()?;
            let unreadable = |why| Trouble::unreadable("how far the delivery log was read", why);
            stored.flatten().map(|at| read_instant(at).map_err(unreadable)).transpose()
        })
    }

    /// Notes up to when the delivery log was read.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn set_read_until(&self, context: &ContextId, at: DateTime<Utc>) -> Result<(), Failure> {
        self.store.write(|connection| {
            connection
                .prepare_cached("UPDATE context SET read_until = ?2 WHERE id = ?1")?
                .execute(params![context_row(connection, context)?, at.timestamp_millis()])?;
            Ok(())
        })
    }
}

fn undone(connection: &Connection, context: i64) -> Result<Vec<Receipt>, Trouble> {
    let mut statement =
        connection.prepare_cached("SELECT key, receipt FROM arrived WHERE context = ?1 AND done = 0")?;
    let mut rows = statement.query([context])?;
    let mut receipts: Vec<Receipt> = Vec::new();
    while let Some(row) = rows.next()? {
        let stored = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        match serde_json::from_str(stored) {
            Ok(receipt) => receipts.push(receipt),
            Err(error) => return Err(Trouble::unreadable(name_of(&row.get::<_, String>(0)?), error)),
        }
    }
    receipts.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    Ok(receipts)
}

fn forget_done(connection: &Connection, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let Some(oldest) = now.checked_sub_signed(MEMORY) else { return Ok(()) };
    connection
        .prepare_cached("DELETE FROM arrived WHERE done = 1 AND arrived < ?1")?
        .execute([oldest.timestamp_millis()])?;
    Ok(())
}

fn name_of(key: &str) -> String {
    format!("the arrival {key}")
}
