//! Lambda's `Invoke`, for the one function.
//!
//! Writes the same log line as a delivery by the engine. Does not depend on schedules.

use serde_json::{Value, json};

use super::connector::Service;
use crate::arn::{ACCOUNT, EXECUTE_MEMO_ARN, FUNCTION_NAME, REGION};
use crate::target::LogLine;
use crate::wire::{ApiError, Request, Response};

/// The size limits of a synchronous and an asynchronous payload. Source: Lambda's quotas.
const MAX_PAYLOAD: usize = 6 * 1024 * 1024;
const MAX_EVENT: usize = 1024 * 1024;

impl Service {
    /// `RequestResponse` answers 200 with the function's result, `Event` 202 and `DryRun` 204 with an empty body. An
    /// `Event` runs at once, which a caller cannot tell from later.
    pub(super) fn invoke(&self, function: &str, request: &Request) -> Result<Response, ApiError> {
        let qualifier = request.query("Qualifier").unwrap_or("$LATEST");
        if !is_our_function(function) || qualifier != "$LATEST" {
            return Err(not_found(function));
        }
        let invocation = request.invocation_type.as_deref().unwrap_or("RequestResponse");
        let (status, most) = match invocation {
            "RequestResponse" => (200, MAX_PAYLOAD),
            "Event" => (202, MAX_EVENT),
            "DryRun" => return Ok(Response::with_status(204, Vec::new())),
            other => {
                let message = format!("{other} is not an invocation type.");
                return Err(ApiError::new(400, "InvalidParameterValueException", message));
            }
        };
        if request.body.len() > most {
            let message = format!("{} bytes are more than the {most} that {invocation} allows.", request.body.len());
            return Err(ApiError::new(413, "RequestTooLargeException", message));
        }
        let line = LogLine::of_payload(payload(&request.body)?, self.now());
        self.store.append_log(&line)?;
        if status == 202 {
            return Ok(Response::with_status(status, Vec::new()));
        }
        let result = json!({ "outcome": "delivered", "log": line });
        Ok(Response::ok(result).header("x-amz-executed-version", "$LATEST"))
    }
}

/// The payload; an empty object if there is none.
fn payload(body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("Could not parse request body into json: {error}");
        ApiError::new(400, "InvalidRequestContentException", message)
    })
}

/// Accepts a name, an ARN, or an ARN without its beginning; each may end in `:$LATEST`.
fn is_our_function(function: &str) -> bool {
    let unqualified = function.strip_suffix(":$LATEST").unwrap_or(function);
    unqualified == FUNCTION_NAME
        || unqualified == EXECUTE_MEMO_ARN
        || unqualified == format!("{ACCOUNT}:function:{FUNCTION_NAME}")
        || unqualified == format!("function:{FUNCTION_NAME}")
}

fn not_found(function: &str) -> ApiError {
    let arn = if function.starts_with("arn:") {
        function.to_owned()
    } else {
        format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}")
    };
    ApiError::not_found(format!("Function not found: {arn}"))
}
