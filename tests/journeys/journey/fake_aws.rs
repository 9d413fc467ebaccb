//! The parts of AWS that the embedded scheduler lacks: log lines of failed invocations, and a dead-letter queue.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::HttpConnectorFuture;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// The dead-letter queue.
pub const QUEUE_ARN: &str = "arn:aws:sqs:local-1:000000000000:tickler-dead";

type Lines = Vec<(DateTime<Utc>, String)>;

/// The log lines and the dead letters that a test adds.
#[derive(Debug, Clone, Default)]
pub struct FakeAws {
    lines: Arc<Mutex<Lines>>,
    letters: Arc<Mutex<Vec<Value>>>,
    denied: Arc<Mutex<Option<&'static str>>>,
    reads: Arc<AtomicUsize>,
}

impl FakeAws {
    /// Adds a line to the function's log.
    pub fn add_log_line(&self, at: DateTime<Utc>, line: &Value) {
        self.lines.lock().unwrap().push((at, format!("{line}\n")));
    }

    /// Adds a message to the dead-letter queue.
    pub fn add_dead_letter(&self, at: DateTime<Utc>, body: &Value, attributes: &[(&str, &str)]) {
        let mut letters = self.letters.lock().unwrap();
        let attributes: serde_json::Map<_, _> = attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!({ "DataType": "String", "StringValue": value })))
            .collect();
        let number = letters.len();
        letters.push(json!({
            "MessageId": format!("message-{number}"), "ReceiptHandle": format!("handle-{number}"),
            "Body": body.to_string(), "MessageAttributes": attributes,
            "Attributes": { "SentTimestamp": at.timestamp_millis().to_string() },
        }));
    }

    /// The number of messages in the dead-letter queue.
    pub fn dead_letter_count(&self) -> usize {
        self.letters.lock().unwrap().len()
    }

    /// How often the log was read.
    pub fn log_reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }

    /// Denies this action from now on.
    pub fn deny(&self, action: &'static str) {
        *self.denied.lock().unwrap() = Some(action);
    }

    /// The response to a request to SQS, or none for another service.
    pub fn respond(&self, request: &HttpRequest) -> Option<HttpConnectorFuture> {
        let action = request.headers().get("x-amz-target")?.strip_prefix("AmazonSQS.")?.to_owned();
        if self.denied.lock().unwrap().is_some_and(|denied| denied == action) {
            let body = json!({ "__type": "com.amazon.coral.service#AccessDeniedException", "message": "no" });
            return Some(ready(403, &body));
        }
        let input: Value = serde_json::from_slice(request.body().bytes()?).ok()?;
        let mut letters = self.letters.lock().unwrap();
        let body = match action.as_str() {
            "ReceiveMessage" => json!({ "Messages": letters.iter().take(10).collect::<Vec<_>>() }),
            "DeleteMessage" => {
                letters.retain(|letter| letter["ReceiptHandle"] != input["ReceiptHandle"]);
                json!({})
            }
            other => panic!("unexpected SQS action {other}"),
        };
        Some(ready(200, &body))
    }

    /// Adds the test's log lines to the response, if the request reads the log.
    pub fn with_log_lines(&self, request: &HttpRequest, response: HttpConnectorFuture) -> HttpConnectorFuture {
        let reads_log =
            request.headers().get("x-amz-target").is_some_and(|target| target.ends_with(".FilterLogEvents"));
        self.reads.fetch_add(usize::from(reads_log), Ordering::SeqCst);
        let input: Value =
            request.body().bytes().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
        let lines = self.lines.lock().unwrap().clone();
        if !reads_log || lines.is_empty() {
            return response;
        }
        HttpConnectorFuture::new(async move {
            let response = response.await?;
            let mut body: Value = serde_json::from_slice(response.body().bytes().unwrap()).unwrap();
            let range = input["startTime"].as_i64().unwrap()..=input["endTime"].as_i64().unwrap();
            let events = body["events"].as_array_mut().unwrap();
            events.extend(lines.iter().zip(0..).filter(|((at, _), _)| range.contains(&at.timestamp_millis())).map(
                |((at, line), number): (_, u32)| {
                    json!({ "timestamp": at.timestamp_millis(), "message": line, "eventId": format!("line-{number}") })
                },
            ));
            Ok(HttpResponse::new(response.status(), SdkBody::from(body.to_string())))
        })
    }
}

fn ready(status: u16, body: &Value) -> HttpConnectorFuture {
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.to_string()));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    HttpConnectorFuture::ready(Ok(response))
}
