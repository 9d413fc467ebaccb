//! The host lock: how one process tells another that a delivery would be shown.
//!
//! It is advice and nothing more: deliveries are kept from doubling by transactions, not by this lock. It must never
//! know what a host does.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::store::{StoreError, open_private};

/// Held by a host while its engine runs; given up when dropped, and by the system when the process dies.
///
/// The lock is shared: several hosts may hold it at once.
#[derive(Debug)]
#[must_use = "the lock is given up as soon as this is dropped"]
pub struct HostLock {
    _file: File,
}

impl HostLock {
    /// Takes the lock of the store at `store_path`, on the file `<store>.host` beside it.
    ///
    /// # Errors
    /// When that file cannot be created or locked.
    pub fn hold(store_path: &Path) -> Result<HostLock, StoreError> {
        let path = lock_path(store_path);
        let failed = |source| StoreError::HostLock { path: path.clone(), source };
        let file = open_private(&path).map_err(failed)?;
        file.lock_shared().map_err(failed)?;
        Ok(HostLock { _file: file })
    }

    /// Whether anybody holds the lock, in this process or another: whether a delivery would be shown.
    ///
    /// It looks by trying to take the lock alone for a moment, so two that look in the same instant may each take the
    /// other for a host. It never errs the other way.
    ///
    /// # Errors
    /// When the lock file exists and cannot be looked at.
    pub fn is_held(store_path: &Path) -> Result<bool, StoreError> {
        let path = lock_path(store_path);
        let failed = |source| StoreError::HostLock { path: path.clone(), source };
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

fn lock_path(store_path: &Path) -> PathBuf {
    let mut name = store_path.as_os_str().to_owned();
    name.push(".host");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_hosts_hold_it_and_others_see_it_until_the_last_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        let store = directory.path().join("schedules.db");
        assert!(!HostLock::is_held(&store).unwrap(), "no lock file yet");
        let first = HostLock::hold(&store).unwrap();
        let second = HostLock::hold(&store).unwrap();
        assert!(HostLock::is_held(&store).unwrap());
        drop(first);
        assert!(HostLock::is_held(&store).unwrap());
        drop(second);
        assert!(!HostLock::is_held(&store).unwrap());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let error = HostLock::hold(Path::new("/proc/nowhere/schedules.db")).unwrap_err();
        assert!(error.to_string().contains("/proc/nowhere/schedules.db.host"), "{error}");
    }
}
