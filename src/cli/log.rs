//! The log file: what the program did, for whoever looks into a fault. Never the screen.

use std::fs::{File, OpenOptions, create_dir_all};
use std::io;
use std::path::Path;

use tracing_subscriber::EnvFilter;

/// The size at which the log begins anew, the last one being kept beside it.
const FULL: u64 = 4 << 20;

/// Begins to write the log, by `TICKLER_LOG` as detailed as wanted (`warn` unless it is set). A log that cannot be
/// written is no reason not to remind anybody: the program goes on without.
pub fn begin(path: &Path) {
    let Ok(file) = open(path) else { return };
    let filter = EnvFilter::try_from_env("TICKLER_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(file);
    if log.try_init().is_err() {
        tracing::debug!("a log is being written already");
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        create_dir_all(directory)?;
    }
    if path.metadata().is_ok_and(|file| file.len() > FULL) {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
