//! Many memos at once: marked, called off or put off together, brought back by one key.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::journey::Journey;

/// Five memos of tomorrow, one an hour, the first selected.
fn five() -> Journey {
    let mut journey = Journey::begin();
    journey.resize(120, 20);
    for hour in 1..=5 {
        journey.add(&format!("memo {hour}"), "tomorrow", &format!("1{hour}:00"));
    }
    journey.keys("g");
    journey
}

#[test]
fn what_is_marked_is_called_off_and_brought_back_as_one() {
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
    assert_eq!(journey.scheduled(), 4, "one step each: the one before was the last memo\n{}", journey.screen());
}

#[test]
fn a_range_all_and_none() {
    let mut journey = five();
    journey.keys("jvjj");
    assert!(journey.shows("3 marked"), "{}", journey.screen());
    journey.keys("v<up><space>");
    assert!(journey.shows("2 marked"), "space takes a mark away: {}", journey.screen());
    journey.keys("*");
    assert!(journey.shows("5 marked"), "{}", journey.screen());
    journey.keys("<esc>");
    assert!(!journey.shows("marked"), "{}", journey.screen());
    journey.keys("/2<enter>*<esc>");
    assert!(journey.shows("Pending  /2  1 of 5"), "Esc takes the marks away first: {}", journey.screen());
    journey.keys("*<esc><esc>gvGx");
    assert_eq!(journey.scheduled(), 0, "a range that was not ended counts: {}", journey.screen());
}

#[test]
fn marks_outlive_a_filter_that_hides_them() {
    let mut journey = five();
    journey.keys("/2<enter><space>/<c-u>3<enter><space>");
    assert!(journey.shows("2 marked"), "{}", journey.screen());
    journey.keys("x");
    assert_eq!(journey.scheduled(), 3);
}

#[test]
fn what_is_marked_is_put_off_each_from_its_own_time() {
    let mut journey = five();
    journey.keys("vjs");
    assert_snapshot!("until_when", journey.screen());
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
fn of_many_that_could_not_be_changed_it_is_said_which() {
    let mut journey = five();
    let mut beside = Journey::beside(&journey);
    beside.keys("gx");
    journey.keys("vjj").cut_network().keys("x");
    assert!(journey.shows("Cancelled 0 of 3 memos."), "{}", journey.screen());
    assert!(journey.shows("retried automatically: “memo"), "{}", journey.screen());
    journey.mend_network().keys("<esc>R");
    assert_eq!(journey.scheduled(), 2, "{}", journey.screen());
    journey.keys("<esc>");

    let mut journey = five();
    let mut beside = Journey::beside(&journey);
    beside.keys("gx");
    journey.keys("vjjx");
    assert_snapshot!("one_was_gone", journey.screen());
    journey.keys("<esc>u");
    assert_eq!(journey.scheduled(), 4, "what was gone is not brought back:\n{}", journey.screen());
}

#[test]
fn many_under_way_show_how_far_they_have_come() {
    let mut journey = Journey::begin_with_work();
    journey.resize(120, 20);
    journey.keys("<esc>c2");
    for hour in 1..=3 {
        journey.add(&format!("memo {hour}"), "tomorrow", &format!("1{hour}:00"));
    }
    journey.work.as_ref().unwrap().hold_up();
    journey.keys("*x");
    assert!(journey.shows("cancelling 0 of 3"), "{}", journey.screen());
    journey.let_go();
    assert!(!journey.shows("cancelling") && journey.shows("Cancelled 3 memos"), "{}", journey.screen());
}

/// Twenty memos of tomorrow at work, all of them marked, and nothing that is asked for there gets through.
fn twenty_held_up() -> Journey {
    let mut journey = Journey::begin_with_work();
    journey.resize(120, 30).keys("<esc>c2");
    for minute in 10..30 {
        journey.add(&format!("memo {minute}"), "tomorrow", &format!("11:{minute}"));
    }
    journey.work().hold_up();
    journey.keys("g*");
    journey
}

#[test]
fn many_under_way_are_stopped_and_what_was_not_sent_is_as_it_was() {
    let mut journey = twenty_held_up();
    journey.keys("x");
    assert!(journey.shows("cancelling 0 of 20") && journey.shows("Esc stop"), "{}", journey.screen());
    journey.keys("<esc>");
    assert_snapshot!("stopped", journey.screen());
    assert!(!journey.shows("Esc stop"), "it is stopped once:\n{}", journey.screen());
    journey.let_go();
    assert_eq!((journey.scheduled_at_work(), journey.app.unsent()), (4, 0), "{}", journey.screen());
    assert!(journey.shows("Cancelled 16 of 20 memos. Stopped: the rest is unchanged."), "{}", journey.screen());
    assert!(journey.shows("4 marked"), "{}", journey.screen());
    journey.keys("<esc>u");
    assert_eq!(journey.scheduled_at_work(), 20, "{}", journey.screen());
    assert!(journey.shows("Undid 16 changes."), "just what was done:\n{}", journey.screen());
    journey.keys("U");
    assert_eq!(journey.scheduled_at_work(), 4);
    let journey = journey.crash_for(TimeDelta::minutes(1));
    assert!(!journey.shows("from last time"), "{}", journey.screen());
}

#[test]
fn what_was_put_off_and_not_sent_shows_its_old_time_again() {
    let mut journey = twenty_held_up();
    journey.keys("s2");
    assert!(journey.line_with("memo 29").contains("tomorrow 12:29"), "{}", journey.screen());
    journey.keys("<esc>").let_go();
    assert!(journey.line_with("memo 10").contains("tomorrow 12:10"), "{}", journey.screen());
    assert!(journey.line_with("memo 29").contains("tomorrow 11:29"), "{}", journey.screen());
    assert!(journey.shows("Snoozed 16 of 20 memos. Stopped"), "{}", journey.screen());
}

#[test]
fn what_is_asked_for_while_many_are_under_way_waits_its_turn_and_is_stopped_with_them() {
    let mut journey = twenty_held_up();
    journey.keys("x").keys("u");
    assert!(journey.shows("undoing 0 of 20"), "{}", journey.screen());
    journey.keys("<esc>").let_go();
    assert_eq!((journey.scheduled_at_work(), journey.app.unsent()), (4, 0), "{}", journey.screen());
    assert!(journey.app.current().batches.is_empty(), "{}", journey.screen());
}

#[test]
fn many_under_way_outlive_a_crash_to_the_last_one() {
    let mut journey = twenty_held_up();
    journey.keys("x").work().hold_no_more();
    let mut journey = journey.crash_for(TimeDelta::minutes(1));
    journey.keys("<esc>c2");
    assert_eq!((journey.scheduled_at_work(), journey.app.unsent()), (0, 0), "{}", journey.screen());
}

#[test]
fn until_when_can_be_said_in_words() {
    let mut journey = five();
    journey.keys("swfri 18:00");
    assert_snapshot!("words", journey.screen());
    journey.keys("<enter>");
    assert!(journey.line_with("memo 1").contains("Fri 18:00"), "{}", journey.screen());
    journey.keys("swtodoy<enter>");
    assert!(journey.shows("Snooze until") && journey.shows("todoy"), "{}", journey.screen());
    journey.keys("<esc>u");
    assert!(journey.line_with("memo 1").contains("tomorrow 11:00"), "{}", journey.screen());
    journey.keys("gswin 2 h<enter>");
    assert!(journey.line_with("memo 1").contains("tomorrow 13:00"), "from its time: {}", journey.screen());
}

#[test]
fn fifty_steps_are_taken_back_and_done_again() {
    let mut journey = Journey::begin();
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
fn to_mark_all_where_everything_has_arrived_says_that_nothing_is_marked() {
    let mut journey = Journey::begin();
    journey.add("tea", "", "in 5s").add("eggs", "", "in 5s").pass(TimeDelta::seconds(6));
    journey.keys("<esc>g*");
    assert!(journey.shows("x marks one as done"), "{}", journey.screen());
}
