//! What a person may prefer: how times are written, where a week begins, what the screen is drawn with.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

fn with_memos() -> Journey {
    let mut journey = Journey::begin();
    journey.resize(120, 24);
    journey.add("tea", "", "10:20").add("call mum", "fri", "18:00").add("standup", "tomorrow", "9am America/New_York");
    journey.keys("<esc>g");
    journey
}

#[test]
fn whoever_is_new_is_told_how_to_begin() {
    let mut journey = Journey::begin();
    journey.resize(120, 20);
    assert_snapshot!("first_start", journey.screen());
    journey.keys("<esc>");
    assert!(journey.shows("Press a and type a memo"), "{}", journey.screen());
    journey.add("tea", "", "10:20").keys("<esc>x");
    assert!(journey.shows("for help"), "the list is empty again:\n{}", journey.screen());
    let journey = journey.quit_for(TimeDelta::hours(1));
    assert!(journey.shows("Nothing is pending."), "{}", journey.screen());
    assert!(!journey.shows("It counts down here"), "nobody is new twice:\n{}", journey.screen());
}

#[test]
fn a_day_of_twice_twelve_hours_is_one_everywhere() {
    let mut journey = with_memos();
    journey.settle("[when]\nhours = 12");
    journey.keys("j");
    assert_snapshot!("twelve_hours", journey.screen());
    journey.keys("e");
    assert_snapshot!("twelve_hours_in_the_form", journey.screen());
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
fn a_week_begins_where_the_person_has_it_begin() {
    let mut journey = with_memos();
    journey.settle("[when]\nweek_begins = \"sunday\"");
    journey.keys("3");
    assert!(journey.shows("Sun"), "{}", journey.screen());
    let names = journey.line_with("Sun");
    assert!(names.find("Sun") < names.find("Mon"), "{names}");
    // The Sunday of the week after this one, which is the one ahead.
    journey.keys("a").paste("roast next sunday");
    assert!(journey.shows("Sun 8 Mar 2026"), "{}", journey.screen());
}

#[test]
fn a_screen_of_ascii_has_no_other_sign() {
    let mut journey = with_memos();
    journey.settle("[screen]\nborders = \"ascii\"");
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
fn a_group_is_read_again_as_often_as_the_person_says() {
    let mut journey = Journey::begin_far_away();
    journey.add("tea", "tomorrow", "");
    journey.settle("refresh_seconds = 5");
    journey.keys("R");
    journey.foreign("weekly", "rate(7 days)").pass(TimeDelta::seconds(6));
    assert!(journey.shows("weekly"), "{}", journey.screen());
    journey.settle("refresh_seconds = 0");
    journey.keys("R");
    journey.foreign("daily", "rate(1 day)").pass(TimeDelta::hours(2));
    assert!(!journey.shows("daily"), "nobody asked:\n{}", journey.screen());
    journey.keys("R");
    assert!(journey.shows("daily"), "{}", journey.screen());
}
