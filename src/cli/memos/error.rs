//! Why a command on memos did not do what it was asked to: the exit code of it, and the words, for a person or as JSON.
//!
//! It must never know a client or a store: whoever meets a fault says what it is.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use when::{Choice, Guess, Hours, Moment, Question, Refusal, RefusalKind};

use crate::failure::{Failure, FailureKind};

/// The exit codes, as `docs/cli.md` has them.
pub(super) mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// It was tried, and failed.
    pub const FAILED: u8 = 1;
    /// It was called wrongly, or the settings cannot be used.
    pub const USAGE: u8 = 2;
    /// There is no such memo.
    pub const NOT_FOUND: u8 = 3;
    /// It was understood, and is not done: the past, what can be read in more than one way, what may not be changed.
    pub const REFUSED: u8 = 4;
}

/// What went wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandError {
    /// The word by which a script knows it; they are listed in `docs/cli.md`.
    pub kind: &'static str,
    /// What the program ends with.
    pub exit: u8,
    /// What happened, to what.
    pub message: String,
    /// What to do next; empty where there is nothing to say.
    pub hint: String,
    /// The moments that may have been meant.
    pub choices: Vec<Moment>,
}

/// How a memo is said.
pub(super) const MEMO_HINT: &str = "Say it, as in tickler add call mum fri 18:00, or give it on standard input.";

/// All that a command complains of; never empty.
pub(super) type CommandErrors = Vec<CommandError>;

impl CommandError {
    fn new(kind: &'static str, exit: u8, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind, exit, message: message.into(), hint: hint.into(), choices: Vec::new() }
    }

    /// It is done all the same.
    pub fn warning(kind: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(kind, exit::DONE, message, hint)
    }

    /// It was called wrongly.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new("usage", exit::USAGE, message, hint)
    }

    /// What was asked for is not there.
    pub fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new("not-found", exit::NOT_FOUND, message, hint)
    }

    /// It was understood, and is not done.
    pub fn refused(kind: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(kind, exit::REFUSED, message, hint)
    }

    /// Something else stands there than what was to be changed.
    pub fn conflict(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new("conflict", exit::FAILED, message, hint)
    }

    /// The person has stopped it.
    pub fn interrupted(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new("interrupted", exit::FAILED, message, hint)
    }

    /// What is to be told cannot be written.
    pub fn output(error: &dyn fmt::Display) -> Self {
        Self::new("output", exit::FAILED, format!("What there is to tell cannot be written: {error}."), "")
    }

    /// A time that was read, and may have been meant otherwise.
    pub fn guess(text: &str, moment: Moment, why: Guess, hours: Hours) -> Self {
        let message = format!("“{text}” is read as {}, and that is a guess: {why}.", moment.words(hours));
        Self { choices: vec![moment], ..Self::refused("guess", message, meant(&[moment])) }
    }

    /// A time that can be read in several ways.
    pub fn ambiguous(question: &Question) -> Self {
        let choices = moments(&question.choices);
        Self { hint: meant(&choices), choices, ..Self::refused("ambiguous", &question.why, "") }
    }

    /// Words of a memo that may be the rest of its time, where quotes around that were forgotten.
    pub fn stray_words(words: &str, at: &str) -> Self {
        let message = format!("“{words}” may belong to the memo, or to the time “{at}”.");
        let hint = format!("Say --at \"{at} {words}\", or put the memo in quotes.");
        Self::refused("ambiguous", message, hint)
    }

    /// A memo without a time.
    pub fn no_time(line: &str) -> Self {
        if line.trim().is_empty() {
            return Self::usage("There is no memo: what was given is empty.", MEMO_HINT);
        }
        let message = format!("No time is found in {}.", super::streams::quoted(line));
        let hint = "Say when, before or behind the memo, or with --at: tickler add call mum fri 18:00.";
        Self::new("no-time", exit::USAGE, message, hint)
    }

    /// A text that names no moment.
    pub fn unreadable_time(refusal: &Refusal) -> Self {
        let message = refusal.to_string();
        match refusal.kind {
            RefusalKind::Past | RefusalKind::NotLater => Self::refused("past", message, ""),
            RefusalKind::Skipped => {
                let choices = moments(&refusal.offers);
                Self { hint: meant(&choices), choices, ..Self::refused("skipped", message, "") }
            }
            RefusalKind::NotUnderstood => {
                let hint = "Say it as in fri 18:00, 24 dec 9:00 Paris, or in 20 min; behind --at in quotes.";
                Self::new("not-understood", exit::USAGE, message, hint)
            }
            _ => Self::new("not-understood", exit::USAGE, message, ""),
        }
    }

    /// The same, of one line among several.
    pub fn for_line(self, line: usize) -> Self {
        Self { message: format!("Line {line}: {}", self.message), ..self }
    }

    /// The same, of one id among several.
    pub fn for_id(self, id: &str) -> Self {
        Self { message: format!("{id}: {}", self.message), ..self }
    }

    /// The JSON of it, in one line, under a name: `error`, or `warning`.
    pub fn json_as(&self, name: &str) -> serde_json::Result<String> {
        let words = Words {
            kind: self.kind,
            message: &self.message,
            hint: &self.hint,
            choices: self.choices.iter().map(|moment| super::output::rfc3339(moment.instant, moment.zone)).collect(),
        };
        serde_json::to_string(&BTreeMap::from([(name, words)]))
    }
}

/// How to say each of these moments so that it is the only one.
fn meant(moments: &[Moment]) -> String {
    let spelled: Vec<String> = moments.iter().map(|moment| format!("“{}”", spelled(moment))).collect();
    match spelled.as_slice() {
        [] => String::new(),
        [one] => format!("If that is meant, say {one}."),
        several => format!("Say {}.", several.join(" or ")),
    }
}

/// A moment as `when` reads it wherever it is said: with its offset and its zone.
fn spelled(moment: &Moment) -> String {
    let offset = when::zones::offset_text(moment.zone, moment.instant);
    format!("{} {offset} {}", moment.civil.format("%Y-%m-%d %H:%M:%S"), moment.zone.name())
}

fn moments(choices: &[Choice]) -> Vec<Moment> {
    choices.iter().map(|choice| choice.moment).collect()
}

impl From<Failure> for CommandError {
    fn from(failure: Failure) -> Self {
        let (kind, exit) = match failure.kind {
            FailureKind::NoCredentials => ("no-credentials", exit::FAILED),
            FailureKind::Expired => ("expired", exit::FAILED),
            FailureKind::Settings => ("settings", exit::USAGE),
            FailureKind::Denied | FailureKind::PassRole => ("denied", exit::FAILED),
            FailureKind::RoleNotAssumable => ("role-not-assumable", exit::FAILED),
            FailureKind::ReadOnly => ("read-only", exit::REFUSED),
            FailureKind::Throttled => ("throttled", exit::FAILED),
            FailureKind::Offline => ("offline", exit::FAILED),
            FailureKind::NoAnswer => ("no-answer", exit::FAILED),
            FailureKind::NotFound => ("missing", exit::FAILED),
            FailureKind::Conflict => ("conflict", exit::FAILED),
            FailureKind::Invalid => ("invalid", exit::FAILED),
            FailureKind::Service => ("service", exit::FAILED),
            FailureKind::Disk => ("disk", exit::FAILED),
        };
        // The program tries again by itself; a command ends.
        let hint = match failure.kind {
            FailureKind::Throttled | FailureKind::Service => "Run the command again.".to_owned(),
            FailureKind::Offline => "Look at the network and the name of the region.".to_owned(),
            FailureKind::NoAnswer => "It may have been done all the same: `tickler list` tells.".to_owned(),
            FailureKind::RoleNotAssumable => "A new role needs up to two minutes: run the command again.".to_owned(),
            _ => failure.advice,
        };
        Self::new(kind, exit, failure.what, hint)
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
struct Words<'a> {
    kind: &'a str,
    message: &'a str,
    hint: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<String>,
}
