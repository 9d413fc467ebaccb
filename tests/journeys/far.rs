//! What AWS does that the embedded service does not: a function that fails leaves lines of it in its log, and what
//! could not be delivered lies in a queue.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::HttpConnectorFuture;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

pub const QUEUE: &str = "arn:aws:sqs:local-1:000000000000:tickler-dead";

type Lines = Vec<(DateTime<Utc>, String)>;

/// The log lines and the letters that were laid there.
#[derive(Debug, Clone, Default)]
pub struct Aws {
    lines: Arc<Mutex<Lines>>,
    letters: Arc<Mutex<Vec<Value>>>,
    denied: Arc<Mutex<Option<&'static str>>>,
    reads: Arc<AtomicUsize>,
}

impl Aws {
    /// A line in the function's log.
    pub fn log(&self, at: DateTime<Utc>, line: &Value) {
        self.lines.lock().unwrap().push((at, format!("{line}\n")));
    }

    /// A letter in the queue, with what its sender said beside it.
    pub fn letter(&self, at: DateTime<Utc>, body: &Value, attributes: &[(&str, &str)]) {
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

    /// How many letters are in the queue.
    pub fn letters(&self) -> usize {
        self.letters.lock().unwrap().len()
    }

    /// How often the log was read.
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }

    /// What needs this action is refused from now on.
    pub fn deny(&self, action: &'static str) {
        *self.denied.lock().unwrap() = Some(action);
    }

    /// The answer to a request that the embedded service does not know.
    pub fn answer(&self, request: &HttpRequest) -> Option<HttpConnectorFuture> {
        let action = request.headers().get("x-amz-target")?.strip_prefix("AmazonSQS.")?.to_owned();
        if self.denied.lock().unwrap().is_some_and(|denied| denied == action) {
            let body = json!({ "__type": "com.amazon.coral.service#AccessDeniedException", "message": "no" });
            return Some(ready(403, &body));
        }
        let asked: Value = serde_json::from_slice(request.body().bytes()?).ok()?;
        let mut letters = self.letters.lock().unwrap();
        let body = match action.as_str() {
            "ReceiveMessage" => json!({ "Messages": letters.iter().take(10).collect::<Vec<_>>() }),
            "DeleteMessage" => {
                letters.retain(|letter| letter["ReceiptHandle"] != asked["ReceiptHandle"]);
                json!({})
            }
            other => panic!("nobody asks a queue for {other}"),
        };
        Some(ready(200, &body))
    }

    /// The lines that were laid in the log, put into the answer to a request for it.
    pub fn with_lines(&self, request: &HttpRequest, answer: HttpConnectorFuture) -> HttpConnectorFuture {
        let wanted = request.headers().get("x-amz-target").is_some_and(|target| target.ends_with(".FilterLogEvents"));
        self.reads.fetch_add(usize::from(wanted), Ordering::SeqCst);
        let asked: Value =
            request.body().bytes().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
        let lines = self.lines.lock().unwrap().clone();
        if !wanted || lines.is_empty() {
            return answer;
        }
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            let mut body: Value = serde_json::from_slice(answer.body().bytes().unwrap()).unwrap();
            let range = asked["startTime"].as_i64().unwrap()..=asked["endTime"].as_i64().unwrap();
            let events = body["events"].as_array_mut().unwrap();
            events.extend(lines.iter().zip(0..).filter(|((at, _), _)| range.contains(&at.timestamp_millis())).map(
                |((at, line), number): (_, u32)| {
                    json!({ "timestamp": at.timestamp_millis(), "message": line, "eventId": format!("laid-{number}") })
                },
            ));
            Ok(HttpResponse::new(answer.status(), SdkBody::from(body.to_string())))
        })
    }
}

fn ready(status: u16, body: &Value) -> HttpConnectorFuture {
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.to_string()));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    HttpConnectorFuture::ready(Ok(response))
}
