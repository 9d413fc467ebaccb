//! A stack: its template, what can be chosen of it, and what it says. Pure.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudformation::types::Parameter;

use super::condition::{Condition, condition};
use crate::arn::Arn;
use crate::context::AwsSettings;

/// What is set up.
pub const TEMPLATE: &str = include_str!("../../../infra/stack.yaml");

/// What the description of the template begins with, by which a stack is known for one of ours.
pub(super) const OURS: &str = "tickler:";

/// A stack as CloudFormation describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Its ARN, which tells it from other stacks that had its name.
    pub id: String,
    /// Its status, such as `CREATE_COMPLETE`.
    pub status: String,
    /// Whether it was made of this program's template.
    pub ours: bool,
    pub(super) outputs: BTreeMap<String, String>,
    pub(super) parameters: BTreeSet<String>,
}

/// What a stack says that memos need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// The schedule group.
    pub group: String,
    /// The function.
    pub target_arn: Arn,
    /// The role that EventBridge Scheduler takes on.
    pub role_arn: Arn,
    /// The dead-letter queue.
    pub dead_letter_arn: Arn,
    /// The log of the deliveries.
    pub log_group: String,
    /// The policy for those who use tickler.
    pub policy_arn: String,
}

/// What can be chosen of a stack; what is not said stays as it is, or is the template's default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// The address that memos are mailed to; empty for none.
    pub email: Option<String>,
    /// For how many days the delivery log is kept.
    pub retention_days: Option<u16>,
}

impl Stack {
    /// What memos need of it; none while it is not whole.
    #[must_use]
    pub fn outputs(&self) -> Option<Outputs> {
        let output = |key: &str| self.outputs.get(key).cloned();
        let arn = |key: &str| self.outputs.get(key)?.parse().ok();
        Some(Outputs {
            group: output("GroupName")?,
            target_arn: arn("FunctionArn")?,
            role_arn: arn("SchedulerRoleArn")?,
            dead_letter_arn: arn("QueueArn")?,
            log_group: output("LogGroupName")?,
            policy_arn: output("PolicyArn")?,
        })
    }

    /// Whether its latest operation did what it was to do.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(&*self.status, "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE")
    }

    /// What its status calls for.
    #[must_use]
    pub fn condition(&self) -> Condition {
        condition(&self.status)
    }
}

impl Outputs {
    /// The name that the group of a stack has.
    #[must_use]
    pub fn group_of(stack: &str) -> String {
        format!("{stack}-memos")
    }

    /// Whether memos that were scheduled with these settings go where this stack wants them.
    #[must_use]
    pub fn agree_with(&self, settings: &AwsSettings) -> bool {
        (&self.target_arn, &self.role_arn, Some(&self.dead_letter_arn))
            == (&settings.target_arn, &settings.role_arn, settings.dead_letter_arn.as_ref())
    }

    /// These, in the place of what the settings say.
    #[must_use]
    pub fn over(&self, settings: AwsSettings) -> AwsSettings {
        AwsSettings {
            group: self.group.clone(),
            target_arn: self.target_arn.clone(),
            role_arn: self.role_arn.clone(),
            dead_letter_arn: Some(self.dead_letter_arn.clone()),
            log_group: Some(self.log_group.clone()),
            ..settings
        }
    }
}

impl Choices {
    /// The parameters of the template: what was chosen, else what the stack has, else the template's default.
    pub(super) fn parameters(&self, there: &BTreeSet<String>) -> Vec<Parameter> {
        let chosen =
            [("Email", self.email.clone()), ("RetentionDays", self.retention_days.map(|days| days.to_string()))];
        chosen
            .into_iter()
            .filter_map(|(key, value)| {
                let parameter = Parameter::builder().parameter_key(key);
                match value {
                    Some(value) => Some(parameter.parameter_value(value).build()),
                    None => there.contains(key).then(|| parameter.use_previous_value(true).build()),
                }
            })
            .collect()
    }
}

pub(super) fn read(stack: aws_sdk_cloudformation::types::Stack) -> Stack {
    let outputs = stack.outputs.unwrap_or_default().into_iter();
    let outputs: BTreeMap<_, _> =
        outputs.filter_map(|output| Some((output.output_key?, output.output_value?))).collect();
    let parameters = stack.parameters.unwrap_or_default().into_iter();
    Stack {
        id: stack.stack_id.or(stack.stack_name).unwrap_or_default(),
        status: stack.stack_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        ours: stack.description.is_some_and(|description| description.starts_with(OURS)),
        outputs,
        parameters: parameters.filter_map(|parameter| parameter.parameter_key).collect(),
    }
}
