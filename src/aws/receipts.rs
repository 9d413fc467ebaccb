//! The delivery log: which memos were delivered, and when, and which tries failed.
//!
//! The log is the only proof of a delivery; a schedule that is gone proves nothing. The log has other lines too (the
//! start and end of the function, other output). They are skipped here and not by a filter of CloudWatch Logs, because
//! not every implementation filters alike.

use std::collections::HashSet;

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::client::Scheduler;
use super::error::{Operation, RequestKind};
use super::run::TRIGGER;
use crate::failure::{Failure, FailureKind};
use crate::memo::MemoId;
use crate::schedule::{Outcome, Receipt};

/// A line of executeMemo.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    memo: Option<String>,
    /// The whole input, if it was not a memo.
    input: Option<Value>,
    id: Option<String>,
    zone: Option<String>,
    scheduled_time: Option<String>,
    delivered_at: Option<DateTime<Utc>>,
    timestamp: Option<DateTime<Utc>>,
    attempt: Option<Value>,
    trigger: Option<String>,
    outcome: Option<String>,
    error: Option<String>,
}

/// The outcome in the line of a failed try.
const FAILED: &str = "failed";

impl Scheduler {
    /// Reads the receipts that were logged between two instants, in the order of the log, each line once.
    ///
    /// # Errors
    /// When the target has no log, or the log cannot be read. [`FailureKind::NotFound`] means that the log group does not
    /// exist: nothing was ever delivered, or the group has another name.
    pub async fn receipts(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Receipt>, Failure> {
        let Some(group) = &self.context().log_group else {
            return Err(Failure::new(
                FailureKind::Settings,
                format!(
                    "The target {} is not a Lambda function, so it has no delivery log.",
                    self.context().target_arn
                ),
                "Set log_group in the settings.",
            ));
        };
        let mut receipts: Vec<Receipt> = Vec::new();
        let mut known = HashSet::new();
        let mut token = None;
        loop {
            let request = self.0.logs.filter_log_events().log_group_name(group).set_next_token(token);
            let page =
                request.start_time(since.timestamp_millis()).end_time(until.timestamp_millis()).send().await.map_err(
                    |error| {
                        let operation = Operation {
                            failed: "The delivery log could not be read",
                            action: "logs:FilterLogEvents",
                            resource: group.clone(),
                            kind: RequestKind::Read,
                        };
                        self.failure(&operation, &error)
                    },
                )?;
            let lines = page.events().iter().filter_map(receipt);
            receipts.extend(lines.filter(|receipt| known.insert(receipt.key.clone())));
            // More pages may follow an empty one.
            token = page.next_token;
            if token.is_none() {
                return Ok(receipts);
            }
        }
    }
}

/// The receipt in a log event, if there is one.
fn receipt(event: &FilteredLogEvent) -> Option<Receipt> {
    let message = event.message()?;
    let line: Line = serde_json::from_str(message.trim()).ok()?;
    let text = line.memo.or_else(|| line.input.map(raw))?;
    let failed = line.outcome.as_deref() == Some(FAILED);
    let outcome = if failed {
        let error = line.error.unwrap_or_else(|| "no reason given".to_owned());
        Outcome::Failed { error, is_final: false }
    } else {
        Outcome::Delivered
    };
    let at = if failed { line.timestamp.or_else(|| logged(event)) } else { line.delivered_at }?;
    Some(Receipt {
        key: key(event, message),
        id: line.id.and_then(|id| id.parse::<MemoId>().ok()),
        text,
        zone: line.zone,
        scheduled: line.scheduled_time.and_then(|time| time.parse().ok()),
        at,
        attempt: line.attempt.as_ref().and_then(attempt).unwrap_or_default(),
        by_hand: line.trigger.as_deref() == Some(TRIGGER),
        outcome,
    })
}

/// When CloudWatch Logs received the line.
fn logged(event: &FilteredLogEvent) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(event.timestamp()?)
}

/// The text of an input that is not a memo.
pub(super) fn raw(input: Value) -> String {
    match input {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The number of a try; EventBridge Scheduler sends it as text.
pub(super) fn attempt(value: &Value) -> Option<u32> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => u32::try_from(other.as_u64()?).ok(),
    }
}

/// The identity of a line: the id that the log gives it, else everything that the log knows of it.
fn key(event: &FilteredLogEvent, message: &str) -> String {
    if let Some(id) = event.event_id() {
        return id.to_owned();
    }
    let (stream, time) = (event.log_stream_name().unwrap_or_default(), event.timestamp().unwrap_or_default());
    format!("{stream}/{time}/{:016x}", fingerprint(message))
}

/// FNV-1a. Keys are stored on disk, so every build must compute the same hash.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
