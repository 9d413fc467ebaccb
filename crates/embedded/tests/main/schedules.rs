//! The five operations on schedules.

use chrono::TimeDelta;
use embedded::{EXECUTE_MEMO_ARN, ROLE_ARN};
use serde_json::json;

use crate::world::{AT, World, moment, schedule, with};

#[test]
fn a_response_has_defaults_and_no_nulls() {
    let world = World::new();
    world.advance(TimeDelta::milliseconds(250));
    let created = world.create("tea", &schedule(AT)).ok();
    let arn = "arn:aws:scheduler:local-1:000000000000:schedule/default/tea";
    assert_eq!(created, json!({ "ScheduleArn": arn }));
    assert_eq!(
        world.get("/schedules/tea").ok(),
        json!({
            "Arn": arn,
            "GroupName": "default",
            "Name": "tea",
            "ScheduleExpression": AT,
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "State": "ENABLED",
            "ActionAfterCompletion": "NONE",
            "Target": {
                "Arn": EXECUTE_MEMO_ARN,
                "RoleArn": ROLE_ARN,
                "RetryPolicy": { "MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185 },
            },
            "CreationDate": 1_795_521_600.25,
            "LastModificationDate": 1_795_521_600.25,
        })
    );
}

#[test]
fn every_member_is_returned_as_sent() {
    let world = World::new();
    world.call("POST", "/schedule-groups/mine", &json!({})).ok();
    let body = json!({
        "GroupName": "mine",
        "ScheduleExpression": "cron(0 18 ? * MON-FRI *)",
        "ScheduleExpressionTimezone": "Europe/Paris",
        "StartDate": 1_795_500_000.5,
        "EndDate": 1_795_600_000,
        "Description": "",
        "State": "DISABLED",
        "KmsKeyArn": "arn:aws:kms:local-1:000000000000:key/k",
        "FlexibleTimeWindow": { "Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15 },
        "ActionAfterCompletion": "DELETE",
        "ClientToken": "a-token",
        "Target": {
            "Arn": "arn:aws:ecs:local-1:000000000000:cluster/c",
            "RoleArn": ROLE_ARN,
            "Input": "not json, which only functions must have",
            "RetryPolicy": { "MaximumRetryAttempts": 3 },
            "DeadLetterConfig": { "Arn": "arn:aws:sqs:local-1:000000000000:dead" },
            "EcsParameters": { "TaskDefinitionArn": "t", "Tags": [{ "a": "b" }] },
            "EventBridgePutEventsV2Parameters": { "DetailType": "d", "Source": "s" },
        },
    });
    world.create("all", &body).ok();
    let mut expected = body.clone();
    let members = expected.as_object_mut().unwrap();
    members.remove("ClientToken");
    members.insert("Name".into(), json!("all"));
    members.insert("Arn".into(), json!("arn:aws:scheduler:local-1:000000000000:schedule/mine/all"));
    members.insert("CreationDate".into(), json!(1_795_521_600.0));
    members.insert("LastModificationDate".into(), json!(1_795_521_600.0));
    members.insert("EndDate".into(), json!(1_795_600_000.0));
    expected["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] = json!(86400);
    assert_eq!(world.get("/schedules/all?groupName=mine").ok(), expected);
}

#[test]
fn an_update_replaces_everything_but_the_creation_date() {
    let world = World::new();
    let full = with(with(schedule(AT), "/Description", json!("old")), "/State", json!("DISABLED"));
    world.create("tea", &with(full, "/ActionAfterCompletion", json!("DELETE"))).ok();
    world.advance(TimeDelta::seconds(1));
    let updated = world.call("PUT", "/schedules/tea", &schedule("rate(1 day)")).ok();
    assert_eq!(updated["ScheduleArn"], "arn:aws:scheduler:local-1:000000000000:schedule/default/tea");
    let stored = world.get("/schedules/tea").ok();
    assert_eq!(stored["ScheduleExpression"], "rate(1 day)");
    assert_eq!(stored.get("Description"), None);
    assert_eq!((&stored["State"], &stored["ActionAfterCompletion"]), (&json!("ENABLED"), &json!("NONE")));
    assert_eq!(stored["CreationDate"], 1_795_521_600.0);
    assert_eq!(stored["LastModificationDate"], 1_795_521_601.0);
}

#[test]
fn a_deleted_schedule_is_gone() {
    let world = World::new();
    world.create("tea", &schedule(AT)).ok();
    assert_eq!(world.delete("/schedules/tea?clientToken=t").ok(), json!({}));
    world.delete("/schedules/tea").assert_error(404, "ResourceNotFoundException", "Schedule tea does not exist.");
    world.create("tea", &schedule(AT)).ok();
}

#[test]
fn missing_resources_are_not_found() {
    let world = World::new();
    let missing = "Schedule tea does not exist.";
    world.get("/schedules/tea").assert_error(404, "ResourceNotFoundException", missing);
    world.call("PUT", "/schedules/tea", &schedule(AT)).assert_error(404, "ResourceNotFoundException", missing);
    let missing = "Schedule group nowhere does not exist.";
    let there = with(schedule(AT), "/GroupName", json!("nowhere"));
    world.create("tea", &there).assert_error(404, "ResourceNotFoundException", missing);
    world.call("PUT", "/schedules/tea", &there).assert_error(404, "ResourceNotFoundException", missing);
    for response in [
        world.get("/schedules/tea?groupName=nowhere"),
        world.delete("/schedules/tea?groupName=nowhere"),
        world.get("/schedules?ScheduleGroup=nowhere"),
        world.get("/schedule-groups/nowhere"),
        world.delete("/schedule-groups/nowhere"),
    ] {
        response.assert_error(404, "ResourceNotFoundException", missing);
    }
}

#[test]
fn a_name_that_exists_is_a_conflict_whatever_its_token() {
    let world = World::new();
    let body = with(schedule(AT), "/ClientToken", json!("same"));
    world.create("tea", &body).ok();
    world.create("tea", &body).assert_error(409, "ConflictException", "Schedule tea already exists.");
    // In another group, it is another schedule.
    world.call("POST", "/schedule-groups/mine", &json!({})).ok();
    world.create("tea", &with(body, "/GroupName", json!("mine"))).ok();
}

#[test]
fn error_messages_are_those_of_the_service() {
    let world = World::new();
    let arn = |arn: &str| with(schedule(AT), "/Target/Arn", json!(arn));
    let cases = [
        (schedule("at(2021-12-31)"), "Invalid Schedule Expression at(2021-12-31)."),
        (schedule(" rate(10 minutes)"), "Invalid Schedule Expression  rate(10 minutes)."),
        (
            with(schedule(AT), "/ScheduleExpressionTimezone", json!("Europe/Atlantis")),
            "Invalid Schedule Expression Timezone Europe/Atlantis.",
        ),
        (
            with(schedule(AT), "/FlexibleTimeWindow", json!({ "Mode": "FLEXIBLE" })),
            "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE",
        ),
        (
            with(schedule(AT), "/FlexibleTimeWindow", json!({ "Mode": "OFF", "MaximumWindowInMinutes": 1 })),
            "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.",
        ),
        (
            with(with(schedule(AT), "/StartDate", json!(2)), "/EndDate", json!(1.5)),
            "The StartDate you specify must come before the EndDate.",
        ),
        (
            with(with(schedule(AT), "/StartDate", json!(2)), "/EndDate", json!(2)),
            "The StartDate you specify must come before the EndDate.",
        ),
        (with(schedule(AT), "/Target/Input", json!("{")), "JSON syntax error in input for the target"),
        (arn("arn"), "Provided Arn is not in correct format."),
        (arn("arn:aws:lambda:local-1:12:function:f"), "Provided Arn is not in correct format."),
        (
            arn("arn:aws:lambda:eu-west-1:000000000000:function:f"),
            "The target ARN provided does not match the current region local-1.",
        ),
        (arn("arn:aws:dynamodb:local-1:000000000000:table/t"), "dynamodb is not a supported service for a target"),
        (
            with(schedule(AT), "/State", json!("ON")),
            "1 validation error detected: Value 'ON' at 'state' failed to satisfy constraint: Member must satisfy \
             enum value set: [ENABLED, DISABLED]",
        ),
    ];
    for (body, message) in cases {
        world.create("tea", &body).assert_invalid(message);
        // An update has the same checks, before the service looks for the schedule.
        world.call("PUT", "/schedules/tea", &body).assert_invalid(message);
    }
    world.get("/schedules/tea").assert_error(404, "ResourceNotFoundException", "Schedule tea does not exist.");
}

#[test]
fn the_expression_is_checked_before_the_target() {
    let world = World::new();
    let body = with(schedule("at(tea time)"), "/Target/Arn", json!("no arn"));
    world.create("tea", &body).assert_invalid("Invalid Schedule Expression at(tea time).");
}

#[test]
fn an_input_may_have_256_kilobytes() {
    let world = World::new();
    let input = |bytes: usize| format!("\"{}\"", "é".repeat((bytes - 2) / 2));
    let most = 256 * 1024;
    world.create("most", &with(schedule(AT), "/Target/Input", json!(input(most)))).ok();
    world
        .create("more", &with(schedule(AT), "/Target/Input", json!(input(most + 2))))
        .assert_invalid("The input for the target is 262146 bytes long; it must be at most 262144 bytes.");
}

#[test]
fn a_past_time_and_a_missing_target_are_accepted() {
    let world = World::new();
    world.create("past", &schedule("at(1999-12-31T23:59)")).ok();
    let elsewhere = "arn:aws:lambda:local-1:123456789012:function:missing";
    world.create("missing", &with(schedule(AT), "/Target/Arn", json!(elsewhere))).ok();
    let universal = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage";
    world.create("universal", &with(schedule(AT), "/Target/Arn", json!(universal))).ok();
}

#[test]
fn names_in_the_path_are_decoded_and_checked() {
    let world = World::new();
    world.create("a%2Eb%2Dc", &schedule(AT)).ok();
    assert_eq!(world.get("https://scheduler.local-1.amazonaws.com/schedules/a.b-c").ok()["Name"], "a.b-c");
    let pattern = "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must \
                   satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$";
    world.create("a%20b", &schedule(AT)).assert_invalid(pattern);
    world.get("/schedules/a%20b").assert_invalid(pattern);
    world.delete("/schedules/a%20b").assert_invalid(pattern);
    let long = "n".repeat(65);
    let message = format!(
        "1 validation error detected: Value '{long}' at 'name' failed to satisfy constraint: Member must have length \
         less than or equal to 64"
    );
    world.get(&format!("/schedules/{long}")).assert_invalid(&message);
}

#[test]
fn an_unreadable_request_is_a_serialization_error() {
    let world = World::new();
    let send = |body: &str| world.send("POST", "/schedules/tea", &[], body.as_bytes().to_vec());
    for body in ["{", "[]", "\"text\""] {
        let response = send(body);
        assert_eq!((response.status, response.error.as_deref()), (400, Some("SerializationException")), "{body}");
    }
    assert_eq!(world.get("/schedules/%zz").error.as_deref(), Some("SerializationException"));
    assert_eq!(world.get("/schedules?MaxResults=many").error.as_deref(), Some("SerializationException"));
    // An empty body is an object without members.
    world.call("POST", "/schedules/tea", &json!({})).assert_invalid(
        "3 validation errors detected: Value null at 'scheduleExpression' failed to satisfy constraint: Member must \
         not be null; Value null at 'target' failed to satisfy constraint: Member must not be null; Value null at \
         'flexibleTimeWindow' failed to satisfy constraint: Member must not be null",
    );
    assert_eq!(world.call("POST", "/schedules/tea", &serde_json::Value::Null).status, 400);
}

#[test]
fn null_members_are_absent_members() {
    let world = World::new();
    world.create("tea", &with(schedule(AT), "/Description", json!(null))).ok();
    assert_eq!(world.get("/schedules/tea").ok().get("Description"), None);
}

#[test]
fn unknown_operations_are_refused() {
    let world = World::new();
    for (method, uri) in [
        ("GET", "/"),
        ("PATCH", "/schedules/tea"),
        ("POST", "/schedules"),
        ("GET", "/schedules/tea/more"),
        ("GET", "/tags"),
        ("PUT", "/tags/arn"),
        ("GET", "/2015-03-31/functions/executeMemo/invocations"),
    ] {
        let response = world.call(method, uri, &serde_json::Value::Null);
        assert_eq!(
            (response.status, response.error.as_deref()),
            (404, Some("UnknownOperationException")),
            "{method} {uri}"
        );
    }
}

#[test]
fn a_list_has_summaries_and_filters() {
    let world = World::new();
    world.call("POST", "/schedule-groups/mine", &json!({})).ok();
    world.create("b", &schedule(AT)).ok();
    world.create("a1", &with(schedule(AT), "/State", json!("DISABLED"))).ok();
    world.create("a2", &schedule(AT)).ok();
    world.create("a2", &with(schedule(AT), "/GroupName", json!("mine"))).ok();
    let names = |query: &str| {
        let listed = world.get(&format!("/schedules{query}")).ok();
        assert_eq!(listed.get("NextToken"), None);
        let names = listed["Schedules"].as_array().unwrap().iter();
        names
            .map(|s| format!("{}/{}", s["GroupName"].as_str().unwrap(), s["Name"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["default/a1", "default/a2", "default/b", "mine/a2"]);
    assert_eq!(names("?ScheduleGroup=mine"), ["mine/a2"]);
    assert_eq!(names("?NamePrefix=a"), ["default/a1", "default/a2", "mine/a2"]);
    assert_eq!(names("?NamePrefix=a&State=ENABLED&ScheduleGroup=default"), ["default/a2"]);
    assert_eq!(names("?State=DISABLED"), ["default/a1"]);
    assert_eq!(
        world.get("/schedules?ScheduleGroup=mine").ok()["Schedules"][0],
        json!({
            "Arn": "arn:aws:scheduler:local-1:000000000000:schedule/mine/a2",
            "Name": "a2",
            "GroupName": "mine",
            "State": "ENABLED",
            "CreationDate": 1_795_521_600.0,
            "LastModificationDate": 1_795_521_600.0,
            "Target": { "Arn": EXECUTE_MEMO_ARN },
        })
    );
}

#[test]
fn dates_come_from_the_clock_of_the_host() {
    let world = World::new();
    world.set_clock(moment("1970-01-01T00:00:00Z"));
    world.create("tea", &schedule(AT)).ok();
    assert_eq!(world.get("/schedules/tea").ok()["CreationDate"], 0.0);
}
