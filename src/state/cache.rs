//! The cache of schedules, so that the next start shows them at once and reads only what has changed.
//!
//! Columns instead of JSON: ten thousand rows are read before the first list is drawn. Does not know how schedules are
//! read from the scheduler, or which are out of date.

use chrono::{DateTime, Utc};
use rusqlite::types::FromSql;
use rusqlite::{Connection, Row, params};
use when::{Moment, Tz};

use super::contexts::{context_number, known_context};
use super::database::DatabaseError;
use super::handle::State;
use super::stored::{read_instant, read_zone};
use crate::context::ContextId;
use crate::failure::Failure;
use crate::memo::Memo;
use crate::schedule::{Body, Foreign, Name, Schedule};

/// The cached schedules of a context.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cached {
    /// The schedules as they were last read, by name.
    pub rows: Vec<Schedule>,
    /// When all of them were last read, to the millisecond; `None` if never.
    pub read_at: Option<DateTime<Utc>>,
}

impl State {
    /// The cached schedules of a context, without those that cannot be decoded: the next refresh reads them again.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn cached(&self, context: &ContextId) -> Result<Cached, Failure> {
        self.database.read(|connection| match known_context(connection, context)? {
            Some(context) => Ok(Cached { rows: rows(connection, context)?, read_at: read_at(connection, context)? }),
            None => Ok(Cached::default()),
        })
    }

    /// Adds or replaces `rows`, and removes `gone`. Other rows stay. `read_at` is when all schedules of the context were
    /// read; with `None`, the time of the last complete reading stays.
    ///
    /// Stores due times to the millisecond, and no guesses: a memo that was read is none.
    ///
    /// # Errors
    /// When the disk cannot be written; then nothing has changed.
    pub fn cache(
        &self,
        context: &ContextId,
        rows: &[Schedule],
        gone: &[Name],
        read_at: Option<DateTime<Utc>>,
    ) -> Result<(), Failure> {
        self.database.write(|connection| {
            let context = context_number(connection, context)?;
            let mut remove = connection.prepare_cached("DELETE FROM cache WHERE context = ?1 AND name = ?2")?;
            for name in gone {
                remove.execute(params![context, name])?;
            }
            put(connection, context, rows)?;
            if let Some(at) = read_at {
                connection
                    .prepare_cached("UPDATE context SET read_at = ?2 WHERE id = ?1")?
                    .execute(params![context, at.timestamp_millis()])?;
            }
            Ok(())
        })
    }
}

fn put(connection: &Connection, context: i64, rows: &[Schedule]) -> Result<(), DatabaseError> {
    let mut put = connection.prepare_cached(
        "INSERT OR REPLACE INTO cache
             (context, name, modified, modified_nanos, enabled, due, zone, text, expression, memo)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for row in rows {
        let (zone, text, expression) = match &row.body {
            Body::Memo(memo) => (memo.due.zone.name(), &memo.text, None),
            Body::Foreign(foreign) => (foreign.zone.as_str(), &foreign.about, Some(&foreign.expression)),
        };
        let other_than_name = row.memo().map(|memo| memo.id).filter(|id| row.name.parse() != Ok(*id));
        put.execute(params![
            context,
            row.name,
            row.modified.timestamp(),
            row.modified.timestamp_subsec_nanos(),
            row.enabled,
            row.due().map(|due| due.timestamp_millis()),
            zone,
            text,
            expression,
            other_than_name.map(|id| id.to_string()),
        ])?;
    }
    Ok(())
}

fn read_at(connection: &Connection, context: i64) -> Result<Option<DateTime<Utc>>, DatabaseError> {
    let stored: Option<i64> =
        connection.query_row("SELECT read_at FROM context WHERE id = ?1", [context], |row| row.get(0))?;
    // An unreadable time counts as none: the next refresh stores a new one.
    let unreadable = |why: String| tracing::warn!(%why, "when the cache was read cannot be decoded");
    Ok(stored.and_then(|at| read_instant(at).map_err(unreadable).ok()))
}

fn rows(connection: &Connection, context: i64) -> Result<Vec<Schedule>, DatabaseError> {
    let mut statement = connection.prepare_cached(
        "SELECT name, modified, modified_nanos, enabled, due, zone, text, expression, memo
         FROM cache WHERE context = ?1 ORDER BY name",
    )?;
    let mut rows = statement.query([context])?;
    let mut read = Vec::new();
    let mut zones = Zones::default();
    while let Some(row) = rows.next()? {
        match decode(row, &mut zones) {
            Ok(schedule) => read.push(schedule),
            Err(why) => tracing::warn!(%why, "a cached schedule cannot be decoded"),
        }
    }
    Ok(read)
}

/// The schedule of a row, or why it cannot be decoded.
fn decode(row: &Row<'_>, zones: &mut Zones) -> Result<Schedule, String> {
    let name: Name = text(row, 0)?.into();
    let due = column::<Option<i64>>(row, 4)?.map(read_instant).transpose()?;
    let zone = text(row, 5)?;
    let body = match column::<Option<String>>(row, 7)? {
        Some(expression) => {
            Body::Foreign(Foreign { expression, zone: zone.to_owned(), due, about: text(row, 6)?.to_owned() })
        }
        None => Body::Memo(Memo {
            id: match column::<Option<String>>(row, 8)? {
                Some(id) => id.parse(),
                None => name.parse(),
            }
            .map_err(|_| format!("{name} has no memo id"))?,
            text: text(row, 6)?.to_owned(),
            due: Moment::at(due.ok_or_else(|| format!("{name} has no due time"))?, zones.find(zone)?),
        }),
    };
    let modified = DateTime::from_timestamp(column(row, 1)?, column(row, 2)?)
        .ok_or_else(|| format!("{name} has no valid time of its last change"))?;
    Ok(Schedule { name, modified, enabled: column(row, 3)?, body })
}

fn column<T: FromSql>(row: &Row<'_>, index: usize) -> Result<T, String> {
    row.get(index).map_err(|error| error.to_string())
}

fn text<'row>(row: &'row Row<'_>, index: usize) -> Result<&'row str, String> {
    row.get_ref(index).map_err(|error| error.to_string())?.as_str().map_err(|error| error.to_string())
}

/// The time zone of the last row: the next row usually has the same.
#[derive(Default)]
struct Zones {
    last: Option<Tz>,
}

impl Zones {
    fn find(&mut self, name: &str) -> Result<Tz, String> {
        match self.last {
            Some(zone) if zone.name() == name => Ok(zone),
            _ => Ok(*self.last.insert(read_zone(name)?)),
        }
    }
}
