//! Undo and redo of what has arrived, and the sentences about them.

use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::journey::Journey;
use crate::campaign;

/// Three memos that have arrived, and one that is pending.
fn three_arrived() -> Journey {
    let mut journey = Journey::start();
    journey.add("one", "", "10:18").add("two", "", "10:19").add("three", "", "10:20").add("tea", "tomorrow", "9:00");
    journey.wait(TimeDelta::minutes(5)).keys("g");
    journey
}

fn arrived(journey: &Journey) -> Vec<&str> {
    journey.app.current().arrived.iter().map(|receipt| receipt.text.as_str()).collect()
}

#[test]
fn done_is_a_step_of_undo() {
    for key in ["<enter>", "x"] {
        let mut journey = three_arrived();
        journey.keys("j").keys(key);
        assert_eq!(arrived(&journey), ["one", "three"], "{key}");
        assert!(journey.shows("“two” is done. u undoes it."), "{}", journey.screen());
        journey.keys("u");
        assert_eq!(arrived(&journey), ["one", "two", "three"], "{key}");
        assert!(journey.shows("Undid the change: “two” is back. U redoes it."), "{}", journey.screen());
        assert!(journey.line_with("  arrived").contains("one") && journey.line_with("▌").contains("two"));
        journey.keys("U");
        assert_eq!(arrived(&journey), ["one", "three"], "{key}");
        assert!(journey.shows("Redid the change: “two” is done. u undoes it."), "{}", journey.screen());
        let journey = journey.keys_then_crash("u");
        assert_eq!(arrived(&journey), ["one", "two", "three"], "{key}: the state follows");
        assert_eq!(journey.bells, 0, "it rang before");
    }
}

#[test]
fn all_done_is_one_step_of_undo() {
    let mut journey = three_arrived();
    journey.keys("A<enter>");
    assert!(arrived(&journey).is_empty());
    assert!(journey.shows("3 memos are done. u undoes it."), "{}", journey.screen());
    journey.keys("u");
    assert_eq!(arrived(&journey), ["one", "two", "three"]);
    assert!(journey.shows("3 memos are back. U redoes it."), "{}", journey.screen());
}

#[test]
fn undoing_the_snooze_of_an_arrival_brings_the_arrival_back() {
    let mut journey = three_arrived();
    journey.keys("js2");
    assert_eq!((arrived(&journey), journey.scheduled()), (vec!["one", "three"], 2));
    assert!(journey.shows("Scheduled “two” for") && journey.shows("u undoes it."), "{}", journey.screen());
    journey.keys("u");
    assert_eq!((arrived(&journey), journey.scheduled()), (vec!["one", "two", "three"], 1), "{}", journey.screen());
    assert!(journey.shows("Undid the change: “two” is back among what has arrived."), "{}", journey.screen());
    journey.keys("U");
    assert_eq!((arrived(&journey), journey.scheduled()), (vec!["one", "three"], 2), "{}", journey.screen());
    assert!(journey.shows("Redid the change: “two” is scheduled for"), "{}", journey.screen());
    let journey = journey.keys_then_crash("u");
    assert_eq!((arrived(&journey), journey.scheduled()), (vec!["one", "two", "three"], 1), "{}", journey.screen());
}

#[test]
fn a_second_window_follows_an_undone_done() {
    let mut journey = three_arrived();
    let mut beside = Journey::second_window(&journey);
    journey.keys("x");
    beside.store_changed();
    assert_eq!(arrived(&beside), ["two", "three"]);
    journey.keys("u");
    beside.store_changed();
    assert_eq!(arrived(&beside), ["one", "two", "three"]);
    beside.keys("u");
    assert!(beside.shows("There is nothing to undo."), "each window undoes its own keys:\n{}", beside.screen());
}

#[test]
fn undo_and_redo_say_when_there_is_nothing_to_do_and_what_they_did() {
    let mut journey = Journey::start();
    journey.keys("<esc>u");
    assert!(journey.shows("There is nothing to undo."), "{}", journey.screen());
    journey.keys("U");
    assert!(journey.shows("There is nothing to redo."), "{}", journey.screen());
    journey.add("tea", "tomorrow", "9:00");
    assert!(journey.shows("Scheduled “tea” for Thu 5 Mar 2026, 09:00 CET. u undoes it."), "{}", journey.screen());
    for (key, words) in [
        ("u", "Undid the change: “tea” is cancelled. U redoes it."),
        ("U", "Redid the change: “tea” is scheduled for Thu 5 Mar 2026, 09:00 CET. u undoes it."),
        ("x", "Cancelled “tea”. u undoes it."),
        ("u", "Undid the change: “tea” is scheduled for Thu 5 Mar 2026, 09:00 CET. U redoes it."),
        ("U", "Redid the change: “tea” is cancelled. u undoes it."),
    ] {
        journey.keys(key);
        assert!(journey.shows(words), "{key}: no {words:?}\n{}", journey.screen());
    }
}

#[test]
fn a_message_about_undo_names_the_key_as_it_is_bound() {
    let mut journey = three_arrived();
    journey.change_settings("[keys.pending]\nundo = \"Ctrl-U\"\nredo = \"F2\"").keys("x");
    assert!(journey.shows("“one” is done. Ctrl-U undoes it."), "{}", journey.screen());
    journey.keys("<c-u>");
    assert!(journey.shows("“one” is back. F2 redoes it."), "{}", journey.screen());
}

#[test]
fn done_can_be_undone_in_a_read_only_context() {
    let journey = three_arrived();
    let mut journey = journey.quit_and_restart_read_only(TimeDelta::minutes(1));
    journey.keys("gx");
    assert!(journey.shows("“one” is done. u undoes it."), "{}", journey.screen());
    journey.keys("u");
    assert_eq!(arrived(&journey), ["one", "two", "three"]);
}

#[test]
fn a_dropped_change_can_be_asked_for_again() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00");
    let mut beside = Journey::second_window(&journey);
    beside.keys("gx");
    journey.keys("e with Ana<c-s>").keys("<esc>");
    assert!(journey.line_with("tea with Ana").contains("not saved"), "{}", journey.screen());
    journey.keys("x");
    assert!(journey.shows("Dropped “tea with Ana”. u undoes it."), "{}", journey.screen());
    assert!(!journey.line_with("Pending").is_empty() && journey.scheduled() == 0, "{}", journey.screen());
    journey.keys("u");
    assert!(journey.shows("tea with Ana"), "{}", journey.screen());
}

impl Journey {
    /// Presses keys, and starts again after a crash.
    fn keys_then_crash(mut self, keys: &str) -> Self {
        self.keys(keys);
        self.crash_and_restart(TimeDelta::minutes(1))
    }
}

/// What a person may press in the list.
const KEYS: [&str; 22] = [
    "x",
    "x",
    "s1",
    "s2",
    "swin 2 h<enter>",
    "<enter>",
    "A<enter>",
    "<space>",
    "*",
    "v",
    "j",
    "k",
    "g",
    "G",
    "u",
    "u",
    "U",
    "<esc>",
    "e!<c-s>",
    "anew in 3 h<c-s>",
    "D again<c-s>",
    "/t<enter>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(campaign::size(24, 500)))]

    #[test]
    fn whatever_was_pressed_can_be_undone_and_made_again(keys in vec(select(&KEYS[..]), 1..14)) {
        let journey = three_arrived();
        let mut journey = journey.quit_and_restart(TimeDelta::minutes(1));
        let before = memos(&journey);
        journey.keys("g");
        for key in &keys {
            journey.keys(key);
        }
        journey.keys("<esc><esc><esc><esc>");
        let after = memos(&journey);
        journey.keys(&"u".repeat(40));
        prop_assert_eq!(memos(&journey), before, "undone: {:?}\n{}", keys, journey.screen());
        journey.keys(&"U".repeat(40));
        let redone = memos(&journey);
        let has_undone = keys.iter().any(|key| *key == "u" || *key == "U");
        prop_assert!(has_undone || redone == after, "redone: {:?}\n{:?}\n{:?}", keys, redone, after);
        // The state follows.
        let journey = journey.crash_and_restart(TimeDelta::minutes(1));
        prop_assert_eq!(memos(&journey), redone, "restarted: {:?}", keys);
    }
}

/// What is pending and what has arrived.
fn memos(journey: &Journey) -> (Vec<String>, Vec<String>) {
    let context = journey.app.current();
    let mut pending: Vec<_> = context.list.iter().map(|row| format!("{} {:?}", row.words(), row.due())).collect();
    pending.sort();
    (pending, context.arrived.iter().map(|receipt| receipt.text.clone()).collect())
}
