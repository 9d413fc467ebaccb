//! The ARNs of the embedded service, and the checks of other ARNs.
//!
//! Does not know whether the resource of an ARN exists.

/// The account of the embedded service: twelve digits as for every AWS account, and zeros because no real account has
/// them.
pub const ACCOUNT: &str = "000000000000";

/// The region of the embedded service. It satisfies the SDK's endpoint rules and the ARN patterns of the service model,
/// and is not a region of AWS.
pub const REGION: &str = "local-1";

/// The only target that the embedded service can reach: a function that appends to the delivery log.
pub const EXECUTE_MEMO_ARN: &str = "arn:aws:lambda:local-1:000000000000:function:executeMemo";

/// A role ARN for requests that need one. The embedded service never assumes a role.
pub const ROLE_ARN: &str = "arn:aws:iam::000000000000:role/embedded-scheduler";

/// The CloudWatch Logs group with the delivery log.
pub const LOG_GROUP: &str = "/aws/lambda/executeMemo";

/// The name of the function with [`EXECUTE_MEMO_ARN`].
pub(crate) const FUNCTION_NAME: &str = "executeMemo";

/// The services of the templated targets, and `scheduler`, whose `aws-sdk` ARNs are the universal targets. Source: the
/// user guide's list of targets.
const TARGET_SERVICES: &[&str] = &[
    "codebuild",
    "codepipeline",
    "ecs",
    "events",
    "firehose",
    "inspector",
    "kinesis",
    "lambda",
    "sagemaker",
    "scheduler",
    "sns",
    "sqs",
    "states",
];

/// The ARN of a schedule.
pub(crate) fn schedule(group: &str, name: &str) -> String {
    format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}/{name}")
}

/// The ARN of a schedule group.
pub(crate) fn group(name: &str) -> String {
    format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/{name}")
}

/// The group in the ARN of a schedule group, whatever its partition, region and account.
pub(crate) fn group_of(arn: &str) -> Option<&str> {
    Arn::parse(arn)?.resource.strip_prefix("schedule-group/")
}

/// Whether `arn` is the embedded function, unqualified or `$LATEST`: it has no other version.
pub(crate) fn is_execute_memo(arn: &str) -> bool {
    arn.strip_suffix(":$LATEST").unwrap_or(arn) == EXECUTE_MEMO_ARN
}

/// The parts of `arn:partition:service:region:account:resource` that the checks need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Parses an ARN; `None` if one of the six parts is missing, or the service or the resource is empty.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (scheme, partition) = (parts.next()?, parts.next()?);
        let arn =
            Arn { service: parts.next()?, region: parts.next()?, account: parts.next()?, resource: parts.next()? };
        let whole = scheme == "arn"
            && is_partition(partition)
            && !arn.service.is_empty()
            && !arn.resource.is_empty()
            && !text.chars().any(char::is_whitespace);
        whole.then_some(arn)
    }

    /// Whether the scheduler can call this service.
    pub(crate) fn is_supported_target(&self) -> bool {
        TARGET_SERVICES.contains(&self.service)
    }

    /// Whether the target is a Lambda function, whose input must be JSON.
    pub(crate) fn is_lambda(&self) -> bool {
        self.service == "lambda"
    }

    /// Whether the ARN has an account. A universal target (`arn:aws:scheduler:::aws-sdk:sqs:sendMessage`) and a global
    /// name as in S3 have none.
    pub(crate) fn has_account(&self) -> bool {
        is_account(self.account)
    }

    /// Whether this is `arn:aws:scheduler:::aws-sdk:service:action`.
    pub(crate) fn is_universal_target(&self) -> bool {
        self.service == "scheduler" && self.resource.starts_with("aws-sdk:")
    }
}

/// `aws[a-z-]*`.
fn is_partition(text: &str) -> bool {
    text.strip_prefix("aws").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_region(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// `arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@\/-]+` of the service model.
pub(crate) fn is_role(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || "_+=,.@/-".contains(c);
    Arn::parse(text).is_some_and(|arn| {
        arn.service == "iam"
            && arn.region.is_empty()
            && arn.has_account()
            && arn.resource.strip_prefix("role/").is_some_and(|name| !name.is_empty() && name.chars().all(word))
    })
}

/// `arn:aws[a-z-]*:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+` of the service model: a standard queue, since the name
/// of a FIFO queue ends in `.fifo`.
pub(crate) fn is_standard_queue(text: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| {
        arn.service == "sqs"
            && is_region(arn.region)
            && arn.has_account()
            && arn.resource.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    })
}

/// `arn:aws[a-z-]*:kms:[a-z0-9\-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]*` of the service model.
pub(crate) fn is_key(text: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| {
        let name = arn.resource.strip_prefix("key/").or_else(|| arn.resource.strip_prefix("alias/"));
        arn.service == "kms"
            && is_region(arn.region)
            && arn.has_account()
            && name.is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
    })
}

/// `arn:aws[a-z-]*:scheduler:[a-z0-9\-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+` of the service model.
pub(crate) fn is_group(text: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| {
        arn.service == "scheduler"
            && is_region(arn.region)
            && arn.has_account()
            && arn.resource.strip_prefix("schedule-group/").is_some_and(is_name)
    })
}

/// `[0-9a-zA-Z-_.]+`: the name of a schedule or a group, or a prefix of one.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_arns_pass_the_checks() {
        assert!(is_role(ROLE_ARN));
        assert!(is_execute_memo(EXECUTE_MEMO_ARN));
        assert!(is_group(&group("default")));
        assert_eq!(group_of(&group("a.b-c_d")), Some("a.b-c_d"));
        let function = Arn::parse(EXECUTE_MEMO_ARN).unwrap();
        assert_eq!((function.region, function.account), (REGION, ACCOUNT));
        assert!(function.is_lambda() && function.is_supported_target());
        assert!(EXECUTE_MEMO_ARN.ends_with(FUNCTION_NAME) && LOG_GROUP.ends_with(FUNCTION_NAME));
    }

    #[test]
    fn malformed_arns_are_refused() {
        for text in [
            "",
            "arn",
            "arn:aws:lambda:r:000000000000",
            "arn:aws:lambda:r:000000000000:",
            "urn:aws:lambda:r:000000000000:function:f",
            "arn:gcp:lambda:r:000000000000:function:f",
            "arn:aws:lambda:r:000000000000:function:two words",
        ] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }

    #[test]
    fn roles_queues_and_keys_match_the_model() {
        assert!(is_role("arn:aws-cn:iam::123456789012:role/service-role/a+b=c,d.e@f"));
        assert!(!is_role("arn:aws:iam::12345:role/x"));
        assert!(!is_role("arn:aws:iam::123456789012:user/x"));
        assert!(!is_role("arn:aws:iam::123456789012:role/"));
        assert!(is_standard_queue("arn:aws:sqs:eu-west-1:123456789012:dead"));
        assert!(!is_standard_queue("arn:aws:sqs:eu-west-1:123456789012:dead.fifo"));
        assert!(is_key("arn:aws:kms:eu-west-1:123456789012:alias/mine"));
        assert!(!is_key("arn:aws:kms:eu-west-1:123456789012:mine"));
    }
}
