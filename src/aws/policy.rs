//! What a person must be allowed to use one place, and not more.
//!
//! Asks nobody: what an ARN names, it names with its account and region. It must agree with the managed policy of
//! `infra/stack.yaml`, which says the same of the stack's own resources.

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

/// The least IAM policy for a person who uses this place, as JSON; where nothing is to be changed, it allows no change.
///
/// # Errors
/// Never in practice: when it cannot be written as JSON.
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
        // This action knows no resource.
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

/// Where everything is, as far as the settings say.
struct Names {
    partition: String,
    region: String,
    account: String,
}

impl Names {
    /// The target says it all, but where it is of the kind that has neither account nor region; then the role says the
    /// account, and `*` stands for a region that is not set.
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
