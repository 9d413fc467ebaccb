//! An open context: the account, region and schedule group that a client works in, and what delivers its memos.

use crate::arn::Arn;
use crate::context::{ContextId, RetryPolicy};

/// The context of a [`Scheduler`](super::Scheduler).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Its stable key: `local/tickler`, `aws/123456789012/eu-west-1/tickler`.
    pub id: ContextId,
    /// Its name in the settings, or `local`.
    pub name: String,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The schedule group.
    pub group: String,
    /// The target of every schedule.
    pub target_arn: Arn,
    /// The role that EventBridge Scheduler assumes to invoke the target.
    pub role_arn: Arn,
    /// The dead-letter queue.
    pub dead_letter_arn: Option<Arn>,
    /// The log group of the deliveries; none if the target is not a function and the settings name none.
    pub log_group: Option<String>,
    /// How long EventBridge Scheduler retries a delivery.
    pub retry: RetryPolicy,
    /// Whether the client refuses every change before it sends anything.
    pub read_only: bool,
}

impl Context {
    /// The ARN of a schedule.
    #[must_use]
    pub fn schedule_arn(&self, name: &str) -> String {
        self.arn("scheduler", format!("schedule/{}/{name}", self.group))
    }

    /// The ARN of the schedule group.
    #[must_use]
    pub fn group_arn(&self) -> String {
        self.arn("scheduler", format!("schedule-group/{}", self.group))
    }

    /// The ARN of a log group, as policies name it.
    pub(super) fn log_group_arn(&self, name: &str) -> String {
        self.arn("logs", format!("log-group:{name}:*"))
    }

    /// The ARN of a resource in the same partition, region and account.
    fn arn(&self, service: &str, resource: String) -> String {
        let arn = Arn {
            partition: self.target_arn.partition.clone(),
            service: service.to_owned(),
            region: self.region.clone(),
            account: self.account.clone(),
            resource,
        };
        arn.to_string()
    }
}

/// The log group that a target writes to by default, if it is a function.
pub(super) fn default_log_group(target: &Arn) -> Option<String> {
    target.function_name().map(|name| format!("/aws/lambda/{name}"))
}

/// A context in the embedded scheduler, and the names that the embedded scheduler has for its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalContext {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The function.
    pub target_arn: Arn,
    /// The role.
    pub role_arn: Arn,
    /// The log group of the deliveries.
    pub log_group: String,
    /// The schedule group.
    pub group: String,
    /// How long the embedded scheduler retries a delivery.
    pub retry: RetryPolicy,
    /// Whether the client refuses every change.
    pub read_only: bool,
}
