//! What a command says, and what it asks, beside the screen of the program: lines, on a terminal or into a pipe.

use std::fmt;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use super::{USAGE, complain, say};
use crate::failure::{Failure, FailureKind};

/// Whoever a command talks to.
pub trait Prompt {
    /// Says a line.
    fn say(&mut self, line: &str);

    /// Whether there is somebody to ask.
    fn can_ask(&self) -> bool;

    /// Asks, and waits for a line; an empty one where nobody answers.
    fn ask(&mut self, question: &str) -> String;
}

/// The person at the terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terminal;

impl Prompt for Terminal {
    fn say(&mut self, line: &str) {
        say(line);
    }

    fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
    }

    fn ask(&mut self, question: &str) -> String {
        let mut out = std::io::stdout();
        let asked = write!(out, "{question} ").and_then(|()| out.flush());
        let mut answer = String::new();
        let read = asked.and_then(|()| std::io::stdin().lock().read_line(&mut answer));
        if let Err(error) = read {
            tracing::debug!(%error, "nobody answers");
            answer.clear();
        }
        answer.trim().to_owned()
    }
}

/// Why a command ended before it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// It was called wrongly: sentences.
    Usage(String),
    /// The person said no.
    Declined,
    /// Something failed.
    Failed(Failure),
}

impl From<Failure> for Stop {
    /// A command does not try again by itself, as the program does: the person does.
    fn from(failure: Failure) -> Self {
        let advice = match failure.kind {
            FailureKind::Offline => {
                "Look at the network and at the name of the region, then run the same command again.".to_owned()
            }
            FailureKind::Throttled | FailureKind::NoAnswer | FailureKind::Service => {
                "Run the same command again: it goes on from what is there.".to_owned()
            }
            _ => failure.advice,
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

/// Says how a command ended, and ends with the code for it: 0 when it is done, 1 when not, 2 when it was called wrongly.
pub(super) fn end(ended: Result<(), Stop>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            complain(&stop.to_string());
            match stop {
                Stop::Usage(_) => ExitCode::from(USAGE),
                Stop::Declined | Stop::Failed(_) => ExitCode::FAILURE,
            }
        }
    }
}

/// Runs a command to its end, on this thread.
pub(super) fn run(command: impl Future<Output = Result<(), Stop>>) -> ExitCode {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => end(runtime.block_on(command)),
        Err(error) => {
            complain(&format!("tickler cannot start on this machine: {error}."));
            ExitCode::FAILURE
        }
    }
}
