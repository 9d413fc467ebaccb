//! The dead-letter queue: what could not be delivered, and why.
//!
//! Two services put letters there, each in a shape of its own. EventBridge Scheduler sends what it would have given to
//! the target, with the reasons beside it as attributes
//! (<https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html>); Lambda wraps the event into
//! a record of its invocation
//! (<https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>). A letter is only looked at
//! here, so that others see it too, until a person has dealt with it.

use std::collections::HashMap;

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::client::Scheduler;
use super::error::{Operation, RequestKind};
use super::receipts::{as_it_was, attempt as attempt_of};
use crate::arn::Arn;
use crate::failure::Failure;
use crate::memo::MemoId;
use crate::schedule::{Outcome, Receipt};

/// How many letters are received at once: the most that the service gives.
const AT_ONCE: i32 = 10;

/// For how many seconds an empty queue is listened to. Without waiting only some of its servers are asked, and an
/// answer without letters proves nothing.
const LISTEN: i32 = 1;

/// In how many answers in a row nothing has to be new until all is known.
const QUIET: usize = 2;

/// The most answers that are asked for in one reading: a queue with more than some thousand letters is a disaster of
/// its own, which the panel does not make better.
const MOST: usize = 500;

/// A letter in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// What it tells.
    pub receipt: Receipt,
    /// With what it is taken out of the queue; the latest that was received counts.
    pub handle: String,
}

impl Scheduler {
    /// All letters in the dead-letter queue. They stay there, and can be received by others at once. None where no
    /// queue is configured.
    ///
    /// # Errors
    /// When the queue is not there, or cannot be read.
    pub async fn dead_letters(&self) -> Result<Vec<DeadLetter>, Failure> {
        let Some(queue) = self.queue() else { return Ok(Vec::new()) };
        let mut letters: HashMap<String, DeadLetter> = HashMap::new();
        let mut quiet = 0;
        for _ in 0..MOST {
            let answer = queue
                .client
                .receive_message()
                .queue_url(&queue.url)
                .visibility_timeout(0)
                .max_number_of_messages(AT_ONCE)
                .wait_time_seconds(LISTEN)
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
            if quiet == QUIET || answer.messages().is_empty() {
                break;
            }
        }
        let mut letters: Vec<DeadLetter> = letters.into_values().collect();
        letters.sort_by(|a, b| (a.receipt.at, &a.receipt.key).cmp(&(b.receipt.at, &b.receipt.key)));
        Ok(letters)
    }

    /// Takes a letter out of the queue: a person has dealt with it.
    ///
    /// # Errors
    /// When the queue is not there, or does not let it be taken out.
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

    /// The queue, and a client for it. Its URL follows from its ARN, so that nobody needs the right to look it up.
    pub(super) fn queue(&self) -> Option<Queue> {
        let url = queue_url(self.context().dead_letter_arn.as_ref()?);
        Some(Queue { client: aws_sdk_sqs::Client::new(&self.0.session.quick()), url })
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

/// The queue, and a client for it.
pub(super) struct Queue {
    pub(super) client: aws_sdk_sqs::Client,
    pub(super) url: String,
}

/// What Lambda wraps an event into that it could not process.
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

/// What a memo's input says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    memo: String,
    id: Option<String>,
    zone: Option<String>,
    scheduled_time: Option<String>,
    attempt: Option<Value>,
}

/// What a message of the queue tells, under the id that it has there. Whatever lies in the queue is a letter: somebody
/// sent it for want of a better place.
fn letter(message: &Message, now: DateTime<Utc>) -> Option<(String, DeadLetter)> {
    let (id, handle) = (message.message_id()?.to_owned(), message.receipt_handle()?.to_owned());
    let body = message.body().unwrap_or_default();
    let sent = message
        .attributes()
        .and_then(|attributes| attributes.get(&MessageSystemAttributeName::SentTimestamp))
        .and_then(|sent| DateTime::from_timestamp_millis(sent.parse().ok()?));
    let letter = match serde_json::from_str::<Record>(body) {
        Ok(record) => of_lambda(record),
        Err(_) => of_the_scheduler(message, body),
    };
    let Letter { input, error, at, scheduled, attempt } = letter;
    let ours: Option<Input> = serde_json::from_value(input.clone()).ok();
    let receipt = Receipt {
        key: format!("dead/{id}"),
        id: ours.as_ref().and_then(|input| input.id.as_deref()?.parse::<MemoId>().ok()),
        zone: ours.as_ref().and_then(|input| input.zone.clone()),
        // The input says it too, but only where the context words were replaced in it.
        scheduled: scheduled.or_else(|| ours.as_ref()?.scheduled_time.as_deref()?.parse().ok()),
        at: sent.or(at).unwrap_or(now),
        attempt: attempt.or_else(|| attempt_of(ours.as_ref()?.attempt.as_ref()?)).unwrap_or_default(),
        by_hand: false,
        outcome: Outcome::Failed { error, is_final: true },
        text: ours.map_or_else(|| as_it_was(input), |input| input.memo),
    };
    Some((id, DeadLetter { receipt, handle }))
}

/// What a letter says, of either shape.
struct Letter {
    input: Value,
    error: String,
    at: Option<DateTime<Utc>>,
    scheduled: Option<DateTime<Utc>>,
    attempt: Option<u32>,
}

fn of_lambda(record: Record) -> Letter {
    let said = |name: &str| record.response_payload.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let condition = record.request_context.condition.map(|condition| match condition.as_str() {
        "EventAgeExceeded" => "Lambda could not run the function in time".to_owned(),
        "RetriesExhausted" => "the function failed each time".to_owned(),
        other => other.to_owned(),
    });
    Letter {
        error: said("errorMessage").or_else(|| said("errorType")).or(condition).unwrap_or_else(unsaid),
        input: record.request_payload,
        at: record.timestamp,
        scheduled: None,
        attempt: record.request_context.approximate_invoke_count,
    }
}

fn of_the_scheduler(message: &Message, body: &str) -> Letter {
    let attribute = |name: &str| {
        let value = message.message_attributes()?.get(name)?.string_value()?;
        Some(value.to_owned()).filter(|value| !value.is_empty())
    };
    let error = match (attribute("ERROR_CODE"), attribute("ERROR_MESSAGE")) {
        (Some(code), Some(message)) => format!("{message} ({code})"),
        (one, other) => one.or(other).unwrap_or_else(unsaid),
    };
    Letter {
        input: serde_json::from_str(body).unwrap_or_else(|_| Value::from(body)),
        error,
        at: None,
        scheduled: attribute("SCHEDULED_TIME").and_then(|time| time.parse().ok()),
        // The first try is none of the retries.
        attempt: attribute("RETRY_ATTEMPTS").and_then(|retries| retries.parse::<u32>().ok()).map(|retries| retries + 1),
    }
}

fn unsaid() -> String {
    "it does not say why".to_owned()
}
