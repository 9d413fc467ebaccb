//! Queued changes: a change waits for the one before it of the same memo, even after a crash.

use chrono::TimeDelta;

use super::journey::Journey;

/// In `work`, with one memo.
fn with_work_memo() -> Journey {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00");
    assert_eq!(journey.scheduled_in_work(), 1);
    journey
}

/// In `work`, with one memo. From now on, requests are held, or, if they arrive, their responses.
fn with_held_requests(arrives: bool) -> Journey {
    let journey = with_work_memo();
    if arrives {
        journey.work().hold_responses();
    } else {
        journey.work().hold_requests();
    }
    journey
}

/// A crash with pending changes. A minute later the person opens `work` again.
fn crash_and_open_work(journey: Journey) -> Journey {
    journey.work().stop_holding();
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(1));
    journey.keys("<esc>c2");
    assert_eq!(journey.app.unsent(), 0, "{}", journey.screen());
    journey
}

#[test]
fn a_cancel_queued_behind_a_create_survives_a_crash() {
    for arrives in [false, true] {
        let mut journey = with_held_requests(arrives);
        journey.add("milk", "tomorrow", "11:00").keys("x");
        assert_eq!((journey.scheduled_in_work(), journey.app.unsent()), (1 + usize::from(arrives), 1));
        let journey = crash_and_open_work(journey);
        assert_eq!(journey.scheduled_in_work(), 1, "{}", journey.screen());
        assert!(journey.shows("tomorrow 10:00") && !journey.shows("tomorrow 11:00"), "{}", journey.screen());
    }
}

#[test]
fn an_undo_queued_behind_a_cancel_survives_a_crash() {
    for arrives in [false, true] {
        let mut journey = with_held_requests(arrives);
        journey.keys("x").keys("u");
        assert_eq!(journey.scheduled_in_work(), usize::from(!arrives));
        let journey = crash_and_open_work(journey);
        assert_eq!(journey.scheduled_in_work(), 1, "{}", journey.screen());
        assert!(journey.line_with("tomorrow 10:00").contains("bread"), "{}", journey.screen());
    }
}

#[test]
fn an_edit_queued_behind_a_failed_edit_survives_a_crash() {
    for loses in [false, true] {
        let mut journey = Journey::start();
        journey.add("tea", "tomorrow", "9:00");
        if loses {
            journey.lose_responses()
        } else {
            journey.cut_network()
        };
        journey.keys("e with Ana<c-s>").keys("<esc>e and Bob<c-s>");
        assert!(journey.line_with("tea with Ana and Bob").contains("not sent yet"), "{}", journey.screen());
        journey.restore_network();
        let journey = journey.crash_and_restart(TimeDelta::minutes(1));
        assert!(journey.shows("from last time"), "{}", journey.screen());
        assert!(journey.line_with("tea with Ana and Bob").contains("tomorrow 09:00"), "{}", journey.screen());
        assert!(!journey.shows("changed elsewhere"), "{}", journey.screen());
        assert_eq!((journey.scheduled(), journey.app.unsent()), (1, 0));
        let journey = journey.crash_and_restart(TimeDelta::minutes(1));
        assert!(!journey.shows("from last time"), "{}", journey.screen());
    }
}

#[test]
fn queued_changes_are_sent_after_the_change_before_them() {
    let mut journey = with_work_memo();
    journey.work().hold_requests();
    journey.keys("x").keys("u").keys("U").keys("u").release_requests();
    assert_eq!((journey.scheduled_in_work(), journey.app.unsent()), (1, 0), "{}", journey.screen());
    let journey = crash_and_open_work(journey);
    assert!(!journey.shows("from last time"), "{}", journey.screen());
}

#[test]
fn a_second_x_does_not_cancel_twice() {
    let mut journey = with_work_memo();
    journey.work().hold_requests();
    journey.keys("x").keys("x").release_requests();
    assert_eq!((journey.scheduled_in_work(), journey.app.unsent()), (0, 0));
    assert!(journey.shows("Cancelled “bread”") && !journey.shows("already gone"), "{}", journey.screen());
}

#[test]
fn a_queued_change_is_dropped_if_the_memo_is_gone() {
    let mut journey = with_work_memo();
    journey.keys("e and butter");
    journey.work().hold_requests();
    journey.keys("<c-s>").keys("x").cancel_all_in_work();
    journey.release_requests();
    assert!(journey.shows("already gone"), "{}", journey.screen());
    assert!(!journey.shows("tomorrow 10:00"), "{}", journey.screen());
    assert_eq!(journey.app.unsent(), 0);
    let journey = crash_and_open_work(journey);
    assert!(!journey.shows("from last time"), "{}", journey.screen());
}
