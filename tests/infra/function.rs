//! The function alone, in Node.js, with a fake SNS.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{function_code, workspace};

/// The result of one invocation.
#[derive(Debug, Deserialize)]
struct Run {
    answer: Option<Value>,
    thrown: Option<String>,
    requests: Vec<Value>,
    /// The lines that it wrote.
    #[serde(skip)]
    lines: Vec<Value>,
}

/// The function's code in a temporary directory.
struct Function(TempDir);

impl Function {
    fn of_the_template() -> Self {
        let directory = TempDir::new().unwrap();
        fs::write(directory.path().join("index.js"), function_code()).unwrap();
        Self(directory)
    }

    /// Invokes it, with this response of SNS.
    fn call(&self, event: &Value, answers: &Value) -> Run {
        self.run(event, answers, true)
    }

    fn run(&self, event: &Value, answers: &Value, sdk: bool) -> Run {
        let directory = self.0.path();
        let mut command = Command::new("node");
        command.arg(workspace("tests/infra/run.js")).env_remove("NODE_PATH").env("TOPIC_ARN", "arn:of:topic");
        if sdk {
            command.env("NODE_PATH", workspace("tests/infra/sdk"));
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("node cannot be started: {error}"));
        let call = json!({ "directory": directory, "event": event, "answers": answers });
        child.stdin.take().unwrap().write_all(call.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let mut run: Run = serde_json::from_slice(&fs::read(directory.join("report.json")).unwrap()).unwrap();
        let written = String::from_utf8(output.stdout).unwrap();
        run.lines = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        run
    }

    /// The request to SNS for a memo.
    fn published(&self, memo: &str) -> Value {
        let run = self.call(&json!({ "memo": memo }), &json!([{ "MessageId": "m" }]));
        assert_eq!((run.thrown, run.requests.len()), (None, 1), "{memo:?}");
        let request = &run.requests[0];
        assert_eq!((&request["command"], &request["patient"]), (&json!("PublishCommand"), &json!(true)));
        request["input"].clone()
    }
}

/// The Input of a memo, as EventBridge Scheduler sends it.
fn event(memo: &str) -> Value {
    json!({
        "v": 1, "memo": memo, "id": "0b7c9f0e-3c66-4e51-9d8e-1f6f4b1c2a3d", "zone": "Europe/Paris",
        "schedule": "arn:of:schedule", "scheduledTime": "2026-11-24T17:00:00Z", "attempt": "1",
    })
}

/// Removes a field with a time from a line.
fn take_moment(line: &mut Value, name: &str) -> DateTime<Utc> {
    let moment = line.as_object_mut().unwrap().remove(name).unwrap_or_else(|| panic!("the line has no {name}"));
    moment.as_str().unwrap().parse().unwrap()
}

#[test]
fn a_memo_is_published_and_leaves_one_line() {
    // Everything that could break a line, a mail or a context attribute.
    let memo = "tea \u{1f686} \"now\"\nat <aws.scheduler.schedule-arn>\r\n\u{1b}[1m\u{2028}\\u003c\u{0}";
    let run = Function::of_the_template().call(&event(memo), &json!([{ "MessageId": "m-1" }]));
    assert_eq!(run.thrown, None);
    assert_eq!(run.requests.len(), 1);
    assert_eq!(
        run.requests[0]["input"],
        json!({ "TopicArn": "arn:of:topic", "Subject": "tea \u{1f686} \"now\"", "Message": memo })
    );
    let [line] = &run.lines[..] else { panic!("one line: {:?}", run.lines) };
    assert_eq!(run.answer.as_ref(), Some(line), "a person who runs it by hand sees what was written");
    let mut line = line.clone();
    assert!(take_moment(&mut line, "deliveredAt") <= take_moment(&mut line, "timestamp"));
    assert_eq!(
        line,
        json!({
            "level": "INFO", "tickler": 1, "id": "0b7c9f0e-3c66-4e51-9d8e-1f6f4b1c2a3d", "memo": memo,
            "zone": "Europe/Paris", "schedule": "arn:of:schedule", "scheduledTime": "2026-11-24T17:00:00Z",
            "attempt": "1", "requestId": "request-1", "outcome": "delivered", "messageId": "m-1",
        })
    );
}

#[test]
fn a_memo_that_is_run_now_has_a_trigger_in_its_line() {
    let mut event = event("tea");
    event["trigger"] = "now".into();
    let run = Function::of_the_template().call(&event, &json!([{ "MessageId": "m-1" }]));
    assert_eq!(run.lines[0]["trigger"], "now");
}

#[test]
fn a_failure_leaves_a_line_and_fails_the_invocation() {
    let gone = json!([{ "error": { "name": "NotFoundException", "message": "Topic does not exist" } }]);
    let run = Function::of_the_template().call(&event("tea"), &gone);
    assert_eq!(run.thrown.as_deref(), Some("Topic does not exist"), "Lambda has to know, or it would not try again");
    assert_eq!(run.requests.len(), 1, "Lambda tries again, not the function");
    let [line] = &run.lines[..] else { panic!("one line: {:?}", run.lines) };
    let mut line = line.clone();
    take_moment(&mut line, "timestamp");
    assert_eq!(
        line,
        json!({
            "level": "ERROR", "tickler": 1, "id": "0b7c9f0e-3c66-4e51-9d8e-1f6f4b1c2a3d", "memo": "tea",
            "zone": "Europe/Paris", "schedule": "arn:of:schedule", "scheduledTime": "2026-11-24T17:00:00Z",
            "attempt": "1", "requestId": "request-1", "outcome": "failed",
            "error": "NotFoundException: Topic does not exist",
        })
    );
}

#[test]
fn a_runtime_without_the_sdk_leaves_a_line_too() {
    let run = Function::of_the_template().run(&event("tea"), &json!([]), false);
    let said = "Cannot find module '@aws-sdk/client-sns'";
    assert!(run.thrown.unwrap().starts_with(said));
    assert_eq!(run.lines.len(), 1);
    assert_eq!((&run.lines[0]["outcome"], &run.lines[0]["memo"]), (&json!("failed"), &json!("tea")));
    assert!(run.lines[0]["error"].as_str().unwrap().starts_with(&format!("Error: {said}")), "{}", run.lines[0]);
}

#[test]
fn an_event_without_a_memo_fails_and_is_not_published() {
    let function = Function::of_the_template();
    for event in
        [json!(null), json!(7), json!("tea"), json!([]), json!({}), json!({ "memo": 7 }), json!({ "memo": " \n" })]
    {
        let run = function.call(&event, &json!([]));
        assert_eq!(run.thrown.as_deref(), Some("The event has no text as its memo."), "{event}");
        assert_eq!(run.requests, [] as [Value; 0], "{event}");
        assert_eq!(run.lines.len(), 1, "{event}");
        assert_eq!(run.lines[0]["outcome"], "failed", "{event}");
    }
}

#[test]
fn the_check_counts_subscriptions_and_publishes_nothing() {
    let function = Function::of_the_template();
    let attributes = json!([{ "Attributes": { "SubscriptionsConfirmed": "2", "SubscriptionsPending": "1" } }]);
    let run = function.call(&json!({ "check": true }), &attributes);
    assert_eq!(run.answer, Some(json!({ "tickler": 1, "subscriptions": { "confirmed": 2, "pending": 1 } })));
    let expected = json!({
        "command": "GetTopicAttributesCommand", "input": { "TopicArn": "arn:of:topic" }, "patient": true,
    });
    assert_eq!(run.requests, [expected]);
    assert_eq!(run.lines, [] as [Value; 0], "it is no delivery");

    let gone = json!([{ "error": { "name": "NotFoundException", "message": "Topic does not exist" } }]);
    let run = function.call(&json!({ "check": true }), &gone);
    assert_eq!(run.thrown.as_deref(), Some("Topic does not exist"));
    assert_eq!(run.lines, [] as [Value; 0]);
}

#[test]
fn the_subject_is_as_much_of_the_first_line_as_sns_accepts() {
    let function = Function::of_the_template();
    let long = "x".repeat(200);
    let trains = "\u{1f686}".repeat(60);
    for (memo, subject) in [
        ("tea", "tea"),
        ("\n\n  tea  \nand milk", "tea"),
        ("tea\u{2028}and milk", "tea"),
        ("tea\rand milk", "tea"),
        ("tea\tat\u{0}five\u{7f}\u{9b}", "tea at five"),
        ("caf\u{e9} \u{1f469}\u{200d}\u{1f680}", "caf\u{e9} \u{1f469}\u{200d}\u{1f680}"),
        ("\u{0}\nand milk", "Reminder"),
        (&long, &long[..99]),
        // Counted in UTF-16, in case SNS does; no character is cut in half.
        (&trains, &"\u{1f686}".repeat(49)),
    ] {
        let input = function.published(memo);
        assert_eq!((input["Subject"].as_str(), input["Message"].as_str()), (Some(subject), Some(memo)), "{memo:?}");
    }
}

#[test]
fn no_memo_is_lost_because_of_its_subject() {
    let function = Function::of_the_template();
    let refusal = json!({ "error": { "name": "InvalidParameterException", "message": "Invalid parameter: Subject" } });
    let run = function.call(&event("th\u{e9}"), &json!([refusal, { "MessageId": "m-2" }]));
    assert_eq!(run.lines.len(), 1);
    assert_eq!((&run.lines[0]["outcome"], &run.lines[0]["messageId"]), (&json!("delivered"), &json!("m-2")));
    let subjects: Vec<_> = run.requests.iter().map(|request| &request["input"]["Subject"]).collect();
    assert_eq!(subjects, ["th\u{e9}", "Reminder"]);

    let run = function.call(&event("th\u{e9}"), &json!([refusal, refusal]));
    assert_eq!(run.thrown.as_deref(), Some("Invalid parameter: Subject"));
    assert_eq!((run.requests.len(), run.lines.len()), (2, 1));
    assert_eq!(run.lines[0]["outcome"], "failed");
}
