//! The draft: the text in the form, and the drafts kept aside, so that quitting loses nothing.
//!
//! Does not parse the fields.

use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension as _, Row, params};

use super::handle::State;
use crate::failure::Failure;
use crate::memo::Draft;

impl State {
    /// Saves the draft, or deletes it. There is one draft; the last instance to save it wins.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub fn save_draft(&self, draft: Option<&Draft>) -> Result<(), Failure> {
        self.database.write(|connection| {
            match draft {
                Some(Draft { memo, date, time, zone, editing }) => connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO draft (only, memo, date, time, zone, editing) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute(params![memo, date, time, zone, editing.map(|id| id.to_string())])?,
                None => connection.execute("DELETE FROM draft", [])?,
            };
            Ok(())
        })
    }

    /// The saved draft, if there is one.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn draft(&self) -> Result<Option<Draft>, Failure> {
        self.database.read(|connection| {
            Ok(connection.query_row("SELECT memo, date, time, zone, editing FROM draft", [], draft).optional()?)
        })
    }

    /// Saves the drafts that are kept aside, the newest last, in place of those before. The last instance to save wins.
    ///
    /// # Errors
    /// When the disk cannot be written; then those before stay.
    pub fn save_aside(&self, drafts: &[Draft]) -> Result<(), Failure> {
        self.database.write(|connection| {
            connection.execute("DELETE FROM draft_aside", [])?;
            let mut insert = connection.prepare_cached(
                "INSERT INTO draft_aside (place, memo, date, time, zone, editing) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (place, Draft { memo, date, time, zone, editing }) in (1_i64..).zip(drafts) {
                insert.execute(params![place, memo, date, time, zone, editing.map(|id| id.to_string())])?;
            }
            Ok(())
        })
    }

    /// The drafts that are kept aside, the newest last.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn aside(&self) -> Result<Vec<Draft>, Failure> {
        self.database.read(|connection| {
            let sql = "SELECT memo, date, time, zone, editing FROM draft_aside ORDER BY place";
            Ok(connection.prepare_cached(sql)?.query_map([], draft)?.collect::<Result<_, _>>()?)
        })
    }
}

/// A draft of a row. With an unknown id it becomes a new memo, so that its text is not lost.
fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    let editing = text(row, 4)?.parse().ok();
    Ok(Draft { memo: text(row, 0)?, date: text(row, 1)?, time: text(row, 2)?, zone: text(row, 3)?, editing })
}

/// The text of a column. Bytes that are damaged become question marks, so that the rest is not lost.
fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => String::new(),
    })
}
