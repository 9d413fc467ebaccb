use std::path::Path;

use super::super::{Env, Flags, resolve};
use crate::keymap::{Action, KeyContext, Keymap, ListAction, MemoAction, Motion, ProgramAction, named};

/// The keys with this text of the file, or its mistakes as text.
fn read(text: &str) -> Result<Keymap, Vec<String>> {
    let read = resolve(&Flags::default(), &Env::default(), Some((Path::new("c.toml"), text)));
    read.map(|config| config.keys).map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect())
}

fn mistakes(text: &str) -> Vec<String> {
    read(text).unwrap_err()
}

/// The keys of an action in a key context, as text.
fn keys_of(keys: &Keymap, context: KeyContext, action: impl Into<Action>) -> String {
    let action = action.into();
    keys.bound().find(|bound| (bound.binding.context, bound.binding.action) == (context, action)).unwrap().keys_text()
}

#[test]
fn without_settings_the_keys_are_the_defaults() {
    for text in ["", "[keys]", "[keys.pending]", "[keys.everywhere]\nquit = [\"q\", \"Ctrl-C\", \"Ctrl-Q\"]"] {
        assert_eq!(read(text), Ok(Keymap::default()), "{text}");
    }
}

#[test]
fn every_named_action_can_have_another_key() {
    for context in KeyContext::ALL {
        for (name, line) in named(context) {
            let keys = read(&format!("[keys.{}]\n{name} = \"F12\"", context.section())).unwrap();
            assert_eq!(keys_of(&keys, context, line.action).strip_suffix(" Ctrl-C").unwrap_or("F12"), "F12", "{name}");
            let others =
                keys.bound().filter(|bound| (bound.binding.context, bound.binding.action) != (context, line.action));
            assert!(others.into_iter().all(|bound| bound.keys == bound.binding.keys), "{name}");
        }
    }
}

#[test]
fn an_action_takes_one_key_or_several_or_none() {
    let keys = read("[keys.pending]\ncancel = \"X\"\nput-away = [\"X\", \"Ctrl-Del\", \"X\"]\nmark = []").unwrap();
    assert_eq!(keys_of(&keys, KeyContext::Pending, MemoAction::Cancel), "X");
    assert_eq!(keys_of(&keys, KeyContext::Pending, MemoAction::Done), "X Ctrl-Del");
    assert_eq!(keys_of(&keys, KeyContext::Pending, ListAction::Mark), "");
}

#[test]
fn a_line_for_one_key_context_overrides_one_for_all() {
    let keys = read("[keys]\nnext-line = [\"J\", \"Ctrl-G\"]\n[keys.history]\nnext-line = \"Down\"").unwrap();
    for (context, expected) in [
        (KeyContext::Pending, "J Ctrl-G"),
        (KeyContext::Calendar, "J Ctrl-G"),
        (KeyContext::Help, "J Ctrl-G"),
        (KeyContext::History, "↓"),
        (KeyContext::Palette, "Ctrl-G"),
    ] {
        assert_eq!(keys_of(&keys, context, Motion::Down), expected, "{context:?}");
    }
}

#[test]
fn a_line_for_all_with_characters_only_does_not_change_text_fields() {
    let keys = read("[keys]\nnext-line = \"J\"").unwrap();
    assert_eq!(keys_of(&keys, KeyContext::Pending, Motion::Down), "J");
    assert_eq!(keys_of(&keys, KeyContext::Palette, Motion::Down), "↓ Ctrl-N");
    let keys = read("[keys]\nnext-line = []").unwrap();
    assert_eq!(keys_of(&keys, KeyContext::Palette, Motion::Down), "", "an empty list removes the keys everywhere");
}

#[test]
fn quitting_keeps_ctrl_c() {
    let keys = read("[keys.everywhere]\nquit = \"Q\"").unwrap();
    assert_eq!(keys_of(&keys, KeyContext::Anywhere, ProgramAction::Quit), "Q Ctrl-C");
}

#[test]
fn all_mistakes_are_reported_with_their_places() {
    let text = r#"
[keys]
next-lien = "j"
frobnicate = "j"
help = "j"

[keys.pendign]
cancel = "x"

[keys.pending]
cancle = "x"
schedule = "x"
undo = 3
redo = ["U", true]
mark = "Entre"
sort = "Ctrl-Bakcspace"
run-now = "☃☃☃☃"
mark-all = "Ctrl-I"
copy = "Ctrl-C"

[keys.form]
schedule = "s"
empty-form = "Ctrl-Shift-X"
"#;
    assert_eq!(
        mistakes(text),
        [
            "c.toml:3:1: Unknown action “next-lien” in [keys]. Did you mean next-line?",
            "c.toml:4:1: Unknown action “frobnicate” in [keys]. The sample settings list all actions.",
            "c.toml:5:8: help must be a section, [keys.help], not a string.",
            "c.toml:7:7: Unknown section [keys.pendign]. Did you mean [keys.pending]?",
            "c.toml:11:1: Unknown action “cancle” in [keys.pending]. Did you mean cancel?",
            "c.toml:12:1: Unknown action “schedule” in [keys.pending]. It is in [keys.form].",
            "c.toml:13:8: undo must be a key in quotes, such as \"x\", or a list of keys, not a whole number.",
            "c.toml:14:14: redo must be a key in quotes, such as \"x\", or a list of keys, not a boolean.",
            "c.toml:15:8: “Entre” is not a key. Did you mean Enter?",
            "c.toml:16:8: “Ctrl-Bakcspace” is not a key. Did you mean Backspace?",
            "c.toml:17:11: “☃☃☃☃” is not a key. Write keys as the help shows them: x, Space, F5, Ctrl-S, Alt-Enter.",
            "c.toml:18:12: Terminals send the same for Ctrl-I as for Tab. Give mark-all another key.",
            "c.toml:19:8: Ctrl-C always quits tickler. Give copy another key.",
            "c.toml:22:12: In [keys.form], s types a character. Give schedule a key with Ctrl or Alt, or one that types \
             nothing.",
            "c.toml:23:14: Terminals send the same for Ctrl-Shift-X as for Ctrl-X. Give empty-form another key.",
        ]
    );
}

#[test]
fn a_key_does_one_thing_in_a_key_context() {
    assert_eq!(
        mistakes("[keys.pending]\ncopy = [\"Y\", \"e\"]"),
        ["c.toml:2:14: In [keys.pending], e is already edit, so it cannot be copy too. Give one of them another key."]
    );
    let text = "[keys.pending]\nsort = \"+\"\ncopy = \"+\"\n[keys.calendar]\nleft = \"?\"\n[keys.choice]\nback = \"3\"";
    assert_eq!(
        mistakes(text),
        [
            "c.toml:3:8: In [keys.pending], + is already sort, so it cannot be copy too. Give one of them another key.",
            "c.toml:5:8: In [keys.calendar], ? is already show-help, so it cannot be left too. Give one of them \
             another key.",
            "c.toml:7:8: In [keys.choice], 3 picks an answer. Give back another key.",
        ]
    );
    assert_eq!(
        mistakes("[keys]\nnext-line = \"a\""),
        ["c.toml:2:13: In [keys.pending], [keys.history], [keys.calendar], [keys.hours], a is already add, so it \
             cannot be next-line too. Give one of them another key."]
    );
}

#[test]
fn two_actions_may_swap_their_keys() {
    let keys = read("[keys.pending]\nedit = \"y\"\ncopy = \"e\"").unwrap();
    assert_eq!(keys_of(&keys, KeyContext::Pending, MemoAction::Copy), "e");
}

#[test]
fn there_is_always_a_way_out() {
    assert_eq!(
        mistakes("[keys.everywhere]\nquit = []\n[keys.details]\nback = []"),
        [
            "c.toml:2:1: quit needs a key: without one you could not quit tickler.",
            "c.toml:4:1: back needs a key: without one you could not go back.",
        ]
    );
}
