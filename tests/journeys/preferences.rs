//! Preferences: the format of times, the first day of the week, the borders, the refresh interval.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

fn with_memos() -> Journey {
    let mut journey = Journey::start();
    journey.resize(120, 24);
    journey.add("tea", "", "10:20").add("call mum", "fri", "18:00").add("standup", "tomorrow", "9am America/New_York");
    journey.keys("<esc>g");
    journey
}

#[test]
fn the_first_start_explains_how_to_begin() {
    let mut journey = Journey::start();
    journey.resize(120, 20);
    assert_snapshot!("first_start", journey.screen());
    journey.keys("<esc>");
    assert!(journey.shows("Press a and type a memo"), "{}", journey.screen());
    journey.add("tea", "", "10:20").keys("<esc>x");
    assert!(journey.shows("for help"), "the hint is back in an empty list:\n{}", journey.screen());
    let journey = journey.quit_and_restart(TimeDelta::hours(1));
    assert!(journey.shows("Nothing is pending."), "{}", journey.screen());
    assert!(!journey.shows("It counts down here"), "the introduction is shown once:\n{}", journey.screen());
}

#[test]
fn the_12_hour_clock_applies_everywhere() {
    let mut journey = with_memos();
    journey.change_settings("[when]\nhours = 12");
    journey.keys("j");
    assert_snapshot!("12_hours", journey.screen());
    journey.keys("e");
    assert_snapshot!("12_hours_in_the_form", journey.screen());
    journey.keys("<esc>3");
    assert!(journey.shows(" 3:00 PM  standup"), "{}", journey.screen());
    journey.keys("4");
    assert!(journey.shows("10:00 AM"), "{}", journey.screen());
    journey.keys("1gs");
    assert!(journey.shows("10:30 AM CET"), "{}", journey.screen());
    journey.keys("<esc>x");
    assert!(journey.shows("Cancelled “tea”"), "{}", journey.screen());
    journey.keys("u");
    assert!(journey.shows("for Wed 4 Mar 2026, 10:20 AM CET"), "{}", journey.screen());
}

#[test]
fn a_week_begins_on_the_chosen_day() {
    let mut journey = with_memos();
    journey.change_settings("[when]\nweek_begins = \"sunday\"");
    journey.keys("3");
    assert!(journey.shows("Sun"), "{}", journey.screen());
    let names = journey.line_with("Sun");
    assert!(names.find("Sun") < names.find("Mon"), "{names}");
    // Next week begins on Sunday 8 March.
    journey.keys("a").paste("roast next sunday");
    assert!(journey.shows("Sun 8 Mar 2026"), "{}", journey.screen());
}

#[test]
fn an_ascii_screen_has_only_ascii_characters() {
    let mut journey = with_memos();
    journey.change_settings("[screen]\nborders = \"ascii\"");
    assert_snapshot!("ascii", journey.screen());
    for keys in
        ["<space>", "?", "<esc>:", "<esc><enter>", "<esc>s", "<esc>2", "3", "4", "1/tea", "<esc>d", "a", "buy milk fri"]
    {
        journey.keys(keys);
        let screen = journey.screen();
        assert!(screen.is_ascii(), "after {keys}:\n{screen}");
    }
    journey.resize(40, 10);
    assert!(journey.screen().is_ascii(), "{}", journey.screen());
}

#[test]
fn a_remote_group_refreshes_at_the_chosen_interval() {
    let mut journey = Journey::start_remote();
    journey.add("tea", "tomorrow", "");
    journey.change_settings("refresh_seconds = 5");
    journey.keys("R");
    journey.create_foreign("weekly", "rate(7 days)").wait(TimeDelta::seconds(6));
    assert!(journey.shows("weekly"), "{}", journey.screen());
    journey.change_settings("refresh_seconds = 0");
    journey.keys("R");
    journey.create_foreign("daily", "rate(1 day)").wait(TimeDelta::hours(2));
    assert!(!journey.shows("daily"), "it refreshed by itself:\n{}", journey.screen());
    journey.keys("R");
    assert!(journey.shows("daily"), "{}", journey.screen());
}
