//! What goes wrong: the network, the power, other hands on the same memos. Nothing is lost or doubled without a word.

use chrono::TimeDelta;
use insta::assert_snapshot;
use tickler::app::{App, Msg, SystemEvent};
use tickler::failure::{Failure, FailureKind};

use super::journey::Journey;

#[test]
fn a_memo_written_offline_is_kept_and_sent_when_the_network_is_back() {
    let mut journey = Journey::begin();
    journey.cut_network().add("tea", "", "10:40");
    assert_snapshot!(journey.screen());
    journey.pass(TimeDelta::minutes(2));
    assert_eq!(journey.scheduled(), 0);
    journey.mend_network().pass(TimeDelta::minutes(2));
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.line_with("tea").contains("in 19 min"), "{}", journey.screen());
    journey.pass(TimeDelta::minutes(20));
    assert_eq!(journey.delivered(), ["tea"]);
}

#[test]
fn a_memo_written_offline_survives_a_crash_and_is_sent_at_the_next_start() {
    let mut journey = Journey::begin();
    journey.cut_network().add("tea", "", "11:40");
    journey.mend_network();
    let mut journey = journey.crash_for(TimeDelta::minutes(30));
    assert_eq!(journey.scheduled(), 1);
    assert!(journey.shows("from last time"), "{}", journey.screen());
    journey.pass(TimeDelta::hours(1));
    assert_eq!(journey.delivered(), ["tea"]);
    let journey = journey.crash_for(TimeDelta::minutes(30));
    assert!(!journey.shows("from last time"), "a confirmed change is not sent again:\n{}", journey.screen());
}

#[test]
fn an_answer_that_was_lost_neither_loses_nor_doubles_the_memo() {
    let mut journey = Journey::begin();
    journey.add("bread", "tomorrow", "").lose_answers().add("tea", "", "10:40");
    assert_eq!(journey.scheduled(), 2, "the request arrived");
    assert!(journey.line_with("tea").contains("not sent yet"), "{}", journey.screen());
    journey.mend_network().pass(TimeDelta::minutes(2));
    assert!(journey.line_with("tea").contains("in 21 min"), "{}", journey.screen());
    journey.pass(TimeDelta::minutes(30));
    assert_eq!(journey.delivered(), ["tea"]);
}

#[test]
fn a_lost_answer_whose_time_has_passed_is_settled_by_the_receipt() {
    let mut journey = Journey::begin();
    journey.add("bread", "tomorrow", "").lose_answers().add("tea", "", "10:20");
    journey.mend_network();
    let mut journey = journey.crash_for(TimeDelta::minutes(30));
    assert!(journey.line_with("tea").contains("10:20"), "{}", journey.screen());
    assert!(!journey.shows("unconfirmed "), "{}", journey.screen());
    assert_eq!(journey.delivered(), ["tea"]);
    let mut journey = journey.crash_for(TimeDelta::minutes(30));
    assert_eq!(journey.delivered(), ["tea"], "never twice");
}

#[test]
fn an_unsent_memo_whose_time_has_passed_is_unconfirmed_and_offered_never_sent() {
    let mut journey = Journey::begin();
    journey.cut_network().add("tea", "", "10:20");
    journey.mend_network();
    let mut journey = journey.crash_for(TimeDelta::minutes(30));
    assert_snapshot!(journey.screen());
    assert!(journey.delivered().is_empty());
    journey.keys("gs1");
    assert!(journey.line_with("tea").contains("in 10 min"), "{}", journey.screen());
    journey.pass(TimeDelta::minutes(11));
    assert_eq!(journey.delivered(), ["tea"]);
}

#[test]
fn an_unconfirmed_memo_can_be_dropped_for_good() {
    let mut journey = Journey::begin();
    journey.cut_network().add("tea", "", "10:20");
    journey.mend_network();
    let mut journey = journey.crash_for(TimeDelta::minutes(30));
    journey.keys("gx");
    assert!(!journey.line_with("╭").contains("tea"));
    let journey = journey.crash_for(TimeDelta::minutes(1));
    assert!(!journey.shows("tea"), "{}", journey.screen());
}

#[test]
fn while_the_program_runs_an_unsent_memo_becomes_unconfirmed_at_its_time() {
    let mut journey = Journey::begin();
    journey.cut_network().add("tea", "", "10:20").pass(TimeDelta::minutes(5));
    assert!(journey.line_with("tea").contains("unconfirmed"), "{}", journey.screen());
    journey.mend_network().pass(TimeDelta::minutes(5));
    assert!(journey.delivered().is_empty(), "it is not sent late by itself");
    assert!(journey.line_with("tea").contains("unconfirmed"), "{}", journey.screen());
}

#[test]
fn a_cancel_that_does_not_get_through_is_tried_again() {
    let mut journey = Journey::begin();
    journey.add("tea", "", "10:40").cut_network().keys("x");
    assert!(journey.line_with("tea").contains("cancelling"), "{}", journey.screen());
    journey.mend_network().pass(TimeDelta::minutes(2));
    assert_eq!(journey.scheduled(), 0);
    assert!(!journey.line_with("Pending").contains("tea"));
    journey.pass(TimeDelta::hours(1));
    assert!(journey.delivered().is_empty());
}

#[test]
fn a_change_is_called_off_while_it_is_still_on_its_way() {
    let mut journey = Journey::begin();
    journey.cut_network().add("tea", "", "10:40").keys("x").mend_network();
    journey.pass(TimeDelta::minutes(2));
    assert_eq!(journey.scheduled(), 0, "{}", journey.screen());
    let journey = journey.crash_for(TimeDelta::minutes(1));
    assert!(!journey.shows("tea"), "{}", journey.screen());
}

#[test]
fn keys_are_never_lost_or_late_while_the_network_hangs() {
    let mut journey = Journey::begin();
    journey.cut_network().add("one", "", "11:00").add("two", "", "11:10").keys("athree<tab>tomorrow");
    assert!(journey.shows("three") && journey.line_with("Date").contains("tomorrow"), "{}", journey.screen());
}

#[test]
fn two_windows_show_the_same_memos_and_each_delivery_happens_once() {
    let mut one = Journey::begin();
    let mut two = Journey::beside(&one);
    one.add("tea", "", "10:20");
    two.stir();
    assert!(two.line_with("tea").contains("in 3 min"), "{}", two.screen());
    one.pass(TimeDelta::minutes(3));
    two.pass(TimeDelta::zero());
    two.stir();
    assert!(two.line_with("tea").contains("arrived"), "{}", two.screen());
    assert_eq!(one.delivered(), ["tea"]);
    assert_eq!(two.delivered(), ["tea"]);
}

#[test]
fn only_one_of_two_windows_takes_over_what_a_dead_one_left() {
    let mut first = Journey::begin();
    first.cut_network().add("tea", "", "11:40");
    first.mend_network();
    let two = first.crash_for(TimeDelta::minutes(1));
    let three = Journey::beside(&two);
    assert!(two.shows("from last time"), "{}", two.screen());
    assert!(!three.shows("from last time"), "{}", three.screen());
    assert_eq!(three.scheduled(), 1);
}

#[test]
fn what_another_window_cancelled_goes_away_here() {
    let mut one = Journey::begin();
    one.add("tea", "", "10:40").add("bread", "", "10:50");
    let mut two = Journey::beside(&one);
    one.keys("gx");
    two.stir();
    assert!(!two.shows("tea") && two.shows("bread"), "{}", two.screen());
}

#[test]
fn cancelling_what_is_gone_already_says_so() {
    let mut one = Journey::begin();
    one.add("tea", "", "10:40");
    let mut two = Journey::beside(&one);
    one.keys("x");
    two.keys("gx");
    assert!(two.shows("already gone"), "{}", two.screen());
}

#[test]
fn a_memo_changed_in_two_windows_is_not_overwritten() {
    let mut one = Journey::begin();
    one.add("tea", "tomorrow", "9:00");
    let mut two = Journey::beside(&one);
    one.keys("e with Ana<c-s>");
    two.keys("ge with Bob<c-s>");
    assert!(two.shows("It says “tea with") && two.shows("was changed elsewhere meanwhile"), "{}", two.screen());
    assert!(two.line_with("Memo").contains("tea with Bob"), "what was typed is back in the form:\n{}", two.screen());
    two.keys("<c-s>");
    assert!(two.line_with("tomorrow 09:00").contains("tea with Bob"), "{}", two.screen());
    assert_eq!(two.scheduled(), 1);
}

#[test]
fn a_change_that_was_not_sent_yet_can_be_changed_again() {
    let mut journey = Journey::begin();
    journey.add("tea", "tomorrow", "9:00").cut_network().keys("e with Ana<c-s>");
    assert!(journey.line_with("tea with Ana").contains("not sent yet"), "{}", journey.screen());
    journey.keys("e and Bob<c-s>").mend_network().pass(TimeDelta::minutes(2));
    assert!(journey.line_with("tea with Ana and Bob").contains("tomorrow"), "{}", journey.screen());
    assert!(!journey.shows("changed elsewhere"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn quitting_tells_what_is_unsent_and_what_will_not_ring() {
    let mut journey = Journey::begin();
    journey.add("tea", "", "10:40").cut_network().add("bread", "", "10:50");
    let last_words = tickler::runtime::exit_summary(&journey.app, super::journey::morning());
    assert_snapshot!(last_words.join("\n"));
}

#[test]
fn the_help_shows_the_keys_of_the_place_it_was_asked_in() {
    let mut journey = Journey::begin();
    journey.resize(100, 40).add("tea", "tomorrow", "9:00").keys("?");
    assert_snapshot!(journey.screen());
    journey.keys("<esc>");
    assert!(!journey.shows("Keys"), "{}", journey.screen());
}

#[test]
fn mistakes_that_say_all_by_themselves_stand_one_line_apart() {
    let mut journey = Journey::begin();
    journey.app = App::new(1, when::Tz::Europe__Paris, (80, 24));
    journey.resize(80, 24);
    let mistake = |what: &str| Failure::new(FailureKind::Settings, what, "");
    let mistakes = vec![mistake("“drak” is not a theme."), mistake("“Pariis” is not a time zone.")];
    journey.tell(Msg::System(SystemEvent::NotConnected(None, mistakes)));
    let screen = journey.screen();
    let row = |words: &str| screen.lines().position(|line| line.contains(words));
    assert_eq!(row("Pariis"), row("drak").map(|row| row + 2), "{screen}");
}
