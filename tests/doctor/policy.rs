//! The least policy: its resources, and that it agrees with the user policy of the template.

use std::collections::BTreeSet;

use serde_json::Value;
use tickler::aws::least_policy;
use tickler::context::AwsSettings;

use crate::wire::settings;

fn policy(settings: &AwsSettings) -> Value {
    serde_json::from_str(&least_policy(settings).unwrap()).unwrap()
}

fn actions(policy: &Value) -> BTreeSet<String> {
    let statements = policy["Statement"].as_array().unwrap().iter();
    let actions = statements.flat_map(|statement| statement["Action"].as_array().unwrap());
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_policy_has_the_resources_of_the_settings() {
    insta::assert_snapshot!(least_policy(&settings()).unwrap());
}

#[test]
fn a_read_only_policy_allows_no_change() {
    let policy = policy(&AwsSettings { read_only: true, ..settings() });
    assert_eq!(
        actions(&policy).into_iter().collect::<Vec<_>>(),
        [
            "logs:FilterLogEvents",
            "scheduler:GetSchedule",
            "scheduler:GetScheduleGroup",
            "scheduler:ListSchedules",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
        ]
    );
}

#[test]
fn a_target_that_is_not_a_function_needs_no_lambda_and_no_logs() {
    let target = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage".parse().unwrap();
    let policy = policy(&AwsSettings { target_arn: target, dead_letter_arn: None, ..settings() });
    assert!(!actions(&policy).iter().any(|action| action.starts_with("lambda:") || action.starts_with("logs:")));
    assert_eq!(
        policy["Statement"][0]["Resource"], "arn:aws:scheduler:eu-west-1:123456789012:schedule/tickler/*",
        "account and region are known all the same"
    );
}

/// The actions of the user policy in the template, read line by line, because the template is not plain YAML.
fn of_the_template() -> BTreeSet<String> {
    let template = include_str!("../../infra/stack.yaml");
    let (_, policy) = template.split_once("\n  UserPolicy:\n").expect("the template has a policy for people");
    let (policy, _) = policy.split_once("\nOutputs:").expect("it is the last resource");
    let word = |line: &str| line.trim().trim_start_matches("- ").trim_start_matches("Action: ").to_owned();
    let is_action = |word: &String| {
        let services = ["scheduler:", "iam:Pass", "lambda:", "logs:", "sqs:"];
        services.iter().any(|service| word.starts_with(service)) && !word.contains("PassedTo")
    };
    policy.lines().map(word).filter(is_action).collect()
}

#[test]
fn the_policy_allows_the_same_as_the_user_policy_of_the_template() {
    assert_eq!(actions(&policy(&settings())), of_the_template());
}
