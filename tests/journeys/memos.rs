//! The life of a memo: countdown, delivery, cancel, undo, run now, snooze, edit, done.

use chrono::TimeDelta;
use insta::assert_snapshot;

use tickler::runtime::clock::Clock as _;

use super::journey::Journey;

#[test]
fn a_memo_counts_down_arrives_and_is_done() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20").add("call mum", "tomorrow", "18:00");
    journey.wait(TimeDelta::seconds(30));
    assert_snapshot!("countdown", journey.screen());
    assert_eq!(journey.bells, 0);
    journey.wait(TimeDelta::seconds(150));
    assert_snapshot!("arrived", journey.screen());
    assert_eq!((journey.bells, journey.scheduled()), (1, 1));
    journey.keys("g<enter>");
    assert!(!journey.shows("arrived"), "{}", journey.screen());
    journey.keys("2");
    assert_snapshot!("history", journey.screen());
}

#[test]
fn simultaneous_deliveries_ring_once_and_share_a_notification() {
    let mut journey = Journey::start();
    journey.add("one\nof several lines", "", "10:20").wait(TimeDelta::minutes(4));
    assert_eq!((journey.bells, &journey.notified[..]), (1, &["one".to_owned()][..]));
    for memo in ["two", "three", "four", "five"] {
        journey.add(memo, "", "10:30");
    }
    journey.wait(TimeDelta::minutes(10));
    assert_eq!((journey.bells, &journey.notified[1..]), (2, &["4 memos have arrived".to_owned()][..]));
    assert!(journey.shows("5 arrived"), "{}", journey.screen());
}

#[test]
fn the_countdown_is_right_every_second() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20");
    for left in (1..=180).rev() {
        let text = match (left / 60, left % 60) {
            (0, seconds) => format!(" in {seconds} s "),
            (minutes, 0) => format!(" in {minutes} min "),
            (minutes, seconds) => format!(" in {minutes} min {seconds} s "),
        };
        assert!(journey.line_with("tea").contains(&text), "{text:?}:\n{}", journey.screen());
        journey.wait(TimeDelta::seconds(1));
    }
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
}

#[test]
fn undo_restores_a_cancelled_memo_and_redo_cancels_it_again() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20");
    journey.keys("x");
    assert!(journey.shows("Cancelled “tea”"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 0);
    journey.keys("u");
    assert_eq!(journey.scheduled(), 1);
    journey.keys("U");
    assert_eq!(journey.scheduled(), 0);
    journey.keys("u");
    journey.wait(TimeDelta::minutes(4));
    assert_eq!(journey.delivered(), ["tea"]);
}

#[test]
fn undo_applies_to_the_last_key_even_before_the_response() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00").burst("xu");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
    assert!(!journey.shows("already gone"), "{}", journey.screen());
    journey.burst("xuUu");
    assert_eq!(journey.scheduled(), 1, "{}", journey.screen());
    assert!(journey.line_with("tomorrow 09:00").contains("tea"), "{}", journey.screen());
}

#[test]
fn undo_of_a_cancel_opens_the_form_if_the_memo_is_past_due() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20").keys("x");
    journey.wait(TimeDelta::minutes(10));
    journey.keys("u");
    assert!(journey.shows("has passed. Pick a new time"), "{}", journey.screen());
    assert!(journey.line_with("Memo").contains("tea"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 0);
}

#[test]
fn run_now_asks_then_delivers_and_cancels() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00").keys("t");
    assert_snapshot!("run_now_question", journey.screen());
    journey.keys("y<esc>");
    assert_eq!(journey.scheduled(), 1, "a letter is no answer, and Esc means no");
    journey.keys("ty<enter>");
    assert_eq!(journey.scheduled(), 0);
    assert!(journey.shows("Delivered “tea” now"), "{}", journey.screen());
    journey.keys("2");
    assert!(journey.line_with("tea").contains("run now"), "{}", journey.screen());
}

#[test]
fn a_failed_run_is_shown_and_the_memo_stays_scheduled() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00");
    journey.cut_network().keys("t<enter>");
    assert!(journey.shows("could not be run"), "{}", journey.screen());
    journey.restore_network();
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn a_memo_due_while_tickler_was_closed_arrives_late_at_the_next_start() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20");
    let journey = journey.quit_and_restart(TimeDelta::hours(2));
    assert_snapshot!(journey.screen());
    assert_eq!(journey.bells, 1);
}

#[test]
fn an_arrived_memo_stays_until_done_even_after_a_restart() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20").wait(TimeDelta::minutes(5));
    let mut journey = journey.crash_and_restart(TimeDelta::hours(1));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.bells, 0, "it rang when it arrived");
    journey.keys("g<enter>");
    let journey = journey.quit_and_restart(TimeDelta::hours(1));
    assert!(!journey.shows("tea"), "{}", journey.screen());
}

#[test]
fn snooze_counts_from_now_if_arrived_and_from_the_due_time_if_pending() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20").wait(TimeDelta::minutes(5)).keys("gs");
    assert_snapshot!("snooze_choices", journey.screen());
    journey.keys("1");
    assert!(journey.line_with("tea").contains("in 10 min"), "{}", journey.screen());
    journey.keys("s2");
    assert!(journey.line_with("tea").contains("in 1 h 10 min"), "{}", journey.screen());
    journey.wait(TimeDelta::minutes(71));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.delivered(), ["tea", "tea"]);
}

#[test]
fn the_form_edits_a_memo() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00").keys("e");
    assert_snapshot!(journey.screen());
    journey.keys(" with Ana<tab><tab><c-u>10:00<c-s>");
    assert!(journey.line_with("tea with Ana").contains("tomorrow 10:00"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 1);
    journey.keys("u");
    assert!(journey.line_with("tea").contains("tomorrow 09:00"), "{}", journey.screen());
}

#[test]
fn the_details_show_everything_the_service_knows() {
    let mut journey = Journey::start();
    journey.resize(100, 30).add("tea", "tomorrow", "9:00").keys("<enter>");
    assert_snapshot!(journey.screen());
    journey.keys("<esc>");
    assert!(!journey.shows("Details"), "{}", journey.screen());
}

#[test]
fn the_selection_stays_on_its_memo_while_others_come_and_go() {
    let mut journey = Journey::start();
    journey.add("one", "", "10:20").add("three", "tomorrow", "9:00").add("two", "", "10:30");
    assert!(journey.line_with("two").contains("▌"), "{}", journey.screen());
    journey.keys("G");
    journey.wait(TimeDelta::minutes(14));
    assert!(journey.line_with("three").contains("▌"), "{}", journey.screen());
    assert!(journey.line_with("two").contains("arrived"), "{}", journey.screen());
}

#[test]
fn the_program_wakes_only_when_something_visible_changes() {
    let mut journey = Journey::start();
    journey.add("call mum", "tomorrow", "18:00").keys("<esc>");
    journey.wait(TimeDelta::seconds(20));
    let now = journey.clock.now();
    let left = journey.app.next_wake(now) - now;
    assert!(left >= TimeDelta::seconds(30), "nothing on the screen shows seconds, but it wakes in {left}");
}

#[test]
fn a_clock_set_back_an_hour_neither_repeats_nor_loses_a_delivery() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20").add("bread", "", "11:00").wait(TimeDelta::minutes(5));
    journey.step_clock(TimeDelta::hours(-1));
    assert!(journey.line_with("bread").contains("in 1 h 38 min"), "{}", journey.screen());
    journey.wait(TimeDelta::minutes(100));
    assert_eq!(journey.delivered(), ["bread", "tea"]);
}

#[test]
fn the_delay_of_a_late_memo_is_never_truncated() {
    let mut journey = Journey::start();
    journey.resize(120, 20).add("tea", "", "10:20:30").keys("<esc>");
    let mut journey = journey.quit_and_restart(TimeDelta::minutes(35));
    journey.resize(120, 20);
    assert!(journey.line_with("tea").contains("31 min late"), "{}", journey.screen());
}

#[test]
fn all_arrived_memos_are_marked_done_at_once_and_stay_in_the_history() {
    let mut journey = Journey::start();
    journey.add("one", "", "10:20").add("two", "", "10:21").add("later", "tomorrow", "9:00").keys("<esc>");
    journey.wait(TimeDelta::minutes(10)).keys("gA<esc>");
    assert!(journey.shows("2 arrived"), "{}", journey.screen());
    journey.keys("A");
    assert!(journey.shows("Mark all 2 arrived memos as done?"), "{}", journey.screen());
    // The answer does not apply to a memo that arrives after the question.
    journey.keys("<esc>").add("soon", "", "10:30").keys("<esc>gA").wait(TimeDelta::minutes(5)).keys("<enter>");
    assert!(journey.shows("1 arrived") && journey.line_with("soon").contains("arrived"), "{}", journey.screen());
    journey.keys("gx");
    assert!(!journey.shows("arrived") && journey.line_with("later").contains('▌'), "{}", journey.screen());
    let mut journey = journey.quit_and_restart(TimeDelta::minutes(5));
    assert!(!journey.shows("arrived"), "{}", journey.screen());
    journey.keys("2");
    assert!(journey.shows("one") && journey.shows("two"), "{}", journey.screen());
}

#[test]
fn the_history_keeps_the_scheduled_time_of_a_memo_that_was_run_by_hand() {
    let mut journey = Journey::start();
    journey.resize(120, 24).keys("standup<tab>fri<tab>9:00<tab>America/New_York<c-s>t<enter>2");
    assert!(journey.line_with("standup").contains("run now, due Fri 15:00"), "{}", journey.screen());
    journey.keys("<enter>");
    assert!(journey.line_with("Delivered  ").contains("Wed 4 Mar 2026, 10:17 CET"), "{}", journey.screen());
    let scheduled = journey.line_with("Scheduled  ");
    assert!(scheduled.contains("Fri 6 Mar 2026, 15:00 CET (Fri 6 Mar 2026, 09:00 EST)"), "{}", journey.screen());
    assert!(journey.line_with("How").contains("run by hand"), "{}", journey.screen());
}

#[test]
fn the_details_show_the_countdown_both_clocks_and_what_became_of_the_memo() {
    let mut journey = Journey::start();
    journey.resize(120, 40).keys("standup<tab>today<tab>4:20<tab>America/New_York<c-s><enter>");
    assert!(journey.shows("Wed 4 Mar 2026, 10:20 CET here"), "{}", journey.screen());
    assert!(journey.shows("Wed 4 Mar 2026, 04:20 EST in America/New_York"), "{}", journey.screen());
    assert!(journey.line_with("Created").contains("Wed 4 Mar 2026, 10:17 CET"), "{}", journey.screen());
    for left in ["in 3 min", "in 2 min 59 s", "in 2 min 58 s"] {
        assert!(journey.shows(&format!("│ {left} ")), "{left}:\n{}", journey.screen());
        journey.wait(TimeDelta::seconds(1));
    }
    journey.keys("<esc>").wait(TimeDelta::minutes(5)).keys("2<enter>");
    assert!(journey.line_with("Now  ").contains("not done yet"), "{}", journey.screen());
    journey.keys("<esc>1gs1").keys("2<enter>");
    assert!(journey.line_with("Now  ").contains("scheduled again for Wed 4 Mar 2026, 10:32"), "{}", journey.screen());
    journey.keys("<esc>1gx").keys("2<enter>");
    assert!(journey.line_with("Now  ").contains("done"), "{}", journey.screen());
}

#[test]
fn what_is_said_of_a_time_in_another_zone_names_the_own_clock_too() {
    let mut journey = Journey::start();
    journey.resize(120, 24).keys("standup<tab>fri<tab>20:00<tab>America/New_York<c-s>");
    assert!(journey.shows("for Fri 6 Mar 2026, 20:00 EST (Sat 02:00 here). u undoes it."), "{}", journey.screen());
    journey.keys("s");
    assert!(journey.line_with("1 hour").contains("21:00 EST (Sat 03:00 here)"), "{}", journey.screen());
}
