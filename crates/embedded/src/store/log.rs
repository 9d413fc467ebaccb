//! The delivery log and the dead letters: what was delivered, and what never could be.
//!
//! Lines are kept as they were written. It must never know who has read one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, named_params};
use serde::Serialize;

use super::{Store, StoreError};
use crate::target::LogLine;

/// A delivery that was given up, as EventBridge Scheduler would have sent it to a dead-letter queue.
///
/// There is no queue here: the record is kept whether or not the schedule named one, since nothing else would tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    /// When it was given up.
    pub died: DateTime<Utc>,
    /// The queue that the schedule's `DeadLetterConfig` names, if it names one.
    pub queue_arn: Option<String>,
    /// The message body: what the target was sent.
    pub body: String,
    /// The message attributes, by their documented names: `ERROR_CODE`, `ERROR_MESSAGE`, `EXECUTION_ID`,
    /// `EXHAUSTED_RETRY_CONDITION`, `IS_PAYLOAD_TRUNCATED`, `RETRY_ATTEMPTS`, `SCHEDULED_TIME`, `SCHEDULE_ARN`,
    /// `TARGET_ARN`.
    pub attributes: BTreeMap<String, String>,
}

/// A line of the delivery log, with its place in it.
#[derive(Debug)]
pub(crate) struct LogEvent {
    pub(crate) id: i64,
    pub(crate) delivered_ms: i64,
    pub(crate) message: String,
}

/// Which lines to read: moments in milliseconds, both ends included.
#[derive(Debug)]
pub(crate) struct LogQuery {
    pub(crate) start_ms: i64,
    pub(crate) end_ms: i64,
    /// Moment and id of the last line already given out.
    pub(crate) after: Option<(i64, i64)>,
    pub(crate) newest_first: bool,
    pub(crate) limit: usize,
    /// Where a page ends, however few lines it then has; one line is always given.
    pub(crate) most_bytes: usize,
}

impl Store {
    /// What could not be delivered, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn dead_letters(&self) -> Result<Vec<DeadLetter>, StoreError> {
        let rows = self.read(|connection| {
            connection
                .prepare_cached("SELECT died_ms, queue_arn, body, attributes FROM dead_letters ORDER BY id")?
                .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        rows.into_iter()
            .map(|(died, queue_arn, body, attributes)| {
                let attributes = self.decode(&attributes)?;
                Ok(DeadLetter { died: self.moment(died)?, queue_arn, body, attributes })
            })
            .collect()
    }

    /// Appends one line; a transaction of its own.
    pub(crate) fn append_log(&self, line: &LogLine) -> Result<(), StoreError> {
        self.write(|()| true, |connection| append(connection, line))
    }

    /// A page of the delivery log, and whether there is more.
    pub(crate) fn read_log(&self, query: &LogQuery) -> Result<(Vec<LogEvent>, bool), StoreError> {
        let oldest_first = "SELECT id, delivered_ms, message FROM deliveries
             WHERE delivered_ms BETWEEN :start AND :end AND (delivered_ms, id) > (:after_ms, :after_id)
             ORDER BY delivered_ms, id";
        let newest_first = "SELECT id, delivered_ms, message FROM deliveries
             WHERE delivered_ms BETWEEN :start AND :end AND (delivered_ms, id) < (:after_ms, :after_id)
             ORDER BY delivered_ms DESC, id DESC";
        let edge = if query.newest_first { (i64::MAX, i64::MAX) } else { (i64::MIN, i64::MIN) };
        let (after_ms, after_id) = query.after.unwrap_or(edge);
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached(if query.newest_first { newest_first } else { oldest_first })?;
            let mut rows = statement.query(named_params! {
                ":start": query.start_ms,
                ":end": query.end_ms,
                ":after_ms": after_ms,
                ":after_id": after_id,
            })?;
            let mut page = Vec::new();
            let mut bytes = 0;
            while let Some(row) = rows.next()? {
                let message: String = row.get(2)?;
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

/// Appends a line within somebody's transaction.
pub(super) fn append(connection: &Connection, line: &LogLine) -> rusqlite::Result<()> {
    let message = json(line)?;
    connection
        .prepare_cached("INSERT INTO deliveries (delivered_ms, message) VALUES (?1, ?2)")?
        .execute((line.delivered_at.timestamp_millis(), message))?;
    Ok(())
}

/// Records a dead letter within somebody's transaction.
pub(super) fn bury(transaction: &Transaction<'_>, letter: &DeadLetter) -> rusqlite::Result<()> {
    let attributes = json(&letter.attributes)?;
    transaction
        .prepare_cached("INSERT INTO dead_letters (died_ms, queue_arn, body, attributes) VALUES (?1, ?2, ?3, ?4)")?
        .execute((letter.died.timestamp_millis(), &letter.queue_arn, &letter.body, attributes))?;
    Ok(())
}

fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}
