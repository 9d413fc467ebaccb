//! Init, init again, init after a failure, and teardown.

use std::collections::BTreeSet;

use aws_sdk_cloudformation::types::{ChangeSetType, StackStatus};
use serde_json::{Value, json};

use super::person::{INIT, Person};
use crate::infra::TEMPLATE;
use crate::ministack::Server;
use crate::ministack::account::{Account, STACK};

/// A template of tickler's that always fails: the function does not exist.
const IMPOSSIBLE: &str = "Description: 'tickler: not to be made'\nResources:\n  ExecuteMemoRetries:\n    \
                          Type: AWS::Lambda::EventInvokeConfig\n    Properties: {FunctionName: nobody, Qualifier: $LATEST}\n";

const TEARDOWN: [&str; 3] = ["teardown", "--yes-delete", STACK];

/// How to list the resources of one kind: the service, the operation, the list in the response, and the key of a
/// resource in the list, unless it is the entry itself.
const KINDS: [(&str, &str, &str, &str); 8] = [
    ("scheduler", "list_schedule_groups", "ScheduleGroups", "Arn"),
    ("lambda", "list_functions", "Functions", "FunctionArn"),
    ("logs", "describe_log_groups", "logGroups", "arn"),
    ("sqs", "list_queues", "QueueUrls", ""),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sns", "list_subscriptions", "Subscriptions", "Endpoint"),
    ("iam", "list_roles", "Roles", "Arn"),
    ("iam", "list_policies", "Policies", "Arn"),
];

/// All resources in an account, by kind.
fn everything(account: &Account) -> Vec<BTreeSet<String>> {
    let parameters = |service: &str, operation: &str| match (service, operation) {
        // Without this, AWS's own policies are listed too.
        ("iam", "list_policies") => json!({ "Scope": "Local" }),
        _ => json!({}),
    };
    let answers = account.ask(&KINDS.map(|(service, name, ..)| (service, name, parameters(service, name))));
    let resources = |answer: &Value, list: &str, name: &str| {
        // Without a queue, SQS returns no list.
        let entries = answer.get(list).and_then(Value::as_array).into_iter().flatten();
        let name = |entry: &Value| entry.get(name).unwrap_or(entry).as_str().unwrap().to_owned();
        entries.map(name).collect()
    };
    answers.iter().zip(KINDS).map(|(answer, (_, _, list, name))| resources(answer, list, name)).collect()
}

#[tokio::test]
async fn init_and_teardown() {
    let account = Account::new(Server::start());
    let person = Person::with_account(&account);
    let before = everything(&account);
    let with_mail = [&INIT[..], &["--email", "me@example.org"]].concat();
    let said = person.tickler(&with_mail);
    assert!(
        said.contains("✓ function executeMemo: created") && said.contains("✓ mail subscription: created"),
        "{said}"
    );
    let resources = account.cloudformation().list_stack_resources().stack_name(STACK).send().await.unwrap();
    let made: BTreeSet<_> =
        resources.stack_resource_summaries().iter().filter_map(|resource| resource.logical_resource_id()).collect();
    assert_eq!(made, tickler::aws::stack::PARTS.iter().map(|part| part.logical_id).collect());

    // The resources exist, and not only according to CloudFormation.
    let outputs = account.outputs(STACK).await;
    let added: Vec<BTreeSet<_>> = everything(&account).iter().zip(&before).map(|(now, before)| now - before).collect();
    assert_eq!(added.iter().map(BTreeSet::len).collect::<Vec<_>>(), [1, 1, 1, 1, 1, 1, 2, 1], "{added:#?}");
    for (kind, named) in [
        (0, format!("schedule-group/{}", outputs.get("GroupName"))),
        (1, outputs.get("FunctionArn").to_owned()),
        (2, outputs.get("LogGroupName").to_owned()),
        (3, outputs.get("QueueUrl").rsplit('/').next().unwrap().to_owned()),
        (4, outputs.get("TopicArn").to_owned()),
        (5, "me@example.org".to_owned()),
        (6, outputs.get("SchedulerRoleArn").to_owned()),
        (7, outputs.get("PolicyArn").to_owned()),
    ] {
        assert!(added[kind].iter().any(|name| name.contains(&named)), "{named} is not in {:?}", added[kind]);
    }
    let function = json!({ "FunctionName": outputs.get("FunctionArn"), "Qualifier": "$LATEST" });
    let [retries] = account.ask(&[("lambda", "get_function_event_invoke_config", function)]);
    assert_eq!(retries["DestinationConfig"]["OnFailure"]["Destination"], outputs.get("QueueArn"));

    let settings = person.settings();
    for output in ["GroupName", "FunctionArn", "SchedulerRoleArn", "QueueArn", "LogGroupName"] {
        assert!(settings.contains(&format!("= \"{}\"\n", outputs.get(output))), "{output} is not in {settings}");
    }
    let said = person.tickler(&INIT);
    assert!(said.contains("The stack tickler is up to date."), "{said}");
    assert_eq!(person.settings(), settings);
    let said = person.tickler(&["init", "--yes", "--no-test", "--retention", "30"]);
    assert!(said.contains("✓ delivery log: updated"), "{said}");
    assert_eq!(person.settings(), settings);

    let said = person.tickler(&TEARDOWN);
    assert!(said.contains("Nothing is pending in the group tickler-memos."), "{said}");
    assert!(account.stack(STACK).await.is_none());
    assert_eq!(everything(&account), before);
    assert_eq!(person.settings().trim(), "");
    let said = person.tickler(&TEARDOWN);
    assert!(said.contains("There is no stack tickler"), "{said}");
}

#[tokio::test]
async fn init_replaces_a_failed_stack() {
    let account = Account::new(Server::start());
    let person = Person::with_account(&account);
    assert_eq!(account.create_stack(STACK, IMPOSSIBLE, &[]).await, StackStatus::RollbackComplete);
    let said = person.tickler(&INIT);
    assert!(said.contains("function retries (ExecuteMemoRetries, AWS::Lambda::EventInvokeConfig) failed:"), "{said}");
    assert!(said.contains("✓ schedule group: created"), "{said}");
    person.tickler(&TEARDOWN);

    let review = account.cloudformation().create_change_set().stack_name(STACK).change_set_name("mine");
    review.change_set_type(ChangeSetType::Create).template_body(TEMPLATE).send().await.unwrap();
    let said = person.tickler(&INIT);
    assert!(said.contains("(REVIEW_IN_PROGRESS): it has a change set, but was never created."), "{said}");
    assert!(said.contains("✓ schedule group: created"), "{said}");
}
