//! The exact requests on the wire, and the message for every error response.

mod answers;
mod log;
pub mod profiles;
mod recorder;

use chrono::TimeDelta;
use tickler::aws::{Scheduler, SdkClock};
use tickler::context::{Access, AwsSettings};
use tickler::failure::FailureKind;
use tickler::memo::Memo;
use tickler::schedule::{Change, Detail};
use when::{Civil, Tz};

use crate::client::{memo, now};
use recorder::Recorder;

/// Settings of an account that does not exist.
pub fn settings() -> AwsSettings {
    AwsSettings {
        access: Access { region: Some("eu-west-1".to_owned()), profile: Some("wire".to_owned()), endpoint_url: None },
        dead_letter_arn: Some("arn:aws:sqs:eu-west-1:123456789012:undelivered".parse().unwrap()),
        ..AwsSettings::new(
            "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo".parse().unwrap(),
            "arn:aws:iam::123456789012:role/tickler".parse().unwrap(),
        )
    }
}

/// A client of AWS whose requests go to a recorder.
pub async fn connected(recorder: &Recorder) -> Scheduler {
    connected_by(recorder, &settings()).await
}

async fn connected_by(recorder: &Recorder, settings: &AwsSettings) -> Scheduler {
    let machine = profiles::machine(
        "[profile wire]\naws_access_key_id = AKIAWIRE\naws_secret_access_key = wire\naws_account_id = 123456789012\n",
        recorder.http_client(),
    );
    Scheduler::connect_from(&machine, settings, SdkClock::system()).await.unwrap()
}

/// A schedule as AWS returns it, for the memo that [`memo`] makes with the same arguments.
fn there(name: &str, text: &str, expression: &str) -> String {
    let input = serde_json::json!({"v": 1, "memo": text, "id": name, "zone": "Europe/Paris", "extra": true});
    serde_json::json!({
        "ActionAfterCompletion": "DELETE",
        "Arn": format!("arn:aws:scheduler:eu-west-1:123456789012:schedule/tickler/{name}"),
        "CreationDate": 1_795_443_000.123,
        "Description": text,
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        "GroupName": "tickler",
        "KmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/mine",
        "LastModificationDate": 1_795_443_000.123,
        "Name": name,
        "ScheduleExpression": expression,
        "ScheduleExpressionTimezone": "Europe/Paris",
        "StartDate": 1_795_440_000,
        "EndDate": 1_895_440_000,
        "State": "DISABLED",
        "Target": {
            "Arn": "arn:aws:lambda:eu-west-1:123456789012:function:another",
            "DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-west-1:123456789012:another"},
            "Input": input.to_string(),
            "RetryPolicy": {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 1},
            "RoleArn": "arn:aws:iam::123456789012:role/another"
        }
    })
    .to_string()
}

#[tokio::test]
async fn create_schedule() {
    let recorder = Recorder::answering([(200, r#"{"ScheduleArn":"arn"}"#)]);
    let memo = memo(1, "call <aws.scheduler.execution-id> \"mum\"\nabout the train \u{1f686}", 230);
    connected(&recorder).await.write(&Change::Create(memo)).await.unwrap();
    insta::assert_snapshot!(recorder.requests());
}

#[tokio::test]
async fn create_schedule_of_a_time_that_happens_twice() {
    let recorder = Recorder::answering([(200, r#"{"ScheduleArn":"arn"}"#)]);
    let civil = "2027-10-31T02:30:00".parse().unwrap();
    let Civil::Twice(_, second) = when::resolve(civil, Tz::Europe__Paris) else { panic!("clocks go back then") };
    connected(&recorder).await.write(&Change::Create(Memo { due: second, ..memo(1, "tea", 0) })).await.unwrap();
    insta::assert_snapshot!(recorder.requests());
}

#[tokio::test]
async fn create_schedule_where_the_group_is_missing() {
    let recorder = Recorder::default();
    recorder.error(404, "ResourceNotFoundException", "Schedule group tickler does not exist.");
    recorder.answer(200, r#"{"ScheduleGroupArn":"arn"}"#);
    recorder.answer(200, r#"{"ScheduleArn":"arn"}"#);
    connected(&recorder).await.write(&Change::Create(memo(1, "tea", 3))).await.unwrap();
    insta::assert_snapshot!(recorder.requests());
}

#[tokio::test]
async fn update_schedule_puts_everything_back() {
    let (before, after) = (memo(1, "tea", 3), memo(1, "coffee", 60));
    let there = there(&before.id.to_string(), "tea", "at(2026-11-23T15:13:00)");
    let recorder = Recorder::answering([(200, there.as_str()), (200, r#"{"ScheduleArn":"arn"}"#)]);
    connected(&recorder).await.write(&Change::Update { before, after }).await.unwrap();
    insta::assert_snapshot!(recorder.requests());
}

#[tokio::test]
async fn delete_schedule() {
    let recorder = Recorder::answering([(200, "{}")]);
    connected(&recorder).await.write(&Change::Cancel(memo(1, "tea", 3))).await.unwrap();
    insta::assert_snapshot!(recorder.requests());
}

#[tokio::test]
async fn list_schedules_in_pages_and_get_new_ones() {
    let page = |name: &str, next: &str| {
        format!(
            r#"{{"Schedules":[{{"Name":"{name}","GroupName":"tickler","State":"ENABLED","LastModificationDate":1.5}}]{next}}}"#
        )
    };
    let (one, two) = (memo(1, "tea", 3), memo(2, "coffee", 5));
    let recorder = Recorder::default();
    recorder.answer(200, &page(&one.id.to_string(), r#","NextToken":"a/b+c""#));
    recorder.answer(200, &page(&two.id.to_string(), ""));
    recorder.answer(200, &there(&one.id.to_string(), "tea", "at(2026-11-23T15:13:00)"));
    recorder.answer(200, &there(&two.id.to_string(), "coffee", "at(2026-11-23T15:15:00)"));
    let loaded = connected(&recorder).await.loader().refresh(&[], |_| ()).await.unwrap();
    assert_eq!(loaded.total, 2);
    insta::assert_snapshot!(recorder.requests());
}

#[tokio::test]
async fn invoke() {
    let recorder = Recorder::answering([(200, "{}")]);
    connected(&recorder).await.run_now(&memo(1, "tea <3", 3)).await.unwrap();
    insta::assert_snapshot!(recorder.requests());
}

#[tokio::test]
async fn filter_log_events_until_no_token_is_left() {
    let recorder = Recorder::default();
    recorder.answer(200, r#"{"events":[],"nextToken":"more"}"#);
    recorder.answer(200, &log_page());
    let scheduler = connected(&recorder).await;
    let receipts = scheduler.receipts(now() - TimeDelta::hours(1), now()).await.unwrap();
    insta::assert_snapshot!(format!("{}\n{receipts:#?}", recorder.requests()));
}

#[tokio::test]
async fn dead_letters_of_both_formats_are_read_until_none_is_new_and_one_is_deleted() {
    let id = "01010101-0101-4101-8101-010101010101";
    let of_the_scheduler = serde_json::json!({
        "MessageId": "one", "ReceiptHandle": "handle-1",
        "Body": format!(r#"{{"memo":"tea","id":"{id}","scheduledTime":"<aws.scheduler.scheduled-time>"}}"#),
        "Attributes": { "SentTimestamp": "1795443000000" },
        "MessageAttributes": {
            "ERROR_CODE": { "DataType": "String", "StringValue": "ResourceNotFoundException" },
            "ERROR_MESSAGE": { "DataType": "String", "StringValue": "Function not found" },
            "RETRY_ATTEMPTS": { "DataType": "String", "StringValue": "0" },
            "SCHEDULED_TIME": { "DataType": "String", "StringValue": "2026-11-23T14:10:00Z" },
        },
    });
    let of_lambda = serde_json::json!({
        "MessageId": "two", "ReceiptHandle": "handle-2",
        "Body": serde_json::json!({
            "version": "1.0", "timestamp": "2026-11-23T14:13:00.000Z",
            "requestContext": { "requestId": "r", "functionArn": "f", "condition": "EventAgeExceeded", "approximateInvokeCount": 2 },
            "requestPayload": { "memo": "coffee", "id": id, "scheduledTime": "2026-11-23T14:12:00Z" },
        }).to_string(),
    });
    let foreign = serde_json::json!({ "MessageId": "three", "ReceiptHandle": "handle-3", "Body": "not ours",
        "Attributes": { "SentTimestamp": "1795443060000" } });
    let page = |messages: &[&serde_json::Value]| serde_json::json!({ "Messages": messages }).to_string();
    let recorder = Recorder::default();
    recorder.answer(200, &page(&[&of_the_scheduler, &of_lambda]));
    recorder.answer(200, &page(&[&foreign, &of_lambda]));
    recorder.answer(200, &page(&[&of_lambda]));
    recorder.answer(200, &page(&[&of_the_scheduler]));
    recorder.answer(200, "{}");
    let scheduler = connected(&recorder).await;
    let letters = scheduler.dead_letters().await.unwrap();
    let first = letters.iter().find(|letter| letter.handle == "handle-1").unwrap();
    scheduler.delete_dead_letter(first).await.unwrap();
    insta::assert_snapshot!(format!("{}\n{letters:#?}", recorder.requests()));
}

/// A page of a function's log: its own lines, a delivery, a memo that was run now, another input, and other output.
fn log_page() -> String {
    let delivered = r#"{"memo":"tea","id":"01010101-0101-4101-8101-010101010101","zone":"Europe/Paris","schedule":"arn","scheduledTime":"2026-11-23T14:10:00Z","deliveredAt":"2026-11-23T14:10:02.250Z","attempt":"2"}"#;
    let by_hand = r#"{"memo":"tea","id":"01010101-0101-4101-8101-010101010101","scheduledTime":"2026-11-23T14:10:00Z","deliveredAt":"2026-11-23T14:10:03Z","attempt":"1","trigger":"now"}"#;
    let foreign = r#"{"input":{"not":"ours"},"deliveredAt":"2026-11-23T14:11:00Z"}"#;
    let lines = ["START RequestId: 1 Version: $LATEST", delivered, by_hand, foreign, r#"{"level":"INFO"}"#, "[1, 2"];
    let events: Vec<_> = lines
        .iter()
        .zip(0..)
        .map(|(line, number)| {
            serde_json::json!({
                "logStreamName": "s", "timestamp": 1_795_443_000_000_i64 + number, "message": format!("{line}\n"),
                "eventId": (number != 2).then(|| format!("event-{number}")),
            })
        })
        .collect();
    serde_json::json!({ "events": events }).to_string()
}

#[tokio::test]
async fn the_details_of_a_schedule() {
    let memo = memo(1, "tea", 3);
    let recorder = Recorder::answering([(200, there(&memo.id.to_string(), "tea", "at(2026-11-23T15:13:00)").as_str())]);
    let details = connected(&recorder).await.details(&memo.id.to_string().into()).await.unwrap().unwrap();
    let words = |value: &Detail| match value {
        Detail::Text(text) => text.clone(),
        Detail::Time(at) => at.to_rfc3339(),
    };
    let lines: Vec<_> = details.0.iter().map(|(label, value)| format!("{label}: {}", words(value))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn a_read_only_client_sends_no_change() {
    let recorder = Recorder::default();
    let scheduler = connected_by(&recorder, &AwsSettings { read_only: true, ..settings() }).await;
    let (before, after) = (memo(1, "tea", 3), memo(1, "coffee", 30));
    let changes = [
        Change::Create(before.clone()),
        Change::Update { before: before.clone(), after },
        Change::Cancel(before.clone()),
        Change::CancelForeign("backup".into()),
    ];
    for change in &changes {
        let refusal = scheduler.write(change).await.unwrap_err();
        assert_eq!(refusal.kind, FailureKind::ReadOnly);
        assert!(!refusal.kind.may_pass(), "it is not retried");
    }
    let refusal = scheduler.run_now(&before).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "The memo could not be run now: tickler is read-only here. To change something, start tickler without \
         --read-only, and remove read_only from the context."
    );
    assert_eq!(recorder.requests(), "", "nothing was sent");
}
