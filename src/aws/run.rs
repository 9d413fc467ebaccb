//! Run now: a memo delivered by hand, by calling its target as the scheduler would.
//!
//! Nothing here touches the schedule: whoever runs a memo by hand calls it off afterwards, or not.

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::client::Scheduler;
use super::error::{Operation, RequestKind};
use super::schedule::ContextAttributes;
use crate::failure::{Failure, FailureKind};
use crate::memo::Memo;

/// What a run by hand says of itself, so that its receipt proves nothing but itself.
pub(super) const TRIGGER: &str = "now";

/// What a function answers that failed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionFailure {
    error_message: Option<String>,
    error_type: Option<String>,
}

impl Scheduler {
    /// Delivers a memo at once, by hand; answers what its target said, in a line. The scheduled time that it names is `now`: what is delivered by hand is a
    /// delivery of its own, never the one that the memo waits for.
    ///
    /// # Errors
    /// When the place is read-only, when the target is no function, when it fails, or when it cannot be reached. Where
    /// no answer came it may have run all the same; it is never tried twice.
    pub async fn run_now(&self, memo: &Memo, now: DateTime<Utc>) -> Result<String, Failure> {
        const WHAT: &str = "The memo could not be run now";
        self.refuse_read_only(WHAT)?;
        let context = self.context();
        if context.target_arn.function_name().is_none() {
            return Err(Failure::new(
                FailureKind::Settings,
                format!("{WHAT}: its target {} is no Lambda function.", context.target_arn),
                "Wait for its time, or move it to a moment from now.",
            ));
        }
        let words = ContextAttributes {
            schedule: &context.schedule_arn(&memo.id.to_string()),
            scheduled_time: &now.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            attempt: "1",
            trigger: Some(TRIGGER),
        };
        let request = self.0.lambda.invoke().function_name(&context.target_arn);
        let answer = request
            .invocation_type(InvocationType::RequestResponse)
            .payload(Blob::new(words.input(memo)))
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
            return Ok(answer.payload().map(|payload| said(payload.as_ref())).unwrap_or_default());
        }
        let why = why_it_failed(answer.payload().map(AsRef::as_ref).unwrap_or_default());
        Err(Failure::new(
            FailureKind::Service,
            format!("{WHAT}: its function failed: {why}."),
            "Look at the function's log. The memo is still scheduled.",
        ))
    }
}

/// Why a function failed, in its own words and without a full stop. It may have any words, or none.
pub(super) fn why_it_failed(payload: &[u8]) -> String {
    let said = serde_json::from_slice::<FunctionFailure>(payload).ok();
    let said = said.and_then(|said| said.error_message.or(said.error_type));
    said.as_deref().unwrap_or("it does not say why").trim_end_matches('.').to_owned()
}

/// What executeMemo answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    outcome: String,
    message_id: Option<String>,
}

/// The most that is told of an answer that is not executeMemo's.
const ANSWER: usize = 200;

/// What a function answered, in a line: nothing for `null`, which is how a function says nothing.
fn said(payload: &[u8]) -> String {
    match (serde_json::from_slice::<Receipt>(payload), serde_json::from_slice::<Value>(payload)) {
        (Ok(Receipt { outcome, message_id: Some(id) }), _) => format!("{outcome}, as message {id}"),
        (Ok(Receipt { outcome, message_id: None }), _) => outcome,
        (_, Ok(Value::Null)) => String::new(),
        (_, Ok(Value::String(text))) => text.chars().take(ANSWER).collect(),
        _ => String::from_utf8_lossy(payload).chars().take(ANSWER).collect(),
    }
}
