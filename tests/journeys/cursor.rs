//! The terminal's cursor stands where one types, and is hidden elsewhere.

use super::journey::Journey;

/// What stands before the cursor in its line, without the border.
fn before(journey: &Journey) -> Option<String> {
    Some(journey.before_cursor()?.trim_start_matches(['│', '╭', ' ', '─', '›']).to_owned())
}

#[test]
fn it_stands_in_the_field_that_is_typed_into() {
    let mut journey = Journey::start();
    for (typed, expected) in [
        ("", "Memo  "),
        ("call mum", "Memo  call mum"),
        ("<left><left>", "Memo  call m"),
        ("<tab>fri", "Date  fri"),
        ("<tab>18:00", "Time  18:00"),
        ("<tab>", "Zone  Europe/Paris"),
        ("<left><left>", "Zone  Europe/Par"),
    ] {
        journey.keys(typed);
        assert_eq!(before(&journey).as_deref(), Some(expected), "{}", journey.screen());
    }
    journey.keys("<esc>");
    assert_eq!(before(&journey), None, "{}", journey.screen());
}

#[test]
fn wide_characters_lines_and_control_characters_move_it() {
    let mut journey = Journey::start();
    // A wide character takes two cells, and the test's buffer has a space for the second.
    journey.paste("日本\nzoë 👨‍👩‍👧!");
    assert_eq!(before(&journey).as_deref(), Some("zoë 👨‍👩‍👧 !"), "{}", journey.screen());
    let column = journey.before_cursor().unwrap().chars().count();
    journey.paste("\u{7}\u{1}");
    assert_eq!(journey.before_cursor().unwrap().chars().count(), column, "they take no cell");
    journey.keys("<left>");
    assert!(journey.before_cursor().is_some(), "it is seen on one");
    journey.keys("<home>");
    assert_eq!(before(&journey).as_deref(), Some(""), "{}", journey.screen());
}

#[test]
fn it_stays_within_a_field_that_scrolls_or_wraps() {
    let mut journey = Journey::start();
    journey.paste(&"word ".repeat(60));
    let memo = before(&journey);
    assert!(memo.is_some_and(|before| before.len() < 40 && before.starts_with("word")), "{}", journey.screen());
    journey.keys("<tab>").paste(&"x".repeat(100));
    let end = journey.before_cursor().unwrap();
    assert!(end.chars().count() < 46 && end.ends_with('x'), "{end:?}\n{}", journey.screen());
}

#[test]
fn it_stands_in_the_filter_the_palette_and_a_typed_answer() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00").keys("<esc>/te");
    assert!(journey.before_cursor().is_some_and(|before| before.ends_with("Pending  /te")), "{}", journey.screen());
    journey.keys("<esc><esc>2/x");
    assert!(journey.before_cursor().is_some_and(|before| before.ends_with("History  /x")), "{}", journey.screen());
    journey.keys("<esc><esc>1:und");
    assert_eq!(before(&journey).as_deref(), Some("Commands  :und"), "{}", journey.screen());
    journey.keys("<esc>s");
    assert_eq!(before(&journey), None, "{}", journey.screen());
    journey.keys("win 2 h");
    assert!(journey.app.modal.is_some(), "{}", journey.screen());
    assert!(before(&journey).is_some_and(|before| before.ends_with("› in 2 h")), "{}", journey.screen());
}

#[test]
fn a_question_over_the_form_hides_it() {
    let mut journey = Journey::start();
    journey.keys("night shift 25 oct 2:30<c-s>");
    assert!(journey.app.modal.is_some(), "{}", journey.screen());
    assert_eq!(journey.before_cursor(), None, "{}", journey.screen());
}
