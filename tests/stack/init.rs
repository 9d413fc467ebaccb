//! `tickler init`, for every condition of the stack.

use serde_json::Value;
use tickler::cli::InitArguments;

use super::aws::{Request, absent, error, events, of, ok, refused, stack, stack_of};
use super::{Machine, quiet};

const BEGUN: (&str, &str, &str) = ("tickler", "CREATE_IN_PROGRESS", "User Initiated");
const GOING: (&str, &str, &str) = ("ExecuteMemo", "CREATE_IN_PROGRESS", "");
const MADE: (&str, &str, &str) = ("ExecuteMemo", "CREATE_COMPLETE", "");
const DENIED: &str = "Resource handler returned message: &quot;User: arn:aws:iam::123456789012:user/ada is not \
                      authorized to perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/x because no \
                      identity-based policy allows the iam:CreateRole action (Service: Iam, Status Code: 403)&quot; \
                      (RequestToken: 1, HandlerErrorCode: AccessDenied)";
const FAILED: [(&str, &str, &str); 5] = [
    BEGUN,
    ("Group", "CREATE_FAILED", "Resource creation cancelled"),
    ("SchedulerRole", "CREATE_FAILED", DENIED),
    ("tickler", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [SchedulerRole, Group]."),
    ("tickler", "ROLLBACK_COMPLETE", ""),
];
const NOT_YET: &str = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.";

/// Responses for a stack that is being created.
fn comes_to_be(machine: &Machine, before: impl IntoIterator<Item = super::aws::Answer>) {
    let after = [stack("CREATE_IN_PROGRESS"), stack("CREATE_IN_PROGRESS"), stack("CREATE_COMPLETE")];
    machine.aws.on("DescribeStacks", before.into_iter().chain(after));
}

fn with_events(machine: &Machine, pages: &[&[(&str, &str, &str)]]) {
    machine.aws.on("DescribeStackEvents", pages.iter().map(|page| events(page)));
}

/// The line of executeMemo for the memo that was created last.
fn delivered(asked: &[Request]) -> String {
    line(asked, &serde_json::json!({"outcome": "delivered", "deliveredAt": "2026-11-23T14:11:02.500Z"}))
}

/// The line of a failed try.
fn failed(asked: &[Request]) -> String {
    line(asked, &serde_json::json!({"outcome": "failed", "error": "NotFoundException: Topic does not exist"}))
}

fn line(asked: &[Request], outcome: &Value) -> String {
    let created = asked.iter().rfind(|request| request.action == "CreateSchedule").unwrap();
    let body: Value = serde_json::from_str(&created.body).unwrap();
    let input: Value = serde_json::from_str(body["Target"]["Input"].as_str().unwrap()).unwrap();
    let at = body["ScheduleExpression"].as_str().unwrap();
    let mut line = serde_json::json!({
        "tickler": 1, "id": input["id"], "memo": input["memo"], "attempt": "1", "requestId": "r",
        "timestamp": "2026-11-23T14:11:02.500Z",
        "scheduledTime": format!("{}Z", at.trim_start_matches("at(").trim_end_matches(')')),
    });
    line.as_object_mut().unwrap().append(&mut outcome.as_object().unwrap().clone());
    serde_json::json!({"events": [{"logStreamName": "s", "timestamp": 1_795_443_062_500_i64, "message": line.to_string()}]})
        .to_string()
}

#[tokio::test(start_paused = true)]
async fn everything_is_created_and_a_delivery_is_tested() {
    let mut machine = Machine::new().answering(["y"]);
    comes_to_be(&machine, [absent()]);
    with_events(&machine, &[&[], &[BEGUN, GOING], &[BEGUN, GOING, MADE]]);
    let not_yet = || refused(400, "ValidationException", NOT_YET);
    let created = ok(r#"{"ScheduleArn":"arn"}"#);
    machine.aws.on("CreateSchedule", (0..8).map(|_| not_yet()).chain([created]));
    machine.aws.on("FilterLogEvents", [ok(r#"{"events":[]}"#), of(delivered)]);
    let arguments =
        InitArguments { email: Some("ada@example.org".to_owned()), retention: Some(30), ..InitArguments::default() };
    let ended = machine.init(arguments).await;
    let created = &machine.aws.asked("CreateStack")[0].body;
    for field in [
        "StackName=tickler",
        "Capabilities.member.1=CAPABILITY_IAM",
        "Parameters.member.1.ParameterKey=Email&Parameters.member.1.ParameterValue=ada%40example.org",
        "Parameters.member.2.ParameterKey=RetentionDays&Parameters.member.2.ParameterValue=30",
        "ClientRequestToken=tickler-",
        "TemplateBody=AWSTemplateFormatVersion",
    ] {
        assert!(created.contains(field), "{field} is not in {created}");
    }
    insta::assert_snapshot!(format!("{}\n\n{}", machine.report(&ended), machine.config()));
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_up_to_date_stays_unchanged() {
    let mut machine = Machine::with_stack();
    let ended = machine.init(quiet()).await;
    let updated = &machine.aws.asked("UpdateStack")[0].body;
    assert!(updated.contains("ParameterKey=Email&Parameters.member.1.UsePreviousValue=true"), "{updated}");
    assert!(!updated.contains("RetentionDays&"), "the stack has no such parameter: {updated}");
    insta::assert_snapshot!(machine.report(&ended));
    let before = machine.config();
    machine.flags = tickler::config::Flags::default();
    machine.init(quiet()).await.unwrap();
    assert_eq!(machine.config(), before, "profile and region are known by now");
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_was_rolled_back_is_explained_deleted_and_created_again() {
    let mut machine = Machine::new().answering(["yes"]);
    comes_to_be(&machine, [stack("ROLLBACK_COMPLETE"), stack("DELETE_IN_PROGRESS"), stack("DELETE_COMPLETE")]);
    let gone = [&FAILED[..], &[("tickler", "DELETE_IN_PROGRESS", ""), ("Group", "DELETE_COMPLETE", "")]].concat();
    with_events(&machine, &[&FAILED, &FAILED, &FAILED, &gone, &[BEGUN, GOING, MADE]]);
    let ended = machine.init(InitArguments { no_test: true, ..InitArguments::default() }).await;
    insta::assert_snapshot!(machine.report(&ended));
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_was_never_complete_is_deleted_first() {
    for status in ["ROLLBACK_FAILED", "REVIEW_IN_PROGRESS", "CREATE_FAILED", "DELETE_FAILED"] {
        let mut machine = Machine::new();
        comes_to_be(&machine, [stack(status), absent()]);
        let ended = machine.init(quiet()).await;
        let report = machine.report(&ended);
        assert!(report.contains(&format!("is broken ({status}): ")), "{report}");
        assert!(report.contains("\n\ndone\n\n"), "{report}");
        let (deleted, created) = (report.find("DeleteStack"), report.find("CreateStack"));
        assert!(deleted.is_some() && deleted < created, "{report}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_in_progress_is_followed_to_its_end() {
    let mut machine = Machine::with_stack();
    let going = [stack("UPDATE_IN_PROGRESS"), stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), stack("UPDATE_COMPLETE")];
    machine.aws.on("DescribeStacks", going);
    let earlier =
        [BEGUN, GOING, MADE, ("tickler", "UPDATE_IN_PROGRESS", ""), ("ExecuteMemo", "UPDATE_IN_PROGRESS", "")];
    let later = [&earlier[..], &[("ExecuteMemo", "UPDATE_COMPLETE", "")]].concat();
    with_events(&machine, &[&earlier, &later]);
    let ended = machine.init(quiet()).await;
    insta::assert_snapshot!(machine.report(&ended));
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_being_deleted_is_awaited_and_created_again() {
    let mut machine = Machine::new();
    comes_to_be(&machine, [stack("DELETE_IN_PROGRESS"), absent()]);
    let ended = machine.init(quiet()).await;
    let report = machine.report(&ended);
    assert!(report.starts_with("Signed in as arn:aws:iam::123456789012:user/ada"), "{report}");
    assert!(report.contains("An operation of the stack tickler is already running (DELETE_IN_PROGRESS):"), "{report}");
    assert!(report.contains("\n\ndone\n\n") && !report.contains("DeleteStack"), "{report}");
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_cannot_be_rolled_back_is_explained() {
    let mut machine = Machine::with_stack();
    machine.aws.on("DescribeStacks", [stack("UPDATE_ROLLBACK_FAILED")]);
    let failed = [("tickler", "UPDATE_IN_PROGRESS", ""), ("ExecuteMemo", "UPDATE_FAILED", "The role is gone.")];
    with_events(&machine, &[&failed]);
    let ended = machine.init(quiet()).await;
    insta::assert_snapshot!(machine.report(&ended));
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_fails_names_the_resource_and_the_cause() {
    let mut machine = Machine::new();
    machine.aws.on("DescribeStacks", [absent(), stack("CREATE_IN_PROGRESS"), stack("ROLLBACK_COMPLETE")]);
    with_events(&machine, &[&FAILED[..2], &FAILED]);
    let ended = machine.init(quiet()).await;
    insta::assert_snapshot!(machine.report(&ended));
    assert_eq!(machine.config(), "", "the settings name nothing that is not there");
}

#[tokio::test(start_paused = true)]
async fn an_update_that_fails_is_rolled_back_and_explained() {
    let mut machine = Machine::with_stack();
    machine.aws.on("UpdateStack", [super::aws::result("UpdateStack", "")]);
    let states = ["CREATE_COMPLETE", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"];
    machine.aws.on("DescribeStacks", states.map(stack));
    let before = [BEGUN, MADE];
    let failed = [
        ("tickler", "UPDATE_IN_PROGRESS", ""),
        ("ExecuteMemo", "UPDATE_FAILED", "The runtime parameter of nodejs24.x is not supported for this region."),
        ("tickler", "UPDATE_ROLLBACK_IN_PROGRESS", ""),
    ];
    let after = [&before[..], &failed].concat();
    with_events(&machine, &[&before, &after]);
    let ended = machine.init(quiet()).await;
    insta::assert_snapshot!(machine.report(&ended));
}

#[tokio::test(start_paused = true)]
async fn an_update_that_cannot_be_rolled_back_is_explained() {
    let mut machine = Machine::with_stack();
    machine.aws.on("UpdateStack", [super::aws::result("UpdateStack", "")]);
    machine.aws.on("DescribeStacks", ["CREATE_COMPLETE", "UPDATE_ROLLBACK_FAILED"].map(stack));
    let failed = [("tickler", "UPDATE_IN_PROGRESS", ""), ("ExecuteMemo", "UPDATE_FAILED", "The role is gone.")];
    with_events(&machine, &[&[], &failed]);
    let ended = machine.init(quiet()).await;
    let report = machine.report(&ended);
    assert!(report.contains("failed: The role is gone. Fix that, then run `aws cloudformation continue-"), "{report}");
}

#[tokio::test(start_paused = true)]
async fn the_test_schedule_is_disabled_and_deleted_again() {
    let mut machine = Machine::with_stack();
    // An earlier try succeeded, and its response was lost.
    machine.aws.on("CreateSchedule", [refused(409, "ConflictException", "It exists.")]);
    machine.init(quiet()).await.unwrap();
    let (created, deleted) = (machine.aws.asked("CreateSchedule"), machine.aws.asked("DeleteSchedule"));
    let name = created[0].path.strip_prefix("/schedules/").unwrap();
    assert!(name.starts_with(tickler::aws::PROBE_PREFIX), "{name}");
    assert!(deleted[0].path.starts_with(&format!("/schedules/{name}?groupName=tickler-memos")), "{}", deleted[0].path);
    let mut body: Value = serde_json::from_str(&created[0].body).unwrap();
    body["ClientToken"] = "TOKEN".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&body).unwrap());
}

#[tokio::test(start_paused = true)]
async fn an_environment_that_chooses_another_context_is_reported() {
    let mut machine = Machine::with_stack();
    let variable = |name: &str| (name == "TICKLER_CONTEXT").then(|| "local".into());
    machine.environment = tickler::config::Env::read(variable);
    machine.init(quiet()).await.unwrap();
    let told = |line: &String| line.contains("chooses another one, so open it with `tickler -c tickler`.");
    assert!(machine.talk.said.iter().any(told), "{:?}", machine.talk.said);
}

#[tokio::test(start_paused = true)]
async fn an_update_that_is_not_visible_yet_is_awaited() {
    let mut machine = Machine::with_stack();
    machine.aws.on("UpdateStack", [super::aws::result("UpdateStack", "")]);
    // CloudFormation shows the old status for a while.
    let states = ["CREATE_COMPLETE", "CREATE_COMPLETE", "CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"];
    machine.aws.on("DescribeStacks", states.map(stack));
    let begun = [BEGUN, ("tickler", "UPDATE_IN_PROGRESS", ""), ("ExecuteMemo", "UPDATE_COMPLETE", "")];
    with_events(&machine, &[&begun[..1], &begun[..1], &begun[..1], &begun]);
    let ended = machine.init(quiet()).await;
    let report = machine.report(&ended);
    assert!(report.contains("✓ function executeMemo: updated") && report.contains("\n\ndone\n\n"), "{report}");
}

#[tokio::test(start_paused = true)]
async fn missing_responses_are_tolerated_for_a_while() {
    let mut machine = Machine::new();
    let throttled = (0..9).map(|_| error(400, "Throttling", "Rate exceeded"));
    machine.aws.on(
        "DescribeStacks",
        [absent(), stack("CREATE_IN_PROGRESS")].into_iter().chain(throttled).chain([stack("CREATE_COMPLETE")]),
    );
    with_events(&machine, &[&[BEGUN, GOING], &[BEGUN, GOING, MADE]]);
    machine.init(quiet()).await.unwrap();

    let mut machine = Machine::new();
    machine.aws.on("DescribeStacks", [absent(), error(400, "Throttling", "Rate exceeded")]);
    let ended = machine.init(quiet()).await;
    let report = machine.report(&ended);
    assert!(report.contains("Run the same command again: it continues where it stopped."), "{report}");
}

#[tokio::test(start_paused = true)]
async fn a_denied_action_is_named() {
    let mut machine = Machine::new();
    let said = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: cloudformation:CreateStack on \
                resource: arn:aws:cloudformation:eu-west-1:123456789012:stack/tickler/* because no identity-based \
                policy allows the cloudformation:CreateStack action";
    machine.aws.on("CreateStack", [error(403, "AccessDenied", said)]);
    let ended = machine.init(quiet()).await;
    insta::assert_snapshot!(machine.report(&ended));
}

#[tokio::test(start_paused = true)]
async fn a_role_that_is_never_assumed_fails_and_nothing_is_written() {
    let mut machine = Machine::with_stack();
    machine.aws.on("CreateSchedule", [refused(400, "ValidationException", NOT_YET)]);
    let begun = tokio::time::Instant::now();
    let ended = machine.init(quiet()).await;
    assert!(begun.elapsed().as_secs() >= 180);
    assert_eq!(machine.config(), "");
    insta::assert_snapshot!(machine.report(&ended));
}

#[tokio::test(start_paused = true)]
async fn a_test_memo_without_a_receipt_fails() {
    let mut machine = Machine::with_stack();
    machine.aws.on(
        "FilterLogEvents",
        [refused(400, "ResourceNotFoundException", "The specified log group does not exist."), ok(r#"{"events":[]}"#)],
    );
    let ended = machine.init(InitArguments { yes: true, ..InitArguments::default() }).await;
    assert!(machine.config().starts_with("context = \"tickler\"\n"), "it is set up all the same");
    insta::assert_snapshot!(machine.report(&ended));
}

#[tokio::test(start_paused = true)]
async fn a_test_memo_that_fails_is_reported_with_its_error() {
    let mut machine = Machine::with_stack();
    machine.aws.on("FilterLogEvents", [of(failed)]);
    let ended = machine.init(InitArguments { yes: true, ..InitArguments::default() }).await;
    let report = machine.report(&ended);
    assert!(
        report.contains("was invoked with a memo, and failed: NotFoundException: Topic does not exist. Check"),
        "{report}"
    );
}

/// A memo of the first version of the stack, as EventBridge Scheduler returns it.
fn pending(function: &str) -> String {
    let id = "01010101-0101-4101-8101-010101010101";
    let input = format!(r#"{{"v":1,"memo":"tea","id":"{id}","zone":"Europe/Paris","extra":true}}"#);
    serde_json::json!({
        "Name": id, "GroupName": "tickler-memos", "State": "DISABLED", "Description": "tea",
        "LastModificationDate": 1.5, "StartDate": 1_795_440_000, "ActionAfterCompletion": "DELETE",
        "ScheduleExpression": "at(2026-11-24T18:00:00)", "ScheduleExpressionTimezone": "Europe/Paris",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        "Target": {
            "Arn": function, "RoleArn": "arn:aws:iam::123456789012:role/scheduler-1", "Input": input,
            "RetryPolicy": {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 1}
        }
    })
    .to_string()
}

#[tokio::test(start_paused = true)]
async fn pending_memos_are_updated_first_when_outputs_change() {
    let mut machine = Machine::with_stack();
    machine.init(quiet()).await.unwrap();
    let mut machine = Machine { talk: super::Script::default(), ..machine };
    machine.aws.on("UpdateStack", [super::aws::result("UpdateStack", "")]);
    let states = [stack("CREATE_COMPLETE"), stack_of("UPDATE_IN_PROGRESS", "2"), stack_of("UPDATE_COMPLETE", "2")];
    machine.aws.on("DescribeStacks", states);
    let listed = |name: &str| serde_json::json!({"Name": name, "LastModificationDate": 1.5});
    let foreign =
        r#"{"Name":"theirs","ScheduleExpression":"rate(5 minutes)","Target":{"Arn":"arn:x","RoleArn":"arn:y"}}"#;
    let rows = serde_json::json!({"Schedules": [listed("01010101-0101-4101-8101-010101010101"), listed("theirs")]});
    machine.aws.on("ListSchedules", [ok(rows.to_string())]);
    let memo = pending("arn:aws:lambda:eu-west-1:123456789012:function:executeMemo-1");
    machine.aws.on("GetSchedule", [ok(memo.as_str()), ok(foreign), ok(memo.as_str())]);
    machine.aws.on("UpdateSchedule", [refused(409, "ConflictException", "Not now."), ok(r#"{"ScheduleArn":"arn"}"#)]);
    let ended = machine.init(quiet()).await;
    let updates = machine.aws.asked("UpdateSchedule");
    assert_eq!(updates.len(), 2);
    let mut body: Value = serde_json::from_str(&updates[1].body).unwrap();
    body["ClientToken"] = "TOKEN".into();
    let (report, config) = (machine.report(&ended), machine.config());
    let body = serde_json::to_string_pretty(&body).unwrap();
    insta::assert_snapshot!(format!("{report}\n\n{}\n{body}\n\n{config}", updates[1].path));
}

#[tokio::test(start_paused = true)]
async fn memos_with_the_right_target_are_left_alone() {
    let mut machine = Machine::with_stack().settled(
        "[contexts.tickler]\ngroup = \"tickler-memos\"\nrole_arn = \"arn:aws:iam::123456789012:role/old\"\n\
         target_arn = \"arn:aws:lambda:eu-west-1:123456789012:function:old\"\n",
    );
    let listed = r#"{"Schedules":[{"Name":"01010101-0101-4101-8101-010101010101","LastModificationDate":1.5}]}"#;
    machine.aws.on("ListSchedules", [ok(listed)]);
    let mut memo: Value =
        serde_json::from_str(&pending("arn:aws:lambda:eu-west-1:123456789012:function:executeMemo-1")).unwrap();
    memo["Target"]["DeadLetterConfig"] = serde_json::json!({"Arn": "arn:aws:sqs:eu-west-1:123456789012:dead"});
    machine.aws.on("GetSchedule", [ok(memo.to_string())]);
    machine.init(quiet()).await.unwrap();
    assert_eq!(machine.aws.asked("UpdateSchedule").len(), 0);
    assert!(machine.talk.said.iter().any(|line| line.ends_with("pending memos updated: 0")));
}
