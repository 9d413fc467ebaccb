//! What can go wrong with a file of our own.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// After this time, a wait for a lock ends.
pub const GIVE_UP: Duration = Duration::from_secs(10);

/// A failure. `Display` gives a sentence without a full stop: what happened, then what to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// Something else stands where the file should be.
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What stands there, as in `a directory`.
        kind: &'static str,
    },
    /// Somebody else held the lock all the time.
    Locked {
        /// The lock file.
        path: PathBuf,
        /// The process that holds the lock, if the system tells.
        holder: Option<u32>,
    },
    /// Another failure of the system.
    Io {
        /// The path.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

impl FileError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

impl FileError {
    /// What happened, to what; it begins with the path.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::NotAFile { path, kind } => {
                format!("{} is {kind}, where tickler needs a file of its own", path.display())
            }
            Self::Locked { path, holder } => {
                let holder = holder.map_or_else(|| "another process".to_owned(), |id| format!("process {id}"));
                format!("{} has been locked by {holder} for {} seconds", path.display(), GIVE_UP.as_secs())
            }
            Self::Io { path, source } => format!("{} cannot be used: {source}", path.display()),
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NotAFile { .. } => "move it away",
            Self::Locked { .. } => "end that process, or try again",
            Self::Io { .. } => "check its permissions and those of its directory",
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what(), self.advice())
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotAFile { .. } | Self::Locked { .. } => None,
            Self::Io { source, .. } => Some(source),
        }
    }
}
