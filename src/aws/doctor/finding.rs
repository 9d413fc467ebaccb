//! What one check of the doctor found.

use crate::failure::{Failure, FailureKind};

/// The names of the looks, in the order in which they are told.
pub(super) mod check {
    pub(crate) const CREDENTIALS: &str = "credentials";
    pub(crate) const CLOCK: &str = "clock";
    pub(crate) const REGION: &str = "region";
    pub(crate) const GROUP: &str = "group";
    pub(crate) const SCHEDULES: &str = "schedules";
    pub(crate) const ROLE: &str = "role";
    pub(crate) const FUNCTION: &str = "function";
    pub(crate) const MAIL: &str = "mail";
    pub(crate) const LOG: &str = "log";
    pub(crate) const QUEUE: &str = "queue";
    pub(crate) const DELIVERY: &str = "delivery";
}

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: a word that never changes.
    pub name: &'static str,
    /// How it is.
    pub state: CheckState,
    /// What was found, in sentences.
    pub found: String,
    /// What to do, in sentences; empty where there is nothing to do.
    pub advice: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// As it has to be.
    Ok,
    /// Not as it has to be.
    Wrong,
    /// Nobody can say, or nobody looked.
    Unknown,
}

impl Finding {
    /// It is as it has to be.
    pub fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: CheckState::Ok, found: found.into(), advice: String::new() }
    }

    /// It is not as it has to be.
    pub fn wrong(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, state: CheckState::Wrong, found: found.into(), advice: advice.into() }
    }

    /// It cannot be said how it is.
    pub fn unknown(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, state: CheckState::Unknown, found: found.into(), advice: advice.into() }
    }

    /// What it depends on is not as it has to be, so that another look would only say so again.
    #[must_use]
    pub fn skipped(name: &'static str, because: &str) -> Self {
        Self::unknown(name, format!("Not looked at, because {because}."), "")
    }

    /// The look itself failed. The program tries again by itself where a failure may pass; here the person does.
    pub(super) fn failed(name: &'static str, failure: Failure) -> Self {
        let Failure { kind, what, advice, .. } = failure;
        match kind {
            FailureKind::Throttled => Self::unknown(name, what, "Run `tickler doctor` again in a minute."),
            FailureKind::NoAnswer | FailureKind::Service => Self::wrong(
                name,
                what,
                "Run `tickler doctor` again. If it lasts, look at the network and the endpoint.",
            ),
            FailureKind::Offline => {
                Self::wrong(name, what, "Look at the network and, if it is well, at the name of the region.")
            }
            _ => Self::wrong(name, what, advice),
        }
    }
}
