//! The files of the store: what is there before it is opened.
//!
//! Does not depend on SQLite.

use std::path::Path;

use files::{FileError, create_private_directory, make_private_file, refuse_other_kinds};

use super::error::StoreError;
use super::place::{path_beside, with_suffix};

/// The lock of a migration. The file stays, so it also says that there was a store.
pub(super) const MIGRATING: &str = "migrating";

/// How a store begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginning {
    /// It was there, or there never was one.
    Usual,
    /// There was one, and its file is gone: a new one begins.
    AfterLoss,
}

/// Prepares the file of a store, private and perhaps empty, and its directory if that is missing too.
///
/// SQLite would create the file itself, but others could then read it for a moment. SQLite gives its `-wal` and `-shm`
/// files the permissions of the database.
pub(super) fn prepare(path: &Path) -> Result<Beginning, StoreError> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        create_private_directory(directory)
            .map_err(|source| StoreError::CannotCreate { path: path.to_owned(), source })?;
    }
    let beginning = beginning(path)?;
    make_private_file(path).map_err(|error| cannot_create(path, error))?;
    Ok(beginning)
}

/// Refuses what is not a file, and an empty file in the place of a store.
///
/// Looks in this order, because another process may be making the store: the database has its first page before the other
/// files are there.
pub(super) fn beginning(path: &Path) -> Result<Beginning, StoreError> {
    let look = |path: &Path| refuse_other_kinds(path).map_err(StoreError::File);
    let was_there = look(&path_beside(path, MIGRATING))?.is_some();
    let log = with_suffix(path, "-wal");
    let log_has_memos = look(&log)?.is_some_and(|log| log.len() > 0);
    look(&with_suffix(path, "-shm"))?;
    let size = look(path)?.map(|file| file.len());
    match size {
        // SQLite would delete the log.
        None | Some(0) if log_has_memos => Err(StoreError::OnlyTheLog { path: path.to_owned(), log }),
        Some(0) if was_there => Err(StoreError::Empty { path: path.to_owned() }),
        None if was_there => Ok(Beginning::AfterLoss),
        None | Some(_) => Ok(Beginning::Usual),
    }
}

fn cannot_create(path: &Path, error: FileError) -> StoreError {
    match error {
        FileError::Io { source, .. } => StoreError::CannotCreate { path: path.to_owned(), source },
        other => StoreError::File(other),
    }
}
