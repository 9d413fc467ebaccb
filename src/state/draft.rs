//! The draft: the text in the form, so that quitting loses nothing.
//!
//! Does not parse the fields.

use rusqlite::{OptionalExtension as _, params};

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
            Ok(connection
                .query_row("SELECT memo, date, time, zone, editing FROM draft", [], |row| {
                    // With an unknown id, the draft becomes a new memo, so that its text is not lost.
                    let editing = row.get::<_, Option<String>>(4)?.and_then(|id| id.parse().ok());
                    Ok(Draft { memo: row.get(0)?, date: row.get(1)?, time: row.get(2)?, zone: row.get(3)?, editing })
                })
                .optional()?)
        })
    }
}
