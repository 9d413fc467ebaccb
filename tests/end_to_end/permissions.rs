//! An account that enforces policies: with the stack's user policy everything works, and without one of its actions
//! tickler says which one is missing.

use serde_json::{Value, json};

use super::failures::{dead_letter, read_until_it_is};
use super::person::Person;
use super::{set_up, text};
use crate::ministack::Server;
use crate::pty::memos::{schedule, wait_for_form};
use crate::pty::terminal::key;

/// The actions that the doctor uses. The others: receiving and deleting letters, which tickler does; and `iam:PassRole`,
/// which ministack does not check.
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

/// A memo that the scheduler could not deliver.
fn lost(memo: &str) -> Value {
    json!({ "memo": memo, "id": "0b7c9f0e-3c66-4e51-9d8e-1f6f4b1c2a3d", "zone": "UTC" })
}

/// When it was due.
const LOST_AT: &str = "2026-01-05T09:00:00Z";

/// The doctor's findings.
fn look(person: &Person) -> Vec<Value> {
    let report: Value = serde_json::from_slice(&person.call(&["doctor", "--json"]).stdout).unwrap();
    report["checks"].as_array().unwrap().clone()
}

/// The names of the checks with this state.
fn names<'a>(checks: &'a [Value], state: &str) -> Vec<&'a str> {
    checks.iter().filter(|check| check["state"] == state).filter_map(|check| check["name"].as_str()).collect()
}

/// A policy without one of its actions.
fn without(policy: &Value, action: &str) -> Value {
    let mut policy = policy.clone();
    let statements = policy["Statement"].as_array_mut().unwrap();
    let before = statements.clone();
    for statement in statements.iter_mut() {
        statement["Action"].as_array_mut().unwrap().retain(|allowed| *allowed != action);
    }
    assert_ne!(*statements, before, "{action} is not in it");
    statements.retain(|statement| statement["Action"] != json!([]));
    policy
}

#[tokio::test]
async fn the_user_policy_is_enough_for_everything() {
    let (account, outputs, administrator) = set_up(Server::start_strict()).await;
    let ana = administrator.signing_with(account.user("ana", outputs.get("PolicyArn")));
    let checks = look(&ana);
    assert_eq!(names(&checks, "wrong"), [""; 0], "{checks:#?}");
    // There is no subscription, and only a delivery would prove the role.
    assert_eq!(names(&checks, "unknown"), ["mail", "delivery"], "{checks:#?}");

    let mut terminal = ana.open();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    terminal.send("e");
    wait_for_form(&mut terminal);
    terminal.send(&format!(" and the moss{}", key::SUBMIT));
    terminal.wait_to_say("Scheduled “water the ferns and the moss” for");
    terminal.send("s");
    terminal.wait_to_say("Snooze “water the ferns and the moss” from its time, until");
    terminal.send("2");
    terminal.wait_for("the later time", |terminal| {
        terminal.line_of("and the moss").is_some_and(|line| line.contains("in 2 h 59 min"))
    });
    terminal.send("t\r");
    terminal.wait_to_say("Delivered “water the ferns and the moss” now.");
    terminal.wait_to_show("0 pending");

    terminal.send("a");
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 3 hours");
    terminal.send("x");
    terminal.wait_to_say("Cancelled “brew tea”");
    dead_letter(&account, &outputs, &lost("read the report"), LOST_AT).await;
    read_until_it_is(&mut terminal, "read the report", "failed", "");
    terminal.send("x");
    account.wait_for_empty(outputs.get("QueueUrl")).await;
    terminal.send("2");
    terminal.wait_for("the history", |terminal| {
        terminal.line_of("and the moss").is_some_and(|line| line.contains("run now"))
    });
    assert!(!terminal.says("not allowed to perform"), "{}", terminal.screen().contents());
    assert_eq!(account.schedules(&outputs).await, [""; 0]);
}

#[tokio::test]
async fn the_least_policy_is_enough_and_each_action_of_it_is_needed() {
    let (account, outputs, mut person) = set_up(Server::start_strict()).await;
    let least: Value = serde_json::from_str(&person.tickler(&["doctor", "--policy"])).unwrap();
    let in_the_program = ["sqs:ReceiveMessage", "sqs:DeleteMessage"];
    let actions = DONE.iter().map(|(action, _)| *action).chain(in_the_program);
    let policies: Vec<_> = [least.clone()].into_iter().chain(actions.map(|action| without(&least, action))).collect();
    let mut users = account.users(&policies).into_iter();

    person = person.signing_with(users.next().unwrap());
    let checks = look(&person);
    assert_eq!(names(&checks, "wrong"), [""; 0], "{checks:#?}");
    for (action, line) in DONE {
        person = person.signing_with(users.next().unwrap());
        let checks = look(&person);
        assert_eq!(names(&checks, "wrong"), [line], "{action}: {checks:#?}");
        let told = format!("Allow {action} on ");
        let names_it = |check: &Value| check["advice"].as_str().is_some_and(|advice| advice.contains(&told));
        assert!(checks.iter().any(names_it), "{action}: {checks:#?}");
    }

    dead_letter(&account, &outputs, &lost("read the report"), LOST_AT).await;
    person = person.signing_with(users.next().unwrap());
    let mut terminal = person.open();
    wait_for_form(&mut terminal);
    terminal.send(key::ESCAPE);
    terminal.wait_to_show("a add");
    terminal.send("R");
    terminal.wait_to_say("not allowed to perform sqs:ReceiveMessage");
    let added = person.tickler(&["add", "water", "the", "ferns", "in", "2", "hours"]);
    person.tickler(&["run", &added[..36]]);
    let history = person.call(&["history", "--json"]);
    assert!(history.status.success(), "the log is told all the same: {history:?}");
    let warning: Value = serde_json::from_slice(&history.stderr).unwrap();
    assert_eq!(warning["warning"]["kind"], "denied", "{warning:#}");
    let message = text(&warning["warning"], "message");
    assert!(
        message.contains("sqs:ReceiveMessage")
            && message.ends_with("Deliveries that only the dead-letter queue has are missing."),
        "{message}"
    );
    let told: Value = serde_json::from_slice(&history.stdout).unwrap();
    assert_eq!((told.as_array().map(Vec::len), &told[0]["memo"]), (Some(1), &json!("water the ferns")), "{told:#}");

    person = person.signing_with(users.next().unwrap());
    let mut terminal = person.open();
    terminal.wait_for("the letter", |terminal| {
        terminal.line_of("read the report").is_some_and(|line| line.contains("failed"))
    });
    terminal.send(key::ESCAPE);
    terminal.wait_to_show("x done");
    terminal.send("x");
    terminal.wait_to_say("not allowed to perform sqs:DeleteMessage");
    assert_eq!(account.messages(outputs.get("QueueUrl")).await.len(), 1);
}
