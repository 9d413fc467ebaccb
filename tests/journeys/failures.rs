//! Failures: no network, a crash, another window with the same memos. No memo is lost or duplicated without a notice.

use chrono::TimeDelta;
use insta::assert_snapshot;
use tickler::app::{App, Msg, SystemEvent};
use tickler::failure::{Failure, FailureKind};

use super::journey::Journey;

#[test]
fn a_memo_added_offline_is_kept_and_sent_when_the_network_returns() {
    let mut journey = Journey::start();
    journey.cut_network().add("tea", "", "10:40");
    assert_snapshot!(journey.screen());
    journey.wait(TimeDelta::minutes(2));
    assert_eq!(journey.scheduled(), 0);
    journey.restore_network().wait(TimeDelta::minutes(2));
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.line_with("tea").contains("in 19 min"), "{}", journey.screen());
    journey.wait(TimeDelta::minutes(20));
    assert_eq!(journey.delivered(), ["tea"]);
}

#[test]
fn a_memo_added_offline_survives_a_crash_and_is_sent_at_the_next_start() {
    let mut journey = Journey::start();
    journey.cut_network().add("tea", "", "11:40");
    journey.restore_network();
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(30));
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.shows("from last time"), "{}", journey.screen());
    journey.wait(TimeDelta::hours(1));
    assert_eq!(journey.delivered(), ["tea"]);
    let journey = journey.crash_and_restart(TimeDelta::minutes(30));
    assert!(!journey.shows("from last time"), "a confirmed change is not sent again:\n{}", journey.screen());
}

#[test]
fn a_lost_response_neither_loses_nor_duplicates_the_memo() {
    let mut journey = Journey::start();
    journey.add("bread", "tomorrow", "").lose_responses().add("tea", "", "10:40");
    assert_eq!(journey.scheduled(), 2, "the request arrived");
    assert!(journey.line_with("tea").contains("not sent yet"), "{}", journey.screen());
    journey.restore_network().wait(TimeDelta::minutes(2));
    assert!(journey.line_with("tea").contains("in 21 min"), "{}", journey.screen());
    journey.wait(TimeDelta::minutes(30));
    assert_eq!(journey.delivered(), ["tea"]);
}

#[test]
fn a_receipt_settles_a_lost_response_after_the_due_time() {
    let mut journey = Journey::start();
    journey.add("bread", "tomorrow", "").lose_responses().add("tea", "", "10:20");
    journey.restore_network();
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(30));
    assert!(journey.line_with("tea").contains("10:20"), "{}", journey.screen());
    assert!(!journey.shows("unconfirmed "), "{}", journey.screen());
    assert_eq!(journey.delivered(), ["tea"]);
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(30));
    assert_eq!(journey.delivered(), ["tea"], "it is delivered once");
}

#[test]
fn an_unsent_memo_past_due_is_unconfirmed_and_not_sent() {
    let mut journey = Journey::start();
    journey.cut_network().add("tea", "", "10:20");
    journey.restore_network();
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(30));
    assert_snapshot!(journey.screen());
    assert!(journey.delivered().is_empty());
    journey.keys("gs1");
    assert!(journey.line_with("tea").contains("in 10 min"), "{}", journey.screen());
    journey.wait(TimeDelta::minutes(11));
    assert_eq!(journey.delivered(), ["tea"]);
}

#[test]
fn an_unconfirmed_memo_can_be_dropped() {
    let mut journey = Journey::start();
    journey.cut_network().add("tea", "", "10:20");
    journey.restore_network();
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(30));
    journey.keys("gx");
    assert!(!journey.line_with("╭").contains("tea"));
    let journey = journey.crash_and_restart(TimeDelta::minutes(1));
    assert!(!journey.shows("tea"), "{}", journey.screen());
}

#[test]
fn an_unsent_memo_becomes_unconfirmed_at_its_due_time() {
    let mut journey = Journey::start();
    journey.cut_network().add("tea", "", "10:20").wait(TimeDelta::minutes(5));
    assert!(journey.line_with("tea").contains("unconfirmed"), "{}", journey.screen());
    journey.restore_network().wait(TimeDelta::minutes(5));
    assert!(journey.delivered().is_empty(), "it is not sent late");
    assert!(journey.line_with("tea").contains("unconfirmed"), "{}", journey.screen());
}

#[test]
fn a_failed_cancel_is_retried() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:40").cut_network().keys("x");
    assert!(journey.line_with("tea").contains("cancelling"), "{}", journey.screen());
    journey.restore_network().wait(TimeDelta::minutes(2));
    assert_eq!(journey.scheduled(), 0);
    assert!(!journey.line_with("Pending").contains("tea"));
    journey.wait(TimeDelta::hours(1));
    assert!(journey.delivered().is_empty());
}

#[test]
fn an_unsent_memo_can_be_cancelled() {
    let mut journey = Journey::start();
    journey.cut_network().add("tea", "", "10:40").keys("x").restore_network();
    journey.wait(TimeDelta::minutes(2));
    assert_eq!(journey.scheduled(), 0, "{}", journey.screen());
    let journey = journey.crash_and_restart(TimeDelta::minutes(1));
    assert!(!journey.shows("tea"), "{}", journey.screen());
}

#[test]
fn keys_are_never_lost_or_late_while_the_network_hangs() {
    let mut journey = Journey::start();
    journey.cut_network().add("one", "", "11:00").add("two", "", "11:10").keys("athree<tab>tomorrow");
    assert!(journey.shows("three") && journey.line_with("Date").contains("tomorrow"), "{}", journey.screen());
}

#[test]
fn two_windows_show_the_same_memos_and_each_delivery_happens_once() {
    let mut one = Journey::start();
    let mut two = Journey::second_window(&one);
    one.add("tea", "", "10:20");
    two.store_changed();
    assert!(two.line_with("tea").contains("in 3 min"), "{}", two.screen());
    one.wait(TimeDelta::minutes(3));
    two.wait(TimeDelta::zero());
    two.store_changed();
    assert!(two.line_with("tea").contains("arrived"), "{}", two.screen());
    assert_eq!(one.delivered(), ["tea"]);
    assert_eq!(two.delivered(), ["tea"]);
}

#[test]
fn only_one_of_two_windows_sends_the_changes_of_an_earlier_run() {
    let mut first = Journey::start();
    first.cut_network().add("tea", "", "11:40");
    first.restore_network();
    let two = first.crash_and_restart(TimeDelta::minutes(1));
    let three = Journey::second_window(&two);
    assert!(two.shows("from last time"), "{}", two.screen());
    assert!(!three.shows("from last time"), "{}", three.screen());
    assert_eq!(three.scheduled(), 1);
}

#[test]
fn a_memo_cancelled_in_another_window_disappears() {
    let mut one = Journey::start();
    one.add("tea", "", "10:40").add("bread", "", "10:50");
    let mut two = Journey::second_window(&one);
    one.keys("gx");
    two.store_changed();
    assert!(!two.shows("tea") && two.shows("bread"), "{}", two.screen());
}

#[test]
fn cancelling_a_memo_that_is_gone_shows_a_notice() {
    let mut one = Journey::start();
    one.add("tea", "", "10:40");
    let mut two = Journey::second_window(&one);
    one.keys("x");
    two.keys("gx");
    assert!(two.shows("already gone"), "{}", two.screen());
}

#[test]
fn a_memo_edited_in_two_windows_is_not_overwritten() {
    let mut one = Journey::start();
    one.add("tea", "tomorrow", "9:00");
    let mut two = Journey::second_window(&one);
    one.keys("e with Ana<c-s>");
    two.keys("ge with Bob<c-s>");
    assert!(two.shows("It says “tea with") && two.shows("was changed elsewhere meanwhile"), "{}", two.screen());
    assert!(two.line_with("Memo").contains("tea with Bob"), "the text is back in the form:\n{}", two.screen());
    two.keys("<c-s>");
    assert!(two.line_with("tomorrow 09:00").contains("tea with Bob"), "{}", two.screen());
    assert_eq!(two.scheduled(), 1);
}

#[test]
fn an_unsent_edit_can_be_edited_again() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00").cut_network().keys("e with Ana<c-s>");
    assert!(journey.line_with("tea with Ana").contains("not sent yet"), "{}", journey.screen());
    journey.keys("e and Bob<c-s>").restore_network().wait(TimeDelta::minutes(2));
    assert!(journey.line_with("tea with Ana and Bob").contains("tomorrow"), "{}", journey.screen());
    assert!(!journey.shows("changed elsewhere"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn quitting_reports_unsent_changes_and_memos_that_will_not_ring() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:40").cut_network().add("bread", "", "10:50");
    let summary = tickler::runtime::exit_summary(&journey.app, super::journey::morning());
    assert_snapshot!(summary.join("\n"));
}

#[test]
fn the_help_shows_the_keys_of_its_key_context() {
    let mut journey = Journey::start();
    journey.resize(100, 40).add("tea", "tomorrow", "9:00").keys("?");
    assert_snapshot!(journey.screen());
    journey.keys("<esc>");
    assert!(!journey.shows("Keys"), "{}", journey.screen());
}

#[test]
fn settings_errors_have_an_empty_line_between_them() {
    let mut journey = Journey::start();
    journey.app = App::new(1, when::Tz::Europe__Paris, (80, 24));
    journey.resize(80, 24);
    let error = |what: &str| Failure::new(FailureKind::Settings, what, "");
    let errors = vec![error("“drak” is not a theme."), error("“Pariis” is not a time zone.")];
    journey.send(Msg::System(SystemEvent::NotConnected(None, errors)));
    let screen = journey.screen();
    let row = |words: &str| screen.lines().position(|line| line.contains(words));
    assert_eq!(row("Pariis"), row("drak").map(|row| row + 2), "{screen}");
}
