//! The schedules, groups, deliveries and dead letters, in one SQLite file.
//!
//! Durability is the point: a write that returned has been synced, so it survives `kill -9` and a power cut. Every
//! method is one transaction at most, and says so where it is one. It must never know of HTTP, of time zones beyond
//! recomputing due moments, or of what a delivery means.

mod error;
mod firing;
mod groups;
mod log;
mod migrations;
mod schedules;

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};
use tokio::sync::watch;

pub use error::StoreError;
pub(crate) use firing::{Attempt, DueRow, Outcome};
pub(crate) use groups::{Group, GroupRefusal};
pub use log::DeadLetter;
pub(crate) use log::{LogEvent, LogQuery};
pub(crate) use schedules::{Created, ListQuery, StoredSchedule, Summary};

/// How long a write waits for another process's before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The store: a cheap handle that may be cloned and sent around; all clones share one connection.
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
    /// Opens the store at `path`, and creates it where there is none: the file for its owner alone (0600), its
    /// directory likewise (0700) if that is missing too.
    ///
    /// # Errors
    /// When the file cannot be created, opened or written, is no store, or one of a newer version.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        create_privately(path)?;
        // Not CREATE: a file that vanished since is an error to be told, not one to be made with other permissions.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).map_err(|source| StoreError::from_sqlite(path, source))?;
        Store::prepare(path, connection)
    }

    /// A store that lives as long as its last clone, and is never written to disk.
    ///
    /// # Errors
    /// When SQLite cannot set it up, for want of memory.
    pub fn in_memory() -> Result<Store, StoreError> {
        let path = Path::new(":memory:");
        let connection = Connection::open_in_memory().map_err(|source| StoreError::from_sqlite(path, source))?;
        Store::prepare(path, connection)
    }

    fn prepare(path: &Path, mut connection: Connection) -> Result<Store, StoreError> {
        let failed = |source| StoreError::from_sqlite(path, source);
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(64);
        if connection.is_readonly("main").map_err(failed)? {
            return Err(StoreError::ReadOnly { path: path.to_owned() });
        }
        use_write_ahead_log(&connection).map_err(failed)?;
        // FULL: in WAL mode each commit is synced, so what was acknowledged survives a power cut too.
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        migrations::migrate(&mut connection).map_err(failed)?.map_err(|found| StoreError::Newer {
            path: path.to_owned(),
            found,
            known: migrations::KNOWN,
        })?;
        let store = Store {
            shared: Arc::new(Shared {
                path: path.to_owned(),
                connection: Mutex::new(connection),
                changes: watch::Sender::new(0),
            }),
        };
        store.recompute_due_moments()?;
        Ok(store)
    }

    /// Gives up syncing, for a store that can be made again: the seed of a benchmark, or a test's. What is written from
    /// here on survives `kill -9` still, and a power cut no more.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn forgo_syncing(&self) -> Result<(), StoreError> {
        self.read(|connection| connection.pragma_update(None, "synchronous", "OFF"))
    }

    /// A count that moves with every write made through this store and its clones, deliveries among them.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }

    /// SQLite's `data_version`: a number that moves when *another* connection or process has written. Only a change
    /// of it means anything.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.read(|connection| connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0)))
    }

    /// Says that somebody else wrote, as [`Store::data_version`] tells: whoever waits on [`Store::changes`] is woken,
    /// an engine among them.
    pub fn announce_foreign_change(&self) {
        self.announce();
    }

    /// Where the store is; `:memory:` for one that is nowhere.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    fn announce(&self) {
        self.shared.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The connection. A panic while it was held rolled its transaction back, so there is nothing to fear from it.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        query(&self.connection()).map_err(|source| self.failed(source))
    }

    /// Runs a write, and tells those who wait for changes if it did change something, as `changed` reads off the
    /// answer.
    fn write<T>(
        &self,
        changed: impl FnOnce(&T) -> bool,
        write: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let answer = write(&mut self.connection()).map_err(|source| self.failed(source))?;
        if changed(&answer) {
            self.announce();
        }
        Ok(answer)
    }

    fn failed(&self, source: rusqlite::Error) -> StoreError {
        StoreError::from_sqlite(&self.shared.path, source)
    }

    fn corrupt(&self, reason: impl Into<String>) -> StoreError {
        StoreError::Corrupt { path: self.shared.path.clone(), reason: reason.into() }
    }

    /// Reads a column that this crate wrote as JSON.
    fn decode<T: serde::de::DeserializeOwned>(&self, json: &str) -> Result<T, StoreError> {
        serde_json::from_str(json).map_err(|error| self.corrupt(format!("a row cannot be read: {error}")))
    }

    /// Reads a column that this crate wrote as milliseconds.
    fn moment(&self, milliseconds: i64) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_millis(milliseconds)
            .ok_or_else(|| self.corrupt(format!("a row's moment, {milliseconds} ms, is out of range")))
    }
}

/// Switches to WAL, which a database remembers. SQLite does not wait for locks here, whatever the busy time-out, so
/// two processes that create one store at once must try again.
fn use_write_ahead_log(connection: &Connection) -> rusqlite::Result<()> {
    const PAUSE: Duration = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    loop {
        let switched = connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
        match switched {
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) && waited < BUSY_TIMEOUT =>
            {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
            }
            outcome => return outcome,
        }
    }
}

/// Makes the file before SQLite would, so that it is never readable by others, not even for a moment. SQLite gives
/// its `-wal` and `-shm` files the permissions of the database.
fn create_privately(path: &Path) -> Result<(), StoreError> {
    let failed = |source| StoreError::CannotCreate { path: path.to_owned(), source };
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        create_directory(directory).map_err(failed)?;
    }
    // Only where there is none: opening and closing a file that SQLite holds would drop this process's locks on it.
    match private_options().create_new(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => restrict(path).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

/// Opens a file to be written, and creates it for its owner alone where there is none.
pub(crate) fn open_private(path: &Path) -> std::io::Result<File> {
    private_options().create(true).truncate(false).open(path)
}

fn private_options() -> OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn create_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes a store that others may read back to its owner.
#[cfg(unix)]
fn restrict(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = path.metadata()?;
    if metadata.is_file() && metadata.permissions().mode() & 0o077 != 0 {
        let mode = metadata.permissions().mode() & 0o700;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn restrict(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::definition::Definition;

    fn definition(description: &str) -> Definition {
        serde_json::from_value(json!({
            "ScheduleExpression": "at(2030-01-01T00:00:00)",
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "Target": { "Arn": crate::EXECUTE_MEMO_ARN, "RoleArn": crate::ROLE_ARN },
            "Description": description,
        }))
        .unwrap()
    }

    fn create(store: &Store, name: &str, description: &str) -> Result<Created, StoreError> {
        let now = DateTime::UNIX_EPOCH;
        store.create_schedule(("default", name), &definition(description), Some(now), now)
    }

    /// A store on disk whose connection a test may tamper with.
    fn on_disk(tamper: &str) -> (tempfile::TempDir, Store) {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("schedules.db")).unwrap();
        store.connection().execute_batch(tamper).unwrap();
        (directory, store)
    }

    fn sentence(store: &Store, error: &StoreError) -> String {
        let path = store.path().display().to_string();
        assert!(error.to_string().contains(&path), "{error}");
        error.to_string().replace(&path, "PATH")
    }

    #[test]
    fn a_full_disk_is_told_and_loses_nothing() {
        // The database may not grow, which SQLite tells as it tells a full disk.
        let (_directory, store) = on_disk("PRAGMA max_page_count = 1");
        let small = create(&store, "small", "");
        assert_eq!(small.unwrap(), Created::Done);
        let large = "x".repeat(100_000);
        let error = create(&store, "large", &large).unwrap_err();
        assert_eq!(
            sentence(&store, &error),
            "the disk of the schedule store PATH is full, so nothing was written; free some space and try again"
        );
        assert!(store.schedule("default", "small").unwrap().is_some());
        assert!(store.schedule("default", "large").unwrap().is_none());
    }

    #[test]
    fn a_store_that_became_read_only_is_told() {
        let (_directory, store) = on_disk("PRAGMA query_only = ON");
        let error = create(&store, "tea", "").unwrap_err();
        assert_eq!(
            sentence(&store, &error),
            "the schedule store PATH is read-only; make the file and its directory writable, or name another place for it"
        );
        assert!(store.schedule("default", "tea").unwrap().is_none(), "reading goes on");
    }

    #[test]
    fn a_store_that_cannot_be_written_is_refused_when_it_is_opened() {
        let (directory, store) = on_disk("");
        let path = directory.path().join("schedules.db");
        drop(store);
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let error = Store::prepare(&path, connection).unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    }

    #[test]
    fn a_store_that_another_process_locks_is_told() {
        let (directory, store) = on_disk("PRAGMA busy_timeout = 0");
        let other = Connection::open(directory.path().join("schedules.db")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let error = create(&store, "tea", "").unwrap_err();
        assert_eq!(
            sentence(&store, &error),
            "the schedule store PATH is locked by another process and stayed so for 5 s; end that process, or try again"
        );
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(create(&store, "tea", "").unwrap(), Created::Done);
    }

    #[test]
    fn every_commit_is_synced() {
        let (_directory, store) = on_disk("");
        let pragma = |name: &str| -> String {
            let query = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
            store.connection().query_row(&query, [], |row| row.get(0)).unwrap()
        };
        assert_eq!((pragma("journal_mode"), pragma("synchronous")), ("wal".into(), "2".into()));
    }

    #[test]
    fn a_panic_while_writing_leaves_the_store_as_it_was() {
        let store = Store::in_memory().unwrap();
        assert_eq!(create(&store, "tea", "").unwrap(), Created::Done);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.settle_due(DateTime::UNIX_EPOCH, 1, |_| panic!("a target that panics"))
        }));
        assert!(panicked.is_err());
        assert_eq!(store.next_attempt().unwrap(), Some(DateTime::UNIX_EPOCH));
        assert_eq!(create(&store, "milk", "").unwrap(), Created::Done);
    }
}
