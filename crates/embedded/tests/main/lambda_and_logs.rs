//! `Invoke` of `executeMemo`, and `FilterLogEvents` over the delivery log.

use chrono::TimeDelta;
use embedded::{EXECUTE_MEMO_ARN, LOG_GROUP};
use serde_json::{Value, json};

use crate::world::{Response, START, World, memo, moment};

fn invoke(world: &World, function: &str, invocation: &str, payload: &str) -> Response {
    let uri = format!("/2015-03-31/functions/{}/invocations", function.replace(':', "%3A").replace('$', "%24"));
    world.send("POST", &uri, &[("x-amz-invocation-type", invocation)], payload.as_bytes().to_vec())
}

#[test]
fn an_invocation_writes_the_same_line_as_a_delivery() {
    let world = World::new();
    let payload = json!({
        "v": 1, "memo": "tea", "id": "i", "zone": "UTC", "schedule": "s", "scheduledTime": "t", "attempt": "1",
        "trigger": "now",
    });
    let response = invoke(&world, "executeMemo", "RequestResponse", &payload.to_string()).ok();
    let line = json!({
        "memo": "tea", "id": "i", "zone": "UTC", "schedule": "s", "scheduledTime": "t", "attempt": "1",
        "trigger": "now", "deliveredAt": "2026-11-24T12:00:00.000Z",
    });
    assert_eq!(response, json!({ "outcome": "delivered", "log": line }));
    assert_eq!(world.log(), [line]);
}

#[test]
fn the_function_has_several_names() {
    let world = World::new();
    let names = ["executeMemo", "executeMemo:$LATEST", EXECUTE_MEMO_ARN, "000000000000:function:executeMemo"];
    for name in names {
        invoke(&world, name, "RequestResponse", "{}").ok();
    }
    assert_eq!(world.log().len(), names.len());
    for (name, arn) in [
        ("other", "arn:aws:lambda:local-1:000000000000:function:other"),
        ("executeMemo:prod", "arn:aws:lambda:local-1:000000000000:function:executeMemo:prod"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:f", "arn:aws:lambda:eu-west-1:123456789012:function:f"),
    ] {
        let message = format!("Function not found: {arn}");
        invoke(&world, name, "DryRun", "{}").assert_error(404, "ResourceNotFoundException", &message);
    }
}

#[test]
fn each_invocation_type_has_its_response() {
    let world = World::new();
    let event = invoke(&world, "executeMemo", "Event", r#"{"memo":"m"}"#);
    assert_eq!((event.status, event.body), (202, Value::Null));
    assert_eq!(world.log().len(), 1);
    let dry = invoke(&world, "executeMemo", "DryRun", "{}");
    assert_eq!((dry.status, dry.body), (204, Value::Null));
    assert_eq!(world.log().len(), 1, "a dry run writes no line");
    let unknown = invoke(&world, "executeMemo", "Later", "{}");
    unknown.assert_error(400, "InvalidParameterValueException", "Later is not an invocation type.");
    assert_eq!(unknown.body["Type"], "User");
}

#[test]
fn a_payload_must_be_json_within_the_size_limit() {
    let world = World::new();
    let broken = invoke(&world, "executeMemo", "RequestResponse", "{");
    assert_eq!((broken.status, broken.error.as_deref()), (400, Some("InvalidRequestContentException")));
    let large = format!("\"{}\"", "x".repeat(1024 * 1024));
    let refused = invoke(&world, "executeMemo", "Event", &large);
    assert_eq!((refused.status, refused.error.as_deref()), (413, Some("RequestTooLargeException")));
    invoke(&world, "executeMemo", "RequestResponse", &large).ok();
    invoke(&world, "executeMemo", "RequestResponse", "").ok();
}

/// A log of deliveries a second apart; the memo of each is its number.
fn log_of(count: i64) -> World {
    let world = World::new();
    for number in 0..count {
        let payload = json!({ "memo": number.to_string() });
        invoke(&world, "executeMemo", "RequestResponse", &payload.to_string()).ok();
        world.advance(TimeDelta::seconds(1));
    }
    world
}

fn read(world: &World, mut request: Value) -> (Vec<String>, Option<String>) {
    request["logGroupName"] = json!(LOG_GROUP);
    let response = world.logs(&request).ok();
    let memos = response["events"].as_array().unwrap().iter().map(|event| {
        let line: Value = serde_json::from_str(event["message"].as_str().unwrap()).unwrap();
        line["memo"].as_str().unwrap().to_owned()
    });
    (memos.collect(), response.get("nextToken").and_then(Value::as_str).map(str::to_owned))
}

#[test]
fn an_event_has_the_members_that_the_sdk_reads() {
    let world = World::new();
    world.create("tea", &memo("tea", "at(2026-11-24T11:00:00)")).ok();
    world.fire();
    let response = world.logs(&json!({ "logGroupName": LOG_GROUP })).ok();
    let at = moment(START).timestamp_millis();
    let event = &response["events"][0];
    assert_eq!((&event["timestamp"], &event["ingestionTime"]), (&json!(at), &json!(at)));
    assert_eq!(event["logStreamName"], "executeMemo");
    assert_eq!(event["eventId"].as_str().unwrap().len(), 56);
    let streams = json!([{ "logStreamName": "executeMemo", "searchedCompletely": true }]);
    assert_eq!(response["searchedLogStreams"], streams);
}

#[test]
fn both_ends_of_the_time_range_are_included() {
    let world = log_of(5);
    let at = |second: i64| moment(START).timestamp_millis() + second * 1000;
    assert_eq!(read(&world, json!({ "startTime": at(1), "endTime": at(3) })).0, ["1", "2", "3"]);
    assert_eq!(read(&world, json!({ "startTime": at(4) })).0, ["4"]);
    assert_eq!(read(&world, json!({ "endTime": at(0) - 1 })).0, [] as [&str; 0]);
}

#[test]
fn pages_continue_in_either_order() {
    let world = log_of(5);
    let start = moment(START).timestamp_millis();
    for (from_head, expected) in [(true, ["0", "1", "2", "3", "4"]), (false, ["4", "3", "2", "1", "0"])] {
        let mut all = Vec::new();
        let mut request = json!({ "startTime": start, "limit": 2, "startFromHead": from_head });
        loop {
            let (memos, token) = read(&world, request.clone());
            all.extend(memos);
            let Some(token) = token else { break };
            // The token contains the order.
            request = json!({ "startTime": start, "limit": 2, "nextToken": token });
        }
        assert_eq!(all, expected);
    }
}

#[test]
fn a_page_ends_after_a_megabyte() {
    let world = World::new();
    let memo = json!({ "memo": "x".repeat(400_000) }).to_string();
    for _ in 0..3 {
        invoke(&world, "executeMemo", "RequestResponse", &memo).ok();
    }
    let (memos, token) = read(&world, json!({}));
    assert_eq!(memos.len(), 2);
    assert_eq!(read(&world, json!({ "nextToken": token.unwrap() })).0.len(), 1);
}

#[test]
fn invalid_log_requests_are_refused() {
    let world = World::new();
    let invalid = "InvalidParameterException";
    let missing = "ResourceNotFoundException";
    let of_group = |members: Value| {
        let mut request = json!({ "logGroupName": LOG_GROUP });
        request.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        request
    };
    for (request, error, message) in [
        (json!({}), invalid, "Either logGroupName or logGroupIdentifier must be given."),
        (
            of_group(json!({ "logGroupIdentifier": LOG_GROUP })),
            invalid,
            "logGroupName and logGroupIdentifier exclude each other.",
        ),
        (json!({ "logGroupName": "/aws/lambda/other" }), missing, "The specified log group does not exist."),
        (of_group(json!({ "logStreamNames": ["other"] })), missing, "The specified log stream does not exist."),
        (
            of_group(json!({ "filterPattern": "ERROR" })),
            invalid,
            "filterPattern is not supported here; leave it out and filter what comes.",
        ),
        (of_group(json!({ "limit": 0 })), invalid, "limit is 0; it must be between 1 and 10000."),
        (of_group(json!({ "limit": 10_001 })), invalid, "limit is 10001; it must be between 1 and 10000."),
        (of_group(json!({ "nextToken": "x" })), invalid, "The specified nextToken is invalid."),
        (
            of_group(json!({ "startTime": 2, "endTime": 1 })),
            invalid,
            "startTime and endTime must not be negative, nor startTime after endTime.",
        ),
        (
            of_group(json!({ "startFromHead": false })),
            invalid,
            "startFromHead can be false only with a startTime on or after 2024-01-01T00:00:00Z.",
        ),
    ] {
        let response = world.logs(&request);
        response.assert_error(400, error, message);
        assert_eq!(response.body["__type"], error);
    }
    let other = world.send("POST", "/", &[("x-amz-target", "Logs_20140328.PutLogEvents")], b"{}".to_vec());
    other.assert_error(404, "UnknownOperationException", "No operation is called Logs_20140328.PutLogEvents.");
}

#[test]
fn the_log_group_and_its_stream_have_several_names() {
    let world = log_of(1);
    let identifier = format!("arn:aws:logs:local-1:000000000000:log-group:{LOG_GROUP}");
    for (request, count) in [
        (json!({ "logGroupIdentifier": identifier, "filterPattern": "" }), 1),
        (json!({ "logGroupName": LOG_GROUP, "logStreamNames": ["executeMemo"], "interleaved": true }), 1),
        (json!({ "logGroupName": LOG_GROUP, "logStreamNamePrefix": "exec" }), 1),
        (json!({ "logGroupName": LOG_GROUP, "logStreamNamePrefix": "other" }), 0),
    ] {
        assert_eq!(world.logs(&request).ok()["events"].as_array().unwrap().len(), count, "{request}");
    }
}
