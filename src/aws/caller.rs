//! The identity behind the credentials, as AWS sees it. Every identity may read its own, whatever its policies say.

use super::error::{self, Operation, RequestKind};
use super::session::Session;
use crate::failure::{Failure, FailureKind};

impl Session {
    /// The ARN of the caller: `arn:aws:iam::123456789012:user/ada`, or an assumed role.
    ///
    /// # Errors
    /// When AWS rejects the credentials, or cannot be reached.
    pub async fn caller(&self) -> Result<String, Failure> {
        let answer =
            aws_sdk_sts::Client::new(&self.client_config()).get_caller_identity().send().await.map_err(|error| {
                let operation = Operation {
                    failed: "The identity of the caller could not be read",
                    action: "sts:GetCallerIdentity",
                    resource: "*".to_owned(),
                    kind: RequestKind::Read,
                };
                error::without_context(&self.signer, &operation, &error)
            })?;
        answer.arn.ok_or_else(|| {
            Failure::new(FailureKind::Service, "AWS did not say whose credentials these are.", "Try again.")
        })
    }
}
