//! The host lock: how a process sees that another one shows deliveries.
//!
//! The lock is only advice: transactions, not this lock, prevent doubled deliveries. Does not depend on the engine.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::store::{StoreError, open_private, path_beside};

/// The lock file is `memos.db.host` for `memos.db`.
const SUFFIX: &str = "host";

/// The lock that a host holds while its engine runs. It ends when dropped, or with the process.
///
/// The lock is shared: several hosts may hold it at once.
#[derive(Debug)]
#[must_use = "dropping this releases the lock"]
pub struct HostLock {
    path: PathBuf,
    file: File,
}

impl HostLock {
    /// Locks the file `<store>.host` beside the store at `store_path`.
    ///
    /// # Errors
    /// When that file cannot be created or locked.
    pub fn hold(store_path: &Path) -> Result<HostLock, StoreError> {
        let path = path_beside(store_path, SUFFIX);
        let failed = |source| StoreError::LockFile { path: path.clone(), source };
        let file = open_private(&path).map_err(failed)?;
        file.lock_shared().map_err(failed)?;
        Ok(HostLock { path, file })
    }

    /// Releases the lock, for a process that is about to be stopped and delivers nothing until it goes on.
    ///
    /// # Errors
    /// When the lock file cannot be unlocked.
    pub fn pause(&self) -> Result<(), StoreError> {
        self.file.unlock().map_err(|source| self.failed(source))
    }

    /// Takes the lock again after [`HostLock::pause`].
    ///
    /// # Errors
    /// When the lock file cannot be locked.
    pub fn resume(&self) -> Result<(), StoreError> {
        self.file.lock_shared().map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> StoreError {
        StoreError::LockFile { path: self.path.clone(), source }
    }

    /// Whether a host holds the lock, in this process or another.
    ///
    /// Takes the exclusive lock for a moment, so two simultaneous callers may each see the other as a host. It never misses
    /// a host.
    ///
    /// # Errors
    /// When the lock file exists and cannot be opened or locked.
    pub fn is_held(store_path: &Path) -> Result<bool, StoreError> {
        let path = path_beside(store_path, SUFFIX);
        let failed = |source| StoreError::LockFile { path: path.clone(), source };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(failed(error)),
        };
        match file.try_lock() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_see_the_lock_until_the_last_host_drops_it() {
        let directory = tempfile::tempdir().unwrap();
        let store = directory.path().join("schedules.db");
        assert!(!HostLock::is_held(&store).unwrap(), "no lock file yet");
        let first = HostLock::hold(&store).unwrap();
        let second = HostLock::hold(&store).unwrap();
        assert!(HostLock::is_held(&store).unwrap());
        drop(first);
        assert!(HostLock::is_held(&store).unwrap());
        second.pause().unwrap();
        assert!(!HostLock::is_held(&store).unwrap());
        second.resume().unwrap();
        assert!(HostLock::is_held(&store).unwrap());
        drop(second);
        assert!(!HostLock::is_held(&store).unwrap());
    }

    #[test]
    fn an_error_names_the_lock_file() {
        let error = HostLock::hold(Path::new("/proc/nowhere/schedules.db")).unwrap_err();
        assert!(error.to_string().contains("/proc/nowhere/schedules.db.host"), "{error}");
    }
}
