//! The definition of a schedule: the members that a caller sets and gets back, with their defaults.
//!
//! The store keeps the same JSON that a response has, so this file is the format of the store too. Does not depend on
//! validation, the store or the engine.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whether a schedule may fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum State {
    #[default]
    Enabled,
    Disabled,
}

impl State {
    /// The word on the wire and in the store.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            State::Enabled => "ENABLED",
            State::Disabled => "DISABLED",
        }
    }
}

/// Whether a schedule is deleted after its last attempt, failed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ActionAfterCompletion {
    #[default]
    None,
    Delete,
}

/// Whether a schedule may fire later within a window. The embedded engine always fires at the beginning of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum FlexibleTimeWindowMode {
    Off,
    Flexible,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FlexibleTimeWindow {
    pub(crate) mode: FlexibleTimeWindowMode,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) maximum_window_in_minutes: Option<u16>,
}

/// For how long and how often a failed delivery is retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct RetryPolicy {
    pub(crate) maximum_event_age_in_seconds: u32,
    pub(crate) maximum_retry_attempts: u32,
}

/// 185 retries over 24 hours; `GetSchedule` shows them.
impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DeadLetterConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) arn: Option<String>,
}

/// What a schedule invokes. The parameters for targets that the embedded engine cannot reach are kept as sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Target {
    pub(crate) arn: String,
    pub(crate) role_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<String>,
    #[serde(default)]
    pub(crate) retry_policy: RetryPolicy,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dead_letter_config: Option<DeadLetterConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ecs_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) event_bridge_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "EventBridgePutEventsV2Parameters")]
    pub(crate) event_bridge_put_events_v2_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) event_bridge_put_raw_events_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kinesis_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sage_maker_pipeline_parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sqs_parameters: Option<Value>,
}

impl Target {
    /// The dead-letter queue.
    pub(crate) fn dead_letter_queue(&self) -> Option<&str> {
        self.dead_letter_config.as_ref()?.arn.as_deref()
    }
}

/// A schedule without its name, group and dates, which have columns of their own in the store.
///
/// It is also the body of `CreateSchedule` and `UpdateSchedule`: omitted members get their defaults here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Definition {
    pub(crate) schedule_expression: String,
    #[serde(default = "utc")]
    pub(crate) schedule_expression_timezone: String,
    pub(crate) flexible_time_window: FlexibleTimeWindow,
    #[serde(default)]
    pub(crate) state: State,
    #[serde(default)]
    pub(crate) action_after_completion: ActionAfterCompletion,
    pub(crate) target: Target,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// Epoch seconds, returned as sent: one-time schedules ignore both dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_date: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end_date: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kms_key_arn: Option<String>,
}

fn utc() -> String {
    "UTC".to_owned()
}
