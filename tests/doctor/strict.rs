//! The doctor in an account that asks its policies: whoever may do what `tickler doctor --policy` prints is well, and
//! whoever lacks one action of it is told which.

use serde_json::{Value, json};
use tickler::aws::{AwsSettings, Doctor, Finding, Machine, SdkClock, State, least_policy};
use when::Tz;

use crate::ministack::Server;
use crate::ministack::account::Account;
use crate::wire::profiles::machine;

/// The actions that the doctor does itself. Those that it does not: `iam:PassRole`, which ministack never asks for; and
/// to receive and delete what lies in the queue.
const DONE: [(&str, &str); 9] = [
    ("scheduler:GetScheduleGroup", "group"),
    ("scheduler:ListSchedules", "schedules"),
    ("scheduler:GetSchedule", "schedules"),
    ("scheduler:CreateSchedule", "role"),
    ("scheduler:UpdateSchedule", "role"),
    ("scheduler:DeleteSchedule", "role"),
    ("lambda:InvokeFunction", "function"),
    ("logs:FilterLogEvents", "log"),
    ("sqs:GetQueueAttributes", "queue"),
];

/// What is found by somebody who may do what this policy says.
async fn look(account: &Account, settings: &AwsSettings, name: &str, policy: &Value) -> Vec<Finding> {
    let document = policy.to_string();
    let [made] = account.ask(&[("iam", "create_policy", json!({ "PolicyName": name, "PolicyDocument": document }))]);
    let (key, secret) = account.user(name, made["Policy"]["Arn"].as_str().unwrap());
    let keys = format!("[profile ministack]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n");
    let machine = machine(&keys, Machine::own().http_client);
    Doctor { machine: &machine, settings, clock: SdkClock::system(), zone: Tz::UTC }.look().await.findings
}

#[tokio::test]
async fn the_least_policy_is_enough_and_each_action_of_it_is_needed() {
    let (account, outputs) = Account::with_stack(Server::start_strict()).await;
    let settings = account.settings(&outputs);
    let least: Value = serde_json::from_str(&least_policy(&settings).unwrap()).unwrap();
    let well = look(&account, &settings, "all", &least).await;
    let not_well: Vec<_> = well.iter().filter(|finding| finding.state != State::Ok).collect();
    assert_eq!(not_well.iter().map(|finding| finding.name).collect::<Vec<_>>(), ["mail"], "{not_well:#?}");

    for (number, (action, line)) in DONE.into_iter().enumerate() {
        let mut policy = least.clone();
        let statements = policy["Statement"].as_array_mut().unwrap();
        for statement in statements.iter_mut() {
            statement["Action"].as_array_mut().unwrap().retain(|allowed| *allowed != action);
        }
        statements.retain(|statement| statement["Action"] != json!([]));
        let found = look(&account, &settings, &format!("without{number}"), &policy).await;
        let wrong: Vec<_> = found.iter().filter(|finding| finding.state == State::Wrong).collect();
        assert_eq!(wrong.len(), 1, "{action}: {wrong:#?}");
        assert_eq!(wrong[0].name, line, "{action}");
        assert!(wrong[0].advice.contains(&format!("Let its policy allow {action} on ")), "{action}: {wrong:#?}");
    }
}
