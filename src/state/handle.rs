//! The handle of `state.db`, which the other modules add their methods to.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;

use files::Waiting;

use super::database::{Database, DatabaseError, FILE, Patience};
use super::instance::Instance;
use crate::failure::Failure;

/// An open `state.db`, and this process as one of its instances.
///
/// It has one connection. A second thread must open it again, and is then another instance.
#[derive(Debug)]
pub struct State {
    pub(super) database: Database,
    pub(super) instance: Instance,
    access: Access,
    /// The rows of a newer tickler that [`State::adopt`] has counted.
    pub(super) counted_newer: RefCell<HashSet<i64>>,
    /// The damaged receipts that the person was told of, by their keys.
    pub(super) told_damaged: RefCell<HashSet<String>>,
}

/// How a state may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Full,
    ToRead,
}

impl State {
    /// Whether this machine has a `state.db`. If that is unknown, returns true.
    #[must_use]
    pub fn exists(dir: &Path) -> bool {
        dir.join(FILE).try_exists().unwrap_or(true)
    }

    /// Opens `dir/state.db`. Creates the file and the directory if they are missing, readable by their owner alone.
    ///
    /// Holds an exclusive lock on a file in `dir/instances` until it is dropped, so that others see that this instance
    /// still owns its changes.
    ///
    /// # Errors
    /// A failure of kind [`FailureKind::Disk`](crate::failure::FailureKind::Disk) that names the path and what to do:
    /// the file cannot be created or written, is damaged or locked, or is from a newer version.
    pub fn open(dir: &Path) -> Result<Self, Failure> {
        Self::open_saying(dir, |waiting| tracing::warn!("{waiting}"))
    }

    /// As [`State::open`]. If it has to wait for another process for more than a second, passes to `say` for which.
    ///
    /// # Errors
    /// As [`State::open`].
    pub fn open_saying(dir: &Path, say: impl Fn(Waiting<'_>)) -> Result<Self, Failure> {
        let database = Database::open(dir, say)?;
        let directory = dir.join("instances");
        // `adopt` checks the locks within a write transaction too. Without one here, it could see a lock file that is
        // created and not locked yet, and take its instance for an ended one.
        let instance = database.write(|_| Ok(Instance::begin(&directory)?))?;
        Ok(Self::over(database, instance, Access::Full))
    }

    /// Opens `dir/state.db` to read it, where [`State::open`] fails: what was saved before can be shown at least. Every
    /// write fails.
    ///
    /// # Errors
    /// When there is no such file, it cannot be read, or it is from another version.
    pub fn open_to_read(dir: &Path) -> Result<Self, Failure> {
        let database = Database::open_to_read(dir)?;
        Ok(Self::over(database, Instance::reader(&dir.join("instances")), Access::ToRead))
    }

    fn over(database: Database, instance: Instance, access: Access) -> Self {
        Self { database, instance, access, counted_newer: RefCell::default(), told_damaged: RefCell::default() }
    }

    /// Whether it can only be read.
    #[must_use]
    pub fn is_to_read(&self) -> bool {
        self.access == Access::ToRead
    }

    /// Whether the file was deleted, replaced or emptied while it was open. Nothing can be written, then.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.database.lost().is_some()
    }

    /// Tries whether the file is whole and can be written, by a write that changes nothing.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn try_write(&self) -> Result<(), Failure> {
        self.database.write_with(Patience::Short, |connection| {
            let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if found != "ok" {
                return Err(DatabaseError::Failure(self.database.damaged()));
            }
            // SQLite writes the page even if the number stays.
            let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            Ok(connection.pragma_update(None, "user_version", version)?)
        })
    }
}
