//! Why a memo command failed: an exit code, and words for a person or as JSON.
//!
//! Does not depend on a client or a store.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use when::{Moment, Refusal, RefusalKind};

use super::output::rfc3339;
use super::quote::quoted;
use crate::cli::exit_code;
use crate::failure::{Failure, FailureKind};
use crate::harmless;

/// What went wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandError {
    /// The word for scripts. `docs/cli.md` lists all of them.
    pub kind: &'static str,
    pub exit_code: u8,
    /// What happened, to what.
    pub message: String,
    /// What to do next. Empty if there is nothing to do.
    pub hint: String,
    /// The moments that an ambiguous time could mean.
    pub choices: Vec<Moment>,
}

/// How to give a memo to `tickler add`.
pub(super) const MEMO_HINT: &str = "Give one, as in `tickler add call mum fri 18:00`, or send it to standard input.";

/// Everything that went wrong. Never empty.
pub(super) type CommandErrors = Vec<CommandError>;

impl CommandError {
    fn new(kind: &'static str, exit_code: u8, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind, exit_code, message: message.into(), hint: hint.into(), choices: Vec::new() }
    }

    /// A warning. The command goes on.
    pub fn warning(kind: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(kind, exit_code::OK, message, hint)
    }

    /// The arguments are wrong.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new("usage", exit_code::USAGE, message, hint)
    }

    /// There is no such memo.
    pub fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new("not-found", exit_code::NOT_FOUND, message, hint)
    }

    /// The command was understood, and refused.
    pub fn refused(kind: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(kind, exit_code::REFUSED, message, hint)
    }

    /// The schedule is not what the command expected.
    pub fn conflict(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new("conflict", exit_code::FAILED, message, hint)
    }

    /// The person pressed Ctrl-C.
    pub fn interrupted(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new("interrupted", exit_code::FAILED, message, hint)
    }

    /// Standard output cannot be written.
    pub fn output(error: &dyn fmt::Display) -> Self {
        Self::new("output", exit_code::FAILED, format!("The output cannot be written: {error}."), "")
    }

    /// The person was asked, and said no.
    pub fn declined() -> Self {
        Self::new("declined", exit_code::FAILED, "Nothing was changed.", "")
    }

    /// A memo without a time. `unread` is a part of it that looks like one.
    pub fn no_time(line: &str, unread: Option<&str>) -> Self {
        if harmless::is_blank(line) {
            return Self::usage("The memo is empty.", MEMO_HINT);
        }
        let message = match unread {
            Some(part) => format!("There is no clear time in {}: {} may be a part of one.", quoted(line), quoted(part)),
            None => format!("There is no time in {}.", quoted(line)),
        };
        let hint = "Put it before or after the memo, as in `tickler add call mum fri 18:00`, or use --at.";
        Self::new("no-time", exit_code::USAGE, message, hint)
    }

    /// A text that is not a time in the future.
    pub fn unreadable_time(refusal: &Refusal) -> Self {
        let message = refusal.to_string();
        match refusal.kind {
            RefusalKind::Past | RefusalKind::NotLater => Self::refused("past", message, ""),
            RefusalKind::Skipped => Self::refused("skipped", message, ""),
            RefusalKind::NotUnderstood => {
                let hint = "Try fri 18:00, 24 dec 9:00 Paris or in 20 min. After --at, put it in quotes.";
                Self::new("not-understood", exit_code::USAGE, message, hint)
            }
            RefusalKind::Empty
            | RefusalKind::NoSuchDay
            | RefusalKind::NoSuchTime
            | RefusalKind::UnknownZone
            | RefusalKind::WrongWeekday
            | RefusalKind::GivenTwice
            | RefusalKind::Contradiction
            | RefusalKind::Repeating
            | RefusalKind::TooFar => Self::new("not-understood", exit_code::USAGE, message, ""),
        }
    }

    /// The same error, for one line among several.
    pub fn for_line(self, line: usize) -> Self {
        Self { message: format!("Line {line}: {}", self.message), ..self }
    }

    /// The same error, for one id among several.
    pub fn for_id(self, id: &str) -> Self {
        Self { message: format!("{id}: {}", self.message), ..self }
    }

    /// One line of JSON, under a name: `error` or `warning`.
    pub fn json_as(&self, name: &str) -> serde_json::Result<String> {
        let error = ErrorOutput {
            kind: self.kind,
            message: &self.message,
            hint: &self.hint,
            choices: self.choices.iter().map(|moment| rfc3339(moment.instant, moment.zone)).collect(),
        };
        let json = serde_json::to_string(&BTreeMap::from([(name, error)]))?;
        Ok(harmless::json(&json).into_owned())
    }
}

impl From<Failure> for CommandError {
    fn from(failure: Failure) -> Self {
        let (kind, exit_code) = match failure.kind {
            FailureKind::NoCredentials => ("no-credentials", exit_code::FAILED),
            FailureKind::Expired => ("expired", exit_code::FAILED),
            FailureKind::Settings => ("settings", exit_code::USAGE),
            FailureKind::Denied | FailureKind::PassRole => ("denied", exit_code::FAILED),
            FailureKind::RoleNotAssumable => ("role-not-assumable", exit_code::FAILED),
            FailureKind::ReadOnly => ("read-only", exit_code::REFUSED),
            FailureKind::Throttled => ("throttled", exit_code::FAILED),
            FailureKind::Offline => ("offline", exit_code::FAILED),
            FailureKind::NoAnswer => ("no-answer", exit_code::FAILED),
            FailureKind::NotFound => ("missing", exit_code::FAILED),
            FailureKind::Conflict => ("conflict", exit_code::FAILED),
            FailureKind::Invalid => ("invalid", exit_code::FAILED),
            FailureKind::Service => ("service", exit_code::FAILED),
            FailureKind::Disk => ("disk", exit_code::FAILED),
        };
        // The screen retries by itself. A command ends.
        let hint = match failure.kind {
            FailureKind::Throttled | FailureKind::Service => "Run the command again.".to_owned(),
            FailureKind::Offline => "Check the network and the name of the region.".to_owned(),
            FailureKind::NoAnswer => "The change may have been made anyway: check with `tickler list`.".to_owned(),
            FailureKind::RoleNotAssumable => {
                "A new role can take two minutes to work. Run the command again.".to_owned()
            }
            FailureKind::NoCredentials
            | FailureKind::Expired
            | FailureKind::Settings
            | FailureKind::Denied
            | FailureKind::PassRole
            | FailureKind::ReadOnly
            | FailureKind::NotFound
            | FailureKind::Conflict
            | FailureKind::Invalid
            | FailureKind::Disk => failure.advice,
        };
        Self::new(kind, exit_code, failure.what, hint)
    }
}

impl From<CommandError> for CommandErrors {
    fn from(error: CommandError) -> Self {
        vec![error]
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " {}", self.hint) }
    }
}

#[derive(Serialize)]
struct ErrorOutput<'a> {
    kind: &'a str,
    message: &'a str,
    hint: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<String>,
}
