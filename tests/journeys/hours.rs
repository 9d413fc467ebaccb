//! The next 24 hours: as a view, and as a strip under the list.

use insta::assert_snapshot;

use super::journey::Journey;

/// It is ten o'clock.
fn day() -> Journey {
    let mut journey = Journey::begin();
    journey.resize(120, 34);
    journey.add("tea", "", "10:20").add("call mum", "", "18:00").add("bread", "", "18:30").add("rent", "1 apr", "9:00");
    journey.keys("<esc>g");
    journey
}

#[test]
fn a_day_shows_what_falls_into_each_hour_and_leads_to_the_list() {
    let mut journey = day();
    journey.keys("4");
    assert_snapshot!("day", journey.screen());
    journey.keys("jjjjjjjj");
    assert!(journey.shows("Enter open hour"), "{}", journey.screen());
    journey.keys("<enter>x");
    assert!(journey.shows("Cancelled “call mum”"), "the first of that hour was selected:\n{}", journey.screen());
    // In an hour without any there is nothing to go to.
    journey.keys("4g");
    assert!(journey.shows("Enter open hour"), "{}", journey.screen());
    journey.keys("j<enter>");
    assert!(journey.shows("Next 24 hours") && !journey.shows("Enter open hour"), "{}", journey.screen());
}

#[test]
fn the_hours_go_on_with_the_clock() {
    let mut journey = day();
    journey.keys("4").pass(chrono::TimeDelta::minutes(70));
    let screen = journey.screen();
    let at = |clock| screen.find(clock).unwrap();
    assert!(at("11:00") < at("Tomorrow") && at("Tomorrow") < at("10:00"), "{screen}");
}

#[test]
fn what_is_selected_is_what_is_opened_also_when_the_clock_is_set_back() {
    let mut journey = day();
    journey.add("coffee", "tomorrow", "9:30").keys("<esc>4G");
    assert!(journey.shows("Enter open hour"), "{}", journey.screen());
    journey.step_clock(chrono::TimeDelta::hours(-3));
    assert!(journey.shows("06:00") && !journey.shows("Enter open hour"), "{}", journey.screen());
}

#[test]
fn the_hours_fit_on_a_small_screen() {
    let mut journey = day();
    journey.resize(40, 12).keys("4G");
    assert_snapshot!("small", journey.screen());
    journey.keys("gj");
    assert_snapshot!("small_at_the_beginning", journey.screen());
}

/// Where the strip draws this, for the n-th time.
fn in_strip(journey: &Journey, sign: char, nth: usize) -> (u16, u16) {
    let screen = journey.screen();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.matches('·').count() > 10).unwrap();
    let (column, _) = line.chars().enumerate().filter(|(_, drawn)| *drawn == sign).nth(nth).unwrap();
    (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
}

#[test]
fn a_click_in_the_strip_leads_to_what_is_due_then() {
    let mut journey = day();
    journey.keys("G");
    let (column, row) = in_strip(&journey, '▁', 1);
    journey.click(column, row).keys("x");
    assert!(journey.shows("Cancelled “call mum”"), "{}", journey.screen());
    // Where nothing is due there are the hours.
    let (column, row) = in_strip(&journey, '·', 3);
    journey.click(column, row);
    assert!(journey.shows("Next 24 hours"), "{}", journey.screen());
}
