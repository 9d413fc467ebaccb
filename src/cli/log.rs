//! The log file, for debugging. Nothing of it reaches the screen.

use std::fs::File;
use std::io;
use std::path::Path;

use files::{FileError, Links};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{ParseError, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::failure::{Failure, FailureKind};

/// The size at which a new log starts. One old log is kept beside it.
const MAX_BYTES: u64 = 4 << 20;

/// Starts logging at the levels of `TICKLER_LOG`. If the file cannot be written, the program runs without a log:
/// reminders matter more.
///
/// # Errors
/// When the log is not a file, such as a directory or a FIFO.
pub(super) fn start(path: &Path) -> Result<(), Failure> {
    let file = match open(path) {
        Ok(file) => file,
        Err(FileError::Io { .. }) => return Ok(()),
        Err(error) => return Err(no_log(&error)),
    };
    let setting = std::env::var("TICKLER_LOG").ok();
    // Otherwise, a line that cannot be written would go to standard error, which is the screen.
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).log_internal_errors(false).with_writer(file);
    let (levels, error) = match levels(setting.as_deref()) {
        Ok(levels) => (levels, None),
        Err(error) => (Targets::new().with_default(LevelFilter::WARN), Some(error)),
    };
    if tracing_subscriber::registry().with(lines).with(levels).try_init().is_err() {
        tracing::debug!("logging has already started");
    }
    if let Some(error) = error {
        tracing::warn!("TICKLER_LOG is invalid ({error}); logging warnings only");
    }
    Ok(())
}

fn no_log(error: &FileError) -> Failure {
    Failure::new(FailureKind::Disk, format!("{}.", error.what()), "Move it away. tickler works, but writes no log.")
}

/// The levels in `TICKLER_LOG`: one for everything, as in `debug`, or one for each target, as in
/// `tickler=debug,aws_config=trace`. `warn` if the variable is unset.
fn levels(setting: Option<&str>) -> Result<Targets, ParseError> {
    setting.unwrap_or("warn").parse()
}

fn open(path: &Path) -> Result<File, FileError> {
    let failed = |source: io::Error| FileError::Io { path: path.to_owned(), source };
    if let Some(directory) = path.parent() {
        files::create_private_directory(directory).map_err(failed)?;
        files::restrict_directory(directory);
    }
    if path.symlink_metadata().is_ok_and(|file| file.is_file() && file.len() > MAX_BYTES) {
        std::fs::rename(path, path.with_extension("log.1")).map_err(failed)?;
    }
    files::open_private(path, Links::Refuse)
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::levels;

    #[test]
    fn tickler_log_sets_the_levels() {
        for (setting, target, level, enabled) in [
            (None, "tickler", Level::WARN, true),
            (None, "tickler", Level::INFO, false),
            (Some("debug"), "hyper::client", Level::DEBUG, true),
            (Some("debug"), "tickler", Level::TRACE, false),
            (Some("off"), "tickler", Level::ERROR, false),
            (Some("tickler=debug,info"), "tickler::aws", Level::DEBUG, true),
            (Some("tickler=debug,info"), "hyper::client", Level::DEBUG, false),
            (Some("tickler=debug,info"), "hyper::client", Level::INFO, true),
        ] {
            let levels = levels(setting).expect("valid levels");
            assert_eq!(levels.would_enable(target, &level), enabled, "{setting:?} {target} {level}");
        }
        assert!(levels(Some("tickler=loud")).is_err());
    }
}
