//! The loop of the engine, with a clock that the test sets and a sleep that the test sees.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use embedded::{Delivery, Engine, Now, StoreError};
use tokio::sync::{mpsc, watch};

use crate::world::{World, memo, moment};

/// What the loop did.
#[derive(Debug)]
enum Step {
    Delivered(Vec<String>),
    Slept(DateTime<Utc>),
}

/// A running engine over the store of a world.
struct Running {
    steps: mpsc::UnboundedReceiver<Step>,
    clock: watch::Sender<DateTime<Utc>>,
}

impl Running {
    /// Call within a `LocalSet`, which ends the engine when it is dropped.
    fn start(world: &World) -> Running {
        let (steps, seen) = mpsc::unbounded_channel();
        let clock = watch::Sender::new(world.now());
        let time = clock.subscribe();
        let now: Now = Arc::new(move || *time.borrow());
        let sleeper = (clock.subscribe(), steps.clone());
        let sleep_until = move |until: DateTime<Utc>| {
            let (mut time, steps) = sleeper.clone();
            async move {
                let _ = steps.send(Step::Slept(until));
                let _ = time.wait_for(|now| *now >= until).await;
            }
        };
        let sink = move |fired: Result<Vec<Delivery>, StoreError>| {
            let memos = fired.unwrap().into_iter().map(|delivery| delivery.log.memo.unwrap()).collect();
            let _ = steps.send(Step::Delivered(memos));
        };
        tokio::task::spawn_local(Engine::new(world.store.clone()).run(now, sleep_until, sink));
        Running { steps: seen, clock }
    }

    async fn slept_until(&mut self) -> DateTime<Utc> {
        match self.steps.recv().await {
            Some(Step::Slept(until)) => until,
            other => panic!("expected a sleep, found {other:?}"),
        }
    }

    async fn delivered(&mut self) -> Vec<String> {
        match self.steps.recv().await {
            Some(Step::Delivered(memos)) => memos,
            other => panic!("expected a delivery, found {other:?}"),
        }
    }
}

fn with_engine(test: impl AsyncFnOnce(World, Running)) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async {
        let world = World::new();
        let running = Running::start(&world);
        test(world, running).await;
    });
}

#[test]
fn the_engine_sleeps_for_a_minute_at_most() {
    with_engine(async |world, mut engine| {
        let mut now = world.now();
        for _ in 0..3 {
            now += TimeDelta::seconds(60);
            assert_eq!(engine.slept_until().await, now);
            engine.clock.send_replace(now);
        }
    });
}

#[test]
fn the_engine_sleeps_until_the_next_due_time() {
    with_engine(async |world, mut engine| {
        engine.slept_until().await;
        world.create("tea", &memo("tea", "at(2026-11-24T12:00:30)")).ok();
        let due = moment("2026-11-24T12:00:30Z");
        assert_eq!(engine.slept_until().await, due, "woken by the create");
        engine.clock.send_replace(due);
        assert_eq!(engine.delivered().await, ["tea"]);
    });
}

#[test]
fn updates_and_deletes_wake_the_engine() {
    with_engine(async |world, mut engine| {
        engine.slept_until().await;
        let minute = world.now() + TimeDelta::seconds(60);
        world.create("tea", &memo("tea", "at(2026-11-24T12:00:30)")).ok();
        engine.slept_until().await;
        world.call("PUT", "/schedules/tea", &memo("tea", "at(2026-11-24T12:00:10)")).ok();
        assert_eq!(engine.slept_until().await, moment("2026-11-24T12:00:10Z"));
        world.delete("/schedules/tea").ok();
        assert_eq!(engine.slept_until().await, minute);
        world.store.announce_foreign_change();
        assert_eq!(engine.slept_until().await, minute);
    });
}

#[test]
fn a_clock_that_jumps_ahead_makes_deliveries_late_but_loses_none() {
    with_engine(async |world, mut engine| {
        engine.slept_until().await;
        for (name, at) in [("a", "12:00:30"), ("b", "13:00:00"), ("c", "19:00:00")] {
            world.create(name, &memo(name, &format!("at(2026-11-24T{at})"))).ok();
        }
        engine.slept_until().await;
        engine.clock.send_replace(moment("2026-11-24T18:00:00Z"));
        assert_eq!(engine.delivered().await, ["a", "b"]);
    });
}

#[test]
fn a_clock_that_is_set_back_delays_deliveries_only_by_that_much() {
    with_engine(async |world, mut engine| {
        engine.slept_until().await;
        world.create("tea", &memo("tea", "at(2026-11-24T12:00:30)")).ok();
        engine.slept_until().await;
        engine.clock.send_replace(moment("2026-11-24T11:00:30Z"));
        world.store.announce_foreign_change();
        assert_eq!(engine.slept_until().await, moment("2026-11-24T11:01:30Z"));
        engine.clock.send_replace(moment("2026-11-24T12:00:30Z"));
        assert_eq!(engine.delivered().await, ["tea"]);
    });
}
