//! A store that is read and never written, such as one that somebody else owns.
//!
//! SQLite needs two files beside a database with a write-ahead log, and would create them, as files of the reader in which
//! the owner could not write. While nobody else has the store open, the database is all there is: SQLite then reads it as a
//! file that does not change, and creates nothing. When somebody opens it, the files are there, and are used.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use super::busy::BUSY_TIMEOUT;
use super::error::StoreError;
use super::place::with_suffix;

/// What the files looked like when they were opened: size and time of the database and of its log.
type Look = [Option<(u64, Option<SystemTime>)>; 2];

/// The state of the files that a connection reads.
#[derive(Debug)]
pub(super) struct Snapshot {
    look: Mutex<Look>,
    /// How often the files were opened again.
    reopened: AtomicI64,
}

/// Opens a store to read it.
pub(super) fn open(path: &Path) -> Result<(Connection, Snapshot), StoreError> {
    let look = look(path);
    let connection = connect(path)?;
    Ok((connection, Snapshot { look: Mutex::new(look), reopened: AtomicI64::new(0) }))
}

impl Snapshot {
    /// Opens the files again if they have changed. Call it before each reading.
    pub(super) fn follow(&self, connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
        let now = look(path);
        let mut before = self.look.lock().unwrap_or_else(PoisonError::into_inner);
        if *before != now {
            *connection = connect(path)?;
            *before = now;
            self.reopened.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// A number that changes when the files have changed.
    pub(super) fn version(&self) -> i64 {
        self.reopened.load(Ordering::Relaxed)
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let failed = |source| StoreError::from_sqlite(path, source);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connect = |parameter: &str| {
        let encoded = percent_encode(path.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
        let connection = Connection::open_with_flags(format!("file:{encoded}?mode=ro{parameter}"), flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    let [_, log] = look(path);
    let is_alone = log.is_none_or(|(size, _)| size == 0);
    connect(if is_alone { "&immutable=1" } else { "" }).map_err(failed)
}

fn look(path: &Path) -> Look {
    let log = with_suffix(path, "-wal");
    [path, &log].map(|path| path.metadata().ok().map(|file| (file.len(), file.modified().ok())))
}
