//! Texts on standard output and standard error.
//!
//! They may quote a memo, an argument, a file or a server, so nothing in them acts on a terminal.

use std::io::Write as _;

use crate::harmless;

/// Prints a line on standard output. A closed pipe is no error.
pub(super) fn print_line(line: &str) {
    print_styled(&harmless::lines(line));
}

/// Prints a line that has escape sequences of our own, and whose other parts are harmless already.
pub(super) fn print_styled(line: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "{line}") {
        tracing::debug!(%error, "standard output is closed");
    }
}

/// Prints a line on standard error. A closed pipe is no error.
pub(super) fn print_error(line: &str) {
    if let Err(error) = writeln!(std::io::stderr(), "{}", harmless::lines(line)) {
        tracing::debug!(%error, "standard error is closed");
    }
}
