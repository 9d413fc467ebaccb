//! A failure as the person meets it: what happened, to what, and what to do next.
//!
//! Whoever meets an error decodes it into one of these where it happened; nobody prints an error's debug form.

use std::fmt;

/// What went wrong, in one sentence, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What sort of failure it is.
    pub kind: FailureKind,
    /// What happened, to what: a sentence with its full stop.
    pub what: String,
    /// What to do next, a sentence with its full stop; empty when there is nothing to do but wait.
    pub advice: String,
}

/// The sorts of failure that the program treats differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// There are no credentials, or they cannot be loaded.
    NoCredentials,
    /// A session (SSO, or temporary credentials) has expired.
    Expired,
    /// No region, no profile of that name, or a setting that cannot be used.
    Settings,
    /// The account's policies do not allow the action.
    Denied,
    /// The caller may not hand this role to EventBridge Scheduler.
    PassRole,
    /// EventBridge Scheduler may not assume the role, or not yet.
    RoleNotAssumable,
    /// Nothing is to be changed here: the person said so.
    ReadOnly,
    /// The service asked for fewer requests.
    Throttled,
    /// The network cannot be reached.
    Offline,
    /// No answer came in time: what was asked may have been done.
    NoAnswer,
    /// What was asked for is not there.
    NotFound,
    /// Something else stands in its place.
    Conflict,
    /// The service refused the request as it stands.
    Invalid,
    /// The service failed.
    Service,
    /// A file on this machine (a store, the journal) cannot be read or written.
    Disk,
}

impl Failure {
    /// A failure, from its sentences.
    pub fn new(kind: FailureKind, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { kind, what: what.into(), advice: advice.into() }
    }
}

impl FailureKind {
    /// Whether it may pass by itself, so that trying again later makes sense.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Throttled | Self::Offline | Self::NoAnswer | Self::Service | Self::RoleNotAssumable)
    }

    /// Whether it comes from credentials, which only a new session loads again.
    #[must_use]
    pub fn wants_a_new_session(self) -> bool {
        matches!(self, Self::NoCredentials | Self::Expired)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.advice.is_empty() {
            write!(f, " {}", self.advice)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
