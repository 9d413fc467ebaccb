//! The command: its output and its exit code.

use std::process::{Command, Output};
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;
use tickler::aws::{Scheduler, SdkClock};
use tickler::memo::{Memo, MemoId};
use tickler::schedule::Change;
use when::{Moment, Tz};

use crate::client::{local_context, now};

/// A new machine, on which tickler was never used.
struct Machine {
    home: TempDir,
}

impl Machine {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn doctor(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tickler"));
        command.env_clear().env("HOME", self.home.path()).env("TZ", "Europe/Paris").arg("doctor").args(arguments);
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
            command.env(name, self.home.path());
        }
        command.output().unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::create_dir_all(self.home.path().join("tickler")).unwrap();
        std::fs::write(self.home.path().join("tickler").join(file), text).unwrap();
    }

    /// The output, with `~` for the home directory.
    fn printed(&self, output: &Output) -> String {
        let printed = String::from_utf8(output.stdout.clone()).unwrap();
        printed.replace(&self.home.path().display().to_string(), "~")
    }
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The state and the finding of the check of this name.
fn found<'a>(report: &'a Value, name: &str) -> (&'a str, &'a str) {
    let check = report["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap();
    (check["state"].as_str().unwrap(), check["found"].as_str().unwrap())
}

const CONTEXT: &str = "[contexts.work]\nregion = \"eu-west-1\"\nprofile = \"nobody\"\ngroup = \"memos\"\n\
    target_arn = \"arn:aws:lambda:eu-west-1:123456789012:function:executeMemo\"\n\
    role_arn = \"arn:aws:iam::123456789012:role/tickler\"\n";

#[test]
fn a_machine_without_settings_is_ok() {
    let machine = Machine::new();
    let output = machine.doctor(&[]);
    assert!(output.status.success());
    let text = machine.printed(&output);
    assert!(text.ends_with("\n\nAll checks passed.\n"), "{text}");
    assert!(!text.contains('\u{1b}'), "a pipe is no terminal");
    assert!(!machine.home.path().join("tickler").exists(), "looking makes nothing");
}

#[test]
fn the_json_format() {
    let machine = Machine::new();
    let output = machine.doctor(&["--json", "--deliver"]);
    assert!(output.status.success());
    insta::assert_snapshot!(machine.printed(&output));
}

#[test]
fn pending_local_memos_need_an_open_tickler() {
    let machine = Machine::new();
    let store = machine.home.path().join("tickler/memos.db");
    let service = embedded::Service::new(embedded::Store::open(&store).unwrap(), Arc::new(now));
    let scheduler = Scheduler::local(service.http_client(), local_context(), SdkClock::system());
    let due = Moment::at("2099-01-01T12:00:00Z".parse().unwrap(), Tz::Europe__Paris);
    let memo = Memo { id: MemoId::from_random([1; 16]), text: "tea".to_owned(), due };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(scheduler.write(&Change::Create(memo))).unwrap();

    let output = machine.doctor(&["--json"]);
    assert!(output.status.success(), "nothing is wrong");
    let report = json(&output);
    assert_eq!(found(&report, "store").0, "ok");
    let (state, pending) = found(&report, "schedules");
    assert!(state == "ok" && pending.starts_with("1 schedule is pending, due in "), "{pending}");
    assert_eq!(found(&report, "host").0, "unknown");

    let host = embedded::HostLock::hold(&store).unwrap();
    let report = json(&machine.doctor(&["--json"]));
    assert_eq!(found(&report, "host"), ("ok", "tickler is open, so memos ring."));
    drop(host);
}

#[test]
fn a_broken_store_is_reported() {
    let machine = Machine::new();
    machine.write("memos.db", "This is no database, however long it is looked at. ".repeat(100).as_str());
    let output = machine.doctor(&["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    assert_eq!(found(&report, "store").0, "wrong");
    assert_eq!(found(&report, "schedules"), ("unknown", "Skipped, because the store cannot be read."));
}

#[test]
fn each_mistake_in_the_settings_has_its_position() {
    let machine = Machine::new();
    machine.write("config.toml", "zone = \"Europe/Pariss\"\nrefresh_seconds = -1\n");
    let output = machine.doctor(&["--group", "a b", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(machine.printed(&output));
}

#[test]
fn without_credentials_all_other_checks_are_skipped() {
    let machine = Machine::new();
    machine.write("config.toml", CONTEXT);
    let output = machine.doctor(&["--context", "work", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(machine.printed(&output));
}

#[test]
fn the_policy_is_printed_without_a_request() {
    let machine = Machine::new();
    machine.write("config.toml", CONTEXT);
    let output = machine.doctor(&["--context", "work", "--policy"]);
    assert!(output.status.success());
    let policy = json(&output);
    assert_eq!(policy["Statement"][1]["Resource"], "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/memos");

    assert_eq!(machine.doctor(&["--policy"]).status.code(), Some(2), "this machine has no policies");
    assert_eq!(machine.doctor(&["--policy", "--json"]).status.code(), Some(2), "it is JSON anyway");
}
