//! Schedule groups: the default group, deletes, and tags.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::world::{AT, World, memo, schedule, with};

const MINE: &str = "arn:aws:scheduler:local-1:000000000000:schedule-group/mine";

fn create(world: &World, name: &str) {
    world.call("POST", &format!("/schedule-groups/{name}"), &json!({})).ok();
}

fn encoded(arn: &str) -> String {
    format!("/tags/{}", arn.replace(':', "%3A").replace('/', "%2F"))
}

fn listed(world: &World) -> Vec<String> {
    let groups = world.get("/schedule-groups").ok();
    let groups = groups["ScheduleGroups"].as_array().unwrap().iter();
    groups.map(|group| group["Name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_default_group_always_exists_without_dates_and_is_first_in_a_list() {
    let world = World::new();
    create(&world, "abc");
    create(&world, "xyz");
    let default = json!({
        "Arn": "arn:aws:scheduler:local-1:000000000000:schedule-group/default",
        "Name": "default",
        "State": "ACTIVE",
    });
    assert_eq!(world.get("/schedule-groups/default").ok(), default);
    assert_eq!(listed(&world), ["default", "abc", "xyz"]);
    let message = "This operation cannot be performed on schedule group default.";
    world.call("POST", "/schedule-groups/default", &json!({})).assert_invalid(message);
    world.delete("/schedule-groups/default").assert_invalid(message);
    let tags = encoded("arn:aws:scheduler:local-1:000000000000:schedule-group/default");
    world.call("POST", &tags, &json!({ "Tags": [] })).assert_invalid(message);
}

#[test]
fn a_group_has_dates() {
    let world = World::new();
    let created = world.call("POST", "/schedule-groups/mine", &json!({ "ClientToken": "t" })).ok();
    assert_eq!(created, json!({ "ScheduleGroupArn": MINE }));
    assert_eq!(
        world.get("/schedule-groups/mine").ok(),
        json!({
            "Arn": MINE,
            "Name": "mine",
            "State": "ACTIVE",
            "CreationDate": 1_795_521_600.0,
            "LastModificationDate": 1_795_521_600.0,
        })
    );
    world.call("POST", "/schedule-groups/mine", &json!({})).assert_error(
        409,
        "ConflictException",
        "Schedule group mine already exists.",
    );
}

#[test]
fn a_delete_of_a_group_deletes_only_its_schedules() {
    let world = World::new();
    create(&world, "mine");
    world.create("tea", &with(memo("in mine", AT), "/GroupName", json!("mine"))).ok();
    world.create("tea", &memo("in default", AT)).ok();
    assert_eq!(world.delete("/schedule-groups/mine").ok(), json!({}));
    let gone = "Schedule tea does not exist.";
    world.get("/schedules/tea?groupName=mine").assert_error(404, "ResourceNotFoundException", gone);
    world.advance(TimeDelta::days(1));
    let fired = world.fire();
    assert_eq!(fired.deliveries.len(), 1);
    assert_eq!(fired.deliveries[0].log.memo.as_deref(), Some("in default"));
}

#[test]
fn a_deleted_group_is_deleting_for_a_while_and_accepts_no_schedules() {
    let world = World::new();
    create(&world, "mine");
    world.advance(TimeDelta::seconds(1));
    world.delete("/schedule-groups/mine").ok();
    world.advance(TimeDelta::milliseconds(1999));
    assert_eq!(world.get("/schedule-groups/mine").ok()["State"], "DELETING");
    assert_eq!(listed(&world), ["default", "mine"]);
    let deleting = "Schedule group mine is being deleted.";
    let there = with(schedule(AT), "/GroupName", json!("mine"));
    world.create("tea", &there).assert_error(409, "ConflictException", deleting);
    world.call("POST", "/schedule-groups/mine", &json!({})).assert_error(409, "ConflictException", deleting);
    world.delete("/schedule-groups/mine").assert_error(409, "ConflictException", deleting);
    assert_eq!(world.get("/schedules?ScheduleGroup=mine").ok(), json!({ "Schedules": [] }));

    world.advance(TimeDelta::milliseconds(1));
    let gone = "Schedule group mine does not exist.";
    world.get("/schedule-groups/mine").assert_error(404, "ResourceNotFoundException", gone);
    world.create("tea", &there).assert_error(404, "ResourceNotFoundException", gone);
    assert_eq!(listed(&world), ["default"]);
    create(&world, "mine");
    assert_eq!(world.get("/schedule-groups/mine").ok()["State"], "ACTIVE");
}

#[test]
fn a_group_is_not_deleting_after_the_clock_is_set_back() {
    let world = World::new();
    create(&world, "mine");
    world.delete("/schedule-groups/mine").ok();
    world.advance(TimeDelta::hours(-1));
    create(&world, "mine");
}

#[test]
fn tags_are_added_replaced_and_removed() {
    let world = World::new();
    let tag = |key: &str, value: &str| json!({ "Key": key, "Value": value });
    let tags = || world.get(&encoded(MINE)).ok();
    world.call("POST", "/schedule-groups/mine", &json!({ "Tags": [tag("a", "1")] })).ok();
    assert_eq!(tags(), json!({ "Tags": [tag("a", "1")] }));
    world.call("POST", &encoded(MINE), &json!({ "Tags": [tag("b", "2"), tag("a", "3")] })).ok();
    assert_eq!(tags(), json!({ "Tags": [tag("a", "3"), tag("b", "2")] }));
    world.delete(&format!("{}?TagKeys=a&TagKeys=missing", encoded(MINE))).ok();
    // Some clients do not encode the slash in an ARN.
    assert_eq!(world.get(&format!("/tags/{MINE}")).ok(), json!({ "Tags": [tag("b", "2")] }));
}

#[test]
fn tags_have_limits() {
    let world = World::new();
    create(&world, "mine");
    let tags = |count: usize, prefix: &str| -> Value {
        (0..count).map(|n| json!({ "Key": format!("{prefix}{n}"), "Value": "v" })).collect()
    };
    let tag = |tags: Value| world.call("POST", &encoded(MINE), &json!({ "Tags": tags }));
    tag(tags(200, "k")).ok();
    tag(tags(1, "k")).ok();
    tag(tags(1, "more")).assert_invalid("Schedule group mine would have more than 200 tags.");
    tag(tags(201, "k")).assert_invalid(
        "1 validation error detected: Value 'the list' at 'tags' failed to satisfy constraint: Member must have \
         length less than or equal to 200",
    );
    tag(json!([{ "Key": "k", "Value": "" }])).assert_invalid(
        "1 validation error detected: Value '' at 'tags.1.member.value' failed to satisfy constraint: Member must \
         have length greater than or equal to 1",
    );
    tag(json!([{ "Key": "k", "Value": "v" }, { "Key": "k", "Value": "w" }]))
        .assert_invalid("Tag key k is given more than once.");
    tag(json!([{ "Key": "AWS:x", "Value": "v" }]))
        .assert_invalid("Tag key AWS:x begins with the reserved prefix aws:.");
    world.delete(&encoded(MINE)).assert_invalid(
        "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
    );
    let long = "k".repeat(129);
    assert_eq!(world.delete(&format!("{}?TagKeys={long}", encoded(MINE))).status, 400);
}

#[test]
fn only_groups_of_this_account_have_tags() {
    let world = World::new();
    let of_schedule = "arn:aws:scheduler:local-1:000000000000:schedule/default/tea";
    let response = world.get(&encoded(of_schedule));
    assert_eq!((response.status, response.error.as_deref()), (400, Some("ValidationException")));
    let elsewhere = "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/default";
    assert_eq!(world.get(&encoded(elsewhere)).status, 404);
    assert_eq!(world.get(&encoded(MINE)).status, 404);
}

#[test]
fn the_quota_of_groups_is_500() {
    let world = World::new();
    for number in 0..499 {
        create(&world, &format!("g{number}"));
    }
    let message = "The number of schedule groups in this account has reached its limit.";
    world.call("POST", "/schedule-groups/one-more", &json!({})).assert_error(
        402,
        "ServiceQuotaExceededException",
        message,
    );
    world.delete("/schedule-groups/g1").ok();
    world.advance(TimeDelta::seconds(2));
    create(&world, "one-more");
}
