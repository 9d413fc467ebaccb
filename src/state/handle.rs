//! The handle of `state.db`, which the other modules add their methods to.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;

use super::database::{Database, FILE};
use super::instance::Instance;
use crate::failure::Failure;

/// An open `state.db`, and this process as one of its instances.
///
/// It has one connection. A second thread must open it again, and is then another instance.
#[derive(Debug)]
pub struct State {
    pub(super) database: Database,
    pub(super) instance: Instance,
    /// The rows of a newer tickler that [`State::adopt`] has counted.
    pub(super) counted_newer: RefCell<HashSet<i64>>,
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
        let database = Database::open(dir)?;
        let directory = dir.join("instances");
        // `adopt` checks the locks within a write transaction too. Without one here, it could see a lock file that is
        // created and not locked yet, and take its instance for an ended one.
        let instance = database.write(|_| Ok(Instance::begin(&directory)?))?;
        Ok(Self { database, instance, counted_newer: RefCell::default() })
    }
}
