//! `tickler teardown`.

use tickler::cli::{Stop, TeardownArguments};

use super::aws::{absent, error, events, ok, stack};
use super::{Machine, quiet};

const EVENTS: [(&str, &str, &str); 3] = [
    ("tickler", "CREATE_COMPLETE", ""),
    ("tickler", "DELETE_IN_PROGRESS", "User Initiated"),
    ("ExecuteMemo", "DELETE_COMPLETE", ""),
];

/// A stack that was set up here, with two memos and a foreign schedule in its group. It can be deleted.
async fn set_up() -> Machine {
    let mut machine = Machine::with_stack();
    machine.init(quiet()).await.unwrap();
    machine.talk.said.clear();
    let rows = ["02", "01", "theirs", "doctor-left-over"]
        .map(|name| serde_json::json!({"Name": name, "LastModificationDate": 1.5}));
    machine.aws.on("ListSchedules", [ok(serde_json::json!({ "Schedules": rows }).to_string())]);
    let schedule = |number: &str, memo: &str, at: &str| {
        let id = ["01010101-0101-4101-8101-0101010101", number].concat();
        let input = serde_json::json!({"v": 1, "memo": memo, "id": id, "zone": "Europe/Paris"}).to_string();
        let target = serde_json::json!({"Arn": "arn:f", "RoleArn": "arn:r", "Input": input});
        let schedule = serde_json::json!({"Name": id, "ScheduleExpression": format!("at({at})"),
            "ScheduleExpressionTimezone": "Europe/Paris", "LastModificationDate": 1.5, "Target": target});
        ok(schedule.to_string())
    };
    let foreign =
        r#"{"Name":"theirs","ScheduleExpression":"rate(5 minutes)","Target":{"Arn":"arn:x","RoleArn":"arn:y"}}"#;
    let schedules = [
        schedule("02", "call mum\nabout the train", "2026-12-01T18:00:00"),
        schedule("01", "tea \u{1b}[2J", "2026-11-24T09:30:00"),
        ok(foreign),
        ok(foreign.replace("theirs", "doctor-left-over")),
    ];
    machine.aws.on("GetSchedule", schedules);
    machine.aws.on("DescribeStacks", [stack("CREATE_COMPLETE"), stack("DELETE_IN_PROGRESS"), stack("DELETE_COMPLETE")]);
    machine.aws.on("DescribeStackEvents", [events(&EVENTS[..1]), events(&EVENTS[..2]), events(&EVENTS)]);
    machine
}

#[tokio::test(start_paused = true)]
async fn pending_memos_are_listed_and_the_name_has_to_be_typed() {
    let mut machine = set_up().await.answering(["tickler"]);
    let ended = machine.teardown(TeardownArguments::default()).await;
    insta::assert_snapshot!(format!("{}\n\n[{}]", machine.report(&ended), machine.config()));
}

#[tokio::test(start_paused = true)]
async fn another_name_deletes_nothing() {
    for answer in ["", "y", "yes", "Tickler", "tickle"] {
        let mut machine = set_up().await.answering([answer]);
        let before = machine.config();
        assert_eq!(machine.teardown(TeardownArguments::default()).await, Err(Stop::Declined));
        assert_eq!(machine.aws.asked("DeleteStack").len(), 0);
        assert_eq!(machine.config(), before);
    }
}

/// The arguments of a script.
fn by_script() -> TeardownArguments {
    TeardownArguments { name: None, yes_delete: Some("tickler".to_owned()) }
}

#[tokio::test(start_paused = true)]
async fn a_script_names_what_it_deletes() {
    let mut machine = set_up().await;
    machine.teardown(by_script()).await.unwrap();
    assert_eq!(machine.aws.asked("DeleteStack").len(), 1);
    assert_eq!(machine.config(), "");
}

#[tokio::test(start_paused = true)]
async fn without_a_stack_only_the_settings_are_cleaned() {
    let mut machine = set_up().await;
    machine.aws.on("DescribeStacks", [absent()]);
    let ended = machine.teardown(by_script()).await;
    insta::assert_snapshot!(format!("{}\n\n[{}]", machine.report(&ended), machine.config()));
}

#[tokio::test(start_paused = true)]
async fn a_resource_that_cannot_be_deleted_is_named_and_the_context_stays() {
    let mut machine = set_up().await;
    machine.aws.on("DescribeStacks", [stack("CREATE_COMPLETE"), stack("DELETE_FAILED")]);
    let failed = [
        EVENTS[0],
        EVENTS[1],
        ("SchedulerRole", "DELETE_FAILED", "Cannot delete entity, must detach all policies first."),
    ];
    machine.aws.on("DescribeStackEvents", [events(&EVENTS[..1]), events(&failed)]);
    let before = machine.config();
    let ended = machine.teardown(by_script()).await;
    assert_eq!(machine.config(), before);
    insta::assert_snapshot!(machine.report(&ended));
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_protected_says_so() {
    let mut machine = set_up().await;
    let said = "Stack [tickler] cannot be deleted while TerminationProtection is enabled";
    machine.aws.on("DeleteStack", [error(400, "ValidationError", said)]);
    let Err(Stop::Failed(failure)) = machine.teardown(by_script()).await else { panic!("it was deleted") };
    assert_eq!(failure.what, format!("The stack could not be deleted: AWS says “{said}”."));
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_was_never_complete_has_no_pending_memos() {
    let mut machine = Machine::new();
    machine.aws.on("DescribeStacks", [stack("ROLLBACK_COMPLETE"), absent()]);
    machine.teardown(by_script()).await.unwrap();
    assert_eq!(machine.aws.asked("ListSchedules").len(), 0);
    assert!(machine.talk.said[1].contains("is broken (ROLLBACK_COMPLETE)"), "{:?}", machine.talk.said);
}

#[tokio::test(start_paused = true)]
async fn a_context_of_another_group_stays() {
    let settings = "context = \"tickler\"\n\n[contexts.tickler]\ngroup = \"mine\"\n\
                    role_arn = \"arn:aws:iam::123456789012:role/r\"\n\
                    target_arn = \"arn:aws:lambda:eu-west-1:123456789012:function:f\"\n";
    let mut machine = Machine::new().settled(settings);
    machine.teardown(by_script()).await.unwrap();
    assert_eq!(machine.config(), settings);
}
