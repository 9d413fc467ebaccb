//! What goes wrong before a service says anything: credentials, the network, silence.

use std::error::Error;
use std::io;

use aws_config::profile::credentials::ProfileFileError;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::ConnectorError;

use super::operation::{Operation, RequestKind};
use super::signer::Signer;
use crate::failure::{Failure, FailureKind};

/// No answer, though the request may have arrived.
pub(super) fn no_answer(operation: &Operation<'_>) -> Failure {
    unanswered(operation, "no answer came in time")
}

fn unanswered(operation: &Operation<'_>, because: &str) -> Failure {
    match operation.kind {
        RequestKind::Read => operation.failure(FailureKind::NoAnswer, because, operation.retry_advice()),
        RequestKind::Idempotent => operation.failure(
            FailureKind::NoAnswer,
            format!("{because}, and it may have been done or not"),
            operation.retry_advice(),
        ),
        RequestKind::Once => operation.failure(
            FailureKind::NoAnswer,
            format!("{because}, and it may have been done or not"),
            "Look in the history before you do it again.",
        ),
    }
}

/// An answer that is none of AWS's.
pub(super) fn no_aws(operation: &Operation<'_>) -> Failure {
    operation.failure(
        FailureKind::Service,
        "what answered does not speak as AWS does",
        "Look whether the network wants a sign-in, and at the endpoint, if one is configured.",
    )
}

/// A request that was not answered: never sent, or cut off.
pub(super) fn dispatch(signer: &Signer, operation: &Operation<'_>, error: &ConnectorError) -> Failure {
    if error.is_timeout() {
        // The read has no time limit of its own: what ran out is the time to open a connection.
        return offline(operation, "no connection could be opened in time");
    }
    if !error.is_io() {
        return before_the_request(signer, operation, error);
    }
    match sources(error).find_map(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind) {
        // Cut off after it was open: what was sent may have been done.
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof,
        ) => unanswered(operation, "the connection broke before the answer came"),
        _ => offline(operation, &leaf(error)),
    }
}

fn offline(operation: &Operation<'_>, because: &str) -> Failure {
    operation.failure(
        FailureKind::Offline,
        format!("the network does not reach AWS ({})", because.trim_end_matches('.')),
        format!("Look at the network and, if it is well, at the name of the region. {}", operation.retry_advice()),
    )
}

/// Credentials that could not be loaded, or a request that could not be built.
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
            "Look at the profile, the region and the endpoint.",
        );
    };
    match (signer, credentials) {
        (Signer::Sso { profile }, _) if leaf(error).contains("ForbiddenException") => operation.failure(
            FailureKind::Denied,
            format!("IAM Identity Center does not give you the role of the profile {profile}"),
            "Look at sso_account_id and sso_role_name, or ask for the role.",
        ),
        (Signer::Sso { .. } | Signer::Login { .. }, _) => {
            operation.failure(FailureKind::Expired, signer.session(), signer.advice())
        }
        (_, CredentialsError::ProviderTimedOut(_)) => {
            operation.failure(FailureKind::NoCredentials, "the credentials did not come in time", signer.advice())
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
            format!("the profile {profile} names no credentials"),
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

/// Whether an error is the network's, wherever it happened.
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

/// The error and its causes, from the outside in.
fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| error.source())
}

/// The innermost cause, on one line: the one that says what.
pub(crate) fn leaf(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
