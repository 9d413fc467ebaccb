//! The handle: how the store is opened, read and written, and how others learn of changes.
//!
//! Does not depend on the tables.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::busy::{BUSY_TIMEOUT, retry_while_busy};
use super::error::StoreError;
use super::file::create_private;
use super::migrations;

/// An open store. Clones are cheap and share one connection.
#[derive(Debug, Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    connection: Mutex<Connection>,
    changes: watch::Sender<u64>,
}

impl Store {
    /// Opens the store at `path`. A missing file is created for its owner alone (0600), and so is a missing directory
    /// (0700).
    ///
    /// # Errors
    /// When the file cannot be created, opened or written, is not a store, or has a newer version.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        create_private(path).map_err(|source| StoreError::CannotCreate { path: path.to_owned(), source })?;
        // Not CREATE: if the file has vanished since, SQLite would create it with other permissions.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).map_err(|source| StoreError::from_sqlite(path, source))?;
        Store::prepare(path, connection)
    }

    /// A store in memory, which lives as long as its last clone.
    ///
    /// # Errors
    /// When SQLite runs out of memory.
    pub fn in_memory() -> Result<Store, StoreError> {
        let path = Path::new(":memory:");
        let connection = Connection::open_in_memory().map_err(|source| StoreError::from_sqlite(path, source))?;
        Store::prepare(path, connection)
    }

    pub(super) fn prepare(path: &Path, mut connection: Connection) -> Result<Store, StoreError> {
        let failed = |source| StoreError::from_sqlite(path, source);
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(64);
        if connection.is_readonly("main").map_err(failed)? {
            return Err(StoreError::ReadOnly { path: path.to_owned() });
        }
        use_write_ahead_log(&connection).map_err(failed)?;
        // FULL: in WAL mode each commit is synced, so acknowledged writes survive a power cut.
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        migrations::migrate(&mut connection, path)?;
        let store = Store {
            shared: Arc::new(Shared {
                path: path.to_owned(),
                connection: Mutex::new(connection),
                changes: watch::Sender::new(0),
            }),
        };
        store.recompute_due_times()?;
        Ok(store)
    }

    /// Stops syncing, for the store of a benchmark or a test. Later writes still survive `kill -9`, but not a power cut.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn forgo_syncing(&self) -> Result<(), StoreError> {
        self.read(|connection| connection.pragma_update(None, "synchronous", "OFF"))
    }

    /// A counter that every write through this store and its clones changes, deliveries included.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }

    /// SQLite's `data_version`: a number that changes when *another* connection or process has written. Its value means
    /// nothing by itself.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.read(|connection| connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0)))
    }

    /// Announces a write by another process, which [`Store::data_version`] detects. Wakes everybody who waits on
    /// [`Store::changes`], engines included.
    pub fn announce_foreign_change(&self) {
        self.announce();
    }

    /// The path of the file; `:memory:` for a store in memory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    pub(super) fn announce(&self) {
        self.shared.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The connection. It is safe to use after a panic, which rolled the open transaction back.
    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        query(&self.connection()).map_err(|source| self.failed(source))
    }

    /// Runs a write. Announces it if `changed` says that the result is a change.
    pub(super) fn write<T>(
        &self,
        changed: impl FnOnce(&T) -> bool,
        write: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let result = write(&mut self.connection()).map_err(|source| self.failed(source))?;
        if changed(&result) {
            self.announce();
        }
        Ok(result)
    }

    pub(super) fn failed(&self, source: rusqlite::Error) -> StoreError {
        StoreError::from_sqlite(&self.shared.path, source)
    }

    pub(super) fn corrupt(&self, reason: impl Into<String>) -> StoreError {
        StoreError::Corrupt { path: self.shared.path.clone(), reason: reason.into() }
    }

    /// Reads a JSON column.
    pub(super) fn decode<T: DeserializeOwned>(&self, json: &str) -> Result<T, StoreError> {
        serde_json::from_str(json).map_err(|error| self.corrupt(format!("a row cannot be read: {error}")))
    }

    /// Reads a column of milliseconds.
    pub(super) fn moment(&self, milliseconds: i64) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_millis(milliseconds)
            .ok_or_else(|| self.corrupt(format!("a row's moment, {milliseconds} ms, is out of range")))
    }
}

/// Switches to WAL, which the file remembers. SQLite's busy time-out does not apply here, so of two processes that create
/// one store at once, one must try again.
fn use_write_ahead_log(connection: &Connection) -> rusqlite::Result<()> {
    let is_busy = |error: &rusqlite::Error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
    retry_while_busy(is_busy, || connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())))
}
