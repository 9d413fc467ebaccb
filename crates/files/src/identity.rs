//! Whether a path still leads to the file that is open.

use std::fmt;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// The files of an open SQLite database: the database, its write-ahead log and its shared memory. As long as a connection
/// is open, SQLite neither deletes nor replaces any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    path: PathBuf,
    /// Device and inode of each file that was there.
    files: Vec<(PathBuf, (u64, u64))>,
}

/// What became of a file that was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// It was deleted or moved away.
    Deleted(PathBuf),
    /// Another file is in its place.
    Replaced(PathBuf),
    /// It is still there, and empty.
    Emptied(PathBuf),
}

impl Identity {
    /// The files at this path, right after the database was opened.
    #[must_use]
    pub fn of_database(path: &Path) -> Self {
        let beside = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let present = |path: PathBuf| {
            let id = id(&path.metadata().ok()?)?;
            Some((path, id))
        };
        let files = [path.to_owned(), beside("-wal"), beside("-shm")].into_iter().filter_map(present).collect();
        Self { path: path.to_owned(), files }
    }

    /// Whether the path still leads to the same files. It costs a few microseconds, and opens nothing.
    ///
    /// # Errors
    /// What became of the first file that is not the same.
    pub fn check(&self) -> Result<(), Lost> {
        for (path, known) in &self.files {
            let metadata = match path.metadata() {
                Ok(metadata) => metadata,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Lost::Deleted(path.clone())),
                // Unknown. The next use of the file reports why.
                Err(_) => continue,
            };
            if id(&metadata).is_some_and(|id| id != *known) {
                return Err(Lost::Replaced(path.clone()));
            }
            if *path == self.path && metadata.len() == 0 {
                return Err(Lost::Emptied(path.clone()));
            }
        }
        Ok(())
    }
}

impl Lost {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Deleted(path) | Self::Replaced(path) | Self::Emptied(path) => path,
        }
    }
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().display();
        match self {
            Self::Deleted(_) => write!(f, "{path} was deleted or moved away while tickler had it open"),
            Self::Replaced(_) => write!(f, "{path} was replaced by another file while tickler had it open"),
            Self::Emptied(_) => write!(f, "{path} was emptied while tickler had it open"),
        }
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no such number")]
fn id(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn id(_: &Metadata) -> Option<(u64, u64)> {
    None
}
