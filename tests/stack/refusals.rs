//! What is refused before anything is created or deleted.

use std::process::{Command, Stdio};

use tickler::cli::{InitArguments, Stop, TeardownArguments};
use tickler::config::Flags;

use super::aws::described;
use super::{Machine, quiet};

/// The message for wrong usage. No request was sent to AWS.
fn misused(machine: &Machine, ended: Result<(), Stop>) -> String {
    assert_eq!(machine.aws.actions(), [""; 0]);
    match ended {
        Err(Stop::Usage(what)) => what.replace(&machine.config_file().display().to_string(), "CONFIG"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn wrong_usage() {
    let mut report = Vec::new();
    let mut machine = Machine::new();
    let ended = machine.init(InitArguments::default()).await;
    report.push(misused(&machine, ended));
    let ended = machine.teardown(TeardownArguments::default()).await;
    report.push(misused(&machine, ended));
    let ended = machine.teardown(TeardownArguments { yes_delete: Some("other".to_owned()), name: None }).await;
    report.push(misused(&machine, ended));

    let with = |flags: Flags| Machine { flags, ..Machine::new() };
    let named = |name: &str| Flags { context: Some(name.to_owned()), ..Flags::default() };
    let cases = [
        with(Flags { read_only: true, ..Flags::default() }),
        with(Flags { group: Some("mine".to_owned()), ..Flags::default() }),
        with(Flags { region: Some("nowhere".to_owned()), ..Flags::default() }),
        with(named("local")),
        with(named("under_score")),
        Machine::new().settled("[contexts.tickler]\nread_only = true\n"),
        Machine::new().settled("zone = \n"),
        Machine::new().settled("refresh_seconds = \"x\"\n\n[contexts.tickler]\nprofile = \"wire\"\n"),
    ];
    for mut machine in cases {
        let ended = machine.init(quiet()).await;
        report.push(misused(&machine, ended));
        let same = machine.teardown(TeardownArguments { yes_delete: Some("tickler".to_owned()), name: None }).await;
        assert!(matches!(same, Err(Stop::Usage(_))));
    }
    let mut machine = with(named("work"));
    let ended = machine.init(InitArguments { name: Some("home".to_owned()), ..quiet() }).await;
    report.push(misused(&machine, ended));
    insta::assert_snapshot!(report.join("\n"));
}

/// A context with a different target or group than the stack's.
fn context(target_arn: &str, group: &str) -> String {
    format!(
        "[contexts.tickler]\nrole_arn = \"arn:aws:iam::123456789012:role/r\"\ntarget_arn = \"{target_arn}\"\ngroup = \"{group}\"\n"
    )
}

#[tokio::test(start_paused = true)]
async fn a_context_never_moves_to_another_account_or_region() {
    let here = "arn:aws:lambda:eu-west-1:123456789012:function:f";
    let cases = [
        context("arn:aws:lambda:us-east-1:123456789012:function:f", "tickler-memos"),
        context("arn:aws:lambda:eu-west-1:210987654321:function:f", "tickler-memos"),
        context(here, "tickler"),
    ];
    let mut report = Vec::new();
    for settings in cases {
        let mut machine = Machine::new().settled(&settings);
        let ended = machine.init(quiet()).await;
        report.push(machine.report(&ended));
        assert_eq!(machine.aws.asked("CreateStack").len(), 0);
        assert_eq!(machine.config(), settings);
    }
    insta::assert_snapshot!(report.join("\n----\n"));
}

#[tokio::test(start_paused = true)]
async fn a_foreign_stack_is_not_touched() {
    let mut machine = Machine::new();
    machine.aws.on("DescribeStacks", [described("CREATE_COMPLETE", "A shop.", "")]);
    let ended = machine.init(quiet()).await;
    insta::assert_snapshot!(machine.report(&ended));
    let ended = machine.teardown(TeardownArguments { yes_delete: Some("tickler".to_owned()), name: None }).await;
    assert!(matches!(ended, Err(Stop::Failed(_))));
    assert_eq!(machine.aws.asked("DeleteStack").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_created_without_a_yes() {
    for answer in ["", "n", "no", "later"] {
        let mut machine = Machine::new().answering([answer]);
        assert_eq!(machine.init(InitArguments::default()).await, Err(Stop::Declined));
        assert_eq!(machine.aws.asked("CreateStack").len(), 0);
        assert_eq!(machine.config(), "");
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [
        &["init"][..],
        &["init", "--yes", "--read-only"],
        &["init", "--yes", "--name", "1st"],
        &["init", "--yes", "--retention", "2"],
        &["init", "--yes", "--email", "ada"],
        &["teardown"],
        &["teardown", "--read-only", "--yes-delete", "tickler"],
    ] {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tickler"));
        command.args(arguments).env("HOME", home.path()).env_remove("XDG_CONFIG_HOME").stdin(Stdio::null());
        let ended = command.output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(!said.is_empty());
    }
}
