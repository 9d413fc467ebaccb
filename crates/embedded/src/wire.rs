//! HTTP requests and responses as values, and errors in the dialects of the three services.
//!
//! Does not depend on the operations.

use std::borrow::Cow;

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::store::StoreError;

/// The parts of a request that routing and the operations need.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The segments of the path. Each is decoded by itself, so that an encoded slash stays within its segment.
    pub(crate) path: Vec<String>,
    query: Vec<(String, String)>,
    /// `x-amz-target`: the operation, in the AWS JSON protocol.
    pub(crate) target: Option<String>,
    /// `x-amz-invocation-type` of Lambda's `Invoke`.
    pub(crate) invocation_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Reads an SDK request. Does not check the signature: every caller is in this process.
    pub(crate) fn read(http: &HttpRequest) -> Result<Self, ApiError> {
        let (path, query) = path_and_query(http.uri());
        // The SDK streams uploads only, and no operation here has one.
        let body = http
            .body()
            .bytes()
            .ok_or_else(|| ApiError::serialization("the request body must be in memory, not a stream"))?;
        Ok(Request {
            method: http.method().to_owned(),
            path: path
                .split('/')
                .filter(|segment| !segment.is_empty())
                .map(decode_path_segment)
                .collect::<Result<_, _>>()?,
            query: query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    Ok((decode_query_text(key)?, decode_query_text(value)?))
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

    /// All values of a repeated query parameter.
    pub(crate) fn query_all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The body as a JSON object without its null members, which are the same as absent ones.
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

/// Deserializes a JSON object. A mismatch is the sender's mistake.
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

/// The path and the query of a URI, which may begin with a scheme and an authority.
fn path_and_query(uri: &str) -> (&str, &str) {
    let uri = uri.split_once('#').map_or(uri, |(before, _)| before);
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => path,
    };
    (path, query)
}

fn decode_path_segment(text: &str) -> Result<String, ApiError> {
    percent_decode(text, text)
}

/// In a query, unlike in a path, a plus sign is a space.
fn decode_query_text(text: &str) -> Result<String, ApiError> {
    percent_decode(text, &text.replace('+', " "))
}

/// Decodes `encoded`; `original` is for the message. Refuses a `%` without two hexadecimal digits, which
/// `percent_decode_str` would keep.
fn percent_decode(original: &str, encoded: &str) -> Result<String, ApiError> {
    let malformed = || ApiError::serialization(format!("{original:?} is not percent-encoded UTF-8"));
    let is_escape =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    if !encoded.split('%').skip(1).all(is_escape) {
        return Err(malformed());
    }
    percent_decode_str(encoded).decode_utf8().map(Cow::into_owned).map_err(|_| malformed())
}

/// A successful response.
#[derive(Debug, Default)]
pub(crate) struct Response {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

impl Response {
    /// 200 with a JSON body, without null members: the service never returns one.
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

/// How a service writes its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// REST-JSON of the scheduler: the code in a header, `Message` in the body.
    Scheduler,
    /// REST-JSON of Lambda: as the scheduler, with `Type` for whose fault it was.
    Lambda,
    /// AWS JSON 1.1 of CloudWatch Logs: code and message in the body.
    Logs,
}

/// An error response.
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

    /// A body or URI that cannot be read. No service models this error, and all of them return it.
    pub(crate) fn serialization(message: impl Into<String>) -> Self {
        ApiError::new(400, "SerializationException", message)
    }

    /// The response of AWS when no operation has this path and method.
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

/// A failure of the store is a failure of the service. The SDK shows its sentence.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed during a request");
        ApiError::new(500, "InternalServerException", error.to_string())
    }
}

/// A time in the protocol: epoch seconds, as a number with a fraction.
pub(crate) fn epoch_seconds(moment: DateTime<Utc>) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds stay exact in an f64 for 285,000 years")]
    let seconds = moment.timestamp_millis() as f64 / 1000.0;
    Value::from(seconds)
}

/// A `NextToken`: a position in a list, opaque to the caller. It is the key of the last item, not a count, so the next
/// page begins where the last one ended, whatever was created or deleted in between.
pub(crate) fn token(key: &[&str]) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 0xf].map(|digit| char::from_digit(digit.into(), 16));
    key.join("\n").bytes().flat_map(digits).flatten().collect()
}

/// The key in a token; `None` if this service did not make the token.
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
    fn a_uri_may_have_an_authority() {
        for uri in ["/schedules/a?b=c", "https://scheduler.local-1.amazonaws.com/schedules/a?b=c#d"] {
            assert_eq!(path_and_query(uri), ("/schedules/a", "b=c"), "{uri}");
        }
        assert_eq!(path_and_query("https://host"), ("", ""));
    }

    #[test]
    fn percent_encoding_is_decoded_or_refused() {
        assert_eq!(decode_path_segment("a%2Fb%20%C3%A9+").unwrap(), "a/b é+");
        assert_eq!(decode_query_text("a+b%2B").unwrap(), "a b+");
        for broken in ["%", "%2", "%zz", "%é", "%+1", "%%20", "%ff"] {
            assert!(decode_path_segment(broken).is_err(), "{broken}");
            assert!(decode_query_text(broken).is_err(), "{broken}");
        }
        let message = ApiError::serialization(r#""+%" is not percent-encoded UTF-8"#);
        assert_eq!(decode_query_text("+%"), Err(message));
    }

    #[test]
    fn only_a_token_gives_a_key() {
        let token = token(&["tickler", "a.b"]);
        assert_eq!(key_of_token::<2>(&token), Some(["tickler".to_owned(), "a.b".to_owned()]));
        assert_eq!(key_of_token::<1>(&token), None);
        for broken in ["x", "6", "6g", "é", "ff"] {
            assert_eq!(key_of_token::<2>(broken), None, "{broken}");
        }
    }

    #[test]
    fn times_are_epoch_seconds_with_a_fraction() {
        let moment = DateTime::from_timestamp_millis(1_795_458_000_123).unwrap();
        assert_eq!(epoch_seconds(moment).to_string(), "1795458000.123");
        let whole = DateTime::from_timestamp_millis(1_795_458_000_000).unwrap();
        assert_eq!(epoch_seconds(whole).to_string(), "1795458000.0");
    }
}
