//! What was read from a service, so that the next start shows it at once and asks only for what changed.
//!
//! Columns and no JSON: ten thousand rows are read before the first list is drawn. It must never know how schedules
//! are read, nor decide which of them are out of date.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};
use when::{Moment, Tz};

use super::State;
use super::store::Trouble;
use super::stored::{context as context_row, known_context, read_instant, read_zone};
use crate::context::ContextId;
use crate::failure::Failure;
use crate::memo::Memo;
use crate::schedule::{Body, Foreign, Name, Schedule};

/// What is remembered of a context.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cached {
    /// Its schedules as they were last read, by name.
    pub rows: Vec<Schedule>,
    /// When all of them were last read, to the millisecond; `None` where that never was.
    pub read_at: Option<DateTime<Utc>>,
}

impl State {
    /// What is remembered of a context.
    ///
    /// # Errors
    /// When the disk cannot be read, or a row cannot be understood.
    pub fn cached(&self, context: &ContextId) -> Result<Cached, Failure> {
        self.store.read(|connection| match known_context(connection, context)? {
            Some(context) => Ok(Cached { rows: rows(connection, context)?, read_at: read_at(connection, context)? }),
            None => Ok(Cached::default()),
        })
    }

    /// Remembers what is known of a context: `rows` in the place of those of the same name, and the `gone` no more. A
    /// row that is in neither stays as it is. `read_at` is when everything that is there was read; with none, these are
    /// some of it, and how old the rest is stays as it was.
    ///
    /// Due times are kept to the millisecond. A memo that was read is no guess, so that mark is not kept.
    ///
    /// # Errors
    /// When the disk does not take it; then nothing changed.
    pub fn cache(
        &self,
        context: &ContextId,
        rows: &[Schedule],
        gone: &[Name],
        read_at: Option<DateTime<Utc>>,
    ) -> Result<(), Failure> {
        self.store.write(|connection| {
            let context = context_row(connection, context)?;
            let mut forget = connection.prepare_cached("DELETE FROM cache WHERE context = ?1 AND name = ?2")?;
            for name in gone {
                forget.execute(params![context, name])?;
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

fn put(connection: &Connection, context: i64, rows: &[Schedule]) -> Result<(), Trouble> {
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
        let unlike_the_name = row.memo().map(|memo| memo.id).filter(|id| row.name.parse() != Ok(*id));
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
            unlike_the_name.map(|id| id.to_string()),
        ])?;
    }
    Ok(())
}

fn read_at(connection: &Connection, context: i64) -> Result<Option<DateTime<Utc>>, Trouble> {
    let stored: Option<i64> =
        connection.query_row("SELECT read_at FROM context WHERE id = ?1", [context], |row| row.get(0))?;
    stored.map(|at| read_instant(at).map_err(|why| Trouble::unreadable("when the cache was read", why))).transpose()
}

fn rows(connection: &Connection, context: i64) -> Result<Vec<Schedule>, Trouble> {
    let mut statement = connection.prepare_cached(
        "SELECT name, modified, modified_nanos, enabled, due, zone, text, expression, memo
         FROM cache WHERE context = ?1 ORDER BY name",
    )?;
    let mut rows = statement.query([context])?;
    let mut read = Vec::new();
    let mut zones = Zones::default();
    while let Some(row) = rows.next()? {
        read.push(scheduled(row, &mut zones)?);
    }
    Ok(read)
}

fn scheduled(row: &Row<'_>, zones: &mut Zones) -> Result<Schedule, Trouble> {
    let name: Name = text(row, 0)?.into();
    let unreadable = |why: String| Trouble::unreadable(format!("the cached schedule {name}"), why);
    let due = row.get::<_, Option<i64>>(4)?.map(read_instant).transpose().map_err(unreadable)?;
    let zone = text(row, 5)?;
    let body = match row.get::<_, Option<String>>(7)? {
        Some(expression) => {
            Body::Foreign(Foreign { expression, zone: zone.to_owned(), due, about: text(row, 6)?.to_owned() })
        }
        None => Body::Memo(Memo {
            id: row
                .get_ref(8)?
                .as_str_or_null()
                .map_err(rusqlite::Error::from)?
                .unwrap_or(&name)
                .parse()
                .map_err(|_| unreadable("it does not name its memo".to_owned()))?,
            text: text(row, 6)?.to_owned(),
            due: Moment::at(
                due.ok_or_else(|| unreadable("it does not say when it is due".to_owned()))?,
                zones.find(zone).map_err(unreadable)?,
            ),
        }),
    };
    let modified = DateTime::from_timestamp(row.get(1)?, row.get(2)?)
        .ok_or_else(|| unreadable("it does not say when it was modified".to_owned()))?;
    let enabled = row.get(3)?;
    Ok(Schedule { name, modified, enabled, body })
}

fn text<'row>(row: &'row Row<'_>, column: usize) -> Result<&'row str, Trouble> {
    Ok(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
}

/// The zone of the row before: it is nearly always the next one's too.
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
