//! Foreign schedules, a context in AWS, a long read, and a machine without a state directory.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

#[test]
fn a_long_read_can_be_stopped_and_resumed() {
    let mut journey = Journey::start_with_work();
    journey.schedule_in_work(250);
    journey.work().hold_single_reads();
    journey.keys("<esc>c2");
    assert!(journey.shows("250 listed") && journey.shows("Esc stop"), "{}", journey.screen());
    journey.keys("<esc>").release_requests();
    assert!(journey.shows("reading stopped") && journey.shows("Stopped reading. R continues."), "{}", journey.screen());
    journey.wait(TimeDelta::hours(1));
    assert!(journey.shows("reading stopped"), "it resumed by itself:\n{}", journey.screen());
    journey.keys("R");
    assert!(journey.shows("250 pending") && !journey.shows("reading stopped"), "{}", journey.screen());
}

#[test]
fn a_foreign_schedule_is_listed_and_cancelled_only_after_a_question() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00");
    journey.create_foreign("backup", "cron(0 3 * * ? *)").create_foreign("sweep", "rate(5 minutes)");
    journey.create_foreign("once", "at(2026-03-04T12:00:00)").store_changed();
    assert_snapshot!("foreign_schedules", journey.screen());
    journey.keys("Ge");
    assert!(!journey.shows("Edit memo"), "a foreign schedule cannot be edited:\n{}", journey.screen());
    journey.keys("x");
    assert_snapshot!("foreign_cancel_question", journey.screen());
    journey.keys("<esc>");
    assert_eq!(journey.scheduled(), 4);
    journey.keys("xy");
    assert_eq!(journey.scheduled(), 4, "no letter is an answer");
    journey.keys("<enter>");
    assert_eq!(journey.scheduled(), 3);
}

#[test]
fn a_remote_list_refreshes_itself() {
    let mut journey = Journey::start_remote();
    journey.add("tea", "tomorrow", "9:00");
    let mut other = Journey::second_window(&journey);
    other.add("bread", "tomorrow", "10:00");
    journey.wait(TimeDelta::seconds(61));
    assert!(journey.shows("bread"), "{}", journey.screen());
    other.keys("Gx");
    journey.wait(TimeDelta::seconds(61));
    assert!(!journey.line_with("Pending").is_empty() && !journey.shows("bread"), "{}", journey.screen());
}

#[test]
fn a_remote_delivery_is_found_in_the_log() {
    let mut journey = Journey::start_remote();
    journey.add("tea", "", "10:20");
    assert!(!journey.shows("rings while open"), "{}", journey.screen());
    journey.wait(TimeDelta::minutes(4));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.bells, 1);
}

#[test]
fn a_remote_memo_without_a_receipt_becomes_unconfirmed() {
    let mut journey = Journey::start_remote();
    journey.add("tea", "", "10:20");
    let mut other = Journey::second_window(&journey);
    journey.stop_engine().wait(TimeDelta::seconds(170));
    other.stop_engine().keys("gx");
    journey.wait(TimeDelta::minutes(2));
    assert!(journey.line_with("tea").contains("due"), "the log may lag:\n{}", journey.screen());
    journey.wait(TimeDelta::minutes(5));
    assert!(journey.line_with("tea").contains("unconfirmed"), "{}", journey.screen());
}

#[test]
fn the_remote_list_of_the_last_run_is_shown_at_once_with_its_age() {
    let mut journey = Journey::start_remote();
    journey.add("tea", "tomorrow", "9:00").wait(TimeDelta::seconds(30));
    let mut journey = journey.crash_and_restart_offline(TimeDelta::hours(2));
    assert!(journey.shows("tea") && journey.shows("as of 2 h ago"), "{}", journey.screen());
    assert!(journey.shows("refresh failed"), "{}", journey.screen());
    journey.restore_network().wait(TimeDelta::minutes(2));
    assert!(!journey.shows("as of"), "{}", journey.screen());
}

#[test]
fn without_a_state_directory_tickler_warns_and_still_delivers() {
    let mut journey = Journey::start_without_state();
    assert!(journey.shows("state"), "{}", journey.screen());
    journey.add("tea", "", "10:20").wait(TimeDelta::minutes(4));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    journey.keys("<esc>g<enter>").add("bread", "", "10:25");
    journey.wait(TimeDelta::minutes(5));
    assert!(journey.line_with("bread").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.bells, 2, "each memo rings once");
    assert!(!journey.line_with("Pending").contains("tea"), "{}", journey.screen());
}

#[test]
fn an_unfinished_edit_survives_a_crash_as_an_edit() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00").keys("e with Ana");
    journey.wait(TimeDelta::seconds(1));
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(1));
    assert!(journey.shows("Edit memo") && journey.shows("tea with Ana"), "{}", journey.screen());
    journey.keys("e<c-s>");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
    assert!(journey.line_with("tomorrow 09:00").contains("tea with Ana"), "{}", journey.screen());
}
