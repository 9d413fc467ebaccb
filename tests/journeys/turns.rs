//! One change after another of the same memo, while the first is on its way: each has its turn, also after a crash.

use chrono::TimeDelta;

use super::journey::Journey;

/// At work, with one memo that is scheduled there.
fn at_work() -> Journey {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00");
    assert_eq!(journey.scheduled_at_work(), 1);
    journey
}

/// At work, where what is sent from now on is held up: on its way, or once it has arrived.
fn held_up(arrives: bool) -> Journey {
    let journey = at_work();
    if arrives {
        journey.work().hold_answers();
    } else {
        journey.work().hold_up();
    }
    journey
}

/// The power fails with changes on their way, and a minute later the person goes to work again.
fn crash(journey: Journey) -> Journey {
    journey.work().hold_no_more();
    let mut journey = journey.crash_for(TimeDelta::minutes(1));
    journey.keys("<esc>c2");
    assert_eq!(journey.app.unsent(), 0, "{}", journey.screen());
    journey
}

#[test]
fn a_cancel_that_waits_for_its_memo_to_be_saved_outlives_a_crash() {
    for arrives in [false, true] {
        let mut journey = held_up(arrives);
        journey.add("milk", "tomorrow", "11:00").keys("x");
        assert_eq!((journey.scheduled_at_work(), journey.app.unsent()), (1 + usize::from(arrives), 1));
        let journey = crash(journey);
        assert_eq!(journey.scheduled_at_work(), 1, "{}", journey.screen());
        assert!(journey.shows("tomorrow 10:00") && !journey.shows("tomorrow 11:00"), "{}", journey.screen());
    }
}

#[test]
fn an_undo_that_waits_for_its_cancel_outlives_a_crash() {
    for arrives in [false, true] {
        let mut journey = held_up(arrives);
        journey.keys("x").keys("u");
        assert_eq!(journey.scheduled_at_work(), usize::from(!arrives));
        let journey = crash(journey);
        assert_eq!(journey.scheduled_at_work(), 1, "{}", journey.screen());
        assert!(journey.line_with("tomorrow 10:00").contains("bread"), "{}", journey.screen());
    }
}

#[test]
fn a_change_of_a_change_that_did_not_get_through_is_made_after_it_also_after_a_crash() {
    for loses in [false, true] {
        let mut journey = Journey::begin();
        journey.add("tea", "tomorrow", "9:00");
        if loses {
            journey.lose_answers()
        } else {
            journey.cut_network()
        };
        journey.keys("e with Ana<c-s>").keys("<esc>e and Bob<c-s>");
        assert!(journey.line_with("tea with Ana and Bob").contains("not sent yet"), "{}", journey.screen());
        journey.mend_network();
        let journey = journey.crash_for(TimeDelta::minutes(1));
        assert!(journey.shows("from last time"), "{}", journey.screen());
        assert!(journey.line_with("tea with Ana and Bob").contains("tomorrow 09:00"), "{}", journey.screen());
        assert!(!journey.shows("changed elsewhere"), "{}", journey.screen());
        assert_eq!((journey.scheduled(), journey.app.unsent()), (1, 0));
        let journey = journey.crash_for(TimeDelta::minutes(1));
        assert!(!journey.shows("from last time"), "{}", journey.screen());
    }
}

#[test]
fn what_waits_for_a_change_is_made_when_that_is_through() {
    let mut journey = at_work();
    journey.work().hold_up();
    journey.keys("x").keys("u").keys("U").keys("u").let_go();
    assert_eq!((journey.scheduled_at_work(), journey.app.unsent()), (1, 0), "{}", journey.screen());
    let journey = crash(journey);
    assert!(!journey.shows("from last time"), "{}", journey.screen());
}

#[test]
fn a_second_x_is_no_second_cancel() {
    let mut journey = at_work();
    journey.work().hold_up();
    journey.keys("x").keys("x").let_go();
    assert_eq!((journey.scheduled_at_work(), journey.app.unsent()), (0, 0));
    assert!(journey.shows("Cancelled “bread”") && !journey.shows("already gone"), "{}", journey.screen());
}

#[test]
fn what_was_gone_takes_what_waited_with_it() {
    let mut journey = at_work();
    journey.keys("e and butter");
    journey.work().hold_up();
    journey.keys("<c-s>").keys("x").call_off_at_work();
    journey.let_go();
    assert!(journey.shows("already gone"), "{}", journey.screen());
    assert!(!journey.shows("tomorrow 10:00"), "{}", journey.screen());
    assert_eq!(journey.app.unsent(), 0);
    let journey = crash(journey);
    assert!(!journey.shows("from last time"), "{}", journey.screen());
}
