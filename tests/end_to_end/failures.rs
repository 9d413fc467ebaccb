//! Memos that do not arrive: what tickler shows, and what the person can do.

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use aws_sdk_sqs::types::MessageAttributeValue;
use serde_json::{Value, json};

use super::person::Person;
use super::{set_up, text};
use crate::ministack::Server;
use crate::ministack::account::{Account, Outputs, wait_for};
use crate::pty::memos::{schedule, wait_for_form};
use crate::pty::terminal::{Terminal, key};

/// Sends a letter to the queue as EventBridge Scheduler does: the input as the body, the reasons as attributes.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html>
pub async fn dead_letter(account: &Account, outputs: &Outputs, input: &Value, scheduled: &str) {
    let said = [
        ("ERROR_CODE", "AccessDeniedException"),
        ("ERROR_MESSAGE", DENIED),
        ("EXECUTION_ID", "0a1b2c3d4e5f6071"),
        ("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts"),
        ("IS_PAYLOAD_TRUNCATED", "false"),
        ("RETRY_ATTEMPTS", "30"),
        ("SCHEDULED_TIME", scheduled),
        ("SCHEDULE_ARN", "arn:aws:scheduler:eu-west-1:000000000000:schedule/tickler-memos/gone"),
        ("TARGET_ARN", outputs.get("FunctionArn")),
    ];
    let message = account.sqs().send_message().queue_url(outputs.get("QueueUrl")).message_body(input.to_string());
    let message = said.into_iter().fold(message, |message, (name, value)| {
        let attribute = MessageAttributeValue::builder().data_type("String").string_value(value).build().unwrap();
        message.message_attributes(name, attribute)
    });
    message.send().await.unwrap();
}

/// Why EventBridge Scheduler could not deliver a memo.
const DENIED: &str = "The scheduler's role may not invoke the function.";

/// Refreshes, and waits for the status of a memo.
#[track_caller]
pub fn read_until_it_is(terminal: &mut Terminal, memo: &str, state: &str, error: &str) {
    terminal.send("R");
    terminal.wait_for(&format!("{memo} that is {state}"), |terminal| {
        terminal.line_of(memo).is_some_and(|line| line.contains(state) && line.contains(error))
    });
}

#[tokio::test]
async fn a_memo_without_a_topic_fails_is_retried_and_is_marked_done() {
    let (account, outputs, person) = set_up(Server::start()).await;
    let topic = outputs.get("TopicArn");
    account.ask(&[("sns", "delete_topic", json!({ "TopicArn": topic }))]);
    let mut terminal = person.open();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 2 seconds");
    let lines = account.wait_for_lines(&outputs, 1).await;
    read_until_it_is(&mut terminal, "brew tea", "failing", "NotFoundException: Topic does not exist");
    terminal
        .wait_to_say(&format!("“brew tea” failed, and is retried: NotFoundException: Topic does not exist: {topic}."));

    // As EventBridge Scheduler invokes it, unlike ministack: nobody waits for the response, Lambda retries twice and then
    // sends a letter.
    let mut event = lines[0].clone();
    let parts = ["id", "memo", "zone", "schedule", "scheduledTime", "attempt"];
    event.as_object_mut().unwrap().retain(|part, _| parts.contains(&part.as_str()));
    assert_eq!(event.as_object().unwrap().len(), parts.len());
    let call = account.lambda().invoke().function_name(outputs.get("FunctionArn"));
    call.invocation_type(InvocationType::Event).payload(Blob::new(event.to_string())).send().await.unwrap();
    let letters = account.messages(outputs.get("QueueUrl")).await;
    let letter: Value = serde_json::from_str(letters[0].body().unwrap()).unwrap();
    assert_eq!((&letter["requestPayload"], text(&letter["requestContext"], "condition")), (&event, "RetriesExhausted"));

    read_until_it_is(&mut terminal, "brew tea", "failed", "Topic does not exist");
    terminal.wait_to_show("1 failed · 0 pending");
    terminal.wait_to_say("“brew tea” was not delivered:");
    terminal.send("x");
    account.wait_for_empty(outputs.get("QueueUrl")).await;
    terminal
        .wait_for("the end of it", |terminal| !terminal.shows("1 failed") && terminal.line_of("brew tea").is_none());
    terminal.send("2");
    terminal.wait_for("the history", |terminal| {
        terminal.lines_with("brew tea") == 1 && terminal.line_of("brew tea").is_some_and(|line| line.contains("failed"))
    });
}

/// The log has no line for it, only the queue has a letter.
#[track_caller]
fn told_by_the_command_line(person: &Person, input: &Value, error: &str) {
    let history: Value = serde_json::from_str(&person.tickler(&["history", "--json"])).unwrap();
    let [failure] = &history.as_array().unwrap()[..] else { panic!("{history:#}") };
    let expected =
        json!({ "state": "failed", "error": error, "memo": input["memo"], "id": input["id"], "attempt": 31 });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&failure[field], value, "{field}");
    }
    let line = person.tickler(&["history"]);
    let fields: Vec<&str> = line.trim_end().split('\t').collect();
    assert_eq!(fields[3..], ["failed", text(input, "memo"), error], "{line}");
    assert_eq!(person.tickler(&["show", &text(input, "id")[..8]]), line);
}

#[tokio::test]
async fn a_memo_that_could_not_be_delivered_is_snoozed() {
    let (account, outputs, person) = set_up(Server::start()).await;
    let mut terminal = person.open();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 6 seconds");
    let names = account.schedules(&outputs).await;
    let request = account.scheduler().get_schedule().group_name(outputs.get("GroupName")).name(&names[0]);
    let there = request.send().await.unwrap();
    let input: Value = serde_json::from_str(there.target().unwrap().input().unwrap()).unwrap();
    let scheduled = there.schedule_expression().unwrap().trim_start_matches("at(").trim_end_matches(')');
    // So that nobody delivers it.
    account.lambda().delete_function().function_name(outputs.get("FunctionArn")).send().await.unwrap();
    wait_for("its time", async || account.schedules(&outputs).await.is_empty().then_some(())).await;
    dead_letter(&account, &outputs, &input, &format!("{scheduled}Z")).await;

    let error = format!("{DENIED} (AccessDeniedException)");
    told_by_the_command_line(&person, &input, &error);
    read_until_it_is(&mut terminal, "brew tea", "failed", &error);
    terminal.wait_to_say(&format!("“brew tea” was not delivered: {error}. s schedules it again, x marks it as done."));
    terminal.send("s");
    terminal.wait_to_say("Schedule “brew tea” again, for");
    terminal.send(key::ENTER);
    terminal.wait_to_say("Scheduled “brew tea” for");
    terminal.wait_for("the new countdown", |terminal| {
        terminal.line_of("brew tea ").is_some_and(|line| line.contains("in 9 min")) && !terminal.shows("1 failed")
    });
    account.wait_for_empty(outputs.get("QueueUrl")).await;
    assert_eq!(account.schedules(&outputs).await, names, "it is the same memo");
}
