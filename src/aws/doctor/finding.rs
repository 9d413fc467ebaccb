//! What one check of the doctor found.

use crate::failure::{Failure, FailureKind};

/// The names of the checks, in the order in which they are shown.
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

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the check, which never changes.
    pub name: &'static str,
    /// The state.
    pub state: CheckState,
    /// What was found: sentences.
    pub found: String,
    /// What to do: sentences; empty if there is nothing to do.
    pub advice: String,
}

/// The state of what was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// Correct.
    Ok,
    /// Wrong.
    Wrong,
    /// Unknown, or not checked.
    Unknown,
}

impl Finding {
    /// It is correct.
    pub fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: CheckState::Ok, found: found.into(), advice: String::new() }
    }

    /// It is wrong.
    pub fn wrong(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, state: CheckState::Wrong, found: found.into(), advice: advice.into() }
    }

    /// It is not known.
    pub fn unknown(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, state: CheckState::Unknown, found: found.into(), advice: advice.into() }
    }

    /// It was not checked, because the check depends on something that is wrong.
    #[must_use]
    pub fn skipped(name: &'static str, because: &str) -> Self {
        Self::unknown(name, format!("Skipped, because {because}."), "")
    }

    /// The check itself failed. The program retries failures that may pass; here the person does.
    pub(super) fn failed(name: &'static str, failure: Failure) -> Self {
        let Failure { kind, what, advice, .. } = failure;
        match kind {
            FailureKind::Throttled => Self::unknown(name, what, "Run `tickler doctor` again in a minute."),
            FailureKind::NoAnswer | FailureKind::Service => Self::wrong(
                name,
                what,
                "Run `tickler doctor` again. If it persists, check the network and the endpoint.",
            ),
            FailureKind::Offline => Self::wrong(name, what, "Check the network and the name of the region."),
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
            | FailureKind::Disk => Self::wrong(name, what, advice),
        }
    }
}
