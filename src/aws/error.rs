//! What the SDK reports, as what happened and what to do.
//!
//! The sources of an error are walked to the one that says what went wrong: everything before the request (no
//! credentials, an expired session, a missing profile) arrives as the same kind of dispatch failure. An error's debug
//! form never leaves this room, and advice follows from who signs, never from the wording of a library.

mod transport;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

pub(super) use transport::leaf;

use super::Context;
use crate::failure::{Failure, FailureKind};

/// An error of the SDK, for any operation.
pub(super) type Sdk<E> = SdkError<E, HttpResponse>;

/// What was asked for.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// What the person did not get, as the beginning of a sentence: `The memo could not be scheduled`.
    pub(super) what: &'a str,
    /// The action, as a policy names it.
    pub(super) action: &'a str,
    /// On what, as a policy names it.
    pub(super) on: String,
    /// What it means that no answer came, and who tries again.
    pub(super) sort: Sort,
}

/// The sorts of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// It changes nothing, and the program asks again.
    Read,
    /// It changes something, once, however often it is asked; and the program asks again.
    Write,
    /// Each time that it is asked it is done. Nobody asks again but the person.
    Once,
}

impl Asked<'_> {
    /// The way to AWS itself, before anything is asked of it.
    pub(super) fn connecting() -> Self {
        Self { what: "AWS could not be reached", action: "sts:GetCallerIdentity", on: "*".to_owned(), sort: Sort::Read }
    }

    /// Who tries again.
    fn again(&self) -> &'static str {
        match self.sort {
            Sort::Read | Sort::Write => "This is tried again by itself.",
            Sort::Once => "Try again in a moment.",
        }
    }

    /// A failure of it. Sentences of others come with and without a full stop.
    fn failure(&self, kind: FailureKind, because: impl AsRef<str>, advice: impl Into<String>) -> Failure {
        Failure::new(kind, format!("{}: {}.", self.what, because.as_ref().trim_end_matches('.')), advice)
    }
}

/// Who signs the requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Signer {
    /// Nobody: the service is in this process.
    Embedded,
    /// Keys in the environment.
    Environment,
    /// A profile that signs on by IAM Identity Center.
    Sso { profile: String },
    /// A profile that signs on by the console's session.
    Login { profile: String },
    /// A profile that runs a program for its keys.
    Process { profile: String },
    /// A profile with keys, or a role, of its own.
    Profile { profile: String },
    /// The machine: a container's or an instance's role.
    Machine,
}

impl Signer {
    /// What to do when there are no credentials, or none that are taken.
    fn advice(&self) -> String {
        match self {
            Self::Embedded => String::new(),
            Self::Environment => {
                "Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew, or unset them.".to_owned()
            }
            Self::Sso { profile } => format!("Run `aws sso login --profile {profile}`, then try again."),
            Self::Login { profile } => format!("Run `aws login --profile {profile}`, then try again."),
            Self::Process { profile } => {
                format!("Run the credential_process of the profile {profile} by hand to see what it says.")
            }
            Self::Profile { profile } => {
                format!("Look at the profile {profile} in ~/.aws/config and ~/.aws/credentials.")
            }
            Self::Machine => {
                "Name a profile with --profile or AWS_PROFILE, or make one with `aws configure`.".to_owned()
            }
        }
    }

    /// What a session is called that has run out.
    fn session(&self) -> String {
        match self {
            Self::Sso { profile } => format!("the SSO session of the profile {profile} has expired, or never began"),
            Self::Login { profile } => format!("the login of the profile {profile} has expired, or never began"),
            Self::Process { profile } | Self::Profile { profile } => {
                format!("the credentials of the profile {profile} have expired")
            }
            Self::Environment => "the credentials in the environment have expired".to_owned(),
            Self::Embedded | Self::Machine => "the credentials have expired".to_owned(),
        }
    }
}

/// What went wrong, in words.
pub(super) fn failure<E>(context: &Context, signer: &Signer, asked: &Asked<'_>, error: &Sdk<E>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    decode(Some(context), signer, asked, error)
}

/// What went wrong before it was known where memos live, in words.
pub(super) fn before_a_place<E>(signer: &Signer, asked: &Asked<'_>, error: &Sdk<E>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    decode(None, signer, asked, error)
}

/// Why credentials could not be loaded, in words.
pub(super) fn credentials(signer: &Signer, asked: &Asked<'_>, error: &CredentialsError) -> Failure {
    transport::before_the_request(signer, asked, error)
}

fn decode<E>(context: Option<&Context>, signer: &Signer, asked: &Asked<'_>, error: &Sdk<E>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::ServiceError(refused) => {
            Said::by(refused.err(), refused.raw().status().as_u16()).failure(context, signer, asked)
        }
        SdkError::TimeoutError(_) => transport::no_answer(asked),
        SdkError::DispatchFailure(context) => match context.as_connector_error() {
            Some(connector) => transport::dispatch(signer, asked, connector),
            None => asked.failure(FailureKind::Offline, "the request could not be sent", "Look at the network."),
        },
        SdkError::ResponseError(_) => transport::no_aws(asked),
        other => asked.failure(FailureKind::Invalid, leaf(other), ""),
    }
}

/// What a service said.
struct Said<'a> {
    code: &'a str,
    message: &'a str,
    status: u16,
}

impl<'a> Said<'a> {
    fn by(error: &'a impl ProvideErrorMetadata, status: u16) -> Self {
        let meta = error.meta();
        Self { code: meta.code().unwrap_or_default(), message: meta.message().unwrap_or_default(), status }
    }

    /// The service's own words, or its code where it has none.
    fn words(&self) -> String {
        match (self.message, self.code) {
            ("", "") => format!("AWS answers with HTTP status {}", self.status),
            ("", code) => format!("AWS answers {code}"),
            (message, _) => format!("AWS says “{}”", message.trim_end_matches('.')),
        }
    }

    fn failure(&self, context: Option<&Context>, signer: &Signer, asked: &Asked<'_>) -> Failure {
        match self.code {
            "ValidationException" if self.message.contains("to assume the role") => role_not_assumable(context, asked),
            "ThrottlingException" | "Throttling" | "TooManyRequestsException" | "RequestLimitExceeded" => {
                asked.failure(FailureKind::Throttled, "AWS asks for fewer requests", asked.again())
            }
            "ServiceQuotaExceededException" | "LimitExceededException" => asked.failure(
                FailureKind::Throttled,
                format!("a quota of the account is used up; {}", self.words()),
                format!("{} If it lasts, ask AWS for a higher quota.", asked.again()),
            ),
            "ResourceNotFoundException" => asked.failure(FailureKind::NotFound, self.words(), ""),
            "ConflictException" => {
                asked.failure(FailureKind::Conflict, self.words(), "Refresh, and look what is there now.")
            }
            "ExpiredTokenException" | "ExpiredToken" => {
                asked.failure(FailureKind::Expired, signer.session(), signer.advice())
            }
            "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException"
            | "IncompleteSignature" => {
                asked.failure(FailureKind::NoCredentials, "AWS does not know these credentials", signer.advice())
            }
            "InvalidSignatureException" | "SignatureDoesNotMatch" | "RequestExpired" | "RequestTimeTooSkewed" => asked
                .failure(
                    FailureKind::NoCredentials,
                    "AWS does not accept the signature",
                    "Set this machine's clock, or look at the secret access key.",
                ),
            code if code.starts_with("AccessDenied") => self.denied(context, asked),
            _ => self.by_status(context, asked),
        }
    }

    /// The status alone, where the code is none that the model or AWS at large knows.
    fn by_status(&self, context: Option<&Context>, asked: &Asked<'_>) -> Failure {
        match self.status {
            200..300 => transport::no_aws(asked),
            401 | 403 => self.denied(context, asked),
            429 => asked.failure(FailureKind::Throttled, self.words(), asked.again()),
            500.. => {
                asked.failure(FailureKind::Service, format!("the service failed; {}", self.words()), asked.again())
            }
            _ => asked.failure(FailureKind::Invalid, self.words(), ""),
        }
    }

    /// `User: arn:… is not authorized to perform: iam:PassRole on resource: arn:… because …`.
    fn denied(&self, context: Option<&Context>, asked: &Asked<'_>) -> Failure {
        let after = |mark: &str| {
            let (_, rest) = self.message.split_once(mark)?;
            rest.split_whitespace().next().map(|word| word.trim_end_matches(['.', ',', ';']))
        };
        let action = after("to perform: ").unwrap_or(asked.action);
        let on = after("on resource: ").unwrap_or(&asked.on);
        let who = after("User: ").unwrap_or("this identity");
        if action == "iam:PassRole" {
            let role = context.map_or_else(|| on.to_owned(), |context| context.role_arn.to_string());
            return asked.failure(
                FailureKind::PassRole,
                format!("{who} may not hand the role {role} to EventBridge Scheduler"),
                "Let its policy allow iam:PassRole on that role, with iam:PassedToService scheduler.amazonaws.com.",
            );
        }
        asked.failure(
            FailureKind::Denied,
            format!("{who} may not do {action} on {on}"),
            format!("Let its policy allow {action} on {on}."),
        )
    }
}

fn role_not_assumable(context: Option<&Context>, asked: &Asked<'_>) -> Failure {
    let role = context.map_or_else(|| "the role".to_owned(), |context| context.role_arn.to_string());
    asked.failure(
        FailureKind::RoleNotAssumable,
        format!("EventBridge Scheduler may not assume the role {role}"),
        "A new role needs up to two minutes: this is tried again by itself. \
         If it lasts, let its trust policy allow scheduler.amazonaws.com.",
    )
}
