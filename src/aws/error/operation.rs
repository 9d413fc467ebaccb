//! An operation of AWS, as its failures name it.

use aws_smithy_types::error::operation::BuildError;

use crate::failure::{Failure, FailureKind};

/// An operation that was requested.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    /// The beginning of the sentence when it fails: `The memo could not be scheduled`.
    pub(crate) failed: &'a str,
    /// The action, as a policy names it.
    pub(crate) action: &'a str,
    /// The resource, as a policy names it.
    pub(crate) resource: String,
    /// Whether it may be repeated.
    pub(crate) kind: RequestKind,
}

/// Whether a request may be repeated when no response comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestKind {
    /// It changes nothing. The program repeats it.
    Read,
    /// It makes the same change however often it is sent. The program repeats it.
    Idempotent,
    /// It takes effect each time. Only the person repeats it.
    Once,
}

impl Operation<'_> {
    /// Reaching AWS, before any other operation.
    pub(crate) fn connecting() -> Self {
        Self {
            failed: "AWS could not be reached",
            action: "sts:GetCallerIdentity",
            resource: "*".to_owned(),
            kind: RequestKind::Read,
        }
    }

    /// Who repeats it: a sentence.
    pub(super) fn retry_advice(&self) -> &'static str {
        match self.kind {
            RequestKind::Read | RequestKind::Idempotent => "tickler will try again.",
            RequestKind::Once => "Try again in a moment.",
        }
    }

    /// A failure of it. `because` may end with a full stop or without one.
    pub(super) fn failure(&self, kind: FailureKind, because: impl AsRef<str>, advice: impl Into<String>) -> Failure {
        Failure::new(kind, format!("{}: {}.", self.failed, because.as_ref().trim_end_matches('.')), advice)
    }

    /// A request that the SDK refused to build.
    pub(crate) fn malformed(&self, error: &BuildError) -> Failure {
        self.failure(FailureKind::Invalid, error.to_string(), "")
    }
}
