//! Whose credentials these are, as AWS knows them.
//!
//! Every identity may ask this of itself, whatever its policies say.

use super::Session;
use super::error::{self, Asked, Sort};
use crate::failure::{Failure, FailureKind};

impl Session {
    /// The ARN of whoever these credentials belong to: `arn:aws:iam::123456789012:user/ada`, or an assumed role.
    ///
    /// # Errors
    /// When the credentials are not taken, or AWS cannot be reached.
    pub async fn caller(&self) -> Result<String, Failure> {
        let answer = aws_sdk_sts::Client::new(&self.quick()).get_caller_identity().send().await.map_err(|error| {
            let asked = Asked {
                what: "It could not be asked whose credentials these are",
                action: "sts:GetCallerIdentity",
                on: "*".to_owned(),
                sort: Sort::Read,
            };
            error::before_a_place(&self.signer, &asked, &error)
        })?;
        answer.arn.ok_or_else(|| {
            Failure::new(FailureKind::Service, "AWS does not say whose credentials these are.", "Try again.")
        })
    }
}
