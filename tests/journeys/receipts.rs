//! Receipts from AWS: lines of the delivery log, dead letters, or nothing at all.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use insta::assert_snapshot;
use serde_json::{Value, json};

use tickler::runtime::clock::Clock as _;

use super::journey::Journey;

/// A memo in AWS that has fired, with no receipt yet.
fn due() -> Journey {
    let mut journey = Journey::start_remote();
    journey.stop_engine();
    journey.resize(110, 20);
    journey.add("tea", "", "10:20");
    journey.wait(TimeDelta::minutes(3)).fire_without_receipt();
    journey.wait(TimeDelta::seconds(20));
    journey
}

/// The input of the memo's invocation, as the function receives it.
fn input(journey: &Journey) -> Value {
    let id = journey.app.current().list.iter().next().unwrap().name.to_string();
    input_of(&id, "2026-03-04T09:20:00Z")
}

fn input_of(id: &str, scheduled: &str) -> Value {
    json!({ "memo": "tea", "id": id, "zone": "Europe/Paris", "schedule": "arn", "scheduledTime": scheduled, "attempt": "1" })
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A log line of executeMemo: its input and these fields.
fn line(input: &Value, fields: &Value) -> Value {
    let mut line = input.clone();
    line.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    line
}

impl Journey {
    fn log_failure(&mut self, input: &Value, error: &str) {
        let now = self.clock.now();
        let fields = json!({ "level": "ERROR", "timestamp": stamp(now), "outcome": "failed", "error": error });
        self.aws().add_log_line(now, &line(input, &fields));
    }

    fn log_delivery(&mut self, input: &Value) {
        let now = self.clock.now();
        let fields = json!({ "level": "INFO", "outcome": "delivered", "deliveredAt": stamp(now), "messageId": "m" });
        self.aws().add_log_line(now, &line(input, &fields));
    }
}

#[test]
fn a_failed_try_is_shown_and_the_next_one_delivers() {
    let mut journey = due();
    let input = input(&journey);
    journey.log_failure(&input, "NotFound: Topic does not exist");
    journey.wait(TimeDelta::seconds(30));
    assert!(journey.line_with("tea").contains("failing"), "{}", journey.screen());
    assert!(journey.shows("“tea” failed, and is retried: NotFound: Topic does not exist."), "{}", journey.screen());
    assert_snapshot!("failing", journey.screen());
    journey.keys("<enter>");
    assert!(
        journey.shows("Delivery failed and will be retried: NotFound: Topic does not exist."),
        "{}",
        journey.screen()
    );
    journey.keys("<esc>");
    journey.wait(TimeDelta::minutes(1));
    journey.log_delivery(&input);
    journey.wait(TimeDelta::seconds(30));
    assert!(journey.line_with("tea").contains("1 min late"), "{}", journey.screen());
    assert!(journey.shows("1 arrived") && !journey.shows("failed"), "{}", journey.screen());
    assert_eq!(journey.bells, 1);
}

#[test]
fn the_third_failure_is_final_and_the_memo_can_be_rescheduled() {
    let mut journey = due();
    let input = input(&journey);
    for minutes in [1, 2, 1] {
        journey.log_failure(&input, "Rate exceeded");
        journey.wait(TimeDelta::minutes(minutes));
    }
    assert_snapshot!("failed", journey.screen());
    assert_eq!(journey.bells, 1);
    assert_eq!(journey.notified, ["not delivered: tea"]);
    journey.keys("<esc><enter>");
    assert_snapshot!("failed_details", journey.screen());
    journey.keys("<esc>s");
    assert!(journey.shows("Schedule “tea” again, for"), "{}", journey.screen());
    journey.keys("<enter>");
    assert_eq!(journey.scheduled(), 1);
    assert!(!journey.shows("failed"), "{}", journey.screen());
    assert!(journey.line_with("tea").contains("in 9 min") || journey.line_with("tea").contains("in 10 min"));
}

#[test]
fn the_notice_of_a_failure_ends_when_the_memo_is_done_or_rescheduled() {
    for keys in ["x", "s<enter>"] {
        let mut journey = due();
        let input = input(&journey);
        for _ in 0..3 {
            journey.log_failure(&input, "Rate exceeded");
        }
        journey.wait(TimeDelta::seconds(30));
        assert!(journey.shows("“tea” was not delivered"), "{}", journey.screen());
        journey.keys(keys).wait(TimeDelta::seconds(10));
        assert!(!journey.shows("was not delivered"), "{keys}: {}", journey.screen());
    }
}

#[test]
fn a_dead_letter_from_the_scheduler_stays_in_the_queue_until_done() {
    let mut journey = due();
    let id = input(&journey)["id"].clone();
    // The scheduler fills in no context attributes in a dead letter.
    let body =
        json!({ "memo": "tea", "id": id, "zone": "Europe/Paris", "scheduledTime": "<aws.scheduler.scheduled-time>" });
    let now = journey.clock.now();
    let attributes = [
        ("ERROR_CODE", "AccessDeniedException"),
        ("ERROR_MESSAGE", "User is not authorized to perform: lambda:InvokeFunction"),
        ("SCHEDULED_TIME", "2026-03-04T09:20:00Z"),
        ("RETRY_ATTEMPTS", "2"),
    ];
    journey.aws().add_dead_letter(now, &body, &attributes);
    journey.wait(TimeDelta::seconds(30));
    assert!(journey.line_with("tea").contains("failed"), "{}", journey.screen());
    assert!(journey.shows("User is not authorized to perform: lambda:InvokeFunction"), "{}", journey.screen());
    assert_eq!(journey.aws().dead_letter_count(), 1);

    let mut journey = journey.crash_and_restart(TimeDelta::minutes(1));
    assert_eq!(journey.bells, 0, "it rang before the crash");
    assert!(journey.line_with("tea").contains("failed"), "{}", journey.screen());
    journey.keys("<esc>x");
    assert_eq!(journey.aws().dead_letter_count(), 0);
    assert!(!journey.shows("failed"), "{}", journey.screen());
}

#[test]
fn a_dead_letter_marked_done_before_a_crash_is_deleted_after_it() {
    let mut journey = due();
    let body = input(&journey);
    let now = journey.clock.now();
    journey.aws().add_dead_letter(now, &body, &[("ERROR_CODE", "X")]);
    journey.wait(TimeDelta::seconds(30));
    journey.aws().deny("DeleteMessage");
    journey.keys("<esc>x");
    assert!(journey.shows("sqs:DeleteMessage"), "{}", journey.screen());
    assert_eq!(journey.aws().dead_letter_count(), 1);
    journey.aws().deny("nothing");
    let journey = journey.crash_and_restart(TimeDelta::minutes(1));
    assert_eq!(journey.aws().dead_letter_count(), 0);
    assert!(!journey.shows("tea"), "{}", journey.screen());
}

#[test]
fn a_dead_letter_from_lambda_makes_a_failure_final_and_explains_it() {
    let mut journey = due();
    let input = input(&journey);
    journey.log_failure(&input, "Rate exceeded");
    journey.wait(TimeDelta::seconds(30));
    let now = journey.clock.now();
    let record = json!({
        "version": "1.0", "timestamp": stamp(now),
        "requestContext": { "requestId": "r", "functionArn": "f", "condition": "RetriesExhausted", "approximateInvokeCount": 3 },
        "requestPayload": input,
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
        "responsePayload": { "errorType": "Error", "errorMessage": "the topic is gone" },
    });
    journey.aws().add_dead_letter(now, &record, &[]);
    journey.keys("R");
    assert!(journey.line_with("tea").contains("failed"), "{}", journey.screen());
    assert!(journey.shows("the topic is gone"), "{}", journey.screen());
}

#[test]
fn a_memo_without_a_receipt_becomes_unconfirmed_and_polling_stops() {
    let mut journey = due();
    assert!(journey.line_with("tea").contains("due"), "{}", journey.screen());
    journey.wait(TimeDelta::minutes(10));
    assert!(journey.line_with("tea").contains("unconfirmed"), "{}", journey.screen());
    let reads = journey.aws().log_reads();
    assert!(reads > 4, "{reads}");
    journey.wait(TimeDelta::hours(2));
    assert_eq!(journey.aws().log_reads(), reads, "polling stopped");
    journey.keys("<enter>");
    assert!(journey.shows("and there is no receipt"), "{}", journey.screen());
}

#[test]
fn a_receipt_for_an_earlier_time_does_not_confirm_a_later_one() {
    let mut journey = due();
    let id = input(&journey)["id"].as_str().unwrap().to_owned();
    journey.log_delivery(&input_of(&id, "2026-03-04T08:20:00Z"));
    journey.wait(TimeDelta::minutes(10));
    assert!(journey.line_with("unconfirmed").contains("tea"), "{}", journey.screen());
}

#[test]
fn a_refresh_finds_a_late_receipt() {
    let mut journey = due();
    let input = input(&journey);
    let at = journey.clock.now();
    journey.wait(TimeDelta::minutes(30));
    journey.aws().add_log_line(at, &line(&input, &json!({ "outcome": "delivered", "deliveredAt": stamp(at) })));
    journey.keys("R");
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
}

#[test]
fn an_unreadable_queue_is_reported_once_and_hides_no_delivery() {
    let mut journey = Journey::start_remote();
    journey.stop_engine();
    journey.aws().deny("ReceiveMessage");
    journey.resize(110, 20);
    journey.add("tea", "", "10:20");
    journey.wait(TimeDelta::minutes(3)).fire_without_receipt();
    journey.wait(TimeDelta::seconds(20));
    assert!(journey.shows("is not allowed to perform sqs:ReceiveMessage"), "{}", journey.screen());
    let input = input(&journey);
    journey.keys("<esc>");
    journey.log_delivery(&input);
    journey.wait(TimeDelta::minutes(1));
    assert!(journey.shows("1 arrived"), "{}", journey.screen());
    assert!(!journey.shows("sqs:ReceiveMessage"), "{}", journey.screen());
}

#[test]
fn the_history_filters_while_typing_and_reschedules_a_failed_memo() {
    let mut journey = due();
    let failed = input(&journey);
    for _ in 0..3 {
        journey.log_failure(&failed, "Rate exceeded");
    }
    let other =
        line(&input_of("0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b", "2026-03-04T09:10:00Z"), &json!({ "memo": "bread" }));
    journey.log_delivery(&other);
    journey.wait(TimeDelta::seconds(30));
    journey.keys("<esc>2");
    assert_snapshot!("history_with_a_failure", journey.screen());
    journey.keys("/fail");
    assert_snapshot!("history_while_a_filter_is_typed", journey.screen());
    journey.keys("<enter>s");
    assert!(journey.shows("Schedule “tea” again, for"), "{}", journey.screen());
    journey.keys("<enter>");
    assert_eq!(journey.scheduled(), 1);
    journey.keys("<esc>");
    assert!(journey.shows("bread"), "Esc clears the filter: {}", journey.screen());
    journey.keys("/nothing like it");
    assert!(journey.shows("No matches."), "{}", journey.screen());
}

#[test]
fn the_list_has_focus_at_start_if_a_memo_has_arrived() {
    let mut journey = due();
    let input = input(&journey);
    journey.log_delivery(&input);
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(1));
    assert!(journey.shows("1 arrived"), "{}", journey.screen());
    journey.keys("2");
    assert!(journey.shows("History"), "{}", journey.screen());
}
