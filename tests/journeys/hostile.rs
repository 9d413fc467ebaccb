//! Memos that try to act on the terminal, on the screen.

use chrono::TimeDelta;

use super::journey::Journey;
use crate::commands::hostile::{assert_harmless, hostile_text};

#[track_caller]
fn assert_harmless_screen(journey: &Journey) {
    assert_harmless("the screen", &journey.screen(), &['\n']);
}

#[test]
fn no_view_shows_a_memo_raw() {
    let hostile = hostile_text();
    let mut journey = Journey::start();
    journey.paste(&hostile);
    assert_harmless_screen(&journey);
    journey.keys("<tab>tomorrow<tab>18:00<c-s>");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
    // The list, the details, the calendar, the hours; the form, which edits it; a filter; the palette; the history.
    for keys in ["", "<enter>", "<esc>", "3", "4", "1", "e", "<esc>", "/"] {
        journey.keys(keys);
        assert_harmless_screen(&journey);
    }
    journey.paste(&hostile);
    assert_harmless_screen(&journey);
    journey.keys("<esc>:");
    journey.paste(&hostile);
    assert_harmless_screen(&journey);
    journey.keys("<esc>").wait(TimeDelta::days(2));
    for keys in ["", "2", "<enter>", "<esc>"] {
        journey.keys(keys);
        assert_harmless_screen(&journey);
    }
}
