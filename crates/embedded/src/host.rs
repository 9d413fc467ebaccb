//! The host lock: how a process sees that another one shows deliveries.
//!
//! The lock is only advice: transactions, not this lock, prevent doubled deliveries. Does not depend on the engine.

use std::fs::File;
use std::path::{Path, PathBuf};

use files::{LockKind, Waiting};

use crate::store::{StoreError, path_beside};

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
    /// When that file cannot be created, or another process holds it for itself and does not let go within ten seconds.
    pub fn hold(store_path: &Path) -> Result<HostLock, StoreError> {
        HostLock::wait(store_path, |waiting| tracing::warn!("{waiting}"))
    }

    /// As [`HostLock::hold`]. A wait of more than a second is passed to `say`, once.
    ///
    /// # Errors
    /// As [`HostLock::hold`].
    pub fn wait(store_path: &Path, say: impl Fn(Waiting<'_>)) -> Result<HostLock, StoreError> {
        let path = path_beside(store_path, SUFFIX);
        let file = files::lock(&path, LockKind::Shared, say).map_err(StoreError::File)?;
        Ok(HostLock { path, file })
    }

    /// As [`HostLock::hold`], but without a wait: `None` while another process holds the lock for itself.
    ///
    /// # Errors
    /// When that file cannot be created.
    pub fn try_hold(store_path: &Path) -> Result<Option<HostLock>, StoreError> {
        let path = path_beside(store_path, SUFFIX);
        let locked = files::try_lock(&path, LockKind::Shared).map_err(StoreError::File)?;
        Ok(locked.map(|file| HostLock { path, file }))
    }

    /// Releases the lock, for a process that is about to be stopped and delivers nothing until it goes on.
    ///
    /// # Errors
    /// When the lock file cannot be unlocked.
    pub fn pause(&self) -> Result<(), StoreError> {
        files::unlock(&self.file, &self.path).map_err(StoreError::File)
    }

    /// Takes the lock again after [`HostLock::pause`], unless another process holds it for itself just now.
    ///
    /// # Errors
    /// When the lock file cannot be locked.
    pub fn try_resume(&self) -> Result<bool, StoreError> {
        files::try_lock_again(&self.file, &self.path, LockKind::Shared).map_err(StoreError::File)
    }

    /// Takes the lock again after [`HostLock::pause`].
    ///
    /// # Errors
    /// When the lock file cannot be locked, or another process holds it for itself for ten seconds.
    pub fn resume(&self) -> Result<(), StoreError> {
        let say = |waiting: Waiting<'_>| tracing::warn!("{waiting}");
        files::lock_again(&self.file, &self.path, LockKind::Shared, say).map_err(StoreError::File)
    }

    /// Whether a host holds the lock, in this process or another.
    ///
    /// Takes the exclusive lock for a moment, so two simultaneous callers may each see the other as a host. It never misses
    /// a host.
    ///
    /// # Errors
    /// When the lock file exists and cannot be opened or locked.
    pub fn is_held(store_path: &Path) -> Result<bool, StoreError> {
        files::is_locked(&path_beside(store_path, SUFFIX)).map_err(StoreError::File)
    }

    /// A host that is stopped and delivers nothing until it continues, if there is no other, and if the system tells.
    #[must_use]
    pub fn stopped_host(store_path: &Path) -> Option<u32> {
        files::stopped_holder(&path_beside(store_path, SUFFIX))
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
