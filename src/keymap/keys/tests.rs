use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::chord::Chord;
use super::super::condition::{KeyState, When};
use super::super::context::KeyContext;
use super::super::table::{Action, ListAction, MemoAction, Motion, ProgramAction};
use super::{Clash, Keymap};

/// A state in which everything is available.
struct State(KeyContext);

impl KeyState for State {
    fn key_context(&self) -> KeyContext {
        self.0
    }

    fn holds(&self, _: When) -> bool {
        true
    }

    fn is_read_only(&self) -> bool {
        false
    }
}

fn chord(written: &str) -> Chord {
    written.parse().unwrap()
}

fn pressed(keys: &Keymap, context: KeyContext, code: KeyCode, modifiers: KeyModifiers) -> Option<Action> {
    keys.action(&State(context), &KeyEvent::new(code, modifiers))
}

#[test]
fn the_table_has_no_clashes() {
    assert_eq!(Keymap::default().clashes(), []);
}

#[test]
fn a_plain_character_is_text_where_text_is_typed() {
    let keys = Keymap::default();
    let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
    for (modifiers, context, expected) in [
        (KeyModifiers::NONE, KeyContext::Form, Some(Action::Insert('q'))),
        (alt_gr, KeyContext::Form, Some(Action::Insert('q'))),
        (KeyModifiers::NONE, KeyContext::Palette, Some(Action::Insert('q'))),
        (KeyModifiers::CONTROL, KeyContext::Form, Some(ProgramAction::Quit.into())),
        (KeyModifiers::NONE, KeyContext::Pending, Some(ProgramAction::Quit.into())),
        (alt_gr, KeyContext::Pending, None),
    ] {
        assert_eq!(pressed(&keys, context, KeyCode::Char('q'), modifiers), expected, "{modifiers:?} in {context:?}");
    }
}

#[test]
fn a_digit_is_the_answer_with_that_number() {
    let digit = |c| pressed(&Keymap::default(), KeyContext::Choose, KeyCode::Char(c), KeyModifiers::NONE);
    assert_eq!(['0', '1', '9'].map(digit), [None, Some(Action::Pick(0)), Some(Action::Pick(8))]);
}

#[test]
fn new_keys_replace_the_default_ones() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, ListAction::Filter, vec![chord("f"), chord("F3")]);
    assert_eq!(
        pressed(&keys, KeyContext::Pending, KeyCode::Char('f'), KeyModifiers::NONE),
        Some(ListAction::Filter.into())
    );
    assert_eq!(pressed(&keys, KeyContext::Pending, KeyCode::F(3), KeyModifiers::NONE), Some(ListAction::Filter.into()));
    assert_eq!(pressed(&keys, KeyContext::Pending, KeyCode::Char('/'), KeyModifiers::NONE), None);
    assert_eq!(keys.key(KeyContext::Pending, ListAction::Filter), "f");
    assert_eq!(keys.key(KeyContext::History, ListAction::Filter), "/", "each context has its own");
}

#[test]
fn both_bindings_of_an_action_take_the_keys() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, MemoAction::Open, vec![chord("l")]);
    for bound in keys
        .bound()
        .filter(|bound| (bound.binding.context, bound.binding.action) == (KeyContext::Pending, MemoAction::Open.into()))
    {
        assert_eq!(bound.keys, [chord("l")]);
    }
}

#[test]
fn ctrl_c_always_quits() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Anywhere, ProgramAction::Quit, vec![chord("Q")]);
    assert_eq!(
        pressed(&keys, KeyContext::Pending, KeyCode::Char('c'), KeyModifiers::CONTROL),
        Some(ProgramAction::Quit.into())
    );
    assert_eq!(
        pressed(&keys, KeyContext::Pending, KeyCode::Char('Q'), KeyModifiers::NONE),
        Some(ProgramAction::Quit.into())
    );
    assert_eq!(pressed(&keys, KeyContext::Pending, KeyCode::Char('q'), KeyModifiers::NONE), None);
    assert_eq!(pressed(&keys, KeyContext::Pending, KeyCode::Char('q'), KeyModifiers::CONTROL), None);
}

#[test]
fn a_sentence_in_the_form_names_a_key_that_is_not_text() {
    let keys = Keymap::default();
    assert_eq!(keys.key(KeyContext::Pending, ProgramAction::Help), "?");
    assert_eq!(keys.key(KeyContext::Form, ProgramAction::Help), "F1");
}

#[test]
fn an_action_without_a_key_is_called_by_its_label() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, MemoAction::Undo, Vec::new());
    keys.set(KeyContext::Pending, ProgramAction::Refresh, Vec::new());
    assert_eq!(keys.chord(KeyContext::Pending, MemoAction::Undo), None);
    assert_eq!(keys.key(KeyContext::Pending, MemoAction::Undo), "“undo”");
    assert_eq!(keys.key(KeyContext::Pending, ProgramAction::Refresh), "“refresh”");
}

#[test]
fn a_clash_with_a_key_of_every_context_is_found() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, MemoAction::Copy, vec![chord("e")]);
    keys.set(KeyContext::Calendar, Motion::Left, vec![chord("?")]);
    let clash = |written, one, other| Clash { chord: chord(written), between: [one, other] };
    assert_eq!(
        keys.clashes(),
        [
            clash("e", (KeyContext::Pending, MemoAction::Edit.into()), (KeyContext::Pending, MemoAction::Copy.into())),
            clash("?", (KeyContext::Calendar, Motion::Left.into()), (KeyContext::Anywhere, ProgramAction::Help.into())),
        ]
    );
}

#[test]
fn actions_that_share_a_key_in_the_table_may_share_another() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, MemoAction::Cancel, vec![chord("X")]);
    keys.set(KeyContext::Pending, MemoAction::Done, vec![chord("X")]);
    assert_eq!(keys.clashes(), []);
}
