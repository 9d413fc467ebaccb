//! An ARN, the name that AWS gives to a resource, split into its parts once.
//!
//! Part of the domain. Does not depend on the AWS SDK: whether the resource exists is for AWS to say.

use std::fmt;
use std::str::FromStr;

/// The longest ARN that EventBridge Scheduler accepts.
const MAX_LENGTH: usize = 1600;

/// `arn:partition:service:region:account:resource`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// The service, such as `lambda`.
    pub service: String,
    /// The region; empty for services such as IAM that have none.
    pub region: String,
    /// The account; empty for resources that belong to none.
    pub account: String,
    /// The resource, which may contain colons: `function:executeMemo`, `role/tickler`.
    pub resource: String,
}

/// A text is not an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseArnError;

impl Arn {
    /// The name of the Lambda function, if the ARN is of one. A version or an alias after the name is left out.
    #[must_use]
    pub fn function_name(&self) -> Option<&str> {
        if self.service != "lambda" {
            return None;
        }
        let name = self.resource.strip_prefix("function:")?.split(':').next()?;
        Some(name).filter(|name| !name.is_empty())
    }
}

impl FromStr for Arn {
    type Err = ParseArnError;

    /// # Errors
    /// When the text does not have six parts, or the partition is not one of AWS, or the service or the resource is
    /// empty, or the text contains anything but printable ASCII.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let &["arn", partition, service, region, account, resource] = parts.as_slice() else {
            return Err(ParseArnError);
        };
        let is_partition = partition
            .strip_prefix("aws")
            .is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'));
        let is_printable = text.chars().all(|letter| letter.is_ascii_graphic());
        if !is_partition || !is_printable || service.is_empty() || resource.is_empty() || text.len() > MAX_LENGTH {
            return Err(ParseArnError);
        }
        Ok(Self {
            partition: partition.to_owned(),
            service: service.to_owned(),
            region: region.to_owned(),
            account: account.to_owned(),
            resource: resource.to_owned(),
        })
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

impl From<&Arn> for String {
    fn from(arn: &Arn) -> Self {
        arn.to_string()
    }
}

impl fmt::Display for ParseArnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an ARN: arn:partition:service:region:account:resource")
    }
}

impl std::error::Error for ParseArnError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Arn, ParseArnError};

    proptest! {
        #[test]
        fn an_arn_prints_as_it_was_read(
            text in "arn:aws(-[a-z]{1,6})?:[a-z]{1,8}:([a-z]{2}-[a-z]{4}-[0-9])?:([0-9]{12})?:[!-~]{1,40}",
        ) {
            prop_assert_eq!(text.parse::<Arn>().unwrap().to_string(), text);
        }

        #[test]
        fn what_parses_prints_as_it_was_read(text in "(arn:aws)?[:a-z]{0,12}\\PC{0,12}") {
            if let Ok(arn) = text.parse::<Arn>() {
                prop_assert_eq!(arn.to_string(), text);
            }
        }
    }

    #[test]
    fn an_arn_has_six_parts() {
        let arn: Arn = "arn:aws-cn:lambda:cn-north-1:123456789012:function:f:1".parse().unwrap();
        assert_eq!(
            [&arn.partition, &arn.service, &arn.region, &arn.account, &arn.resource],
            ["aws-cn", "lambda", "cn-north-1", "123456789012", "function:f:1"]
        );
        let long = format!("arn:aws:sqs:eu-west-1:123456789012:{}", "q".repeat(1600));
        for text in ["", "f", "arn:aws:lambda:eu-west-1:123456789012", "arn:gcp:s:r:a:x", "arn:aws::r:a:x", &long] {
            assert_eq!(text.parse::<Arn>(), Err(ParseArnError), "{text}");
        }
    }

    #[test]
    fn only_a_function_has_a_function_name() {
        let name = |text: &str| text.parse::<Arn>().unwrap().function_name().map(str::to_owned);
        assert_eq!(name("arn:aws:lambda:eu-west-1:123456789012:function:f:live").as_deref(), Some("f"));
        for other in [
            "arn:aws:lambda:eu-west-1:123456789012:function:",
            "arn:aws:lambda:eu-west-1:123456789012:layer:f",
            "arn:aws:sqs:eu-west-1:123456789012:function:f",
            "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
        ] {
            assert_eq!(name(other), None, "{other}");
        }
    }
}
