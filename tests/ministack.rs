//! The template and its function in an AWS account that ministack emulates on this machine, with stacks, a scheduler that
//! fires, and Node.js for Lambda.
//!
//! ministack does not check whether a role is trusted or may be passed, how long a new role takes to work, or whether a
//! mail was confirmed. `tests/ministack/serve.py` lists and corrects its other errors.

pub mod account;
mod server;

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use tickler::context::AwsSettings;
use tickler::failure::FailureKind;
use tickler::memo::{Memo, MemoId};
use tickler::schedule::Change;
use when::Moment;

use account::{Account, ROOT, client};
pub use server::Server;

/// A memo that is due in a second, in whole seconds, as schedules are.
///
/// ministack reads every schedule's time as UTC.
#[expect(clippy::disallowed_methods, reason = "a scheduler of another process fires it, by this machine's clock")]
fn due_soon(text: &str) -> Memo {
    let due = Utc::now() + TimeDelta::seconds(2);
    let due = due - TimeDelta::nanoseconds(i64::from(due.timestamp_subsec_nanos()));
    Memo { id: MemoId::from_random([7; 16]), text: text.to_owned(), due: Moment::at(due, when::Tz::UTC) }
}

#[tokio::test]
async fn a_memo_is_fired_published_and_proved() {
    let (account, outputs) = Account::with_stack(Server::start()).await;
    let inbox = account.inbox(&outputs).await;
    let memo = due_soon("tea \u{1f375} <aws.scheduler.attempt-number>\nand milk");
    client(&account.settings(&outputs), ROOT).await.write(&Change::Create(memo.clone())).await.unwrap();

    let messages = account.messages(&inbox).await;
    let notification: Value = serde_json::from_str(messages[0].body().unwrap()).unwrap();
    assert_eq!(
        (&notification["Subject"], &notification["Message"]),
        (&json!("tea \u{1f375} <aws.scheduler.attempt-number>"), &json!(memo.text))
    );
    let lines = account.wait_for_lines(&outputs, 1).await;
    assert_eq!(lines.len(), 1);
    let scheduled = memo.due.instant.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let expected = json!({
        "id": memo.id.to_string(), "memo": memo.text, "zone": "UTC", "scheduledTime": scheduled, "attempt": "1",
        "outcome": "delivered", "messageId": notification["MessageId"],
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&lines[0][name], value, "{name}");
    }
}

#[tokio::test]
async fn a_memo_that_fails_three_times_is_a_dead_letter() {
    let (account, outputs) = Account::with_stack(Server::start()).await;
    account.ask(&[("sns", "delete_topic", json!({ "TopicArn": outputs.get("TopicArn") }))]);
    let memo = json!({ "memo": "tea", "id": "0b7c9f0e-3c66-4e51-9d8e-1f6f4b1c2a3d" });
    let request = account.lambda().invoke().function_name(outputs.get("FunctionArn"));
    // As the scheduler invokes it: nobody waits for the response, and Lambda retries by itself.
    let request = request.invocation_type(InvocationType::Event).payload(Blob::new(memo.to_string()));
    request.send().await.unwrap();

    let messages = account.messages(outputs.get("QueueUrl")).await;
    let letter: Value = serde_json::from_str(messages[0].body().unwrap()).unwrap();
    assert_eq!(letter["requestPayload"], memo);
    assert_eq!(letter["requestContext"]["condition"], "RetriesExhausted");
    let lines = account.lines(&outputs).await;
    let told: Vec<_> = lines.iter().map(|line| (&line["id"], &line["outcome"], &line["error"])).collect();
    let error = json!(format!("NotFoundException: Topic does not exist: {}", outputs.get("TopicArn")));
    assert_eq!(told, [(&memo["id"], &json!("failed"), &error); 3]);
}

#[tokio::test]
async fn the_user_policy_is_enough_to_use_tickler_and_no_more() {
    let (account, outputs) = Account::with_stack(Server::start_strict()).await;
    let (key, secret) = account.user("ana", outputs.get("PolicyArn"));
    let ana = client(&account.settings(&outputs), (&key, &secret)).await;
    let before = due_soon("tea");
    let later = Moment::at(before.due.instant + TimeDelta::hours(1), when::Tz::UTC);
    let before = Memo { due: later, ..before };
    let after = Memo { text: "coffee".to_owned(), ..before.clone() };
    ana.write(&Change::Create(before.clone())).await.unwrap();
    ana.write(&Change::Update { before, after: after.clone() }).await.unwrap();
    assert_eq!(ana.loader().refresh(&[], |_| ()).await.unwrap().total, 1);
    ana.run_now(&after).await.unwrap();
    let receipts = ana.receipts(after.due.instant - TimeDelta::hours(2), after.due.instant).await.unwrap();
    assert_eq!(receipts.len(), 1);
    ana.write(&Change::Cancel(after)).await.unwrap();

    let elsewhere = AwsSettings { group: "elsewhere".to_owned(), ..account.settings(&outputs) };
    let elsewhere = client(&elsewhere, (&key, &secret)).await;
    assert_eq!(elsewhere.write(&Change::Create(due_soon("tea"))).await.unwrap_err().kind, FailureKind::Denied);
}
