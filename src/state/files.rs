//! The files of the state: their permissions, and what their errors mean to a person.

use std::io::{self, ErrorKind};
use std::path::Path;

use files::{FileError, create_private_directory, restrict_directory};

use crate::failure::{Failure, FailureKind};

/// Creates a directory that only its owner may enter, and takes an existing one from others. It is tickler's own.
pub(super) fn make_directory(directory: &Path) -> Result<(), Failure> {
    create_private_directory(directory).map_err(|error| io_failure(directory, &error))?;
    restrict_directory(directory);
    Ok(())
}

/// The failure for a file of our own that cannot be used.
pub(super) fn file_failure(error: &FileError) -> Failure {
    match error {
        FileError::Io { path, source } => io_failure(path, source),
        other => Failure::new(FailureKind::Disk, format!("{}.", other.what()), format!("{}.", capital(other.advice()))),
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The failure for an error of the file system.
pub(super) fn io_failure(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    let (what, advice) = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => return read_only(path),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => return full(path),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => (
            format!("{shown} cannot be created, because a file is where a directory should be."),
            "Move that file aside, or point XDG_STATE_HOME at another directory.",
        ),
        _ => (
            format!("{shown} cannot be used: {error}."),
            "Check the disk and the directory, or point XDG_STATE_HOME at another directory.",
        ),
    };
    Failure::new(FailureKind::Disk, what, advice)
}

/// The failure for a file that cannot be written.
pub(super) fn read_only(path: &Path) -> Failure {
    Failure::new(
        FailureKind::Disk,
        format!("{} cannot be written.", path.display()),
        "Make the file and its directory writable, or point XDG_STATE_HOME at a writable directory.",
    )
}

/// The failure for a full disk.
pub(super) fn full(path: &Path) -> Failure {
    Failure::new(
        FailureKind::Disk,
        format!("There is no space left on the disk to write {}.", path.display()),
        "Free some space, then try again.",
    )
}
