//! A service and an engine over one store, with a clock that the test sets.

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, TimeDelta, Utc};
use embedded::{EXECUTE_MEMO_ARN, Engine, Fired, Now, ROLE_ARN, Service, Store};
use serde_json::{Value, json};

/// Where the clock starts.
pub const START: &str = "2026-11-24T12:00:00Z";

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub struct World {
    pub store: Store,
    pub service: Service,
    clock: Arc<Mutex<DateTime<Utc>>>,
}

/// A decoded response.
#[derive(Debug, PartialEq)]
pub struct Response {
    pub status: u16,
    /// `x-amzn-errortype`.
    pub error: Option<String>,
    /// Null if the body is empty.
    pub body: Value,
}

impl Response {
    /// The message of an error; its name depends on the service.
    pub fn message(&self) -> &str {
        let message = self.body.get("Message").or_else(|| self.body.get("message"));
        message.and_then(Value::as_str).unwrap_or("")
    }

    /// The body of a successful response.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.error, None, "{self:?}");
        self.body
    }

    /// Compares status, error name and the whole message.
    #[track_caller]
    pub fn assert_error(&self, status: u16, error: &str, message: &str) {
        let found = (self.status, self.error.as_deref(), self.message());
        assert_eq!(found, (status, Some(error), message));
    }

    #[track_caller]
    pub fn assert_invalid(&self, message: &str) {
        self.assert_error(400, "ValidationException", message);
    }
}

impl World {
    pub fn new() -> World {
        World::over(Store::in_memory().unwrap())
    }

    pub fn at(path: &Path) -> World {
        World::over(Store::open(path).unwrap())
    }

    /// A world over this store and its service, with a clock that no one reads.
    pub fn with(store: Store, service: Service) -> World {
        World { service, store, clock: Arc::new(Mutex::new(moment(START))) }
    }

    fn over(store: Store) -> World {
        let clock = Arc::new(Mutex::new(moment(START)));
        let shared = Arc::clone(&clock);
        let now: Now = Arc::new(move || *shared.lock().unwrap());
        World { service: Service::new(store.clone(), now), store, clock }
    }

    pub fn now(&self) -> DateTime<Utc> {
        *self.clock.lock().unwrap()
    }

    pub fn set_clock(&self, to: DateTime<Utc>) {
        *self.clock.lock().unwrap() = to;
    }

    pub fn advance(&self, time: TimeDelta) {
        self.set_clock(self.now() + time);
    }

    /// Fires what is due.
    pub fn fire(&self) -> Fired {
        Engine::new(self.store.clone()).fire(self.now()).unwrap()
    }

    pub fn call(&self, method: &str, uri: &str, body: &Value) -> Response {
        self.send(method, uri, &[], if body.is_null() { Vec::new() } else { body.to_string().into_bytes() })
    }

    pub fn get(&self, uri: &str) -> Response {
        self.call("GET", uri, &Value::Null)
    }

    pub fn delete(&self, uri: &str) -> Response {
        self.call("DELETE", uri, &Value::Null)
    }

    pub fn create(&self, name: &str, body: &Value) -> Response {
        self.call("POST", &format!("/schedules/{name}"), body)
    }

    pub fn send(&self, method: &str, uri: &str, headers: &[(&'static str, &str)], body: Vec<u8>) -> Response {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method(method).unwrap();
        request.set_uri(uri.to_owned()).unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, (*value).to_owned());
        }
        // Polls once: the service must respond inline.
        let future = pin!(self.service.call(request));
        let Poll::Ready(response) = future.poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("{method} {uri} did not get a response inline");
        };
        let response = response.unwrap();
        assert!(response.headers().get("x-amzn-requestid").is_some(), "every response has a request id");
        let body = response.body().bytes().unwrap();
        Response {
            status: response.status().as_u16(),
            error: response.headers().get("x-amzn-errortype").map(str::to_owned),
            body: if body.is_empty() { Value::Null } else { serde_json::from_slice(body).unwrap() },
        }
    }

    /// The delivery log, oldest line first.
    pub fn log(&self) -> Vec<Value> {
        let request = json!({ "logGroupName": embedded::LOG_GROUP });
        let response = self.logs(&request).ok();
        assert_eq!(response.get("nextToken"), None, "more than a page");
        let events = response["events"].as_array().unwrap();
        events.iter().map(|event| serde_json::from_str(event["message"].as_str().unwrap()).unwrap()).collect()
    }

    pub fn logs(&self, request: &Value) -> Response {
        let target = ("x-amz-target", "Logs_20140328.FilterLogEvents");
        self.send("POST", "/", &[target], request.to_string().into_bytes())
    }
}

/// The smallest body of a create or an update.
pub fn schedule(expression: &str) -> Value {
    json!({
        "ScheduleExpression": expression,
        "FlexibleTimeWindow": { "Mode": "OFF" },
        "Target": { "Arn": EXECUTE_MEMO_ARN, "RoleArn": ROLE_ARN },
    })
}

/// The body of the schedule of a memo, deleted after its delivery.
pub fn memo(text: &str, expression: &str) -> Value {
    let input = json!({
        "v": 1,
        "memo": text,
        "id": text,
        "zone": "UTC",
        "schedule": "<aws.scheduler.schedule-arn>",
        "scheduledTime": "<aws.scheduler.scheduled-time>",
        "attempt": "<aws.scheduler.attempt-number>",
    });
    let mut body = schedule(expression);
    body["ActionAfterCompletion"] = json!("DELETE");
    body["Target"]["Input"] = json!(input.to_string());
    body
}

/// A body with one member set; `pointer` is a JSON pointer.
pub fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    parent.insert(name.to_owned(), value);
    body
}

pub const AT: &str = "at(2026-11-24T18:00:00)";
