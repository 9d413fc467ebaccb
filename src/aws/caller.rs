//! Whose credentials these are, as AWS knows them.
//!
//! Every identity may ask this of itself, whatever its policies say.

use super::error::{self, Operation, RequestKind};
use super::session::Session;
use crate::failure::{Failure, FailureKind};

impl Session {
    /// The ARN of whoever these credentials belong to: `arn:aws:iam::123456789012:user/ada`, or an assumed role.
    ///
    /// # Errors
    /// When the credentials are not taken, or AWS cannot be reached.
    pub async fn caller(&self) -> Result<String, Failure> {
        let answer = aws_sdk_sts::Client::new(&self.quick()).get_caller_identity().send().await.map_err(|error| {
            let operation = Operation {
                failed: "It could not be asked whose credentials these are",
                action: "sts:GetCallerIdentity",
                resource: "*".to_owned(),
                kind: RequestKind::Read,
            };
            error::without_context(&self.signer, &operation, &error)
        })?;
        answer.arn.ok_or_else(|| {
            Failure::new(FailureKind::Service, "AWS does not say whose credentials these are.", "Try again.")
        })
    }
}
