//! The delivery log and the dead letters.
//!
//! Does not know who has read a line.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, named_params};
use serde::Serialize;

use super::columns::{moment, text};
use super::error::StoreError;
use super::handle::Store;
use crate::target::LogLine;

/// A delivery that failed for good, as EventBridge Scheduler would send it to a dead-letter queue.
///
/// There is no queue here: the store keeps the letter even if the schedule has no queue, since nothing else records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    /// When it failed for good.
    pub died: DateTime<Utc>,
    /// The queue in the schedule's `DeadLetterConfig`, if it has one.
    pub queue_arn: Option<String>,
    /// The message body: the payload of the last attempt.
    pub body: String,
    /// The message attributes with their documented names: `ERROR_CODE`, `ERROR_MESSAGE`, `EXECUTION_ID`,
    /// `EXHAUSTED_RETRY_CONDITION`, `IS_PAYLOAD_TRUNCATED`, `RETRY_ATTEMPTS`, `SCHEDULED_TIME`, `SCHEDULE_ARN`,
    /// `TARGET_ARN`.
    pub attributes: BTreeMap<String, String>,
}

/// A line of the delivery log, with its position.
#[derive(Debug)]
pub(crate) struct LogEvent {
    pub(crate) id: i64,
    pub(crate) delivered_ms: i64,
    pub(crate) message: String,
}

/// In which order to read the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    OldestFirst,
    NewestFirst,
}

/// Which lines to read: times in milliseconds, both ends included.
#[derive(Debug)]
pub(crate) struct LogQuery {
    pub(crate) start_ms: i64,
    pub(crate) end_ms: i64,
    /// Time and id of the last line of the page before.
    pub(crate) after: Option<(i64, i64)>,
    pub(crate) order: Order,
    pub(crate) limit: usize,
    /// The size limit of a page. A page has at least one line.
    pub(crate) most_bytes: usize,
}

impl Store {
    /// The dead letters, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn dead_letters(&self) -> Result<Vec<DeadLetter>, StoreError> {
        let rows = self.read(|connection| {
            connection
                .prepare_cached("SELECT died_ms, queue_arn, body, attributes FROM dead_letters ORDER BY id")?
                .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, text(row, 2)?, text(row, 3)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        let letters = rows.into_iter().filter_map(|(died, queue_arn, body, attributes)| {
            let attributes = serde_json::from_str(&attributes).map_err(|error| error.to_string());
            match (attributes, moment(died)) {
                (Ok(attributes), Ok(died)) => Some(DeadLetter { died, queue_arn, body, attributes }),
                (Err(why), _) | (_, Err(why)) => {
                    self.leave_out(&format!("the dead letter of {died} ms"), why);
                    None
                }
            }
        });
        Ok(letters.collect())
    }

    /// Appends one line.
    pub(crate) fn append_log(&self, line: &LogLine) -> Result<(), StoreError> {
        self.write(|()| true, |connection| append(connection, line))
    }

    /// A page of the delivery log, and whether there is more.
    pub(crate) fn read_log(&self, query: &LogQuery) -> Result<(Vec<LogEvent>, bool), StoreError> {
        let (sql, start) = match query.order {
            Order::OldestFirst => (
                "SELECT id, delivered_ms, message FROM deliveries
                 WHERE delivered_ms BETWEEN :start AND :end AND (delivered_ms, id) > (:after_ms, :after_id)
                 ORDER BY delivered_ms, id",
                (i64::MIN, i64::MIN),
            ),
            Order::NewestFirst => (
                "SELECT id, delivered_ms, message FROM deliveries
                 WHERE delivered_ms BETWEEN :start AND :end AND (delivered_ms, id) < (:after_ms, :after_id)
                 ORDER BY delivered_ms DESC, id DESC",
                (i64::MAX, i64::MAX),
            ),
        };
        let (after_ms, after_id) = query.after.unwrap_or(start);
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(named_params! {
                ":start": query.start_ms,
                ":end": query.end_ms,
                ":after_ms": after_ms,
                ":after_id": after_id,
            })?;
            let mut page = Vec::new();
            let mut bytes = 0;
            while let Some(row) = rows.next()? {
                let message = text(row, 2)?;
                bytes += message.len();
                if page.len() == query.limit || (bytes > query.most_bytes && !page.is_empty()) {
                    return Ok((page, true));
                }
                page.push(LogEvent { id: row.get(0)?, delivered_ms: row.get(1)?, message });
            }
            Ok((page, false))
        })
    }
}

/// Appends a line, within the caller's transaction.
pub(super) fn append(connection: &Connection, line: &LogLine) -> rusqlite::Result<()> {
    let message = json(line)?;
    connection
        .prepare_cached("INSERT INTO deliveries (delivered_ms, message) VALUES (?1, ?2)")?
        .execute((line.delivered_at.timestamp_millis(), message))?;
    Ok(())
}

/// Adds a dead letter, within the caller's transaction.
pub(super) fn add_dead_letter(transaction: &Transaction<'_>, letter: &DeadLetter) -> rusqlite::Result<()> {
    let attributes = json(&letter.attributes)?;
    transaction
        .prepare_cached("INSERT INTO dead_letters (died_ms, queue_arn, body, attributes) VALUES (?1, ?2, ?3, ?4)")?
        .execute((letter.died.timestamp_millis(), &letter.queue_arn, &letter.body, attributes))?;
    Ok(())
}

fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}
