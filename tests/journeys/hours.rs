//! The next 24 hours: a view, and a strip below the list.

use insta::assert_snapshot;

use super::journey::Journey;

/// Four memos, at a time shortly after 10:00.
fn with_memos() -> Journey {
    let mut journey = Journey::start();
    journey.resize(120, 34);
    journey.add("tea", "", "10:20").add("call mum", "", "18:00").add("bread", "", "18:30").add("rent", "1 apr", "9:00");
    journey.keys("<esc>g");
    journey
}

#[test]
fn the_hours_show_their_memos_and_open_in_the_list() {
    let mut journey = with_memos();
    journey.keys("4");
    assert_snapshot!("day", journey.screen());
    journey.keys("jjjjjjjj");
    assert!(journey.shows("Enter open hour"), "{}", journey.screen());
    journey.keys("<enter>x");
    assert!(journey.shows("Cancelled “call mum”"), "the first memo of that hour was selected:\n{}", journey.screen());
    // An hour without memos cannot be opened.
    journey.keys("4g");
    assert!(journey.shows("Enter open hour"), "{}", journey.screen());
    journey.keys("j<enter>");
    assert!(journey.shows("Next 24 hours") && !journey.shows("Enter open hour"), "{}", journey.screen());
}

#[test]
fn the_hours_advance_with_the_clock() {
    let mut journey = with_memos();
    journey.keys("4").wait(chrono::TimeDelta::minutes(70));
    let screen = journey.screen();
    let at = |clock| screen.find(clock).unwrap();
    assert!(at("11:00") < at("Tomorrow") && at("Tomorrow") < at("10:00"), "{screen}");
}

#[test]
fn the_footer_matches_the_selected_hour_after_the_clock_is_set_back() {
    let mut journey = with_memos();
    journey.add("coffee", "tomorrow", "9:30").keys("<esc>4G");
    assert!(journey.shows("Enter open hour"), "{}", journey.screen());
    journey.step_clock(chrono::TimeDelta::hours(-3));
    assert!(journey.shows("06:00") && !journey.shows("Enter open hour"), "{}", journey.screen());
}

#[test]
fn the_hours_fit_on_a_small_screen() {
    let mut journey = with_memos();
    journey.resize(40, 12).keys("4G");
    assert_snapshot!("small", journey.screen());
    journey.keys("gj");
    assert_snapshot!("small_at_the_beginning", journey.screen());
}

/// The position of the n-th such character in the strip, from 0.
fn in_strip(journey: &Journey, sign: char, nth: usize) -> (u16, u16) {
    let screen = journey.screen();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.matches('·').count() > 10).unwrap();
    let (column, _) = line.chars().enumerate().filter(|(_, drawn)| *drawn == sign).nth(nth).unwrap();
    (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
}

#[test]
fn a_click_in_the_strip_opens_the_memos_of_that_hour() {
    let mut journey = with_memos();
    journey.keys("G");
    let (column, row) = in_strip(&journey, '▁', 1);
    journey.click(column, row).keys("x");
    assert!(journey.shows("Cancelled “call mum”"), "{}", journey.screen());
    // An hour without memos opens the view.
    let (column, row) = in_strip(&journey, '·', 3);
    journey.click(column, row);
    assert!(journey.shows("Next 24 hours"), "{}", journey.screen());
}
