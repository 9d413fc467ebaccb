//! The dead-letter queue: which deliveries failed for good, and why.
//!
//! Two services send letters to it, in different formats. EventBridge Scheduler sends the input of the target, with the
//! reasons as attributes
//! (<https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html>); Lambda wraps the event in
//! a record of the invocation
//! (<https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>). Reading a
//! letter leaves it in the queue, where others see it too, until a person has dealt with it.

use std::collections::HashMap;

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::client::Scheduler;
use super::error::{Operation, RequestKind};
use super::receipts::{attempt as attempt_of, raw};
use crate::arn::Arn;
use crate::failure::Failure;
use crate::memo::MemoId;
use crate::schedule::{Outcome, Receipt};

/// How many letters one request receives: the most that SQS returns.
const PAGE: i32 = 10;

/// How many seconds a request waits for a letter. A request that does not wait asks only some of the servers of SQS, so
/// an empty response would prove nothing.
const WAIT_SECONDS: i32 = 1;

/// How many responses in a row without a new letter mean that all letters are known.
const QUIET_RESPONSES: usize = 2;

/// The most requests for one reading. More than some thousand letters would not help anyone on the screen.
const MAX_REQUESTS: usize = 500;

/// A letter in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The failure that it reports.
    pub receipt: Receipt,
    /// The handle that deletes it; only the latest one is valid.
    pub handle: String,
}

impl Scheduler {
    /// Reads all letters in the dead-letter queue and leaves them there, visible to others. Empty if no queue is
    /// configured.
    ///
    /// # Errors
    /// When the queue does not exist, or cannot be read.
    pub async fn dead_letters(&self) -> Result<Vec<DeadLetter>, Failure> {
        let Some(queue) = self.queue() else { return Ok(Vec::new()) };
        let mut letters: HashMap<String, DeadLetter> = HashMap::new();
        let mut quiet = 0;
        for _ in 0..MAX_REQUESTS {
            let answer = queue
                .client
                .receive_message()
                .queue_url(&queue.url)
                .visibility_timeout(0)
                .max_number_of_messages(PAGE)
                .wait_time_seconds(WAIT_SECONDS)
                .message_attribute_names("All")
                .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
                .send()
                .await
                .map_err(|error| {
                    self.failure(&self.queue_operation("sqs:ReceiveMessage", RequestKind::Read), &error)
                })?;
            let before = letters.len();
            for letter in answer.messages().iter().filter_map(|message| letter(message, self.now())) {
                letters.insert(letter.0, letter.1);
            }
            quiet = if letters.len() > before { 0 } else { quiet + 1 };
            if quiet == QUIET_RESPONSES || answer.messages().is_empty() {
                break;
            }
        }
        let mut letters: Vec<DeadLetter> = letters.into_values().collect();
        letters.sort_by(|a, b| (a.receipt.at, &a.receipt.key).cmp(&(b.receipt.at, &b.receipt.key)));
        Ok(letters)
    }

    /// Deletes a letter from the queue, because a person has dealt with it.
    ///
    /// # Errors
    /// When the queue does not exist, or the letter cannot be deleted.
    pub async fn delete_dead_letter(&self, letter: &DeadLetter) -> Result<(), Failure> {
        self.refuse_read_only("The dead letter was not deleted")?;
        let Some(queue) = self.queue() else { return Ok(()) };
        let request = queue.client.delete_message().queue_url(&queue.url).receipt_handle(&letter.handle);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                Err(self.failure(&self.queue_operation("sqs:DeleteMessage", RequestKind::Idempotent), &error))
            }
        }
    }

    /// The queue and a client for it. The URL follows from the ARN, so no permission is needed to look it up.
    pub(super) fn queue(&self) -> Option<Queue> {
        let url = queue_url(self.context().dead_letter_arn.as_ref()?);
        Some(Queue { client: aws_sdk_sqs::Client::new(&self.0.session.client_config()), url })
    }

    pub(super) fn queue_operation(&self, action: &'static str, kind: RequestKind) -> Operation<'static> {
        let failed = match kind {
            RequestKind::Read => "The dead-letter queue could not be read",
            RequestKind::Idempotent | RequestKind::Once => "The dead letter could not be deleted",
        };
        Operation {
            failed,
            action,
            resource: self.context().dead_letter_arn.as_ref().map(ToString::to_string).unwrap_or_default(),
            kind,
        }
    }
}

/// `https://sqs.eu-west-1.amazonaws.com/123456789012/name`, for `arn:aws:sqs:eu-west-1:123456789012:name`.
fn queue_url(arn: &Arn) -> String {
    let Arn { partition, region, account, resource: name, .. } = arn;
    let suffix = if partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://sqs.{region}.{suffix}/{account}/{name}")
}

/// The queue and a client for it.
pub(super) struct Queue {
    pub(super) client: aws_sdk_sqs::Client,
    pub(super) url: String,
}

/// Lambda's record of an event that it could not process.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    timestamp: Option<DateTime<Utc>>,
    request_context: RequestContext,
    request_payload: Value,
    response_payload: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    condition: Option<String>,
    approximate_invoke_count: Option<u32>,
}

/// The input of a memo's schedule.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    memo: String,
    id: Option<String>,
    zone: Option<String>,
    scheduled_time: Option<String>,
    attempt: Option<Value>,
}

/// The letter in a message of the queue, with the id of the message. Every message counts as a letter, whoever sent it.
fn letter(message: &Message, now: DateTime<Utc>) -> Option<(String, DeadLetter)> {
    let (id, handle) = (message.message_id()?.to_owned(), message.receipt_handle()?.to_owned());
    let body = message.body().unwrap_or_default();
    let sent = message
        .attributes()
        .and_then(|attributes| attributes.get(&MessageSystemAttributeName::SentTimestamp))
        .and_then(|sent| DateTime::from_timestamp_millis(sent.parse().ok()?));
    let letter = match serde_json::from_str::<Record>(body) {
        Ok(record) => from_lambda(record),
        Err(_) => from_scheduler(message, body),
    };
    let Letter { input, error, at, scheduled, attempt } = letter;
    let ours: Option<Input> = serde_json::from_value(input.clone()).ok();
    let receipt = Receipt {
        key: format!("dead/{id}"),
        id: ours.as_ref().and_then(|input| input.id.as_deref()?.parse::<MemoId>().ok()),
        zone: ours.as_ref().and_then(|input| input.zone.clone()),
        // The input has it too, but only if EventBridge Scheduler replaced the context attributes in it.
        scheduled: scheduled.or_else(|| ours.as_ref()?.scheduled_time.as_deref()?.parse().ok()),
        at: sent.or(at).unwrap_or(now),
        attempt: attempt.or_else(|| attempt_of(ours.as_ref()?.attempt.as_ref()?)).unwrap_or_default(),
        by_hand: false,
        outcome: Outcome::Failed { error, is_final: true },
        text: ours.map_or_else(|| raw(input), |input| input.memo),
    };
    Some((id, DeadLetter { receipt, handle }))
}

/// The contents of a letter, in either format.
struct Letter {
    input: Value,
    error: String,
    at: Option<DateTime<Utc>>,
    scheduled: Option<DateTime<Utc>>,
    attempt: Option<u32>,
}

fn from_lambda(record: Record) -> Letter {
    let field = |name: &str| record.response_payload.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let condition = record.request_context.condition.map(|condition| match condition.as_str() {
        "EventAgeExceeded" => "Lambda could not run the function in time".to_owned(),
        "RetriesExhausted" => "the function failed each time".to_owned(),
        other => other.to_owned(),
    });
    Letter {
        error: field("errorMessage").or_else(|| field("errorType")).or(condition).unwrap_or_else(no_reason),
        input: record.request_payload,
        at: record.timestamp,
        scheduled: None,
        attempt: record.request_context.approximate_invoke_count,
    }
}

fn from_scheduler(message: &Message, body: &str) -> Letter {
    let attribute = |name: &str| {
        let value = message.message_attributes()?.get(name)?.string_value()?;
        Some(value.to_owned()).filter(|value| !value.is_empty())
    };
    let error = match (attribute("ERROR_CODE"), attribute("ERROR_MESSAGE")) {
        (Some(code), Some(message)) => format!("{message} ({code})"),
        (one, other) => one.or(other).unwrap_or_else(no_reason),
    };
    Letter {
        input: serde_json::from_str(body).unwrap_or_else(|_| Value::from(body)),
        error,
        at: None,
        scheduled: attribute("SCHEDULED_TIME").and_then(|time| time.parse().ok()),
        // The first try does not count as a retry.
        attempt: attribute("RETRY_ATTEMPTS").and_then(|retries| retries.parse::<u32>().ok()).map(|retries| retries + 1),
    }
}

fn no_reason() -> String {
    "no reason given".to_owned()
}
