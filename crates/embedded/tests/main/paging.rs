//! Pages of a list while schedules are created and deleted.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::campaign;
use crate::world::{AT, World, schedule, with};

const GROUPS: [&str; 3] = ["default", "alpha", "zulu"];

fn world() -> World {
    let world = World::new();
    for group in &GROUPS[1..] {
        world.call("POST", &format!("/schedule-groups/{group}"), &json!({})).ok();
    }
    world
}

fn create(world: &World, (group, name): (usize, &str)) {
    world.create(name, &with(schedule(AT), "/GroupName", json!(GROUPS[group]))).ok();
}

/// The schedules of a page, as group and name, and the token of the next page.
fn page(world: &World, query: &str) -> (Vec<(usize, String)>, Option<String>) {
    let page = world.get(&format!("/schedules?{query}")).ok();
    let schedules = page["Schedules"].as_array().unwrap().iter().map(|schedule| {
        let group = GROUPS.iter().position(|group| schedule["GroupName"] == *group).unwrap();
        (group, schedule["Name"].as_str().unwrap().to_owned())
    });
    (schedules.collect(), page.get("NextToken").and_then(Value::as_str).map(str::to_owned))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(campaign::size(64, 1_000)))]

    /// A schedule that exists from the first page to the last is listed exactly once, whatever is created and deleted
    /// meanwhile, and nothing is listed twice.
    #[test]
    fn a_schedule_that_stays_is_listed_exactly_once(
        names in prop::collection::btree_set((0_usize..3, "[a-cA-C.]{1,3}"), 1..40),
        churn in prop::collection::vec((0_usize..3, "[a-cA-C.]{1,3}", any::<bool>()), 0..60),
        page_size in 1_usize..8,
        of_one_group in any::<bool>(),
    ) {
        let world = world();
        for (group, name) in &names {
            create(&world, (*group, name));
        }
        let filter = if of_one_group { "&ScheduleGroup=alpha" } else { "" };
        let mut stays: BTreeSet<_> = names.clone();
        if of_one_group {
            stays.retain(|(group, _)| *group == 1);
        }
        let mut there = names;
        let mut churn = churn.into_iter();
        let mut listed = Vec::new();
        let mut token = None;
        loop {
            let from = token.map(|token| format!("&NextToken={token}")).unwrap_or_default();
            let (schedules, next) = page(&world, &format!("MaxResults={page_size}{filter}{from}"));
            prop_assert!(schedules.len() <= page_size);
            listed.extend(schedules);
            token = match next {
                Some(next) => Some(next),
                None => break,
            };
            for (group, name, delete) in churn.by_ref().take(3) {
                let key = (group, name.clone());
                if delete && there.remove(&key) {
                    world.delete(&format!("/schedules/{name}?groupName={}", GROUPS[group])).ok();
                    stays.remove(&key);
                } else if !delete && there.insert(key) {
                    create(&world, (group, &name));
                }
            }
        }
        let distinct: BTreeSet<_> = listed.iter().cloned().collect();
        prop_assert_eq!(distinct.len(), listed.len(), "something was listed twice: {:?}", listed);
        prop_assert!(stays.is_subset(&distinct), "missing: {:?}", stays.difference(&distinct));
    }
}

#[test]
fn a_page_has_the_requested_size_and_the_last_has_no_token() {
    let world = world();
    for number in 0..101 {
        create(&world, (0, &format!("n{number:03}")));
    }
    let (schedules, token) = page(&world, "");
    assert_eq!(schedules.len(), 100);
    let (schedules, end) = page(&world, &format!("NextToken={}", token.unwrap()));
    assert_eq!((schedules, end), (vec![(0, "n100".to_owned())], None));
    let (schedules, end) = page(&world, "MaxResults=1&NamePrefix=n100");
    assert_eq!((schedules.len(), end), (1, None));
}

#[test]
fn a_position_in_one_group_is_valid_in_another() {
    let world = world();
    create(&world, (0, "m"));
    create(&world, (1, "m"));
    create(&world, (2, "a"));
    create(&world, (2, "z"));
    let (_, token) = page(&world, "MaxResults=2");
    let token = token.unwrap();
    let (schedules, _) = page(&world, &format!("ScheduleGroup=zulu&NextToken={token}"));
    assert_eq!(schedules, [(2, "a".to_owned()), (2, "z".to_owned())]);
    let (schedules, _) = page(&world, &format!("ScheduleGroup=alpha&NextToken={token}"));
    assert_eq!(schedules, []);
}

#[test]
fn groups_have_pages_too() {
    let world = world();
    let mut names = Vec::new();
    let mut query = "MaxResults=1".to_owned();
    loop {
        let page = world.get(&format!("/schedule-groups?{query}")).ok();
        let groups = page["ScheduleGroups"].as_array().unwrap();
        assert_eq!(groups.len(), 1);
        names.push(groups[0]["Name"].as_str().unwrap().to_owned());
        let Some(token) = page.get("NextToken").and_then(Value::as_str) else { break };
        query = format!("MaxResults=1&NextToken={token}");
    }
    assert_eq!(names, ["default", "alpha", "zulu"]);
    let page = world.get("/schedule-groups?NamePrefix=z").ok();
    assert_eq!(page["ScheduleGroups"].as_array().unwrap().len(), 1);
}

#[test]
fn page_sizes_and_tokens_are_checked() {
    let world = world();
    for (list, token) in [("/schedules", "616263"), ("/schedule-groups", "610a62")] {
        for (query, message) in [
            (
                "MaxResults=0",
                "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
            ),
            (
                "MaxResults=101",
                "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
            ),
            (
                "NextToken=",
                "Value '' at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1",
            ),
        ] {
            world.get(&format!("{list}?{query}")).assert_invalid(&format!("1 validation error detected: {message}"));
        }
        world.get(&format!("{list}?NextToken=made-up")).assert_invalid("Invalid NextToken.");
        world.get(&format!("{list}?NextToken={token}")).assert_invalid("Invalid NextToken.");
    }
}
