//! Run now: delivers a memo at once, by invoking its target as EventBridge Scheduler would.
//!
//! Does not touch the schedule: the caller cancels it afterwards, or not.

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use serde::Deserialize;
use serde_json::Value;

use super::client::Scheduler;
use super::error::{Operation, RequestKind};
use super::schedule::ContextAttributes;
use crate::failure::{Failure, FailureKind};
use crate::memo::Memo;

/// The trigger of a memo that was run now. Its receipt does not prove any scheduled delivery.
pub(super) const TRIGGER: &str = "now";

/// The response of a function that failed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionFailure {
    error_message: Option<String>,
    error_type: Option<String>,
}

impl Scheduler {
    /// Delivers a memo at once, and returns the response of its target in one line. The history keeps the time for which
    /// the memo is scheduled; the trigger says that this is a delivery of its own, which proves no scheduled one.
    ///
    /// # Errors
    /// When the context is read-only, when the target is not a function, when it fails, or when it cannot be reached. If
    /// no response came, it may have run anyway; it is never retried.
    pub async fn run_now(&self, memo: &Memo) -> Result<String, Failure> {
        const WHAT: &str = "The memo could not be run now";
        self.refuse_read_only(WHAT)?;
        let context = self.context();
        if context.target_arn.function_name().is_none() {
            return Err(Failure::new(
                FailureKind::Settings,
                format!("{WHAT}: its target {} is not a Lambda function.", context.target_arn),
                "Wait until it is due, or change its time.",
            ));
        }
        let attributes = ContextAttributes {
            schedule: &context.schedule_arn(&memo.id.to_string()),
            scheduled_time: &memo.due.instant.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            attempt: "1",
            trigger: Some(TRIGGER),
        };
        let request = self.0.lambda.invoke().function_name(&context.target_arn);
        let answer = request
            .invocation_type(InvocationType::RequestResponse)
            .payload(Blob::new(attributes.input(memo)))
            .send()
            .await
            .map_err(|error| {
                let operation = Operation {
                    failed: WHAT,
                    action: "lambda:InvokeFunction",
                    resource: context.target_arn.to_string(),
                    kind: RequestKind::Once,
                };
                self.failure(&operation, &error)
            })?;
        if answer.function_error().is_none() {
            return Ok(answer.payload().map(|payload| summary(payload.as_ref())).unwrap_or_default());
        }
        let why = why_it_failed(answer.payload().map(AsRef::as_ref).unwrap_or_default());
        Err(Failure::new(
            FailureKind::Service,
            format!("{WHAT}: the function failed: {why}."),
            "Check the function's log. The memo is still scheduled.",
        ))
    }
}

/// Why a function failed, in its own words, without a full stop.
pub(super) fn why_it_failed(payload: &[u8]) -> String {
    let failure = serde_json::from_slice::<FunctionFailure>(payload).ok();
    let reason = failure.and_then(|failure| failure.error_message.or(failure.error_type));
    reason.as_deref().unwrap_or("no reason given").trim_end_matches('.').to_owned()
}

/// The response of executeMemo.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    outcome: String,
    message_id: Option<String>,
}

/// How many characters of another function's response are shown.
const RESPONSE_LIMIT: usize = 200;

/// The response of a function, in one line; empty for `null`, the response of a function that returns nothing.
fn summary(payload: &[u8]) -> String {
    match (serde_json::from_slice::<Receipt>(payload), serde_json::from_slice::<Value>(payload)) {
        (Ok(Receipt { outcome, message_id: Some(id) }), _) => format!("{outcome}, as message {id}"),
        (Ok(Receipt { outcome, message_id: None }), _) => outcome,
        (_, Ok(Value::Null)) => String::new(),
        (_, Ok(Value::String(text))) => text.chars().take(RESPONSE_LIMIT).collect(),
        _ => String::from_utf8_lossy(payload).chars().take(RESPONSE_LIMIT).collect(),
    }
}
