//! What can go wrong with the store, in sentences for the person whose memos are in it.
//!
//! Every sentence names the file and says what to do. It must never hide what SQLite or the system said.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the store could not do what was asked of it. Displayed, it is a sentence that can be shown as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file, or the directory it is to stand in, cannot be created.
    #[error(
        "cannot create the schedule store {}: {source}; check that its directory may be written to, or name another place for it",
        path.display()
    )]
    CannotCreate {
        /// The database file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file exists and cannot be opened.
    #[error("cannot open the schedule store {}: {source}; check its permissions and those of its directory", path.display())]
    CannotOpen {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// It can be read and not written.
    #[error("the schedule store {} is read-only; make the file and its directory writable, or name another place for it", path.display())]
    ReadOnly {
        /// The database file.
        path: PathBuf,
    },
    /// It is no database, or a damaged one.
    #[error(
        "the schedule store {} is damaged or no store at all ({reason}); move it aside to start an empty one, or restore it from a backup",
        path.display()
    )]
    Corrupt {
        /// The database file.
        path: PathBuf,
        /// What gave it away.
        reason: String,
    },
    /// The file system, or the database's own limit, is full.
    #[error("the disk of the schedule store {} is full, so nothing was written; free some space and try again", path.display())]
    Full {
        /// The database file.
        path: PathBuf,
    },
    /// Another process kept it locked for longer than is waited.
    #[error(
        "the schedule store {} is locked by another process and stayed so for {} s; end that process, or try again",
        path.display(),
        super::BUSY_TIMEOUT.as_secs()
    )]
    Locked {
        /// The database file.
        path: PathBuf,
    },
    /// A later version of this program wrote it.
    #[error(
        "the schedule store {} has version {found}, and this program knows versions up to {known}; use the newer program that wrote it, or name another place for the store",
        path.display()
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The latest version known here.
        known: i64,
    },
    /// The lock file beside the store cannot be created, opened or locked.
    #[error("cannot lock {}: {source}; check the permissions of its directory", path.display())]
    HostLock {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Reading or writing failed in another way.
    #[error("the schedule store {} failed: {source}; check the disk it is on, and try again", path.display())]
    Failed {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// Sorts what SQLite said by what the person can do about it.
    pub(super) fn from_sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path },
            Some(ErrorCode::DiskFull) => StoreError::Full { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked { path },
            Some(ErrorCode::CannotOpen) => StoreError::CannotOpen { path, source },
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                StoreError::Corrupt { path, reason: source.to_string() }
            }
            _ => StoreError::Failed { path, source },
        }
    }
}
