use std::collections::HashMap;

use super::super::context::KeyContext;
use super::{Action, all, named};

/// Every name that a settings file may contain. A name is never changed or removed.
const NAMES: &str = "add edit duplicate copy show-palette open snooze cancel put-away put-away-all type-filter \
    clear-filter keep-filter mark mark-range mark-all unmark sort turn-around by-day run-now undo redo refresh stop \
    next-line previous-line first-line last-line page-down page-up show-pending show-history show-calendar show-hours \
    open-hour next-view previous-view open-day left right contexts show-help back dismiss next-field previous-field \
    advance schedule next-zone previous-zone empty-form keep-words yes no answer-in-words take redraw suspend quit \
    new-line delete-back delete-forward delete-word-back delete-word-forward delete-to-start delete-to-end yank \
    undo-text redo-text character-back character-forward word-back word-forward line-start line-end line-up line-down";

#[test]
fn no_name_of_the_settings_is_lost() {
    let names: Vec<&str> = all().filter_map(|binding| binding.action.name()).collect();
    for name in NAMES.split_whitespace() {
        assert!(names.contains(&name), "{name}");
    }
}

#[test]
fn each_name_is_one_action_and_no_context() {
    let mut actions: HashMap<&str, Action> = HashMap::new();
    for binding in all() {
        let Some(name) = binding.action.name() else { continue };
        assert_eq!(*actions.entry(name).or_insert(binding.action), binding.action, "{name}");
        assert!(name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{name}");
    }
    // `[keys]` contains the names of both.
    for context in KeyContext::ALL {
        assert!(!actions.contains_key(context.section()), "{}", context.section());
    }
}

#[test]
fn each_context_is_listed_once() {
    for binding in all() {
        let listed = KeyContext::ALL.iter().filter(|context| **context == binding.context).count();
        assert_eq!(listed, 1, "{:?}", binding.context);
    }
}

#[test]
fn bindings_of_one_action_in_one_context_have_the_same_keys() {
    for binding in all() {
        let same = all().filter(|other| (other.context, other.action) == (binding.context, binding.action));
        for other in same {
            assert_eq!(other.keys, binding.keys, "{:?} in {:?}", binding.action, binding.context);
        }
    }
}

#[test]
fn every_binding_has_a_key() {
    for binding in all() {
        assert!(!binding.keys.is_empty(), "{:?} in {:?}", binding.action, binding.context);
    }
}

#[test]
fn each_view_has_keys_for_the_next_and_the_previous_view() {
    for context in [KeyContext::Pending, KeyContext::History, KeyContext::Calendar, KeyContext::Hours] {
        for name in ["next-view", "previous-view"] {
            assert!(named(context).any(|(known, _)| known == name), "{name} in {context:?}");
        }
    }
}

#[test]
fn every_list_overlay_and_document_takes_the_same_motions() {
    for context in [
        KeyContext::Pending,
        KeyContext::History,
        KeyContext::Calendar,
        KeyContext::Hours,
        KeyContext::Filter,
        KeyContext::Details,
        KeyContext::Choose,
        KeyContext::Palette,
        KeyContext::Help,
    ] {
        for name in ["next-line", "previous-line", "first-line", "last-line", "page-down", "page-up"] {
            assert!(named(context).any(|(known, _)| known == name), "{name} in {context:?}");
        }
    }
}

#[test]
fn every_key_parses_from_its_name() {
    for chord in all().flat_map(|binding| &binding.keys) {
        assert_eq!(chord.name().parse(), Ok(*chord), "{}", chord.name());
        assert_eq!(chord.spelled().parse(), Ok(*chord), "{}", chord.spelled());
        assert!(chord.spelled().is_ascii(), "{}", chord.spelled());
    }
}
