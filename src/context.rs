//! A context: where memos live. `local` is the store on this machine; any other is an account, a region and a schedule
//! group in AWS.
//!
//! Part of the domain. Does not depend on the settings file, on a client or on the screen.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::arn::Arn;

/// The identity of a context.
///
/// Every request, response and journal entry carries one, so a late response never lands in another context.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContextId(Arc<str>);

impl ContextId {
    /// The context with this stable key, such as `local/tickler` or `aws/123456789012/eu-west-1/tickler`.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(key.into())
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContextId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of the context on this machine.
pub const LOCAL: &str = "local";

/// A context that is open, as the screen knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextInfo {
    /// Its identity.
    pub id: ContextId,
    /// Its name in the settings: `local`, or the person's own.
    pub name: String,
    /// The AWS account.
    pub account: String,
    /// The AWS region.
    pub region: String,
    /// The schedule group.
    pub group: String,
    /// Whether tickler refuses every change here.
    pub read_only: bool,
    /// Whether this is the store on this machine, which delivers only while a host is open.
    pub local: bool,
    /// The longest memo, in bytes of the schedule's input.
    pub memo_limit: usize,
}

/// How to open a context, as the settings describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextSettings {
    /// The embedded scheduler on this machine.
    Local {
        /// The schedule group.
        group: String,
        /// How long the scheduler retries a delivery.
        retry: RetryPolicy,
        /// Whether tickler refuses every change.
        read_only: bool,
    },
    /// AWS EventBridge Scheduler.
    Aws(Box<AwsSettings>),
}

impl ContextSettings {
    /// The store on this machine, with the defaults.
    #[must_use]
    pub fn local(retry: RetryPolicy) -> Self {
        Self::Local { group: AwsSettings::DEFAULT_GROUP.to_owned(), retry, read_only: false }
    }

    /// Refuses every change from now on.
    pub fn refuse_changes(&mut self) {
        match self {
            Self::Local { read_only, .. } => *read_only = true,
            Self::Aws(settings) => settings.read_only = true,
        }
    }
}

/// How to reach AWS. What is not set here comes from the SDK's own chain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// The profile; without one, `AWS_PROFILE` or `default`.
    pub profile: Option<String>,
    /// The region; without one, the environment's or the profile's.
    pub region: Option<String>,
    /// An endpoint to use instead of AWS's own.
    pub endpoint_url: Option<String>,
}

/// A context in AWS, as the person configured it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsSettings {
    /// Its name in the settings.
    pub name: String,
    /// How to reach AWS.
    pub access: Access,
    /// The schedule group.
    pub group: String,
    /// The ARN of the target that delivers a memo.
    pub target_arn: Arn,
    /// The role that EventBridge Scheduler assumes to call the target.
    pub role_arn: Arn,
    /// The dead-letter queue.
    pub dead_letter_arn: Option<Arn>,
    /// The log group of the deliveries; without one, the log group of the target's function.
    pub log_group: Option<String>,
    /// How long EventBridge Scheduler retries a delivery.
    pub retry: RetryPolicy,
    /// Whether tickler refuses every change.
    pub read_only: bool,
}

impl AwsSettings {
    /// The default schedule group.
    pub const DEFAULT_GROUP: &str = "tickler";

    /// A target, the role that may call the target, and the defaults for everything else.
    #[must_use]
    pub fn new(target_arn: Arn, role_arn: Arn) -> Self {
        Self {
            name: "aws".to_owned(),
            access: Access::default(),
            group: Self::DEFAULT_GROUP.to_owned(),
            target_arn,
            role_arn,
            dead_letter_arn: None,
            log_group: None,
            retry: RetryPolicy::default(),
            read_only: false,
        }
    }
}

/// How long the scheduler retries a delivery. The service's own default is a day, and a reminder a day late is a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How long after the scheduled time, in seconds: 60 to 86,400.
    pub maximum_event_age_seconds: i32,
    /// How many retries: 0 to 185.
    pub maximum_retry_attempts: i32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { maximum_event_age_seconds: 3600, maximum_retry_attempts: 30 }
    }
}
