//! What is known of a delivery in AWS: lines of a function that may fail, letters in a queue, or nothing at all.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use insta::assert_snapshot;
use serde_json::{Value, json};

use tickler::runtime::clock::Clock as _;

use super::journey::Journey;

/// A memo in AWS whose time has come: it has gone from the service, and nothing more is known.
fn due() -> Journey {
    let mut journey = Journey::begin_far_away();
    journey.without_engine();
    journey.resize(110, 20);
    journey.add("tea", "", "10:20");
    journey.pass(TimeDelta::minutes(3)).fire_without_trace();
    journey.pass(TimeDelta::seconds(20));
    journey
}

/// The memo's input, as it came to the function.
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

/// A line of executeMemo that says these things beside its input.
fn line(input: &Value, said: &Value) -> Value {
    let mut line = input.clone();
    line.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
    line
}

impl Journey {
    fn log_failure(&mut self, input: &Value, error: &str) {
        let now = self.clock.now();
        let said = json!({ "level": "ERROR", "timestamp": stamp(now), "outcome": "failed", "error": error });
        self.aws().log(now, &line(input, &said));
    }

    fn log_delivery(&mut self, input: &Value) {
        let now = self.clock.now();
        let said = json!({ "level": "INFO", "outcome": "delivered", "deliveredAt": stamp(now), "messageId": "m" });
        self.aws().log(now, &line(input, &said));
    }
}

#[test]
fn a_try_that_failed_is_told_and_the_next_one_delivers() {
    let mut journey = due();
    let input = input(&journey);
    journey.log_failure(&input, "NotFound: Topic does not exist");
    journey.pass(TimeDelta::seconds(30));
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
    journey.pass(TimeDelta::minutes(1));
    journey.log_delivery(&input);
    journey.pass(TimeDelta::seconds(30));
    assert!(journey.line_with("tea").contains("1 min late"), "{}", journey.screen());
    assert!(journey.shows("1 arrived") && !journey.shows("failed"), "{}", journey.screen());
    assert_eq!(journey.bells, 1);
}

#[test]
fn the_third_failure_is_final_and_the_memo_can_be_scheduled_again() {
    let mut journey = due();
    let input = input(&journey);
    for minutes in [1, 2, 1] {
        journey.log_failure(&input, "Rate exceeded");
        journey.pass(TimeDelta::minutes(minutes));
    }
    assert_snapshot!("failed", journey.screen());
    assert_eq!(journey.bells, 1);
    assert_eq!(journey.notified, ["not delivered: tea"]);
    journey.keys("<esc><enter>");
    assert_snapshot!("failed_in_full", journey.screen());
    journey.keys("<esc>s");
    assert!(journey.shows("Schedule “tea” again, for"), "{}", journey.screen());
    journey.keys("<enter>");
    assert_eq!(journey.scheduled(), 1);
    assert!(!journey.shows("failed"), "{}", journey.screen());
    assert!(journey.line_with("tea").contains("in 9 min") || journey.line_with("tea").contains("in 10 min"));
}

#[test]
fn what_was_said_of_a_failure_is_taken_back_when_it_is_dealt_with() {
    for keys in ["x", "s<enter>"] {
        let mut journey = due();
        let input = input(&journey);
        for _ in 0..3 {
            journey.log_failure(&input, "Rate exceeded");
        }
        journey.pass(TimeDelta::seconds(30));
        assert!(journey.shows("“tea” was not delivered"), "{}", journey.screen());
        journey.keys(keys).pass(TimeDelta::seconds(10));
        assert!(!journey.shows("was not delivered"), "{keys}: {}", journey.screen());
    }
}

#[test]
fn a_letter_of_the_scheduler_stays_in_the_queue_until_it_is_put_away() {
    let mut journey = due();
    let id = input(&journey)["id"].clone();
    // What the scheduler could not hand over keeps its context words as they were.
    let body =
        json!({ "memo": "tea", "id": id, "zone": "Europe/Paris", "scheduledTime": "<aws.scheduler.scheduled-time>" });
    let now = journey.clock.now();
    let said = [
        ("ERROR_CODE", "AccessDeniedException"),
        ("ERROR_MESSAGE", "User is not authorized to perform: lambda:InvokeFunction"),
        ("SCHEDULED_TIME", "2026-03-04T09:20:00Z"),
        ("RETRY_ATTEMPTS", "2"),
    ];
    journey.aws().letter(now, &body, &said);
    journey.pass(TimeDelta::seconds(30));
    assert!(journey.line_with("tea").contains("failed"), "{}", journey.screen());
    assert!(journey.shows("User is not authorized to perform: lambda:InvokeFunction"), "{}", journey.screen());
    assert_eq!(journey.aws().letters(), 1);

    let mut journey = journey.crash_for(TimeDelta::minutes(1));
    assert_eq!(journey.bells, 0, "it was told before");
    assert!(journey.line_with("tea").contains("failed"), "{}", journey.screen());
    journey.keys("<esc>x");
    assert_eq!(journey.aws().letters(), 0);
    assert!(!journey.shows("failed"), "{}", journey.screen());
}

#[test]
fn a_letter_that_was_put_away_before_a_crash_is_taken_out_of_the_queue_later() {
    let mut journey = due();
    let body = input(&journey);
    let now = journey.clock.now();
    journey.aws().letter(now, &body, &[("ERROR_CODE", "X")]);
    journey.pass(TimeDelta::seconds(30));
    journey.aws().deny("DeleteMessage");
    journey.keys("<esc>x");
    assert!(journey.shows("sqs:DeleteMessage"), "{}", journey.screen());
    assert_eq!(journey.aws().letters(), 1);
    journey.aws().deny("nothing");
    let journey = journey.crash_for(TimeDelta::minutes(1));
    assert_eq!(journey.aws().letters(), 0);
    assert!(!journey.shows("tea"), "{}", journey.screen());
}

#[test]
fn a_letter_of_lambda_says_why_and_settles_what_was_failing() {
    let mut journey = due();
    let input = input(&journey);
    journey.log_failure(&input, "Rate exceeded");
    journey.pass(TimeDelta::seconds(30));
    let now = journey.clock.now();
    let record = json!({
        "version": "1.0", "timestamp": stamp(now),
        "requestContext": { "requestId": "r", "functionArn": "f", "condition": "RetriesExhausted", "approximateInvokeCount": 3 },
        "requestPayload": input,
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
        "responsePayload": { "errorType": "Error", "errorMessage": "the topic is gone" },
    });
    journey.aws().letter(now, &record, &[]);
    journey.keys("R");
    assert!(journey.line_with("tea").contains("failed"), "{}", journey.screen());
    assert!(journey.shows("the topic is gone"), "{}", journey.screen());
}

#[test]
fn what_is_gone_without_a_trace_is_unconfirmed_and_no_longer_looked_for() {
    let mut journey = due();
    assert!(journey.line_with("tea").contains("due"), "{}", journey.screen());
    journey.pass(TimeDelta::minutes(10));
    assert!(journey.line_with("tea").contains("unconfirmed"), "{}", journey.screen());
    let reads = journey.aws().reads();
    assert!(reads > 4, "{reads}");
    journey.pass(TimeDelta::hours(2));
    assert_eq!(journey.aws().reads(), reads, "nothing is due");
    journey.keys("<enter>");
    assert!(journey.shows("and there is no receipt"), "{}", journey.screen());
}

#[test]
fn a_line_of_an_earlier_time_proves_nothing_about_a_later_one() {
    let mut journey = due();
    let id = input(&journey)["id"].as_str().unwrap().to_owned();
    journey.log_delivery(&input_of(&id, "2026-03-04T08:20:00Z"));
    journey.pass(TimeDelta::minutes(10));
    assert!(journey.line_with("unconfirmed").contains("tea"), "{}", journey.screen());
}

#[test]
fn a_proof_that_comes_late_is_found_by_hand() {
    let mut journey = due();
    let input = input(&journey);
    let at = journey.clock.now();
    journey.pass(TimeDelta::minutes(30));
    journey.aws().log(at, &line(&input, &json!({ "outcome": "delivered", "deliveredAt": stamp(at) })));
    journey.keys("R");
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
}

#[test]
fn a_queue_that_cannot_be_read_is_told_once_and_hides_nothing() {
    let mut journey = Journey::begin_far_away();
    journey.without_engine();
    journey.aws().deny("ReceiveMessage");
    journey.resize(110, 20);
    journey.add("tea", "", "10:20");
    journey.pass(TimeDelta::minutes(3)).fire_without_trace();
    journey.pass(TimeDelta::seconds(20));
    assert!(journey.shows("allowed to perform sqs:ReceiveMessage"), "{}", journey.screen());
    let input = input(&journey);
    journey.keys("<esc>");
    journey.log_delivery(&input);
    journey.pass(TimeDelta::minutes(1));
    assert!(journey.shows("1 arrived"), "{}", journey.screen());
    assert!(!journey.shows("sqs:ReceiveMessage"), "{}", journey.screen());
}

#[test]
fn the_history_is_filtered_as_it_is_typed_and_offers_what_failed_again() {
    let mut journey = due();
    let failed = input(&journey);
    for _ in 0..3 {
        journey.log_failure(&failed, "Rate exceeded");
    }
    let other =
        line(&input_of("0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b", "2026-03-04T09:10:00Z"), &json!({ "memo": "bread" }));
    journey.log_delivery(&other);
    journey.pass(TimeDelta::seconds(30));
    journey.keys("<esc>2");
    assert_snapshot!("history_with_a_failure", journey.screen());
    journey.keys("/fail");
    assert_snapshot!("history_while_a_filter_is_typed", journey.screen());
    journey.keys("<enter>s");
    assert!(journey.shows("Schedule “tea” again, for"), "{}", journey.screen());
    journey.keys("<enter>");
    assert_eq!(journey.scheduled(), 1);
    journey.keys("<esc>");
    assert!(journey.shows("bread"), "Esc shows all again: {}", journey.screen());
    journey.keys("/nothing like it");
    assert!(journey.shows("No matches."), "{}", journey.screen());
}

#[test]
fn who_has_something_arrived_begins_in_the_list_though_nothing_is_pending() {
    let mut journey = due();
    let input = input(&journey);
    journey.log_delivery(&input);
    let mut journey = journey.crash_for(TimeDelta::minutes(1));
    assert!(journey.shows("1 arrived"), "{}", journey.screen());
    journey.keys("2");
    assert!(journey.shows("History"), "{}", journey.screen());
}
