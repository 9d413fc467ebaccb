//! The whole program against an account that ministack plays: set up, set up again, mended, and taken down.
//!
//! The test memo is left out, since its time is a full minute of the machine's clock.

use std::path::Path;
use std::process::{Command, Stdio};

use aws_sdk_cloudformation::types::{ChangeSetType, StackStatus};
use tempfile::TempDir;

use crate::infra::TEMPLATE;
use crate::ministack::Server;
use crate::ministack::account::{Account, REGION, STACK};

/// A template of ours that can never be made: nobody has that function.
const IMPOSSIBLE: &str = "Description: 'tickler: not to be made'\nResources:\n  ExecuteMemoRetries:\n    \
                          Type: AWS::Lambda::EventInvokeConfig\n    Properties: {FunctionName: nobody, Qualifier: $LATEST}\n";

/// Runs the program, and returns what it said; it has to succeed.
fn tickler(account: &Account, home: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickler"));
    command.args(arguments).args(["--endpoint-url", &account.server.url()]).stdin(Stdio::null());
    for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "AWS_PROFILE"] {
        command.env_remove(variable);
    }
    command.env("HOME", home).env("AWS_REGION", REGION);
    command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    let ended = command.output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{arguments:?}: {said}\n{complained}");
    said.into_owned()
}

fn config(home: &TempDir) -> String {
    std::fs::read_to_string(home.path().join(".config/tickler/config.toml")).unwrap()
}

const INIT: [&str; 3] = ["init", "--yes", "--no-test"];
const TEARDOWN: [&str; 3] = ["teardown", "--yes-delete", STACK];

#[tokio::test]
async fn it_is_set_up_and_taken_down_again() {
    let (account, home) = (Account::new(Server::start()), tempfile::tempdir().unwrap());
    let said = tickler(&account, home.path(), &INIT);
    assert!(said.contains("✓ function executeMemo: made"), "{said}");
    let resources = account.cloudformation().list_stack_resources().stack_name(STACK).send().await.unwrap();
    let mut made: Vec<_> =
        resources.stack_resource_summaries().iter().filter_map(|resource| resource.logical_resource_id()).collect();
    made.sort_unstable();
    let mut named: Vec<_> = tickler::aws::stack::PARTS.iter().map(|part| part.logical_id).collect();
    named.retain(|name| *name != "MailSubscription");
    named.sort_unstable();
    assert_eq!(made, named);

    let settings = config(&home);
    let outputs = account.outputs(STACK).await;
    for output in ["GroupName", "FunctionArn", "SchedulerRoleArn", "QueueArn", "LogGroupName"] {
        assert!(settings.contains(&format!("= \"{}\"\n", outputs.get(output))), "{output} is not in {settings}");
    }
    let said = tickler(&account, home.path(), &INIT);
    assert!(said.contains("No change: the stack tickler is as it shall be."), "{said}");
    assert_eq!(config(&home), settings);
    let said = tickler(&account, home.path(), &["init", "--yes", "--no-test", "--retention", "30"]);
    assert!(said.contains("✓ delivery log: changed"), "{said}");
    assert_eq!(config(&home), settings);

    let said = tickler(&account, home.path(), &TEARDOWN);
    assert!(said.contains("Nothing is pending in the group tickler-memos."), "{said}");
    assert!(account.stack(STACK).await.is_none());
    assert_eq!(config(&home).trim(), "");
    let said = tickler(&account, home.path(), &TEARDOWN);
    assert!(said.contains("There is no stack tickler"), "{said}");
}

#[tokio::test]
async fn what_was_left_of_a_failed_stack_is_mended() {
    let (account, home) = (Account::new(Server::start()), tempfile::tempdir().unwrap());
    assert_eq!(account.create_stack(STACK, IMPOSSIBLE, &[]).await, StackStatus::RollbackComplete);
    let said = tickler(&account, home.path(), &INIT);
    assert!(
        said.contains("retries of the function (ExecuteMemoRetries, AWS::Lambda::EventInvokeConfig) failed:"),
        "{said}"
    );
    assert!(said.contains("✓ schedule group: made"), "{said}");
    tickler(&account, home.path(), &TEARDOWN);

    let review = account.cloudformation().create_change_set().stack_name(STACK).change_set_name("mine");
    review.change_set_type(ChangeSetType::Create).template_body(TEMPLATE).send().await.unwrap();
    let said = tickler(&account, home.path(), &INIT);
    assert!(said.contains("(REVIEW_IN_PROGRESS): only a change set was ever made of it."), "{said}");
    assert!(said.contains("✓ schedule group: made"), "{said}");
}
