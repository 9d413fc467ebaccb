//! The failures of the store, as sentences for the person whose memos are in it.
//!
//! Every sentence names the file, says what to do, and includes what SQLite or the system reported.

use std::io;
use std::path::{Path, PathBuf};

use files::{FileError, Lost};
use rusqlite::ErrorCode;

use super::busy::BUSY_TIMEOUT;
use super::place::with_suffix;

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
        "{} has locked the schedule store {} for {} s; end that process, or try again",
        holder.map_or_else(|| "another process".to_owned(), |holder| format!("process {holder}")),
        path.display(),
        BUSY_TIMEOUT.as_secs()
    )]
    Locked {
        /// The database file.
        path: PathBuf,
        /// The process, if the system tells.
        holder: Option<u32>,
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
    /// Something else is in the place of the store or of a file beside it, or a lock cannot be had.
    #[error("{0}")]
    File(FileError),
    /// The file is empty, and there was a store in it.
    #[error(
        "{} is empty, although a store was there; put your backup there, or delete the empty file to begin a new store",
        path.display()
    )]
    Empty {
        /// The database file.
        path: PathBuf,
    },
    /// The database is gone or empty, but its log is still there.
    #[error(
        "{} is missing or empty, but its log {} is there and may hold memos; put the file back beside it, or move the log \
         away to begin a new store",
        path.display(),
        log.display()
    )]
    OnlyTheLog {
        /// The database file.
        path: PathBuf,
        /// Its write-ahead log.
        log: PathBuf,
    },
    /// The file was deleted, replaced or emptied while it was open.
    #[error(
        "{0}, so nothing that is saved now would be found again; put the file back, or refresh to go on with what is there now"
    )]
    Lost(Lost),
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
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                let holder = files::holder(&with_suffix(&path, "-shm")).or_else(|| files::holder(&path));
                StoreError::Locked { path, holder }
            }
            Some(ErrorCode::CannotOpen) => StoreError::CannotOpen { path, source },
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                StoreError::Corrupt { path, reason: source.to_string() }
            }
            _ => StoreError::Failed { path, source },
        }
    }
}
