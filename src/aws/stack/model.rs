//! A stack: its template, its parameters and its outputs. Pure.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudformation::types::Parameter;

use super::condition::{Condition, condition};
use crate::arn::Arn;
use crate::context::AwsSettings;

/// The template.
pub const TEMPLATE: &str = include_str!("../../../infra/stack.yaml");

/// The beginning of the template's description, by which tickler recognizes its stacks.
pub(super) const OURS: &str = "tickler:";

/// A stack as CloudFormation describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Its ARN, which distinguishes it from earlier stacks of the same name.
    pub id: String,
    /// Its status, such as `CREATE_COMPLETE`.
    pub status: String,
    /// Whether it was created from tickler's template.
    pub ours: bool,
    pub(super) outputs: BTreeMap<String, String>,
    pub(super) parameters: BTreeSet<String>,
}

/// The outputs of a stack that memos need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// The schedule group.
    pub group: String,
    /// The function.
    pub target_arn: Arn,
    /// The role that EventBridge Scheduler assumes.
    pub role_arn: Arn,
    /// The dead-letter queue.
    pub dead_letter_arn: Arn,
    /// The log group of the deliveries.
    pub log_group: String,
    /// The policy for people who use tickler.
    pub policy_arn: String,
}

/// The parameters that a person can choose. The others keep their value, or have the template's default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// The address that memos are mailed to; empty for none.
    pub email: Option<String>,
    /// How many days the delivery log is kept.
    pub retention_days: Option<u16>,
}

impl Stack {
    /// The outputs; `None` while the stack is incomplete.
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

    /// Whether its latest operation succeeded.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(&*self.status, "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE")
    }

    /// Its condition.
    #[must_use]
    pub fn condition(&self) -> Condition {
        condition(&self.status)
    }
}

impl Outputs {
    /// The name of a stack's schedule group.
    #[must_use]
    pub fn group_of(stack: &str) -> String {
        format!("{stack}-memos")
    }

    /// Whether memos with these settings have the target, role and queue of this stack.
    #[must_use]
    pub fn agree_with(&self, settings: &AwsSettings) -> bool {
        (&self.target_arn, &self.role_arn, Some(&self.dead_letter_arn))
            == (&settings.target_arn, &settings.role_arn, settings.dead_letter_arn.as_ref())
    }

    /// The settings, with these outputs in place of their own values.
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
    /// The parameters for CloudFormation: the chosen value, else the stack's, else the template's default.
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
