//! How `init` and `teardown` talk to the person: lines of output, and questions.

use std::fmt;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use super::exit_code;
use super::stdio::{print_error, print_line};
use crate::failure::{Failure, FailureKind};
use crate::harmless;

/// Prints lines and asks questions.
pub trait Prompt {
    /// Prints a line.
    fn print(&mut self, line: &str);

    /// Whether a person can answer.
    fn can_ask(&self) -> bool;

    /// Asks, and waits for a line. Returns an empty answer if input ends.
    fn ask(&mut self, question: &str) -> String;
}

/// The terminal of this process.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terminal;

impl Prompt for Terminal {
    fn print(&mut self, line: &str) {
        print_line(line);
    }

    fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
    }

    fn ask(&mut self, question: &str) -> String {
        let mut out = std::io::stdout();
        let asked = write!(out, "{} ", harmless::lines(question)).and_then(|()| out.flush());
        let mut answer = String::new();
        let read = asked.and_then(|()| std::io::stdin().lock().read_line(&mut answer));
        if let Err(error) = read {
            tracing::debug!(%error, "no answer");
            answer.clear();
        }
        answer.trim().to_owned()
    }
}

/// Why `init` or `teardown` stopped early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The arguments do not fit together or do not fit the settings: sentences.
    Usage(String),
    /// The person said no.
    Declined,
    /// Something failed.
    Failed(Failure),
}

impl From<Failure> for Stop {
    /// Replaces advice that is meant for the screen, which retries by itself.
    fn from(failure: Failure) -> Self {
        let advice = match failure.kind {
            FailureKind::Offline => {
                "Check the network and the name of the region, then run the same command again.".to_owned()
            }
            FailureKind::Throttled | FailureKind::NoAnswer | FailureKind::Service => {
                "Run the same command again: it continues where it stopped.".to_owned()
            }
            FailureKind::NoCredentials
            | FailureKind::Expired
            | FailureKind::Settings
            | FailureKind::Denied
            | FailureKind::PassRole
            | FailureKind::RoleNotAssumable
            | FailureKind::ReadOnly
            | FailureKind::NotFound
            | FailureKind::Conflict
            | FailureKind::Invalid
            | FailureKind::Disk => failure.advice,
        };
        Self::Failed(Failure { advice, ..failure })
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what) => f.write_str(what),
            Self::Declined => f.write_str("Nothing was changed."),
            Self::Failed(failure) => failure.fmt(f),
        }
    }
}

/// Prints why a command stopped, and returns its exit code.
fn report(ended: Result<(), Stop>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            print_error(&stop.to_string());
            match stop {
                Stop::Usage(_) => ExitCode::from(exit_code::USAGE),
                Stop::Declined | Stop::Failed(_) => ExitCode::FAILURE,
            }
        }
    }
}

/// Runs a command to its end on this thread, and returns its exit code.
pub(super) fn run(command: impl Future<Output = Result<(), Stop>>) -> ExitCode {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => report(runtime.block_on(command)),
        Err(error) => {
            print_error(&format!("tickler cannot start: {error}."));
            ExitCode::FAILURE
        }
    }
}
