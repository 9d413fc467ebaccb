//! The form as it stands, so that nothing typed is lost by quitting.
//!
//! It must never know what the fields mean, nor whether they can be understood.

use rusqlite::{OptionalExtension as _, params};

use super::State;
use crate::failure::Failure;
use crate::memo::Draft;

impl State {
    /// Keeps the form as it stands, or forgets it. There is one draft; of several instances the last to save wins.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn save_draft(&self, draft: Option<&Draft>) -> Result<(), Failure> {
        self.store.write(|connection| {
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

    /// The form as it was kept last, where it was.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn draft(&self) -> Result<Option<Draft>, Failure> {
        self.store.read(|connection| {
            Ok(connection
                .query_row("SELECT memo, date, time, zone, editing FROM draft", [], |row| {
                    // An id that is none is no reason to lose what was typed: then it is a new memo.
                    let editing = row.get::<_, Option<String>>(4)?.and_then(|id| id.parse().ok());
                    Ok(Draft { memo: row.get(0)?, date: row.get(1)?, time: row.get(2)?, zone: row.get(3)?, editing })
                })
                .optional()?)
        })
    }
}
