//! Shows which processes are running: each holds an exclusive lock on a file of its own, which the system releases however
//! the process ends.
//!
//! Does not know what an instance owns.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use files::LockKind;
use uuid::Uuid;

use super::files::{file_failure, io_failure, make_directory};
use crate::failure::Failure;

/// An open `state.db` of this process.
#[derive(Debug)]
pub(super) struct Instance {
    id: Uuid,
    directory: PathBuf,
    /// Locked as long as it is open. An instance that only reads owns nothing, and has none.
    _lock: Option<File>,
}

impl Instance {
    /// A new instance, which ends when it is dropped.
    pub(super) fn begin(directory: &Path) -> Result<Self, Failure> {
        make_directory(directory)?;
        let id = Uuid::new_v4();
        let path = lock_file(directory, &id.to_string());
        let lock = files::lock(&path, LockKind::Exclusive, |_| ()).map_err(|error| file_failure(&error))?;
        Ok(Self { id, directory: directory.to_owned(), _lock: Some(lock) })
    }

    /// An instance that only reads.
    pub(super) fn reader(directory: &Path) -> Self {
        Self { id: Uuid::new_v4(), directory: directory.to_owned(), _lock: None }
    }

    /// Its name in the rows that it owns.
    pub(super) fn name(&self) -> String {
        self.id.to_string()
    }

    /// Whether an instance has ended. One without a lock file has.
    ///
    /// # Errors
    /// When its lock file cannot be read, so that nobody knows.
    pub(super) fn has_ended(&self, name: &str) -> Result<bool, Failure> {
        is_free(&lock_file(&self.directory, name))
    }

    /// Removes the lock files of instances that have ended. What cannot be read stays.
    ///
    /// # Errors
    /// When the directory cannot be read, or a file cannot be removed.
    pub(super) fn sweep(&self) -> Result<(), Failure> {
        let failed = |error| io_failure(&self.directory, &error);
        for entry in fs::read_dir(&self.directory).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "lock") && is_free(&path).unwrap_or(false) {
                remove(&path).map_err(|error| io_failure(&path, &error))?;
            }
        }
        Ok(())
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Ignores errors: the next instance that adopts sweeps the file.
        drop(remove(&lock_file(&self.directory, &self.name())));
    }
}

fn lock_file(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}.lock"))
}

/// Whether the file is missing, or nobody holds its lock.
fn is_free(path: &Path) -> Result<bool, Failure> {
    files::is_locked(path).map(|locked| !locked).map_err(|error| file_failure(&error))
}

/// Removes a file, if it exists.
fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
