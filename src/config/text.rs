//! Reads the text of the settings file.
//!
//! Does not know what is in it.

use std::path::Path;

use files::FileError;

use crate::failure::{Failure, FailureKind};

/// The text of the settings file; `None` if there is none.
///
/// # Errors
/// When it is not a file, or cannot be read. A FIFO is refused at once.
pub fn read_text(path: &Path) -> Result<Option<String>, Failure> {
    files::read_to_string(path).map_err(|error| {
        let (why, advice) = match &error {
            FileError::Io { source, .. } => (source.to_string(), "Make the file readable, or move it away."),
            FileError::NotAFile { kind, .. } => (format!("it is {kind}"), "Move it away."),
            other => (other.to_string(), ""),
        };
        let what = format!("The settings in {} cannot be read: {why}.", path.display());
        Failure::new(FailureKind::Settings, what, advice)
    })
}
