//! The error responses of AWS services, as failures.

use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::operation::Operation;
use super::signer::Signer;
use super::transport;
use crate::aws::context::Context;
use crate::failure::{Failure, FailureKind};

/// An error response of a service.
pub(super) struct ServiceError<'a> {
    code: &'a str,
    message: &'a str,
    status: u16,
}

impl<'a> ServiceError<'a> {
    pub(super) fn new(error: &'a impl ProvideErrorMetadata, status: u16) -> Self {
        let meta = error.meta();
        Self { code: meta.code().unwrap_or_default(), message: meta.message().unwrap_or_default(), status }
    }

    /// The message of the service; its code if there is no message.
    fn words(&self) -> String {
        match (self.message, self.code) {
            ("", "") => format!("AWS responded with HTTP status {}", self.status),
            ("", code) => format!("AWS responded with {code}"),
            (message, _) => format!("AWS says “{}”", message.trim_end_matches('.')),
        }
    }

    pub(super) fn failure(&self, context: Option<&Context>, signer: &Signer, operation: &Operation<'_>) -> Failure {
        match self.code {
            "ValidationException" if self.message.contains("to assume the role") => {
                role_not_assumable(context, operation)
            }
            "ThrottlingException" | "Throttling" | "TooManyRequestsException" | "RequestLimitExceeded" => {
                operation.failure(FailureKind::Throttled, "AWS is throttling requests", operation.retry_advice())
            }
            "ServiceQuotaExceededException" | "LimitExceededException" => operation.failure(
                FailureKind::Throttled,
                format!("the account has reached a quota; {}", self.words()),
                format!("{} If it persists, ask AWS for a higher quota.", operation.retry_advice()),
            ),
            "ResourceNotFoundException" => operation.failure(FailureKind::NotFound, self.words(), ""),
            "ConflictException" => {
                operation.failure(FailureKind::Conflict, self.words(), "Refresh to see what is there now.")
            }
            "ExpiredTokenException" | "ExpiredToken" => {
                operation.failure(FailureKind::Expired, signer.session(), signer.advice())
            }
            "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException"
            | "IncompleteSignature" => operation.failure(
                FailureKind::NoCredentials,
                "AWS does not recognize these credentials",
                signer.advice(),
            ),
            "InvalidSignatureException" | "SignatureDoesNotMatch" | "RequestExpired" | "RequestTimeTooSkewed" => {
                operation.failure(
                    FailureKind::NoCredentials,
                    "AWS rejected the signature",
                    "Check this machine's clock and the secret access key.",
                )
            }
            code if code.starts_with("AccessDenied") => self.denied(context, operation),
            _ => self.by_status(context, operation),
        }
    }

    /// By the status alone, for a code that is not known here.
    fn by_status(&self, context: Option<&Context>, operation: &Operation<'_>) -> Failure {
        match self.status {
            200..300 => transport::not_from_aws(operation),
            401 | 403 => self.denied(context, operation),
            429 => operation.failure(FailureKind::Throttled, self.words(), operation.retry_advice()),
            500.. => operation.failure(
                FailureKind::Service,
                format!("the service failed; {}", self.words()),
                operation.retry_advice(),
            ),
            _ => operation.failure(FailureKind::Invalid, self.words(), ""),
        }
    }

    /// `User: arn:… is not authorized to perform: iam:PassRole on resource: arn:… because …`.
    fn denied(&self, context: Option<&Context>, operation: &Operation<'_>) -> Failure {
        let after = |mark: &str| {
            let (_, rest) = self.message.split_once(mark)?;
            rest.split_whitespace().next().map(|word| word.trim_end_matches(['.', ',', ';']))
        };
        let action = after("to perform: ").unwrap_or(operation.action);
        let on = after("on resource: ").unwrap_or(&operation.resource);
        let who = after("User: ").unwrap_or("this identity");
        if action == "iam:PassRole" {
            let role = context.map_or_else(|| on.to_owned(), |context| context.role_arn.to_string());
            return operation.failure(
                FailureKind::PassRole,
                format!("{who} may not pass the role {role} to EventBridge Scheduler"),
                "Allow iam:PassRole on that role in the caller's policy, with iam:PassedToService scheduler.amazonaws.com.",
            );
        }
        operation.failure(
            FailureKind::Denied,
            format!("{who} is not allowed to perform {action} on {on}"),
            format!("Allow {action} on {on} in the caller's policy."),
        )
    }
}

fn role_not_assumable(context: Option<&Context>, operation: &Operation<'_>) -> Failure {
    let role = context.map_or_else(|| "the role".to_owned(), |context| context.role_arn.to_string());
    operation.failure(
        FailureKind::RoleNotAssumable,
        format!("EventBridge Scheduler cannot assume the role {role}"),
        "A new role takes up to two minutes to work; tickler will try again. \
         If it persists, allow scheduler.amazonaws.com in the role's trust policy.",
    )
}
