//! Marks: many memos are cancelled, snoozed and restored together.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

/// Five memos tomorrow, one an hour; the first is selected.
fn five() -> Journey {
    let mut journey = Journey::start();
    journey.resize(120, 20);
    for hour in 1..=5 {
        journey.add(&format!("memo {hour}"), "tomorrow", &format!("1{hour}:00"));
    }
    journey.keys("g");
    journey
}

#[test]
fn marked_memos_are_cancelled_and_restored_together() {
    let mut journey = five();
    journey.keys("<space>j<space>");
    assert_snapshot!("marked", journey.screen());
    journey.keys("x");
    assert_eq!(journey.scheduled(), 3);
    assert!(journey.shows("Cancelled 2 memos. u undoes it."), "{}", journey.screen());
    journey.keys("u");
    assert_eq!(journey.scheduled(), 5, "{}", journey.screen());
    assert!(journey.shows("Undid 2 changes."), "{}", journey.screen());
    journey.keys("U");
    assert_eq!(journey.scheduled(), 3);
    journey.keys("uu");
    assert_eq!(journey.scheduled(), 4, "the step before the cancel is the last memo:\n{}", journey.screen());
}

#[test]
fn a_range_or_all_memos_can_be_marked_and_unmarked() {
    let mut journey = five();
    journey.keys("jvjj");
    assert!(journey.shows("3 marked"), "{}", journey.screen());
    journey.keys("v<up><space>");
    assert!(journey.shows("2 marked"), "Space removes a mark: {}", journey.screen());
    journey.keys("*");
    assert!(journey.shows("5 marked"), "{}", journey.screen());
    journey.keys("<esc>");
    assert!(!journey.shows("marked"), "{}", journey.screen());
    journey.keys("/2<enter>*<esc>");
    assert!(journey.shows("Pending  /2  1 of 5"), "Esc clears the marks first: {}", journey.screen());
    journey.keys("*<esc><esc>gvGx");
    assert_eq!(journey.scheduled(), 0, "a range counts before it ends: {}", journey.screen());
}

#[test]
fn marks_survive_a_filter_that_hides_them() {
    let mut journey = five();
    journey.keys("/2<enter><space>/<c-u>3<enter><space>");
    assert!(journey.shows("2 marked"), "{}", journey.screen());
    journey.keys("x");
    assert_eq!(journey.scheduled(), 3);
}

#[test]
fn marked_memos_are_snoozed_each_from_its_due_time() {
    let mut journey = five();
    journey.keys("vjs");
    assert_snapshot!("snooze_choices", journey.screen());
    journey.keys("2");
    assert!(journey.line_with("memo 1").contains("tomorrow 12:00"), "{}", journey.screen());
    assert!(journey.line_with("memo 2").contains("tomorrow 13:00"), "{}", journey.screen());
    assert!(journey.shows("Snoozed 2 memos"), "{}", journey.screen());
    journey.keys("u");
    assert!(journey.line_with("memo 1").contains("tomorrow 11:00"), "{}", journey.screen());
    journey.keys("g*swin 2 days<enter>");
    assert!(journey.line_with("memo 5").contains("Sat 15:00"), "{}", journey.screen());
    assert!(journey.shows("Snoozed 5 memos"), "{}", journey.screen());
}

#[test]
fn a_batch_lists_the_memos_that_could_not_be_changed() {
    let mut journey = five();
    let mut beside = Journey::second_window(&journey);
    beside.keys("gx");
    journey.keys("vjj").cut_network().keys("x");
    assert!(journey.shows("Cancelled 0 of 3 memos."), "{}", journey.screen());
    assert!(journey.shows("retried automatically: “memo"), "{}", journey.screen());
    journey.restore_network().keys("<esc>R");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    journey.keys("<esc>");

    let mut journey = five();
    let mut beside = Journey::second_window(&journey);
    beside.keys("gx");
    journey.keys("vjjx");
    assert_snapshot!("one_already_gone", journey.screen());
    journey.keys("<esc>u");
    assert_eq!(journey.scheduled(), 4, "undo does not restore the memo that was gone:\n{}", journey.screen());
}

#[test]
fn a_batch_shows_its_progress() {
    let mut journey = Journey::start_with_work();
    journey.resize(120, 20);
    journey.keys("<esc>c2");
    for hour in 1..=3 {
        journey.add(&format!("memo {hour}"), "tomorrow", &format!("1{hour}:00"));
    }
    journey.work().hold_requests();
    journey.keys("*x");
    assert!(journey.shows("cancelling 0 of 3"), "{}", journey.screen());
    journey.release_requests();
    assert!(!journey.shows("cancelling") && journey.shows("Cancelled 3 memos"), "{}", journey.screen());
}

/// Twenty marked memos in `work`, which holds all requests from now on.
fn twenty_held() -> Journey {
    let mut journey = Journey::start_with_work();
    journey.resize(120, 30).keys("<esc>c2");
    for minute in 10..30 {
        journey.add(&format!("memo {minute}"), "tomorrow", &format!("11:{minute}"));
    }
    journey.work().hold_requests();
    journey.keys("g*");
    journey
}

#[test]
fn a_stopped_batch_leaves_unsent_memos_unchanged() {
    let mut journey = twenty_held();
    journey.keys("x");
    assert!(journey.shows("cancelling 0 of 20") && journey.shows("Esc stop"), "{}", journey.screen());
    journey.keys("<esc>");
    assert_snapshot!("stopped", journey.screen());
    assert!(!journey.shows("Esc stop"), "it stops only once:\n{}", journey.screen());
    journey.release_requests();
    assert_eq!((journey.scheduled_in_work(), journey.app.unsent()), (4, 0), "{}", journey.screen());
    assert!(journey.shows("Cancelled 16 of 20 memos. Stopped: the rest is unchanged."), "{}", journey.screen());
    assert!(journey.shows("4 marked"), "{}", journey.screen());
    journey.keys("<esc>u");
    assert_eq!(journey.scheduled_in_work(), 20, "{}", journey.screen());
    assert!(journey.shows("Undid 16 changes."), "undo restores only the cancelled memos:\n{}", journey.screen());
    journey.keys("U");
    assert_eq!(journey.scheduled_in_work(), 4);
    let journey = journey.crash_and_restart(TimeDelta::minutes(1));
    assert!(!journey.shows("from last time"), "{}", journey.screen());
}

#[test]
fn a_stopped_snooze_shows_the_old_times_of_unsent_memos() {
    let mut journey = twenty_held();
    journey.keys("s2");
    assert!(journey.line_with("memo 29").contains("tomorrow 12:29"), "{}", journey.screen());
    journey.keys("<esc>").release_requests();
    assert!(journey.line_with("memo 10").contains("tomorrow 12:10"), "{}", journey.screen());
    assert!(journey.line_with("memo 29").contains("tomorrow 11:29"), "{}", journey.screen());
    assert!(journey.shows("Snoozed 16 of 20 memos. Stopped"), "{}", journey.screen());
}

#[test]
fn a_change_queued_behind_a_batch_is_stopped_with_it() {
    let mut journey = twenty_held();
    journey.keys("x").keys("u");
    assert!(journey.shows("undoing 0 of 20"), "{}", journey.screen());
    journey.keys("<esc>").release_requests();
    assert_eq!((journey.scheduled_in_work(), journey.app.unsent()), (4, 0), "{}", journey.screen());
    assert!(journey.app.current().batches.is_empty(), "{}", journey.screen());
}

#[test]
fn a_batch_survives_a_crash() {
    let mut journey = twenty_held();
    journey.keys("x").work().stop_holding();
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(1));
    journey.keys("<esc>c2");
    assert_eq!((journey.scheduled_in_work(), journey.app.unsent()), (0, 0), "{}", journey.screen());
}

#[test]
fn a_snooze_time_can_be_typed() {
    let mut journey = five();
    journey.keys("swfri 18:00");
    assert_snapshot!("snooze_in_words", journey.screen());
    journey.keys("<enter>");
    assert!(journey.line_with("memo 1").contains("Fri 18:00"), "{}", journey.screen());
    journey.keys("swtodoy<enter>");
    assert!(journey.shows("Snooze until") && journey.shows("todoy"), "{}", journey.screen());
    journey.keys("<esc>u");
    assert!(journey.line_with("memo 1").contains("tomorrow 11:00"), "{}", journey.screen());
    journey.keys("gswin 2 h<enter>");
    assert!(journey.line_with("memo 1").contains("tomorrow 13:00"), "from the due time: {}", journey.screen());
}

#[test]
fn fifty_changes_are_undone_and_redone() {
    let mut journey = Journey::start();
    journey.add("tea", "tomorrow", "9:00");
    for _ in 0..25 {
        journey.keys("s1");
    }
    for number in 0..25 {
        journey.add(&format!("memo {number}"), "fri", "9:00");
    }
    journey.keys(&"u".repeat(50));
    assert!(journey.line_with("tea").contains("tomorrow 09:00"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 1);
    journey.keys(&"U".repeat(50)).keys("g");
    assert_eq!(journey.scheduled(), 26);
    assert!(journey.line_with("tea").contains("tomorrow 13:10"), "{}", journey.screen());
}

#[test]
fn mark_all_explains_that_arrived_memos_cannot_be_marked() {
    let mut journey = Journey::start();
    journey.add("tea", "", "in 5s").add("eggs", "", "in 5s").wait(TimeDelta::seconds(6));
    journey.keys("<esc>g*");
    assert!(journey.shows("x marks one as done"), "{}", journey.screen());
}
