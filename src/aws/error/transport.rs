//! Failures before any response of a service: credentials, the network, a timeout.

use std::error::Error;
use std::io;

use aws_config::profile::credentials::ProfileFileError;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::ConnectorError;

use super::operation::{Operation, RequestKind};
use super::signer::Signer;
use crate::failure::{Failure, FailureKind};

/// No response came, though the request may have arrived.
pub(super) fn timeout(operation: &Operation<'_>) -> Failure {
    no_response(operation, "no response came in time")
}

fn no_response(operation: &Operation<'_>, because: &str) -> Failure {
    match operation.kind {
        RequestKind::Read => operation.failure(FailureKind::NoAnswer, because, operation.retry_advice()),
        RequestKind::Idempotent => operation.failure(
            FailureKind::NoAnswer,
            format!("{because}; it may have taken effect"),
            operation.retry_advice(),
        ),
        RequestKind::Once => operation.failure(
            FailureKind::NoAnswer,
            format!("{because}; it may have taken effect"),
            "Check the history before you try again.",
        ),
    }
}

/// A response that AWS did not send.
pub(super) fn not_from_aws(operation: &Operation<'_>) -> Failure {
    operation.failure(
        FailureKind::Service,
        "the response did not come from AWS",
        "Check whether the network requires a sign-in, and check the endpoint if one is configured.",
    )
}

/// A request without a response: never sent, or cut off.
pub(super) fn dispatch(signer: &Signer, operation: &Operation<'_>, error: &ConnectorError) -> Failure {
    if error.is_timeout() {
        // Reading has no time limit of its own, so it was opening the connection that took too long.
        return offline(operation, "the connection could not be opened in time");
    }
    if !error.is_io() {
        return before_the_request(signer, operation, error);
    }
    match sources(error).find_map(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind) {
        // Cut off after the connection was open: the request may have taken effect.
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof,
        ) => no_response(operation, "the connection broke before the response came"),
        _ => offline(operation, &leaf(error)),
    }
}

fn offline(operation: &Operation<'_>, because: &str) -> Failure {
    operation.failure(
        FailureKind::Offline,
        format!("there is no connection to AWS ({})", because.trim_end_matches('.')),
        format!("Check the network and the name of the region. {}", operation.retry_advice()),
    )
}

/// Credentials could not be loaded, or the request could not be built.
pub(super) fn before_the_request(signer: &Signer, operation: &Operation<'_>, error: &(dyn Error + 'static)) -> Failure {
    if sources(error).any(is_network) {
        return offline(operation, &leaf(error));
    }
    if let Some(profile) = sources(error).find_map(|source| source.downcast_ref::<ProfileFileError>()) {
        return by_profile(signer, operation, profile, error);
    }
    let Some(credentials) = sources(error).find_map(|source| source.downcast_ref::<CredentialsError>()) else {
        return operation.failure(
            FailureKind::Settings,
            leaf(error),
            "Check the profile, the region and the endpoint.",
        );
    };
    match (signer, credentials) {
        (Signer::Sso { profile }, _) if leaf(error).contains("ForbiddenException") => operation.failure(
            FailureKind::Denied,
            format!("IAM Identity Center does not grant you the role of the profile {profile}"),
            "Check sso_account_id and sso_role_name, or request the role.",
        ),
        (Signer::Sso { .. } | Signer::Login { .. }, _) => {
            operation.failure(FailureKind::Expired, signer.session(), signer.advice())
        }
        (_, CredentialsError::ProviderTimedOut(_)) => {
            operation.failure(FailureKind::NoCredentials, "the credentials did not load in time", signer.advice())
        }
        (Signer::Process { profile }, _) => operation.failure(
            FailureKind::NoCredentials,
            format!("the credential_process of the profile {profile} failed ({})", leaf(error)),
            signer.advice(),
        ),
        (Signer::Machine, _) => {
            operation.failure(FailureKind::NoCredentials, "there are no AWS credentials", signer.advice())
        }
        (Signer::Profile { profile }, CredentialsError::CredentialsNotLoaded(_)) => operation.failure(
            FailureKind::NoCredentials,
            format!("the profile {profile} has no credentials"),
            signer.advice(),
        ),
        _ => operation.failure(
            FailureKind::NoCredentials,
            format!("the credentials cannot be loaded ({})", leaf(error)),
            signer.advice(),
        ),
    }
}

fn by_profile(
    signer: &Signer,
    operation: &Operation<'_>,
    profile: &ProfileFileError,
    error: &(dyn Error + 'static),
) -> Failure {
    match profile {
        ProfileFileError::NoProfilesDefined { .. } | ProfileFileError::ProfileDidNotContainCredentials { .. } => {
            operation.failure(FailureKind::NoCredentials, "there are no AWS credentials", signer.advice())
        }
        _ => operation.failure(FailureKind::Settings, leaf(error), signer.advice()),
    }
}

/// Whether an error comes from the network, at any stage.
fn is_network(error: &(dyn Error + 'static)) -> bool {
    let connector = error.downcast_ref::<ConnectorError>();
    if connector.is_some_and(|connector| connector.is_io() || connector.is_timeout()) {
        return true;
    }
    error.downcast_ref::<io::Error>().is_some_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::ConnectionRefused
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkUnreachable
                | io::ErrorKind::NetworkDown
                | io::ErrorKind::TimedOut
        )
    })
}

/// The error and its sources, from the outside in.
fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| error.source())
}

/// The innermost source, on one line: it says what went wrong.
pub(crate) fn leaf(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
