//! The files of the state: their permissions, and what their errors mean to a person.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::failure::{Failure, FailureKind};

/// Creates a directory that only its owner may enter. An existing one stays as it is.
pub(super) fn make_directory(directory: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|error| file_failure(directory, &error))
}

/// Options that open a file for writing, or create it for its owner alone.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Creates the file if it is missing, and removes the permissions of everybody but its owner.
///
/// Call this before SQLite opens the file: SQLite gives the two files beside it the same permissions. Never opens an
/// existing file: closing it would drop the locks that SQLite holds on it in this process.
pub(super) fn make_private_file(path: &Path) -> Result<(), Failure> {
    let failed = |error| file_failure(path, &error);
    if !path.try_exists().map_err(failed)? {
        private().open(path).map_err(failed)?;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if path.metadata().map_err(failed)?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
        }
    }
    Ok(())
}

/// The failure for an error of the file system.
pub(super) fn file_failure(path: &Path, error: &io::Error) -> Failure {
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
