//! A fake AWS in which everything works, except what a test changes. It responds by operation, not in a fixed order,
//! because the doctor sends many requests at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, TimeDelta, Utc};
use tickler::aws::SdkClock;
use tokio::time::Instant;

use crate::client::now;

/// The response to an operation.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Success, with this body.
    Body(String),
    /// An error: status, code and message.
    Error(u16, &'static str, String),
    /// The function failed with this payload.
    FunctionError(&'static str),
    /// The connection is refused.
    Refused,
}

/// A denied request.
pub fn denied(message: &str) -> Answer {
    Answer::Error(403, "AccessDeniedException", message.to_owned())
}

pub fn body(text: &str) -> Answer {
    Answer::Body(text.to_owned())
}

#[derive(Debug, Clone)]
pub struct Aws(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    answers: HashMap<&'static str, Answer>,
    asked: Vec<String>,
    /// How far its clock is ahead of ours; `None` if it sends no date.
    ahead: Option<TimeDelta>,
    time: Time,
}

impl Aws {
    /// An AWS in which everything works. Its clock follows tokio's.
    pub fn well() -> Self {
        let answers = [
            ("GetCallerIdentity", caller("arn:aws:iam::123456789012:user/ada", "123456789012")),
            ("GetScheduleGroup", body(r#"{"Name":"tickler","State":"ACTIVE"}"#)),
            ("ListSchedules", body(r#"{"Schedules":[]}"#)),
            ("GetSchedule", missing("Schedule x does not exist.")),
            ("CreateSchedule", body(r#"{"ScheduleArn":"arn"}"#)),
            ("UpdateSchedule", missing("Schedule x does not exist.")),
            ("DeleteSchedule", body("{}")),
            ("DryRun", body("")),
            ("Invoke", body(r#"{"tickler":1,"subscriptions":{"confirmed":1,"pending":0}}"#)),
            ("FilterLogEvents", body(r#"{"events":[]}"#)),
            ("GetQueueAttributes", body(r#"{"Attributes":{"ApproximateNumberOfMessages":"0"}}"#)),
        ];
        let state = State {
            answers: HashMap::from(answers),
            asked: Vec::new(),
            ahead: Some(TimeDelta::zero()),
            time: Time(Instant::now()),
        };
        Self(Arc::new(Mutex::new(state)))
    }

    /// With another response to an operation.
    pub fn but(self, operation: &'static str, answer: Answer) -> Self {
        self.answer(operation, answer);
        self
    }

    /// Changes the response to an operation from now on.
    pub fn answer(&self, operation: &'static str, answer: Answer) {
        self.0.lock().unwrap().answers.insert(operation, answer);
    }

    /// With a clock that is ahead of ours by this much, or sends no date.
    pub fn with_clock_ahead(self, ahead: Option<TimeDelta>) -> Self {
        self.0.lock().unwrap().ahead = ahead;
        self
    }

    /// The operations so far, with the name of the schedule if there is one.
    pub fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().asked.clone()
    }

    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    /// The clock of the client.
    pub fn clock(&self) -> SdkClock {
        let time = self.0.lock().unwrap().time;
        SdkClock { time_source: SharedTimeSource::new(time), sleep_impl: SharedAsyncSleep::new(TokioSleep::new()) }
    }
}

/// A clock that starts at the time of the tests and follows tokio's.
#[derive(Debug, Clone, Copy)]
struct Time(Instant);

impl TimeSource for Time {
    fn now(&self) -> SystemTime {
        SystemTime::from(now()) + self.0.elapsed()
    }
}

pub fn caller(arn: &str, account: &str) -> Answer {
    Answer::Body(format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>{arn}</Arn><UserId>U</UserId><Account>{account}</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    ))
}

pub fn missing(message: &str) -> Answer {
    Answer::Error(404, "ResourceNotFoundException", message.to_owned())
}

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (operation, about) = operation(&request);
        let mut state = self.0.lock().unwrap();
        state.asked.push(about.map_or_else(|| operation.to_owned(), |about| format!("{operation} {about}")));
        let date = state.ahead.map(|ahead| DateTime::<Utc>::from(state.time.now()) + ahead);
        let answer = state.answers[operation].clone();
        HttpConnectorFuture::ready(respond(&answer, operation, date))
    }
}

impl HttpClient for Aws {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn respond(answer: &Answer, operation: &str, date: Option<DateTime<Utc>>) -> Result<HttpResponse, ConnectorError> {
    let response = |status: u16, body: String| HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
    let mut response = match answer {
        Answer::Body(body) => response(if operation == "DryRun" { 204 } else { 200 }, body.clone()),
        // STS responds in XML.
        Answer::Error(status, code, message) if operation == "GetCallerIdentity" => {
            let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
            response(*status, format!("<ErrorResponse>{error}</ErrorResponse>"))
        }
        Answer::Error(status, code, message) => {
            let mut response = response(*status, serde_json::json!({ "message": message }).to_string());
            response.headers_mut().insert("x-amzn-errortype", *code);
            response
        }
        Answer::FunctionError(payload) => {
            let mut response = response(200, (*payload).to_owned());
            response.headers_mut().insert("x-amz-function-error", "Unhandled");
            response
        }
        Answer::Refused => {
            let error = std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "Connection refused (os error 111)");
            return Err(ConnectorError::io(error.into()));
        }
    };
    if let Some(date) = date {
        response.headers_mut().insert("date", date.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    }
    Ok(response)
}

/// The operation, and its schedule.
fn operation(request: &HttpRequest) -> (&'static str, Option<String>) {
    let uri = request.uri();
    let (_, path) = uri.split_once("://").and_then(|(_, rest)| rest.split_once('/')).unwrap_or_default();
    let schedule = || path.split(['/', '?']).nth(1).map(str::to_owned);
    if let Some(target) = request.headers().get("x-amz-target") {
        let (_, operation) = target.split_once('.').unwrap();
        let known = ["FilterLogEvents", "GetQueueAttributes"];
        return (known.into_iter().find(|known| *known == operation).expect("an operation that is known"), None);
    }
    match (request.method(), path) {
        ("POST", path) if path.contains("/invocations") => {
            let dry = request.headers().get("x-amz-invocation-type") == Some("DryRun");
            (if dry { "DryRun" } else { "Invoke" }, None)
        }
        ("POST", "") => ("GetCallerIdentity", None),
        ("GET", path) if path.starts_with("schedule-groups/") => ("GetScheduleGroup", None),
        ("GET", path) if path.starts_with("schedules?") => ("ListSchedules", None),
        ("GET", _) => ("GetSchedule", schedule()),
        ("POST", _) => ("CreateSchedule", schedule()),
        ("PUT", _) => ("UpdateSchedule", schedule()),
        ("DELETE", _) => ("DeleteSchedule", schedule()),
        (method, path) => panic!("{method} /{path} is nothing that is known"),
    }
}
