//! The error type of the SDK.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

/// An error of the SDK, for any operation.
pub(crate) type Sdk<E> = SdkError<E, HttpResponse>;
