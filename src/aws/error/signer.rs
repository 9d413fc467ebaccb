//! Who signs the requests. The advice for missing or rejected credentials follows from it.

/// Who signs the requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signer {
    /// Nobody: the service runs in this process.
    Embedded,
    /// Keys in the environment.
    Environment,
    /// A profile of IAM Identity Center.
    Sso { profile: String },
    /// A profile that uses the session of the AWS console.
    Login { profile: String },
    /// A profile that runs a program to get its keys.
    Process { profile: String },
    /// A profile with its own keys or role.
    Profile { profile: String },
    /// The machine, by the role of a container or an instance.
    Machine,
}

impl Signer {
    /// What to do if there are no credentials, or AWS rejects them.
    pub(super) fn advice(&self) -> String {
        match self {
            Self::Embedded => String::new(),
            Self::Environment => {
                "Set new values for AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or unset them."
                    .to_owned()
            }
            Self::Sso { profile } => format!("Run `aws sso login --profile {profile}`, then try again."),
            Self::Login { profile } => format!("Run `aws login --profile {profile}`, then try again."),
            Self::Process { profile } => {
                format!("Run the credential_process of the profile {profile} by hand to see its error.")
            }
            Self::Profile { profile } => {
                format!("Check the profile {profile} in ~/.aws/config and ~/.aws/credentials.")
            }
            Self::Machine => {
                "Choose a profile with --profile or AWS_PROFILE, or create one with `aws configure`.".to_owned()
            }
        }
    }

    /// Why the session is of no use any more.
    pub(super) fn session(&self) -> String {
        match self {
            Self::Sso { profile } => {
                format!("the SSO session of the profile {profile} has expired or was never started")
            }
            Self::Login { profile } => format!("the login of the profile {profile} has expired or was never started"),
            Self::Process { profile } | Self::Profile { profile } => {
                format!("the credentials of the profile {profile} have expired")
            }
            Self::Environment => "the credentials in the environment have expired".to_owned(),
            Self::Embedded | Self::Machine => "the credentials have expired".to_owned(),
        }
    }
}
