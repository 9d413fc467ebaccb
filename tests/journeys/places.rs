//! Where memos live: beside schedules of others, far away, and on a machine whose own disk does not take part.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

#[test]
fn a_long_reading_can_be_stopped_and_goes_on_when_it_is_asked_for() {
    let mut journey = Journey::begin_with_work();
    journey.schedule_at_work(250);
    journey.work().hold_single_readings();
    journey.keys("<esc>c2");
    assert!(journey.shows("250 listed") && journey.shows("Esc stop"), "{}", journey.screen());
    journey.keys("<esc>").let_go();
    assert!(journey.shows("reading stopped") && journey.shows("Stopped reading: R reads on."), "{}", journey.screen());
    journey.pass(TimeDelta::hours(1));
    assert!(journey.shows("reading stopped"), "nobody asked for it:\n{}", journey.screen());
    journey.keys("R");
    assert!(journey.shows("250 pending") && !journey.shows("reading stopped"), "{}", journey.screen());
}

#[test]
fn schedules_of_others_are_shown_as_they_are_and_only_cancelled_when_asked_twice() {
    let mut journey = Journey::begin();
    journey.add("tea", "tomorrow", "9:00");
    journey.foreign("backup", "cron(0 3 * * ? *)").foreign("sweep", "rate(5 minutes)");
    journey.foreign("once", "at(2026-03-04T12:00:00)").stir();
    assert_snapshot!("shown", journey.screen());
    journey.keys("Ge");
    assert!(!journey.shows("Edit memo"), "what is not ours is not edited:\n{}", journey.screen());
    journey.keys("x");
    assert_snapshot!("asked", journey.screen());
    journey.keys("<esc>");
    assert_eq!(journey.scheduled(), 4);
    journey.keys("xy");
    assert_eq!(journey.scheduled(), 3);
}

#[test]
fn far_away_the_list_is_read_again_by_itself() {
    let mut far = Journey::begin_far_away();
    far.add("tea", "tomorrow", "9:00");
    let mut other = Journey::beside(&far);
    other.add("bread", "tomorrow", "10:00");
    far.pass(TimeDelta::seconds(61));
    assert!(far.shows("bread"), "{}", far.screen());
    other.keys("Gx");
    far.pass(TimeDelta::seconds(61));
    assert!(!far.line_with("Pending").is_empty() && !far.shows("bread"), "{}", far.screen());
}

#[test]
fn far_away_a_delivery_is_found_in_the_log() {
    let mut journey = Journey::begin_far_away();
    journey.add("tea", "", "10:20");
    assert!(!journey.shows("rings while open"), "{}", journey.screen());
    journey.pass(TimeDelta::minutes(4));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.bells, 1);
}

#[test]
fn far_away_what_is_gone_without_a_receipt_becomes_unconfirmed() {
    let mut journey = Journey::begin_far_away();
    journey.add("tea", "", "10:20");
    let mut other = Journey::beside(&journey);
    journey.without_engine().pass(TimeDelta::seconds(170));
    other.without_engine().keys("gx");
    journey.pass(TimeDelta::minutes(2));
    assert!(journey.line_with("tea").contains("due"), "the log may be slow:\n{}", journey.screen());
    journey.pass(TimeDelta::minutes(5));
    assert!(journey.line_with("tea").contains("unconfirmed"), "{}", journey.screen());
}

#[test]
fn far_away_what_was_read_the_last_time_is_shown_at_once_with_its_age() {
    let mut journey = Journey::begin_far_away();
    journey.add("tea", "tomorrow", "9:00").pass(TimeDelta::seconds(30));
    let mut journey = journey.crash_offline_for(TimeDelta::hours(2));
    assert!(journey.shows("tea") && journey.shows("as of 2 h ago"), "{}", journey.screen());
    assert!(journey.shows("refresh failed"), "{}", journey.screen());
    journey.mend_network().pass(TimeDelta::minutes(2));
    assert!(!journey.shows("as of"), "{}", journey.screen());
}

#[test]
fn without_a_place_for_its_state_it_says_so_and_still_reminds() {
    let mut journey = Journey::begin_without_state();
    assert!(journey.shows("state"), "{}", journey.screen());
    journey.add("tea", "", "10:20").pass(TimeDelta::minutes(4));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    journey.keys("<esc>g<enter>").add("bread", "", "10:25");
    journey.pass(TimeDelta::minutes(5));
    assert!(journey.line_with("bread").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.bells, 2, "each rings once");
    assert!(!journey.line_with("Pending").contains("tea"), "{}", journey.screen());
}

#[test]
fn a_change_that_was_begun_survives_a_crash_as_a_change() {
    let mut journey = Journey::begin();
    journey.add("tea", "tomorrow", "9:00").keys("e with Ana");
    journey.pass(TimeDelta::seconds(1));
    let mut journey = journey.crash_for(TimeDelta::minutes(1));
    assert!(journey.shows("Edit memo") && journey.shows("tea with Ana"), "{}", journey.screen());
    journey.keys("a<c-s>");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
    assert!(journey.line_with("tomorrow 09:00").contains("tea with Ana"), "{}", journey.screen());
}
