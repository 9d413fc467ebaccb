//! What the SDK or AWS reported, for the log and for whoever reports a bug: the innermost error, the service's error
//! code and AWS's id of the request.
//!
//! Contains neither the text of a memo nor a secret.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId as _;

use super::sdk::Sdk;
use super::transport::leaf;

/// The most characters of the innermost error that are kept.
const LIMIT: usize = 400;

/// What the SDK or AWS reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) leaf: String,
    /// The HTTP status and the error code of the service, if it responded.
    pub(super) response: Option<(u16, String)>,
    pub(super) request_id: Option<String>,
}

impl Report {
    pub(super) fn of<E>(error: &Sdk<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let request_id = error.request_id().map(str::to_owned);
        let SdkError::ServiceError(refused) = error else {
            return Self { request_id, ..Self::before_the_request(error) };
        };
        let (status, meta) = (refused.raw().status().as_u16(), refused.err().meta());
        let message = meta.message().unwrap_or_default();
        Self {
            leaf: cut(&if status == 400 { without_quotes(message) } else { message.to_owned() }),
            response: Some((status, meta.code().unwrap_or_default().to_owned())),
            request_id,
        }
    }

    pub(super) fn before_the_request(error: &(dyn Error + 'static)) -> Self {
        let leaf = leaf(error);
        // The output of a credential process may have a secret in it.
        let leaf = leaf.split("Stderr:").next().unwrap_or_default().trim_end();
        Self { leaf: cut(leaf), response: None, request_id: None }
    }
}

/// A message without what stands between its first and its last quotation mark: a service that refuses a value quotes
/// it, and the value may be the text of a memo.
fn without_quotes(message: &str) -> String {
    let is_quote = |letter: char| "'\"“”".contains(letter);
    match (message.find(is_quote), message.rfind(is_quote)) {
        (Some(first), Some(last)) if first < last => format!("{}'…{}", &message[..first], &message[last..]),
        _ => message.to_owned(),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LIMIT).collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.leaf)?;
        if let Some((status, code)) = &self.response {
            write!(f, " (HTTP {status} {code})")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl Error for Report {}

#[cfg(test)]
mod tests {
    use super::{Report, without_quotes};

    #[test]
    fn a_refused_value_is_left_out() {
        assert_eq!(
            without_quotes(
                "1 validation error detected: Value 'it's a \"secret\"' at 'target.input' failed to satisfy constraint"
            ),
            "1 validation error detected: Value '…' failed to satisfy constraint"
        );
        assert_eq!(without_quotes("Rate exceeded"), "Rate exceeded");
        assert_eq!(without_quotes("It can't be"), "It can't be");
    }

    #[test]
    fn the_output_of_a_credential_process_is_left_out() {
        let error = std::io::Error::other("external process exited with code 1. Stderr: token=hush");
        assert_eq!(Report::before_the_request(&error).to_string(), "external process exited with code 1.");
    }
}
