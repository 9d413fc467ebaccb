//! HTTP as values: what a request asks, what an answer says, and the errors in the three dialects spoken here.
//!
//! It must never know what an operation means; it only cuts paths, queries and bodies, and puts answers together.

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::store::StoreError;

/// A request, cut into what routing and the operations look at.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path's segments, percent-decoded one by one, so that an encoded slash stays within its segment.
    pub(crate) path: Vec<String>,
    query: Vec<(String, String)>,
    /// `x-amz-target`: the operation, in the AWS JSON protocol.
    pub(crate) target: Option<String>,
    /// `x-amz-invocation-type` of Lambda's Invoke.
    pub(crate) invocation_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Reads an SDK request. The signature is not looked at: whoever can call this function is inside the process.
    pub(crate) fn read(http: &HttpRequest) -> Result<Self, ApiError> {
        let (path, query) = path_and_query(http.uri());
        // Streaming bodies exist for uploads; no operation answered here has one.
        let body = http
            .body()
            .bytes()
            .ok_or_else(|| ApiError::serialization("the request body must be in memory, not a stream"))?;
        Ok(Request {
            method: http.method().to_owned(),
            path: path
                .split('/')
                .filter(|segment| !segment.is_empty())
                .map(|segment| percent_decode(segment, false))
                .collect::<Result<_, _>>()?,
            query: query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    Ok((percent_decode(key, true)?, percent_decode(value, true)?))
                })
                .collect::<Result<_, ApiError>>()?,
            target: http.headers().get("x-amz-target").map(str::to_owned),
            invocation_type: http.headers().get("x-amz-invocation-type").map(str::to_owned),
            body: body.to_vec(),
        })
    }

    /// The first value of a query parameter.
    pub(crate) fn query(&self, key: &str) -> Option<&str> {
        let (_, value) = self.query.iter().find(|(name, _)| name == key)?;
        Some(value)
    }

    /// All values of a query parameter that may be repeated.
    pub(crate) fn query_all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The body as a JSON object, without its null members: to the service an absent member and a null one are one.
    pub(crate) fn json_object(&self) -> Result<Map<String, Value>, ApiError> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        let mut value: Value = serde_json::from_slice(&self.body)
            .map_err(|error| ApiError::serialization(format!("the request body is not JSON: {error}")))?;
        drop_nulls(&mut value);
        match value {
            Value::Object(members) => Ok(members),
            _ => Err(ApiError::serialization("the request body is not a JSON object")),
        }
    }
}

/// Gives a JSON object its type; what does not fit is the sender's mistake.
pub(crate) fn typed<T: DeserializeOwned>(members: Map<String, Value>) -> Result<T, ApiError> {
    serde_json::from_value(Value::Object(members)).map_err(|error| ApiError::serialization(error.to_string()))
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// The path and the query of a URI that may or may not begin with scheme and authority.
fn path_and_query(uri: &str) -> (&str, &str) {
    let uri = uri.split_once('#').map_or(uri, |(before, _)| before);
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => path,
    };
    (path, query)
}

/// Undoes percent-encoding; in a query a plus sign is a space, in a path it is itself.
fn percent_decode(text: &str, plus_is_space: bool) -> Result<String, ApiError> {
    let malformed = || ApiError::serialization(format!("{text:?} is not percent-encoded UTF-8"));
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(bytes.next()), digit(bytes.next()));
                high.zip(low).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()).ok_or_else(malformed)?
            }
            b'+' if plus_is_space => b' ',
            other => other,
        });
    }
    String::from_utf8(decoded).map_err(|_| malformed())
}

/// An answer that went well.
#[derive(Debug, Default)]
pub(crate) struct Response {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

impl Response {
    /// 200 with a JSON body. Members that are null are left out: the service never returns one.
    pub(crate) fn ok(mut body: Value) -> Self {
        drop_nulls(&mut body);
        Response::with_status(200, body.to_string().into_bytes())
    }

    pub(crate) fn with_status(status: u16, body: Vec<u8>) -> Self {
        Response { status, headers: Vec::new(), body }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn into_http(self) -> Result<HttpResponse, ConnectorError> {
        let status = StatusCode::try_from(self.status).map_err(|error| ConnectorError::other(error.into(), None))?;
        let mut http = HttpResponse::new(status, SdkBody::from(self.body));
        let headers = http.headers_mut();
        headers.insert("content-type", "application/json");
        headers.insert("x-amzn-requestid", Uuid::new_v4().to_string());
        for (name, value) in self.headers {
            headers.insert(name, value);
        }
        Ok(http)
    }
}

/// How a service writes its errors down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// REST-JSON of the scheduler: the code in a header, `Message` in the body.
    Scheduler,
    /// REST-JSON of Lambda: likewise, and whose fault it was.
    Lambda,
    /// AWS JSON 1.1 of CloudWatch Logs: code and message in the body.
    Logs,
}

/// An answer that went wrong, in the service's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    status: u16,
    code: &'static str,
    message: String,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        ApiError { status, code, message: message.into() }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        ApiError::new(400, "ValidationException", message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        ApiError::new(409, "ConflictException", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        ApiError::new(404, "ResourceNotFoundException", message)
    }

    /// 402, as documented, though other services answer 400.
    pub(crate) fn quota(message: impl Into<String>) -> Self {
        ApiError::new(402, "ServiceQuotaExceededException", message)
    }

    /// A body or URI that cannot be read at all. No service models this error, and all of them answer it.
    pub(crate) fn serialization(message: impl Into<String>) -> Self {
        ApiError::new(400, "SerializationException", message)
    }

    /// What AWS answers when no operation has this path and method.
    pub(crate) fn unknown_operation(method: &str, path: &[String]) -> Self {
        let message = format!("No operation answers {method} /{}.", path.join("/"));
        ApiError::new(404, "UnknownOperationException", message)
    }

    pub(crate) fn into_response(self, dialect: Dialect) -> Response {
        let body = match dialect {
            Dialect::Scheduler => json!({ "Message": self.message }),
            Dialect::Lambda => {
                let fault = if self.status < 500 { "User" } else { "Service" };
                json!({ "Type": fault, "Message": self.message })
            }
            Dialect::Logs => json!({ "__type": self.code, "message": self.message }),
        };
        Response::with_status(self.status, body.to_string().into_bytes()).header("x-amzn-errortype", self.code)
    }
}

/// A store that fails is the service failing, and its sentence is what the SDK's user gets to read.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed a request");
        ApiError::new(500, "InternalServerException", error.to_string())
    }
}

/// A moment as the protocol writes it: epoch seconds, a number with a fraction.
pub(crate) fn epoch_seconds(moment: DateTime<Utc>) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds stay exact in an f64 for 285,000 years")]
    let seconds = moment.timestamp_millis() as f64 / 1000.0;
    Value::from(seconds)
}

/// A `NextToken`: a position in a list, opaque to the caller. It is the key of the last item given out and not a
/// count, so a page begins where the last one ended whatever was created or deleted in between.
pub(crate) fn token(key: &[&str]) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 0xf].map(|digit| char::from_digit(digit.into(), 16));
    key.join("\n").bytes().flat_map(digits).flatten().collect()
}

/// The key in a token; `None` when this service did not make it.
pub(crate) fn key_of_token<const PARTS: usize>(token: &str) -> Option<[String; PARTS]> {
    let bytes = token
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let digits = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(digits, 16).ok()
        })
        .collect::<Option<Vec<u8>>>()?;
    let text = String::from_utf8(bytes).ok()?;
    let parts: Vec<String> = text.split('\n').map(str::to_owned).collect();
    parts.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_cut_with_and_without_its_authority() {
        for uri in ["/schedules/a?b=c", "https://scheduler.local-1.amazonaws.com/schedules/a?b=c#d"] {
            assert_eq!(path_and_query(uri), ("/schedules/a", "b=c"), "{uri}");
        }
        assert_eq!(path_and_query("https://host"), ("", ""));
    }

    #[test]
    fn percent_encoding_is_undone_or_refused() {
        assert_eq!(percent_decode("a%2Fb%20%C3%A9+", false).unwrap(), "a/b é+");
        assert_eq!(percent_decode("a+b", true).unwrap(), "a b");
        for broken in ["%", "%2", "%zz", "%ff"] {
            assert!(percent_decode(broken, false).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_token_gives_its_key_back_and_nothing_else_does() {
        let token = token(&["tickler", "a.b"]);
        assert_eq!(key_of_token::<2>(&token), Some(["tickler".to_owned(), "a.b".to_owned()]));
        assert_eq!(key_of_token::<1>(&token), None);
        for broken in ["x", "6", "6g", "é", "ff"] {
            assert_eq!(key_of_token::<2>(broken), None, "{broken}");
        }
    }

    #[test]
    fn moments_are_epoch_seconds_with_a_fraction() {
        let moment = DateTime::from_timestamp_millis(1_795_458_000_123).unwrap();
        assert_eq!(epoch_seconds(moment).to_string(), "1795458000.123");
        let whole = DateTime::from_timestamp_millis(1_795_458_000_000).unwrap();
        assert_eq!(epoch_seconds(whole).to_string(), "1795458000.0");
    }
}
