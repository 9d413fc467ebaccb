//! The handle: how the store is opened, read and written, and how others learn of changes.
//!
//! Does not depend on the tables.

use std::collections::HashSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use files::Identity;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::busy::{BUSY_TIMEOUT, retry_while_busy};
use super::columns::moment;
use super::error::StoreError;
use super::file::{self, Beginning};
use super::migrations;
use super::reading;

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
    access: Access,
    beginning: Beginning,
    damaged: Mutex<Damaged>,
}

/// The rows that cannot be read.
#[derive(Debug, Default)]
struct Damaged {
    /// Every damaged row that this handle has met.
    known: HashSet<String>,
    /// Sentences about the rows that the host does not know yet.
    news: Vec<String>,
}

/// How a store may be used.
#[derive(Debug)]
enum Access {
    /// To read and to write. The files must stay the ones that were opened; a store in memory has none.
    Full(Option<Identity>),
    /// To read only.
    ToRead(reading::Snapshot),
}

impl Store {
    /// Opens the store at `path`. A missing file is created for its owner alone (0600), and so is a missing directory
    /// (0700).
    ///
    /// # Errors
    /// When the file cannot be created, opened or written, is not a store, or has a newer version.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let beginning = file::prepare(path)?;
        // Not CREATE: if the file has vanished since, SQLite would create it with other permissions.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).map_err(|source| StoreError::from_sqlite(path, source))?;
        Store::prepare(path, connection, beginning)
    }

    /// Opens the store at `path` to read it, and changes nothing: neither the file, which may be somebody else's, nor its
    /// permissions. Every write is refused.
    ///
    /// # Errors
    /// When there is no such file, it cannot be read, is not a store, or has another version.
    pub fn open_to_read(path: &Path) -> Result<Store, StoreError> {
        file::beginning(path)?;
        let (connection, snapshot) = reading::open(path)?;
        migrations::refuse_older(&connection, path)?;
        Ok(Store::over(path, connection, Access::ToRead(snapshot), Beginning::Usual))
    }

    /// A store in memory, which lives as long as its last clone.
    ///
    /// # Errors
    /// When SQLite runs out of memory.
    pub fn in_memory() -> Result<Store, StoreError> {
        let path = Path::new(":memory:");
        let connection = Connection::open_in_memory().map_err(|source| StoreError::from_sqlite(path, source))?;
        Store::prepare(path, connection, Beginning::Usual)
    }

    pub(super) fn prepare(path: &Path, mut connection: Connection, beginning: Beginning) -> Result<Store, StoreError> {
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
        let in_a_file = connection.path().is_some_and(|path| !path.is_empty());
        let identity = in_a_file.then(|| Identity::of_database(path));
        let store = Store::over(path, connection, Access::Full(identity), beginning);
        store.recompute_due_times()?;
        Ok(store)
    }

    fn over(path: &Path, connection: Connection, access: Access, beginning: Beginning) -> Store {
        let shared = Shared {
            path: path.to_owned(),
            connection: Mutex::new(connection),
            changes: watch::Sender::new(0),
            access,
            beginning,
            damaged: Mutex::default(),
        };
        Store { shared: Arc::new(shared) }
    }

    /// Whether there was a store at this path, its file was gone, and this one began in its place.
    #[must_use]
    pub fn replaces_lost(&self) -> bool {
        self.shared.beginning == Beginning::AfterLoss
    }

    /// Whether the path still leads to this store, so that what is saved is found again. A store that was opened to read
    /// is never lost: it follows what is there.
    ///
    /// # Errors
    /// What became of the file.
    pub fn check_place(&self) -> Result<(), StoreError> {
        match &self.shared.access {
            Access::Full(Some(identity)) => identity.check().map_err(StoreError::Lost),
            Access::Full(None) | Access::ToRead(_) => Ok(()),
        }
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
    /// When the store cannot be read, or the file was deleted, replaced or emptied.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.check_place()?;
        if let Access::ToRead(snapshot) = &self.shared.access {
            snapshot.follow(&mut self.connection(), self.path())?;
            return Ok(snapshot.version());
        }
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

    /// The rows that could not be read since the last call, a sentence each. They stay in the file, and everything else
    /// works without them.
    #[must_use]
    pub fn take_damaged(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.damaged.lock().unwrap_or_else(PoisonError::into_inner).news)
    }

    /// Leaves out a row that cannot be read, and tells the host, once.
    pub(super) fn leave_out(&self, row: &str, why: impl Display) {
        let mut damaged = self.shared.damaged.lock().unwrap_or_else(PoisonError::into_inner);
        if damaged.known.insert(row.to_owned()) {
            tracing::error!(row, %why, "a row cannot be read");
            let path = self.path().display();
            damaged
                .news
                .push(format!("In {path}, {row} cannot be read: {why}; it is left out, and its row stays in the file"));
        }
    }

    pub(super) fn announce(&self) {
        self.shared.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The connection. It is safe to use after a panic, which rolled the open transaction back.
    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let mut connection = self.connection();
        if let Access::ToRead(snapshot) = &self.shared.access {
            snapshot.follow(&mut connection, self.path())?;
        }
        query(&connection).map_err(|source| self.failed(source))
    }

    /// Runs a write. Announces it if `changed` says that the result is a change.
    pub(super) fn write<T>(
        &self,
        changed: impl FnOnce(&T) -> bool,
        write: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.check_place()?;
        let result = write(&mut self.connection()).map_err(|source| self.failed(source))?;
        // Nothing is acknowledged that went into a file that is gone.
        self.check_place()?;
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
        moment(milliseconds).map_err(|why| self.corrupt(format!("a row cannot be read: {why}")))
    }
}

/// Switches to WAL, which the file remembers. SQLite's busy time-out does not apply here, so of two processes that create
/// one store at once, one must try again.
fn use_write_ahead_log(connection: &Connection) -> rusqlite::Result<()> {
    let is_busy = |error: &rusqlite::Error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
    retry_while_busy(is_busy, || connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())))
}
