//! The least IAM policy for a person who uses one context.
//!
//! Sends no request: every name follows from the settings. It has to agree with the managed policy in
//! `infra/stack.yaml`, which says the same about the stack's own resources.

use serde::Serialize;

use super::context::default_log_group;
use crate::context::AwsSettings;

/// An IAM policy.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: &'static str,
    effect: &'static str,
    action: Vec<&'static str>,
    resource: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Condition>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Condition {
    string_equals: PassedTo,
}

#[derive(Serialize)]
struct PassedTo {
    #[serde(rename = "iam:PassedToService")]
    service: &'static str,
}

/// The least IAM policy for a person who uses this context, as JSON. For a read-only context it allows no changes.
///
/// # Errors
/// When the policy cannot be written as JSON, which does not happen in practice.
pub fn least_policy(settings: &AwsSettings) -> Result<String, serde_json::Error> {
    let statement = statements(settings);
    serde_json::to_string_pretty(&Policy { version: "2012-10-17", statement })
}

fn statements(settings: &AwsSettings) -> Vec<Statement> {
    let Names { partition, region, account } = &Names::of(settings);
    let group = &settings.group;
    let schedules = format!("arn:{partition}:scheduler:{region}:{account}:schedule/{group}/*");
    let changes = !settings.read_only;
    let mut all = vec![
        allow("Schedules", pick(changes, &SCHEDULES), schedules),
        allow(
            "Group",
            vec!["scheduler:GetScheduleGroup"],
            format!("arn:{partition}:scheduler:{region}:{account}:schedule-group/{group}"),
        ),
        // This action has no resource type.
        allow("List", vec!["scheduler:ListSchedules"], "*".to_owned()),
    ];
    if changes {
        let passed = Condition { string_equals: PassedTo { service: "scheduler.amazonaws.com" } };
        let role = allow("HandOverTheRole", vec!["iam:PassRole"], settings.role_arn.to_string());
        all.push(Statement { condition: Some(passed), ..role });
        if settings.target_arn.function_name().is_some() {
            all.push(allow("RunNow", vec!["lambda:InvokeFunction"], settings.target_arn.to_string()));
        }
    }
    if let Some(log) = settings.log_group.clone().or_else(|| default_log_group(&settings.target_arn)) {
        let arn = format!("arn:{partition}:logs:{region}:{account}:log-group:{log}:*");
        all.push(allow("Receipts", vec!["logs:FilterLogEvents"], arn));
    }
    if let Some(queue) = &settings.dead_letter_arn {
        all.push(allow("DeadLetters", pick(changes, &DEAD_LETTERS), queue.to_string()));
    }
    all
}

/// An action, and whether it changes anything.
type Action = (&'static str, bool);

const SCHEDULES: [Action; 4] = [
    ("scheduler:CreateSchedule", true),
    ("scheduler:DeleteSchedule", true),
    ("scheduler:GetSchedule", false),
    ("scheduler:UpdateSchedule", true),
];

const DEAD_LETTERS: [Action; 3] =
    [("sqs:DeleteMessage", true), ("sqs:GetQueueAttributes", false), ("sqs:ReceiveMessage", false)];

fn pick(changes: bool, actions: &[Action]) -> Vec<&'static str> {
    actions.iter().filter(|(_, change)| changes || !change).map(|(action, _)| *action).collect()
}

fn allow(sid: &'static str, action: Vec<&'static str>, resource: String) -> Statement {
    Statement { sid, effect: "Allow", action, resource, condition: None }
}

/// Partition, region and account, as far as the settings say.
struct Names {
    partition: String,
    region: String,
    account: String,
}

impl Names {
    /// From the target. A universal target has neither account nor region: then the role has the account, and the region
    /// is that of the settings, or `*`.
    fn of(settings: &AwsSettings) -> Self {
        let (target, role) = (&settings.target_arn, &settings.role_arn);
        let named = |part: &'_ String| Some(part.clone()).filter(|part| !part.is_empty());
        let region = named(&target.region).or_else(|| settings.access.region.clone());
        Self {
            partition: target.partition.clone(),
            region: region.unwrap_or_else(|| "*".to_owned()),
            account: named(&target.account).unwrap_or_else(|| role.account.clone()),
        }
    }
}
