use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::{Action, Chord, KeyContext, all};
use super::{Clash, Keymap};
use crate::app::App;

fn chord(written: &str) -> Chord {
    written.parse().unwrap()
}

fn app_with(keys: Keymap) -> App {
    let mut app = App::new(1, when::Tz::Europe__Paris, (80, 24));
    app.settings.keys = keys;
    app
}

fn pressed(app: &App, code: KeyCode, modifiers: KeyModifiers) -> Option<Action> {
    app.settings.keys.action(app, &KeyEvent::new(code, modifiers))
}

#[test]
fn the_table_gives_no_key_two_things_to_do() {
    assert_eq!(Keymap::default().clashes(), []);
}

#[test]
fn what_can_be_done_only_by_a_key_has_one() {
    for bound in Keymap::default().bound() {
        assert!(!bound.keys.is_empty(), "{:?} in {:?}", bound.line.action, bound.line.context);
    }
}

#[test]
fn another_key_is_the_only_one() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, Action::Filter, vec![chord("f"), chord("F3")]);
    let app = app_with(keys);
    assert_eq!(pressed(&app, KeyCode::Char('f'), KeyModifiers::NONE), Some(Action::Filter));
    assert_eq!(pressed(&app, KeyCode::F(3), KeyModifiers::NONE), Some(Action::Filter));
    assert_eq!(pressed(&app, KeyCode::Char('/'), KeyModifiers::NONE), None);
    assert_eq!(app.settings.keys.key(KeyContext::Pending, Action::Filter), "f");
    assert_eq!(app.settings.keys.key(KeyContext::History, Action::Filter), "/", "each place has its own");
}

#[test]
fn both_lines_of_an_action_take_the_keys() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, Action::Open, vec![chord("l")]);
    for bound in
        keys.bound().filter(|bound| (bound.line.context, bound.line.action) == (KeyContext::Pending, Action::Open))
    {
        assert_eq!(bound.keys, [chord("l")]);
    }
}

#[test]
fn ctrl_c_always_ends() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Anywhere, Action::Quit, vec![chord("Q")]);
    let app = app_with(keys);
    assert_eq!(pressed(&app, KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Action::Quit));
    assert_eq!(pressed(&app, KeyCode::Char('Q'), KeyModifiers::NONE), Some(Action::Quit));
    assert_eq!(pressed(&app, KeyCode::Char('q'), KeyModifiers::NONE), None);
    assert_eq!(pressed(&app, KeyCode::Char('q'), KeyModifiers::CONTROL), None);
}

#[test]
fn where_text_is_typed_the_key_that_is_told_of_is_no_text() {
    let keys = Keymap::default();
    assert_eq!(keys.key(KeyContext::Pending, Action::Help), "?");
    assert_eq!(keys.key(KeyContext::Form, Action::Help), "F1");
}

#[test]
fn what_has_no_key_is_told_of_by_its_name() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, Action::Undo, Vec::new());
    keys.set(KeyContext::Pending, Action::Refresh, Vec::new());
    assert_eq!(keys.chord(KeyContext::Pending, Action::Undo), None);
    assert_eq!(keys.key(KeyContext::Pending, Action::Undo), "“undo”");
    assert_eq!(keys.key(KeyContext::Pending, Action::Refresh), "“read everything again”");
}

#[test]
fn a_key_with_two_things_to_do_is_found_also_where_one_of_them_is_everywhere() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, Action::Copy, vec![chord("e")]);
    keys.set(KeyContext::Calendar, Action::Left, vec![chord("?")]);
    let clash = |written, one, other| Clash { chord: chord(written), between: [one, other] };
    assert_eq!(
        keys.clashes(),
        [
            clash("e", (KeyContext::Pending, Action::Change), (KeyContext::Pending, Action::Copy)),
            clash("?", (KeyContext::Calendar, Action::Left), (KeyContext::Anywhere, Action::Help)),
        ]
    );
}

#[test]
fn what_shares_a_key_in_the_table_may_share_another() {
    let mut keys = Keymap::default();
    keys.set(KeyContext::Pending, Action::Cancel, vec![chord("X")]);
    keys.set(KeyContext::Pending, Action::PutAway, vec![chord("X")]);
    assert_eq!(keys.clashes(), []);
}

#[test]
fn each_view_turns_to_the_next_one() {
    for context in [KeyContext::Pending, KeyContext::History, KeyContext::Calendar] {
        for action in [Action::NextView, Action::PreviousView] {
            assert!(all().any(|line| (line.context, line.action) == (context, action)), "{context:?}");
        }
    }
}
