//! An HTTP client without a network: it records each request and returns the next prepared response.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

/// Stands for the values that differ from run to run.
const TOKEN: &str = "TOKEN";

/// The headers that matter; the others have the time or the version of the SDK.
const HEADERS: [&str; 4] = ["content-type", "host", "x-amz-invocation-type", "x-amz-target"];

/// The id that AWS gives to each request that it refuses.
pub const REQUEST_ID: &str = "00000000-1111-2222-3333-444444444444";

type Answer = Box<dyn FnOnce() -> Result<HttpResponse, ConnectorError> + Send>;

#[derive(Clone, Default)]
pub struct Recorder {
    requests: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<Option<Answer>>>>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recorder")
    }
}

impl Recorder {
    pub fn answering<'a>(answers: impl IntoIterator<Item = (u16, &'a str)>) -> Self {
        let recorder = Self::default();
        for (status, body) in answers {
            recorder.answer(status, body);
        }
        recorder
    }

    /// Prepares a response.
    pub fn answer(&self, status: u16, body: &str) {
        let body = body.to_owned();
        self.push(Box::new(move || Ok(HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body)))));
    }

    /// Prepares an error response, as AWS sends it.
    pub fn error(&self, status: u16, code: &'static str, message: &str) {
        let body = serde_json::json!({ "Message": message }).to_string();
        self.push(Box::new(move || {
            let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
            response.headers_mut().insert("x-amzn-errortype", code);
            response.headers_mut().insert("x-amzn-requestid", REQUEST_ID);
            Ok(response)
        }));
    }

    /// Prepares a network failure.
    pub fn broken(&self, error: impl FnOnce() -> ConnectorError + Send + 'static) {
        self.push(Box::new(move || Err(error())));
    }

    /// Prepares Lambda's response for a function that failed.
    pub fn function_error(&self, payload: &'static str) {
        self.push(Box::new(move || {
            let mut response = HttpResponse::new(200.try_into().unwrap(), SdkBody::from(payload));
            response.headers_mut().insert("x-amz-function-error", "Unhandled");
            Ok(response)
        }));
    }

    /// Prepares a request that never gets a response.
    pub fn never(&self) {
        self.answers.lock().unwrap().push_back(None);
    }

    fn push(&self, answer: Answer) {
        self.answers.lock().unwrap().push_back(Some(answer));
    }

    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    /// All requests so far, as they were sent.
    pub fn requests(&self) -> String {
        self.requests.lock().unwrap().join("\n")
    }
}

impl HttpConnector for Recorder {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.requests.lock().unwrap().push(written(&request));
        match self.answers.lock().unwrap().pop_front() {
            Some(Some(answer)) => HttpConnectorFuture::ready(answer()),
            Some(None) => HttpConnectorFuture::new(std::future::pending()),
            None => panic!("a request without a prepared response:\n{}", written(&request)),
        }
    }
}

impl HttpClient for Recorder {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// A request as text: its line, the headers that matter, the key that signed it, and its body.
fn written(request: &HttpRequest) -> String {
    let uri = request.uri();
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut text = format!("{} /{}\n", request.method(), without_token(path));
    if request.headers().get("host").is_none() {
        writeln!(text, "host: {host}").unwrap();
    }
    for header in HEADERS {
        if let Some(value) = request.headers().get(header) {
            writeln!(text, "{header}: {value}").unwrap();
        }
    }
    let scope = request.headers().get("authorization").and_then(|value| {
        let (_, credential) = value.split_once("Credential=")?;
        let mut parts = credential.split(',').next()?.split('/');
        let key = parts.next()?;
        Some(format!("{key}/DATE/{}", parts.skip(1).collect::<Vec<_>>().join("/")))
    });
    writeln!(text, "signed by: {}", scope.unwrap_or_else(|| "nobody".to_owned())).unwrap();
    let body = request.body().bytes().unwrap_or_default();
    if let Ok(mut body) = serde_json::from_slice::<Value>(body) {
        if let Some(token) = body.get_mut("ClientToken") {
            *token = TOKEN.into();
        }
        writeln!(text, "{}", serde_json::to_string_pretty(&body).unwrap()).unwrap();
    } else if !body.is_empty() {
        writeln!(text, "{}", String::from_utf8_lossy(body)).unwrap();
    }
    text
}

/// A path without its random token.
fn without_token(path: &str) -> String {
    let Some((before, token)) = path.split_once("clientToken=") else { return path.to_owned() };
    let rest = token.find('&').map_or("", |end| &token[end..]);
    format!("{before}clientToken={TOKEN}{rest}")
}
