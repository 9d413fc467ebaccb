//! The failures of the store, as sentences for the person whose memos are in it.
//!
//! Every sentence names the file, says what to do, and includes what SQLite or the system reported.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::busy::BUSY_TIMEOUT;

/// A failure of the store. `Display` gives a sentence that can be shown as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file or its directory cannot be created.
    #[error(
        "cannot create the schedule store {}: {source}; make its directory writable, or choose another path",
        path.display()
    )]
    CannotCreate {
        /// The database file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file exists and cannot be opened.
    #[error("cannot open the schedule store {}: {source}; check its permissions and those of its directory", path.display())]
    CannotOpen {
        /// The database file.
        path: PathBuf,
        /// SQLite's error.
        source: rusqlite::Error,
    },
    /// The file can be read but not written.
    #[error("the schedule store {} is read-only; make the file and its directory writable, or choose another path", path.display())]
    ReadOnly {
        /// The database file.
        path: PathBuf,
    },
    /// The file is not a database, or is damaged.
    #[error(
        "the schedule store {} is damaged, or is another kind of file ({reason}); move it aside to start with an empty store, or restore it from a backup",
        path.display()
    )]
    Corrupt {
        /// The database file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file system, or the database's own limit, is full.
    #[error("the disk with the schedule store {} is full, so nothing was written; free some space and try again", path.display())]
    Full {
        /// The database file.
        path: PathBuf,
    },
    /// Another process kept it locked for too long.
    #[error(
        "another process has locked the schedule store {} for {} s; end that process, or try again",
        path.display(),
        BUSY_TIMEOUT.as_secs()
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
        /// The version of the file.
        found: usize,
        /// The latest version that this program knows.
        known: usize,
    },
    /// A lock file beside the store cannot be created, opened or locked.
    #[error("cannot lock {}: {source}; check the permissions of its directory", path.display())]
    LockFile {
        /// The lock file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Another failure to read or write.
    #[error("the schedule store {} failed: {source}; check the disk, and try again", path.display())]
    Failed {
        /// The database file.
        path: PathBuf,
        /// SQLite's error.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// Classifies an error of SQLite by what the person can do about it.
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
