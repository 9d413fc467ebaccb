//! The receipts of deliveries, done or not, and how far the delivery log was read.
//!
//! Does not know how the log is read, or how a delivery is shown.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::contexts::{context_number, known_context};
use super::database::{DatabaseError, Patience};
use super::handle::State;
use super::stored::read_instant;
use crate::context::ContextId;
use crate::failure::Failure;
use crate::schedule::{Outcome, Receipt};

/// How long a receipt is kept after it is done, so that its log line does not count as new.
const KEPT_FOR: TimeDelta = TimeDelta::days(90);

/// Whether the person is done with a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Done.
    Done,
    /// Not done after all.
    NotDone,
}

/// What a reading of the delivery log found out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrivals {
    /// The receipts to keep.
    pub receipts: Vec<Receipt>,
    /// The keys of receipts that are done, or not done after all, in this order.
    pub marks: Vec<(String, Mark)>,
    /// Up to when the delivery log was read, if it was.
    pub read_until: Option<DateTime<Utc>>,
}

/// The receipts that are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// The keys of those that were asked for, done or not.
    pub known: HashSet<String>,
    /// Those that are not done, oldest delivery first. A damaged one has a text that says so.
    pub not_done: Vec<Receipt>,
    /// The damaged ones, each told once by this instance.
    pub damaged: Vec<Failure>,
}

impl State {
    /// Stores what a reading of the delivery log found out, in one transaction. Returns the keys of the new receipts, and
    /// all that are not done.
    ///
    /// Waits only a moment for another process that is writing: the person has to hear of a delivery.
    ///
    /// # Errors
    /// When the disk cannot be written; then nothing is stored.
    pub fn record(
        &self,
        context: &ContextId,
        arrivals: &Arrivals,
        now: DateTime<Utc>,
    ) -> Result<(HashSet<String>, Kept), Failure> {
        let (new, rows) = self.database.write_with(Patience::Short, |connection| {
            let context = context_number(connection, context)?;
            let new = insert(connection, context, &arrivals.receipts, now)?;
            for (key, mark) in &arrivals.marks {
                set_mark(connection, context, key, *mark)?;
            }
            if let Some(at) = arrivals.read_until {
                set_read_until(connection, context, at)?;
            }
            delete_old(connection, now)?;
            Ok((new, not_done(connection, context)?))
        })?;
        let keys = new.iter().map(|receipt| receipt.key.clone()).collect();
        let known = arrivals.receipts.iter().map(|receipt| receipt.key.clone()).collect();
        Ok((keys, self.kept(known, rows)))
    }

    /// Which of these receipts are kept, and all that are not done. Reads only.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn kept_of(&self, context: &ContextId, receipts: &[Receipt]) -> Result<Kept, Failure> {
        let (known, rows) = self.database.read(|connection| {
            let Some(context) = known_context(connection, context)? else { return Ok(Default::default()) };
            let mut find = connection.prepare_cached("SELECT 1 FROM arrived WHERE context = ?1 AND key = ?2")?;
            let mut known = HashSet::new();
            for receipt in receipts {
                if find.exists(params![context, receipt.key])? {
                    known.insert(receipt.key.clone());
                }
            }
            Ok((known, not_done(connection, context)?))
        })?;
        Ok(self.kept(known, rows))
    }

    fn kept(&self, known: HashSet<String>, rows: NotDone) -> Kept {
        let mut told = self.told_damaged.borrow_mut();
        let untold = rows.damaged.into_iter().filter(|(key, _)| told.insert(key.clone()));
        let damaged = untold.map(|(key, why)| {
            let advice =
                "It shows as a damaged record until you mark it as done. The history has what the delivery log says.";
            self.database.damaged_row(&name_of(&key), &why, advice)
        });
        Kept { known, not_done: rows.receipts, damaged: damaged.collect() }
    }

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
            let new = insert(connection, context, receipts, now)?;
            delete_old(connection, now)?;
            Ok(new)
        })
    }

    /// The receipts that are not done, oldest delivery first. A damaged one has a text that says so.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn not_done(&self, context: &ContextId) -> Result<Vec<Receipt>, Failure> {
        self.kept_of(context, &[]).map(|kept| kept.not_done)
    }

    /// Marks receipts as done. Ignores unknown keys.
    ///
    /// # Errors
    /// When the disk cannot be written; then none is marked.
    pub fn done(&self, context: &ContextId, keys: &[String]) -> Result<(), Failure> {
        self.mark(context, keys, Mark::Done)
    }

    /// Marks receipts as done, or as not done after all. Ignores unknown keys.
    ///
    /// # Errors
    /// When the disk cannot be written; then none is marked.
    pub fn mark(&self, context: &ContextId, keys: &[String], mark: Mark) -> Result<(), Failure> {
        self.database.write_with(Patience::Short, |connection| match known_context(connection, context)? {
            Some(context) => keys.iter().try_for_each(|key| set_mark(connection, context, key, mark)),
            None => Ok(()),
        })
    }

    /// Up to when the delivery log was read, to the millisecond; `None` if never.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn read_until(&self, context: &ContextId, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Failure> {
        self.database.read(|connection| {
            let stored: Option<Option<i64>> = connection
                .prepare_cached("SELECT read_until FROM context WHERE key = ?1")?
                .query_row([context.as_str()], |row| row.get(0))
                .optional()?;
            // Every receipt since then is kept, so none counts as new.
            let unreadable =
                |why: String| tracing::warn!(%why, "up to when the delivery log was read cannot be decoded");
            let decode = |at| read_instant(at).map_err(unreadable).ok().or_else(|| now.checked_sub_signed(KEPT_FOR));
            Ok(stored.flatten().and_then(decode))
        })
    }
}

fn insert(
    connection: &Connection,
    context: i64,
    receipts: &[Receipt],
    now: DateTime<Utc>,
) -> Result<Vec<Receipt>, DatabaseError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO arrived (context, key, arrived, receipt) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (context, key) DO NOTHING",
    )?;
    let mut new = Vec::new();
    for receipt in receipts {
        let stored =
            serde_json::to_string(receipt).map_err(|error| DatabaseError::unreadable(name_of(&receipt.key), error))?;
        if insert.execute(params![context, receipt.key, now.timestamp_millis(), stored])? == 1 {
            new.push(receipt.clone());
        }
    }
    Ok(new)
}

fn set_mark(connection: &Connection, context: i64, key: &str, mark: Mark) -> Result<(), DatabaseError> {
    connection.prepare_cached("UPDATE arrived SET done = ?3 WHERE context = ?1 AND key = ?2")?.execute(params![
        context,
        key,
        mark == Mark::Done
    ])?;
    Ok(())
}

fn set_read_until(connection: &Connection, context: i64, at: DateTime<Utc>) -> Result<(), DatabaseError> {
    connection
        .prepare_cached("UPDATE context SET read_until = ?2 WHERE id = ?1")?
        .execute(params![context, at.timestamp_millis()])?;
    Ok(())
}

/// The receipts that are not done.
#[derive(Default)]
struct NotDone {
    /// All of them.
    receipts: Vec<Receipt>,
    /// The keys of the damaged ones, and why they cannot be read.
    damaged: Vec<(String, String)>,
}

fn not_done(connection: &Connection, context: i64) -> Result<NotDone, DatabaseError> {
    let mut statement =
        connection.prepare_cached("SELECT key, receipt, arrived FROM arrived WHERE context = ?1 AND done = 0")?;
    let mut rows = statement.query([context])?;
    let mut found = NotDone::default();
    while let Some(row) = rows.next()? {
        let Ok(key) = row.get::<_, String>(0) else {
            // Nobody could mark it as done.
            found.damaged.push(("with a damaged key".to_owned(), "the key is not text".to_owned()));
            continue;
        };
        let stored = row.get_ref(1)?.as_str().map_err(|error| error.to_string());
        match stored.and_then(|stored| serde_json::from_str(stored).map_err(|error| error.to_string())) {
            Ok(receipt) => found.receipts.push(receipt),
            Err(why) => {
                found.receipts.push(stand_in(&key, row.get(2)?));
                found.damaged.push((key, why));
            }
        }
    }
    found.receipts.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    Ok(found)
}

/// What is left of a damaged receipt: that there was a delivery, and about when.
fn stand_in(key: &str, arrived_ms: i64) -> Receipt {
    Receipt {
        key: key.to_owned(),
        id: None,
        text: "(a delivery whose record is damaged)".to_owned(),
        zone: None,
        scheduled: None,
        at: read_instant(arrived_ms).unwrap_or_default(),
        attempt: 0,
        by_hand: false,
        outcome: Outcome::Delivered,
    }
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
