//! Turns errors of the SDK into failures: what happened, and what to do.
//!
//! Everything that fails before the request (no credentials, an expired session, a missing profile) arrives as the same
//! dispatch failure, so the chain of sources is searched for the error that says what went wrong. The debug form of an
//! error never leaves this module, and advice follows from who signs, never from the wording of a library.

mod operation;
mod report;
mod sdk;
mod service;
mod signer;
mod transport;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

pub(super) use operation::{Operation, RequestKind};
pub(super) use sdk::Sdk;
pub(super) use signer::Signer;
pub(super) use transport::leaf;

use super::context::Context;
use crate::failure::{Failure, FailureKind};
use report::Report;
use service::ServiceError;

/// The failure that an error of the SDK means in a context.
pub(super) fn failure<E>(context: &Context, signer: &Signer, operation: &Operation<'_>, error: &Sdk<E>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    reported(operation, decode(Some(context), signer, operation, error), Report::of(error))
}

/// The failure that an error of the SDK means before any context is known.
pub(super) fn without_context<E>(signer: &Signer, operation: &Operation<'_>, error: &Sdk<E>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    reported(operation, decode(None, signer, operation, error), Report::of(error))
}

/// The failure that credentials which could not be loaded mean.
pub(super) fn credentials(signer: &Signer, operation: &Operation<'_>, error: &CredentialsError) -> Failure {
    reported(operation, transport::before_the_request(signer, operation, error), Report::before_the_request(error))
}

/// Logs what the SDK or AWS reported, and attaches it to the failure.
fn reported(operation: &Operation<'_>, failure: Failure, report: Report) -> Failure {
    let (status, code) = report.response.as_ref().map(|(status, code)| (*status, code.as_str())).unzip();
    tracing::warn!(
        action = operation.action,
        kind = ?failure.kind,
        status,
        code,
        request_id = report.request_id.as_deref(),
        leaf = %report.leaf,
        "an AWS request failed"
    );
    failure.with_source(report)
}

fn decode<E>(context: Option<&Context>, signer: &Signer, operation: &Operation<'_>, error: &Sdk<E>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::ServiceError(refused) => {
            ServiceError::new(refused.err(), refused.raw().status().as_u16()).failure(context, signer, operation)
        }
        SdkError::TimeoutError(_) => transport::timeout(operation),
        SdkError::DispatchFailure(context) => match context.as_connector_error() {
            Some(connector) => transport::dispatch(signer, operation, connector),
            None => operation.failure(FailureKind::Offline, "the request could not be sent", "Check the network."),
        },
        SdkError::ResponseError(_) => transport::not_from_aws(operation),
        other => operation.failure(FailureKind::Invalid, leaf(other), ""),
    }
}
