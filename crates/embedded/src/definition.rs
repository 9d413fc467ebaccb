//! What a schedule is: the fields that a caller sets and gets back, with their defaults filled in.
//!
//! It is written to the store as it is answered to the caller, member for member, so this file is the store's format
//! too. It must never know how a schedule is validated, kept or fired.

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
    /// As the wire and the store write it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            State::Enabled => "ENABLED",
            State::Disabled => "DISABLED",
        }
    }
}

/// What becomes of a schedule after its last try, failed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ActionAfterCompletion {
    #[default]
    None,
    Delete,
}

/// When within its window a schedule fires. The embedded engine always fires at the window's beginning, which every
/// window allows.
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

/// How long and how often a delivery that failed is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct RetryPolicy {
    pub(crate) maximum_event_age_in_seconds: u32,
    pub(crate) maximum_retry_attempts: u32,
}

/// 185 tries over 24 hours, which `GetSchedule` fills in.
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

/// What a schedule calls. The parameters of targets that the embedded engine cannot reach are kept as they came.
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
    /// The queue for what could not be delivered.
    pub(crate) fn dead_letter_queue(&self) -> Option<&str> {
        self.dead_letter_config.as_ref()?.arn.as_deref()
    }
}

/// A schedule without its name, its group and its dates, which the store keeps beside it.
///
/// It is also the body of `CreateSchedule` and `UpdateSchedule`: what a request omits takes its default here.
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
    /// Epoch seconds, given back as they came: one-time schedules ignore both dates.
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
