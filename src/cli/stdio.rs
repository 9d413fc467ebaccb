//! Single lines on standard output and standard error.

use std::io::Write as _;

/// Prints a line on standard output. A closed pipe is no error.
pub(super) fn print_line(line: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "{line}") {
        tracing::debug!(%error, "standard output is closed");
    }
}

/// Prints a line on standard error. A closed pipe is no error.
pub(super) fn print_error(line: &str) {
    if let Err(error) = writeln!(std::io::stderr(), "{line}") {
        tracing::debug!(%error, "standard error is closed");
    }
}
