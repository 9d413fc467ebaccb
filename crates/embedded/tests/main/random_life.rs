//! Random changes, firings and reopenings of a store while the clock jumps both ways, compared with a small model.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::campaign;
use crate::world::{START, World, memo, moment, with};

#[derive(Debug, Clone)]
enum Step {
    Create(u8, Spec),
    Update(u8, Spec),
    Delete(u8),
    /// The clock moves by this many seconds, and the engine fires.
    Fire(i64),
    Reopen,
}

/// What matters of a schedule for firing.
#[derive(Debug, Clone, Copy)]
struct Spec {
    /// Seconds after [`START`].
    due: i64,
    enabled: bool,
    deleted_after: bool,
    /// Part of the text, to tell an old version from a new one.
    version: u16,
}

impl Spec {
    fn due(self) -> DateTime<Utc> {
        moment(START) + TimeDelta::seconds(self.due)
    }

    fn text(self, name: u8) -> String {
        format!("{name}/{}", self.version)
    }

    fn body(self, name: u8) -> Value {
        let body = memo(&self.text(name), &format!("at({})", self.due().format("%Y-%m-%dT%H:%M:%S")));
        let body = with(body, "/State", json!(if self.enabled { "ENABLED" } else { "DISABLED" }));
        with(body, "/ActionAfterCompletion", json!(if self.deleted_after { "DELETE" } else { "NONE" }))
    }
}

fn spec() -> impl Strategy<Value = Spec> {
    (-50_i64..200, prop::bool::weighted(0.8), any::<bool>(), any::<u16>())
        .prop_map(|(due, enabled, deleted_after, version)| Spec { due, enabled, deleted_after, version })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u8..6, spec()).prop_map(|(name, spec)| Step::Create(name, spec)),
        2 => (0_u8..6, spec()).prop_map(|(name, spec)| Step::Update(name, spec)),
        1 => (0_u8..6).prop_map(Step::Delete),
        4 => (-20_i64..60).prop_map(Step::Fire),
        1 => Just(Step::Reopen),
    ]
}

/// The schedules, and whether each is still to fire.
#[derive(Default)]
struct Model {
    schedules: BTreeMap<u8, (Spec, bool)>,
}

impl Model {
    /// What fires at `now`, in the order of the due times.
    fn fire(&mut self, now: DateTime<Utc>) -> Vec<String> {
        let mut due: Vec<_> = self
            .schedules
            .iter()
            .filter(|(_, (spec, pending))| *pending && spec.enabled && spec.due() <= now)
            .map(|(name, (spec, _))| (spec.due(), *name, *spec))
            .collect();
        due.sort_by_key(|(due, name, _)| (*due, *name));
        for (_, name, spec) in &due {
            if spec.deleted_after {
                self.schedules.remove(name);
            } else {
                self.schedules.insert(*name, (*spec, false));
            }
        }
        due.into_iter().map(|(_, name, spec)| spec.text(name)).collect()
    }

    fn next(&self) -> Option<DateTime<Utc>> {
        let pending = self.schedules.values().filter(|(spec, pending)| *pending && spec.enabled);
        pending.map(|(spec, _)| spec.due()).min()
    }
}

fn open(path: &Path, now: DateTime<Utc>) -> World {
    let world = World::at(path);
    world.set_clock(now);
    // Only to be faster.
    world.store.forgo_syncing().unwrap();
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(campaign::size(96, 1_000)))]

    #[test]
    fn the_engine_delivers_what_the_model_does(steps in prop::collection::vec(step(), 1..60)) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("schedules.db");
        let mut world = open(&path, moment(START));
        let mut model = Model::default();
        let mut delivered = Vec::new();
        for step in steps {
            match step {
                Step::Create(name, spec) => {
                    let expected = if model.schedules.contains_key(&name) { 409 } else { 200 };
                    prop_assert_eq!(world.create(&name.to_string(), &spec.body(name)).status, expected);
                    model.schedules.entry(name).or_insert((spec, true));
                }
                Step::Update(name, spec) => {
                    let updated = world.call("PUT", &format!("/schedules/{name}"), &spec.body(name)).status;
                    let there = model.schedules.get_mut(&name);
                    prop_assert_eq!(updated, if there.is_some() { 200 } else { 404 });
                    if let Some(there) = there {
                        *there = (spec, true);
                    }
                }
                Step::Delete(name) => {
                    let expected = if model.schedules.remove(&name).is_some() { 200 } else { 404 };
                    prop_assert_eq!(world.delete(&format!("/schedules/{name}")).status, expected);
                }
                Step::Fire(seconds) => {
                    world.advance(TimeDelta::seconds(seconds));
                    let fired = world.fire();
                    let memos: Vec<_> = fired.deliveries.iter().map(|d| d.log.memo.clone().unwrap()).collect();
                    prop_assert_eq!(&memos, &model.fire(world.now()));
                    prop_assert_eq!(fired.next, model.next());
                    delivered.extend(memos);
                }
                Step::Reopen => {
                    let now = world.now();
                    drop(world);
                    world = open(&path, now);
                }
            }
        }
        let mut log: Vec<_> = world.log().iter().map(|line| line["memo"].as_str().unwrap().to_owned()).collect();
        // The log is in the order of the clock, which was set back meanwhile.
        log.sort();
        delivered.sort();
        prop_assert_eq!(log, delivered);
        let listed = world.get("/schedules").ok();
        let names: Vec<_> = listed["Schedules"].as_array().unwrap().iter().map(|s| s["Name"].as_str().unwrap()).collect();
        let expected: Vec<_> = model.schedules.keys().map(u8::to_string).collect();
        prop_assert_eq!(names, expected);
    }
}
