//! What fires, when, with which payload, and what happens to the schedule afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use embedded::{Engine, Invocation, LogLine, Target, TargetError};
use serde_json::{Value, json};

use crate::world::{AT, World, memo, moment, schedule, with};

const QUEUE: &str = "arn:aws:sqs:local-1:000000000000:q";

/// Fails a number of times, then delivers.
struct Flaky {
    failures_left: AtomicU32,
}

impl Flaky {
    fn engine(world: &World, failures: u32) -> Engine {
        let target = Flaky { failures_left: AtomicU32::new(failures) };
        Engine::with_target(world.store.clone(), Arc::new(target))
    }
}

impl Target for Flaky {
    fn deliver(&self, invocation: &Invocation<'_>) -> Result<LogLine, TargetError> {
        let fails = self.failures_left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        match fails {
            Ok(_) => Err(TargetError { code: "Unlucky".into(), message: "not this time".into() }),
            Err(_) => Ok(LogLine::of_payload(serde_json::from_str(invocation.payload).unwrap(), invocation.now)),
        }
    }
}

#[test]
fn a_memo_is_delivered_when_it_is_due_and_not_before() {
    let world = World::new();
    world
        .create(
            "tea",
            &with(memo("tea", "at(2026-11-24T18:00:30)"), "/ScheduleExpressionTimezone", json!("Europe/Paris")),
        )
        .ok();
    let due = moment("2026-11-24T17:00:30Z");
    world.set_clock(due - TimeDelta::milliseconds(1));
    let early = world.fire();
    assert_eq!((early.deliveries, early.next), (vec![], Some(due)));
    world.set_clock(due + TimeDelta::milliseconds(7));
    let fired = world.fire();
    assert_eq!(fired.next, None);
    let line = json!({
        "memo": "tea",
        "id": "tea",
        "zone": "UTC",
        "schedule": "arn:aws:scheduler:local-1:000000000000:schedule/default/tea",
        "scheduledTime": "2026-11-24T17:00:30Z",
        "deliveredAt": "2026-11-24T17:00:30.007Z",
        "attempt": "1",
    });
    assert_eq!(serde_json::to_value(&fired.deliveries).unwrap(), json!([line]));
    assert_eq!(fired.deliveries[0].late_by(), Some(TimeDelta::milliseconds(7)));
    assert_eq!(world.log(), [line]);
    assert_eq!(world.get("/schedules/tea").status, 404, "deleted after completion");
    assert_eq!(world.fire().deliveries, []);
}

#[test]
fn only_what_is_due_fires() {
    let world = World::new();
    world.create("now", &memo("now", "at(2026-11-24T12:00:00)")).ok();
    world.create("next", &memo("next", "at(2026-11-24T12:00:01)")).ok();
    world.advance(TimeDelta::milliseconds(999));
    let fired = world.fire();
    assert_eq!((fired.deliveries.len(), fired.next), (1, Some(moment("2026-11-24T12:00:01Z"))));
}

#[test]
fn what_was_due_while_no_engine_ran_is_delivered_late() {
    let world = World::new();
    world.create("tea", &memo("tea", AT)).ok();
    world.set_clock(moment("2026-11-27T18:00:00Z"));
    assert_eq!(world.fire().deliveries[0].late_by(), Some(TimeDelta::days(3)));
}

#[test]
fn a_past_time_fires_at_once() {
    let world = World::new();
    world.create("tea", &memo("tea", "at(1999-12-31T23:59)")).ok();
    assert_eq!(world.fire().deliveries.len(), 1);
}

#[test]
fn a_completed_schedule_stays_and_fires_again_after_an_update() {
    let world = World::new();
    let body = with(memo("tea", "at(2026-11-24T11:00:00)"), "/ActionAfterCompletion", json!("NONE"));
    world.create("tea", &body).ok();
    assert_eq!(world.fire().deliveries.len(), 1);
    assert_eq!(world.get("/schedules/tea").ok()["State"], "ENABLED");
    assert_eq!(world.fire().deliveries.len(), 0);
    world.call("PUT", "/schedules/tea", &body).ok();
    assert_eq!(world.fire().deliveries.len(), 1);
}

#[test]
fn a_disabled_schedule_does_not_fire_until_it_is_enabled() {
    let world = World::new();
    let body = memo("tea", "at(2026-11-24T11:00:00)");
    world.create("tea", &with(body.clone(), "/State", json!("DISABLED"))).ok();
    assert_eq!((world.fire().deliveries.len(), world.fire().next), (0, None));
    world.call("PUT", "/schedules/tea", &body).ok();
    assert_eq!(world.fire().deliveries.len(), 1);
}

#[test]
fn an_update_moves_the_due_time_and_a_delete_removes_it() {
    let world = World::new();
    world.create("moved", &memo("moved", AT)).ok();
    world.create("gone", &memo("gone", AT)).ok();
    world.call("PUT", "/schedules/moved", &memo("moved", "at(2026-11-24T19:00:00)")).ok();
    world.delete("/schedules/gone").ok();
    world.set_clock(moment("2026-11-24T18:30:00Z"));
    let fired = world.fire();
    assert_eq!((fired.deliveries.len(), fired.next), (0, Some(moment("2026-11-24T19:00:00Z"))));
}

#[test]
fn rate_and_cron_are_stored_but_do_not_fire_yet() {
    let world = World::new();
    world.create("rate", &schedule("rate(1 minute)")).ok();
    world.create("cron", &schedule("cron(* * * * ? *)")).ok();
    world.advance(TimeDelta::days(1));
    let fired = world.fire();
    assert_eq!((fired.deliveries.len(), fired.next), (0, None));
    assert_eq!(world.get("/schedules/cron").ok()["ScheduleExpression"], "cron(* * * * ? *)");
}

#[test]
fn context_attributes_are_replaced_as_text_everywhere() {
    let world = World::new();
    let input = json!({
        "memo": "due <aws.scheduler.scheduled-time>, <aws.scheduler.attempt-number>; \
                 <aws.scheduler.schedule-arn>/<aws.scheduler.unheard-of>",
        "id": "<aws.scheduler.execution-id>",
    });
    // With an escape, it is not a context attribute.
    let input = input.to_string().replace("unheard-of>", "unheard-of> \\u003caws.scheduler.attempt-number>");
    world.create("tea", &with(memo("", "at(2026-11-24T11:00:00)"), "/Target/Input", json!(input))).ok();
    let line = &world.fire().deliveries[0].log;
    assert_eq!(
        line.memo.as_deref(),
        Some(
            "due 2026-11-24T11:00:00Z, 1; arn:aws:scheduler:local-1:000000000000:schedule/default/tea/\
             <aws.scheduler.unheard-of> <aws.scheduler.attempt-number>"
        )
    );
    assert_eq!(line.id.as_ref().unwrap().len(), 32);
}

#[test]
fn a_foreign_input_is_delivered_unchanged() {
    let world = World::new();
    let past = "at(2026-11-24T11:00:00)";
    world.create("a", &with(schedule(past), "/Target/Input", json!(r#"{"task":["x",1]}"#))).ok();
    world.create("b", &schedule(past)).ok();
    world.fire();
    let log = world.log();
    assert_eq!(log[0]["input"], json!({ "task": ["x", 1] }));
    assert_eq!(log[0]["schedule"], "arn:aws:scheduler:local-1:000000000000:schedule/default/a");
    assert_eq!((&log[0]["scheduledTime"], log[0].get("memo")), (&json!("2026-11-24T11:00:00Z"), None));
    // Without an input, the service sends a notification of its own.
    assert_eq!(log[1]["input"]["detail-type"], "Scheduled Event");
    assert_eq!(log[1]["input"]["resources"][0], "arn:aws:scheduler:local-1:000000000000:schedule/default/b");
}

#[test]
fn a_thousand_due_at_once_are_all_delivered_in_order() {
    let world = World::new();
    for number in 0..1001 {
        world.create(&format!("n{number:04}"), &memo(&format!("{number}"), "at(2026-11-24T11:00:00)")).ok();
    }
    let fired = world.fire();
    let memos: Vec<_> = fired.deliveries.iter().map(|delivery| delivery.log.memo.clone().unwrap()).collect();
    assert_eq!(memos, (0..1001).map(|number| number.to_string()).collect::<Vec<_>>());
    assert_eq!((world.log().len(), fired.next), (1001, None));
}

#[test]
fn a_failed_delivery_is_retried_with_growing_pauses() {
    let world = World::new();
    world.create("tea", &memo("tea", "at(2026-11-24T12:00:00)")).ok();
    let engine = Flaky::engine(&world, 8);
    let mut pauses = Vec::new();
    let delivered = loop {
        let fired = engine.fire(world.now()).unwrap();
        match fired.next {
            Some(next) => {
                pauses.push((next - world.now()).num_seconds());
                // Not earlier.
                assert_eq!(engine.fire(next - TimeDelta::milliseconds(1)).unwrap().deliveries, []);
                world.set_clock(next);
            }
            None => break fired.deliveries,
        }
    };
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
    assert_eq!(delivered.len(), 1);
    assert_eq!(delivered[0].log.attempt.as_deref(), Some("9"));
    assert_eq!(delivered[0].log.scheduled_time.as_deref(), Some("2026-11-24T12:00:00Z"));
    assert_eq!(world.get("/schedules/tea").status, 404);
    assert_eq!(world.store.dead_letters().unwrap(), []);
}

/// Fires until nothing is pending, and sets the clock as the engine asks. Returns the seconds that took.
fn run_out(world: &World, engine: &Engine) -> i64 {
    let begin = world.now();
    while let Some(next) = engine.fire(world.now()).unwrap().next {
        world.set_clock(next);
    }
    (world.now() - begin).num_seconds()
}

fn with_policy(body: Value, policy: Value) -> Value {
    with(body, "/Target/RetryPolicy", policy)
}

#[test]
fn a_delivery_that_keeps_failing_becomes_a_dead_letter() {
    let world = World::new();
    let body = with_policy(memo("tea", "at(2026-11-24T12:00:00)"), json!({ "MaximumRetryAttempts": 2 }));
    let body = with(with(body, "/Target/Arn", json!(QUEUE)), "/Target/DeadLetterConfig", json!({ "Arn": QUEUE }));
    world.create("tea", &with(body, "/Target/Input", json!("attempt <aws.scheduler.attempt-number>"))).ok();
    assert_eq!(run_out(&world, &Engine::new(world.store.clone())), 1 + 2);
    let [letter] = &world.store.dead_letters().unwrap()[..] else { panic!("one letter") };
    assert_eq!(letter.body, "attempt 3");
    assert_eq!(letter.queue_arn.as_deref(), Some(QUEUE));
    assert_eq!(letter.died, moment("2026-11-24T12:00:03Z"));
    let mut attributes = letter.attributes.clone();
    assert_eq!(attributes.remove("EXECUTION_ID").map(|id| id.len()), Some(32));
    let expected = [
        ("ERROR_CODE", "ResourceNotFoundException"),
        (
            "ERROR_MESSAGE",
            "arn:aws:sqs:local-1:000000000000:q cannot be reached from the embedded scheduler, which delivers to \
             arn:aws:lambda:local-1:000000000000:function:executeMemo only.",
        ),
        ("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts"),
        ("IS_PAYLOAD_TRUNCATED", "false"),
        ("RETRY_ATTEMPTS", "2"),
        ("SCHEDULED_TIME", "2026-11-24T12:00:00Z"),
        ("SCHEDULE_ARN", "arn:aws:scheduler:local-1:000000000000:schedule/default/tea"),
        ("TARGET_ARN", QUEUE),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(attributes.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(world.get("/schedules/tea").status, 404, "the action applies to failed deliveries too");
    assert_eq!(world.log(), [] as [Value; 0]);
}

#[test]
fn the_maximum_age_ends_the_retries_too() {
    let world = World::new();
    let policy = json!({ "MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 60 });
    let body = with_policy(memo("tea", "at(2026-11-24T12:00:00)"), policy);
    world.create("tea", &with(body, "/ActionAfterCompletion", json!("NONE"))).ok();
    // No engine ran for a day. The age counts from the first attempt, or there would be no second.
    world.advance(TimeDelta::days(1));
    assert_eq!(run_out(&world, &Flaky::engine(&world, 1000)), 1 + 2 + 4 + 8 + 16);
    let letters = world.store.dead_letters().unwrap();
    assert_eq!(letters[0].attributes["EXHAUSTED_RETRY_CONDITION"], "MaximumEventAgeInSeconds");
    assert_eq!(letters[0].attributes["RETRY_ATTEMPTS"], "5");
    assert_eq!(letters[0].queue_arn, None);
    assert_eq!(world.get("/schedules/tea").status, 200, "no action, so it stays");
}

#[test]
fn a_retry_exactly_at_the_maximum_age_is_made() {
    let world = World::new();
    let policy = json!({ "MaximumEventAgeInSeconds": 63 });
    world.create("tea", &with_policy(memo("tea", "at(2026-11-24T12:00:00)"), policy)).ok();
    assert_eq!(run_out(&world, &Flaky::engine(&world, 1000)), 1 + 2 + 4 + 8 + 16 + 32);
}

#[test]
fn zero_retries_means_one_attempt() {
    let world = World::new();
    let body = with_policy(memo("tea", "at(2026-11-24T12:00:00)"), json!({ "MaximumRetryAttempts": 0 }));
    world.create("tea", &body).ok();
    let fired = Flaky::engine(&world, 1).fire(world.now()).unwrap();
    assert_eq!((fired.deliveries.len(), fired.dead_letters, fired.next), (0, 1, None));
}

#[test]
fn an_update_forgets_earlier_attempts() {
    let world = World::new();
    let body = memo("tea", "at(2026-11-24T12:00:00)");
    world.create("tea", &body).ok();
    let engine = Flaky::engine(&world, 1);
    engine.fire(world.now()).unwrap();
    world.call("PUT", "/schedules/tea", &body).ok();
    let fired = engine.fire(world.now()).unwrap();
    assert_eq!(fired.deliveries[0].log.attempt.as_deref(), Some("1"));
}

#[test]
fn two_engines_over_one_file_deliver_each_memo_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let (one, other) = (World::at(&path), World::at(&path));
    for number in 0..20 {
        one.create(&format!("n{number}"), &memo("m", "at(2026-11-24T11:00:00)")).ok();
    }
    let before = other.store.data_version().unwrap();
    assert_eq!((one.fire().deliveries.len(), other.fire().deliveries.len()), (20, 0));
    assert_ne!(other.store.data_version().unwrap(), before, "it sees the write of the other");
    assert_eq!(other.log().len(), 20);
}

#[test]
fn writes_are_announced_and_reads_are_not() {
    let world = World::new();
    let changes = world.store.changes();
    let moved = |act: &dyn Fn()| {
        let before = *changes.borrow();
        act();
        *changes.borrow() != before
    };
    assert!(moved(&|| _ = world.create("tea", &memo("tea", AT)).ok()));
    assert!(!moved(&|| _ = world.create("tea", &memo("tea", AT))), "a conflict writes nothing");
    assert!(!moved(&|| _ = world.get("/schedules/tea").ok()));
    assert!(moved(&|| _ = world.call("PUT", "/schedules/tea", &memo("tea", AT)).ok()));
    assert!(!moved(&|| _ = world.fire()), "nothing is due");
    world.set_clock(moment("2026-11-24T18:00:00Z"));
    assert!(moved(&|| _ = world.fire()));
    assert!(!moved(&|| _ = world.delete("/schedules/tea")), "it no longer exists");
    assert!(moved(&|| world.store.announce_foreign_change()));
}
