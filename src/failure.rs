//! A failure as the person sees it: what happened, to what, and what to do next.
//!
//! An error is turned into a failure where it happens; nobody prints the debug form of an error.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// What went wrong, in one sentence, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// What happened, to what: a sentence with its full stop.
    pub what: String,
    /// What to do next: a sentence with its full stop; empty if there is nothing to do but wait.
    pub advice: String,
    /// The error behind it.
    pub(crate) source: Source,
}

/// The error behind a failure, if it is known. All sources are equal, so that failures compare by what they say.
#[derive(Clone, Default)]
pub(crate) struct Source(Option<Arc<Boxed>>);

/// An error in a box, so that a source is a single pointer: failures are part of many messages.
struct Boxed(Box<dyn Error + Send + Sync>);

/// The kinds of failure that the program treats differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// There are no credentials, or they cannot be loaded.
    NoCredentials,
    /// A session (SSO, or temporary credentials) has expired.
    Expired,
    /// There is no region or no such profile, or a setting cannot be used.
    Settings,
    /// The account's policies do not allow the action.
    Denied,
    /// The caller may not pass the role to EventBridge Scheduler.
    PassRole,
    /// EventBridge Scheduler may not assume the role, or not yet.
    RoleNotAssumable,
    /// The context is read-only.
    ReadOnly,
    /// The service asked for fewer requests.
    Throttled,
    /// The network is down, or does not reach AWS.
    Offline,
    /// No response came in time. The operation may have taken effect.
    NoAnswer,
    /// The resource does not exist.
    NotFound,
    /// Another resource has the name, or another change is under way.
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
        Self { kind, what: what.into(), advice: advice.into(), source: Source::default() }
    }

    /// The failure, with the error behind it.
    #[must_use]
    pub fn with_source(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Source(Some(Arc::new(Boxed(Box::new(source))))), ..self }
    }
}

impl FailureKind {
    /// Whether the failure may pass by itself, so that it makes sense to try again later.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Throttled | Self::Offline | Self::NoAnswer | Self::Service | Self::RoleNotAssumable)
    }

    /// Whether the cause is credentials, which only a new session loads again.
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

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let Boxed(source) = self.source.0.as_deref()?;
        Some(&**source)
    }
}

impl PartialEq for Source {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Source {}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(source) => write!(f, "{}", source.0),
            None => f.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::io;

    use super::{Failure, FailureKind};

    #[test]
    fn the_source_is_kept_and_does_not_count_in_a_comparison() {
        let plain = Failure::new(FailureKind::Disk, "The store cannot be read.", "");
        let caused = plain.clone().with_source(io::Error::other("a bad sector"));
        assert_eq!(plain, caused);
        assert!(plain.source().is_none());
        assert_eq!(caused.source().unwrap().to_string(), "a bad sector");
    }
}
