//! The log file, for debugging. Nothing of it reaches the screen.

use std::fs::{File, OpenOptions, create_dir_all};
use std::io;
use std::path::Path;

use tracing_subscriber::EnvFilter;

/// The size at which a new log starts. One old log is kept beside it.
const MAX_BYTES: u64 = 4 << 20;

/// Starts logging at the level of `TICKLER_LOG`, or `warn`. If the file cannot be written, the program runs without a
/// log: reminders matter more.
pub(super) fn start(path: &Path) {
    let Ok(file) = open(path) else { return };
    let filter = EnvFilter::try_from_env("TICKLER_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(file);
    if log.try_init().is_err() {
        tracing::debug!("logging has already started");
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        create_dir_all(directory)?;
    }
    if path.metadata().is_ok_and(|file| file.len() > MAX_BYTES) {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
