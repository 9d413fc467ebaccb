//! From one place for memos to another and back: what is under way stays where it was begun.

use chrono::TimeDelta;
use insta::assert_snapshot;
use tickler::runtime::clock::Clock as _;

use super::journey::{Journey, morning};

#[test]
fn one_place_only_and_how_to_get_another() {
    let mut journey = Journey::begin();
    journey.keys("<esc>c");
    assert_snapshot!(journey.screen());
    journey.keys("<enter>");
    assert!(journey.shows("Nothing is pending."), "{}", journey.screen());
}

#[test]
fn the_places_are_offered_and_one_is_picked_by_its_number() {
    let mut journey = Journey::begin_with_work();
    journey.add("tea", "tomorrow", "9:00").keys("c");
    assert_snapshot!("offered", journey.screen());
    journey.keys("<esc>");
    assert!(journey.shows("tea"), "nothing was picked:\n{}", journey.screen());
    journey.keys("c9");
    assert!(journey.shows("Switch context"), "there are not so many:\n{}", journey.screen());
    journey.keys("2").add("bread", "tomorrow", "10:00");
    assert_snapshot!("there", journey.screen());
    assert_eq!((journey.scheduled(), journey.scheduled_at_work()), (1, 1));
    journey.keys("ck<enter>");
    assert!(journey.shows("local · rings while open"), "{}", journey.screen());
    assert!(journey.shows("tea") && !journey.shows("bread"), "{}", journey.screen());
}

#[test]
fn the_header_says_at_once_where_it_goes_and_the_form_goes_along() {
    let mut journey = Journey::begin_with_work();
    journey.add("tea", "tomorrow", "9:00").keys("acall mum<tab>tomorrow<esc>");
    journey.work().hold_up();
    journey.keys("c2");
    assert!(journey.shows("opening work…"), "{}", journey.screen());
    assert!(journey.shows("call mum") && !journey.shows("tea"), "{}", journey.screen());
    journey.let_go();
    assert!(journey.shows("work 123456789012/eu-west-1/team"), "{}", journey.screen());
    journey.keys("a<c-s>");
    assert!(journey.line_with("call mum").contains("tomorrow"), "{}", journey.screen());
    assert_eq!((journey.scheduled(), journey.scheduled_at_work()), (1, 1));
}

#[test]
fn an_answer_that_comes_after_the_place_was_left_settles_the_change_there() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2");
    journey.work().hold_up();
    journey.add("bread", "tomorrow", "10:00").keys("c1");
    assert!(!journey.shows("bread"), "{}", journey.screen());
    assert_eq!(journey.app.unsent(), 1);
    journey.let_go();
    assert!(journey.shows("In work: Scheduled “bread”"), "{}", journey.screen());
    assert_eq!((journey.scheduled(), journey.scheduled_at_work(), journey.app.unsent()), (0, 1, 0));
    journey.keys("c2");
    assert!(journey.line_with("bread").contains("in 23 h"), "{}", journey.screen());
    let journey = journey.crash_for(TimeDelta::minutes(1));
    assert!(!journey.shows("from last time"), "the journal let go of it:\n{}", journey.screen());
}

#[test]
fn who_comes_back_before_the_answer_finds_the_change_under_way() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2");
    journey.work().hold_up();
    journey.add("bread", "tomorrow", "10:00").keys("c1").keys("c2");
    assert!(journey.line_with("bread").contains("saving"), "{}", journey.screen());
    journey.let_go();
    assert!(journey.line_with("bread").contains("in 23 h"), "{}", journey.screen());
    assert_eq!((journey.scheduled(), journey.scheduled_at_work(), journey.app.unsent()), (0, 1, 0));
    assert!(!journey.shows("reading"), "{}", journey.screen());
}

#[test]
fn what_does_not_get_through_is_sent_again_after_the_place_was_left() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2");
    journey.work().cut();
    journey.add("bread", "tomorrow", "10:00").keys("<esc>c1").a_while();
    assert!(!journey.shows("bread"), "it is said once, where it was begun:\n{}", journey.screen());
    journey.keys("c");
    assert!(journey.line_with("2  work").contains("1 not sent yet"), "{}", journey.screen());
    journey.keys("<esc>").work().mend();
    journey.a_while();
    assert_eq!((journey.scheduled(), journey.scheduled_at_work(), journey.app.unsent()), (0, 1, 0));
    journey.keys("c2");
    assert!(journey.line_with("bread").contains("in 23 h"), "{}", journey.screen());
}

#[test]
fn a_failure_after_the_place_was_left_is_said_with_its_name_and_tried_again() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2");
    journey.work().hold_up();
    journey.add("bread", "tomorrow", "10:00").keys("c1");
    journey.work().cut();
    journey.let_go();
    assert!(journey.shows("In work: “bread”"), "{}", journey.screen());
    journey.work().mend();
    journey.keys("<esc>").a_while();
    assert_eq!((journey.scheduled(), journey.scheduled_at_work()), (0, 1));
}

#[test]
fn quitting_counts_what_is_unsent_in_every_place_and_the_next_start_sends_it_there() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2");
    journey.work().cut();
    journey.add("bread", "tomorrow", "10:00").keys("<esc>c1");
    journey.cut_network().add("tea", "tomorrow", "9:00");
    let last_words = tickler::runtime::exit_summary(&journey.app, morning());
    assert!(last_words[0].starts_with("2 changes are not confirmed."), "{last_words:?}");
    journey.mend_network().work().mend();
    let mut journey = journey.crash_for(TimeDelta::minutes(5));
    assert_eq!((journey.scheduled(), journey.scheduled_at_work()), (1, 0), "each waits for its own place");
    journey.keys("c2");
    assert_eq!((journey.scheduled(), journey.scheduled_at_work()), (1, 1));
    assert!(journey.shows("from last time"), "{}", journey.screen());
}

#[test]
fn undo_takes_back_what_was_done_here() {
    let mut journey = Journey::begin_with_work();
    journey.add("tea", "tomorrow", "9:00").keys("c2").add("bread", "tomorrow", "10:00").keys("c1");
    journey.keys("u");
    assert_eq!((journey.scheduled(), journey.scheduled_at_work()), (0, 1));
    journey.keys("u");
    assert_eq!(journey.scheduled_at_work(), 1, "nothing of another place is taken back");
    journey.keys("c2").keys("u");
    assert_eq!((journey.scheduled(), journey.scheduled_at_work()), (0, 0));
    journey.keys("c1U");
    assert_eq!((journey.scheduled(), journey.scheduled_at_work()), (1, 0), "{}", journey.screen());
}

#[test]
fn what_comes_due_on_this_machine_rings_while_the_person_is_elsewhere() {
    let mut journey = Journey::begin_with_work();
    journey.add("tea", "", "10:20").keys("c2").pass(TimeDelta::minutes(3));
    assert!(journey.shows("In local: “tea” arrived. c switches there."), "{}", journey.screen());
    journey.pass(TimeDelta::minutes(1));
    assert_eq!((journey.bells, journey.notified.as_slice()), (1, &["tea".to_owned()][..]));
    assert_snapshot!("elsewhere", journey.screen());
    journey.keys("c1");
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert!(!journey.shows("arrived in local"), "{}", journey.screen());
    assert_eq!(journey.bells, 1, "once");
}

#[test]
fn quitting_elsewhere_still_tells_what_will_not_ring_here() {
    let mut journey = Journey::begin_with_work();
    journey.add("tea", "", "10:40").keys("c2");
    let last_words = tickler::runtime::exit_summary(&journey.app, morning());
    assert!(last_words[0].contains("do not ring"), "{last_words:?}");
}

#[test]
fn a_place_that_opens_after_another_was_picked_does_not_take_over() {
    let mut journey = Journey::begin_with_work();
    journey.work().hold_up();
    journey.add("tea", "tomorrow", "9:00").keys("c2").keys("c1");
    assert!(journey.shows("tea"), "{}", journey.screen());
    journey.let_go();
    assert!(journey.shows("local · rings while open") && journey.shows("tea"), "{}", journey.screen());
    journey.keys("c2");
    assert!(journey.shows("work 123456789012"), "{}", journey.screen());
}

#[test]
fn a_place_that_fails_to_open_late_says_nothing_any_more() {
    let mut journey = Journey::begin_with_work();
    journey.work().hold_up();
    journey.add("tea", "tomorrow", "9:00").keys("c2").keys("c1");
    journey.work().cut();
    journey.let_go();
    assert!(journey.shows("local · rings while open") && !journey.shows("cut"), "{}", journey.screen());
}

#[test]
fn a_place_that_cannot_be_opened_says_so_and_is_tried_again() {
    let mut journey = Journey::begin_with_work();
    journey.work().lock(true);
    journey.keys("<esc>c2");
    assert_snapshot!("locked", journey.screen());
    journey.work().lock(false);
    journey.keys("R");
    assert!(journey.shows("work 123456789012"), "{}", journey.screen());
    journey.keys("c1");
    assert!(journey.shows("local"), "{}", journey.screen());

    let mut journey = Journey::begin_with_work();
    journey.work().cut();
    journey.keys("<esc>c2");
    journey.work().mend();
    journey.a_while();
    assert!(journey.shows("work 123456789012"), "tried again by itself:\n{}", journey.screen());
}

#[test]
fn a_change_that_was_begun_goes_along_as_a_new_memo_and_is_a_change_again_at_home() {
    let mut journey = Journey::begin_with_work();
    journey.add("tea", "tomorrow", "9:00").keys("e with Ana<esc>c2");
    assert!(journey.shows("New memo") && journey.shows("tea with Ana"), "{}", journey.screen());
    journey.keys("c1");
    assert!(journey.shows("Edit memo") && journey.shows("tea with Ana"), "{}", journey.screen());
    journey.keys("a<c-s>");
    assert_eq!((journey.scheduled(), journey.scheduled_at_work()), (1, 0));
    assert!(journey.line_with("tomorrow 09:00").contains("tea with Ana"), "{}", journey.screen());
}

#[test]
fn where_nothing_is_to_be_changed_no_key_changes_anything() {
    let mut journey = Journey::begin_with_work();
    journey.add("tea", "tomorrow", "9:00").add("bread", "", "10:40");
    let mut journey = journey.quit_and_look_only(TimeDelta::minutes(1));
    assert_snapshot!("list", journey.screen());
    for key in ["a", "e", "s", "x", "t", "<del>"] {
        journey.keys("g").keys(key);
        assert!(journey.shows("local is read-only. To change it,"), "{key}:\n{}", journey.screen());
        assert!(journey.app.modal.is_none() && journey.app.unsent() == 0, "{key}");
        journey.keys("<esc>");
    }
    assert_snapshot!("help", journey.keys("?").resize(100, 30).screen());
    journey.keys("<esc>").pass(TimeDelta::hours(2));
    assert_eq!(journey.scheduled(), 2, "what is due is not delivered from here either");
    assert!(journey.delivered().is_empty());
    journey.keys("c2");
    assert!(journey.shows("read-only"), "so is every other place:\n{}", journey.screen());
    assert_eq!(tickler::runtime::exit_summary(&journey.app, journey.clock.now()), Vec::<String>::new());
}

#[test]
fn what_a_dead_program_left_is_not_taken_over_where_nothing_is_to_be_changed() {
    let mut journey = Journey::begin_with_work();
    journey.cut_network().add("tea", "tomorrow", "9:00");
    journey.mend_network();
    let mut journey = journey.quit_and_look_only(TimeDelta::minutes(1));
    assert!(!journey.shows("from last time"), "{}", journey.screen());
    journey.a_while();
    assert_eq!(journey.scheduled(), 0);
    let journey = journey.quit_for(TimeDelta::minutes(1));
    assert!(journey.shows("from last time"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn the_header_keeps_the_name_where_there_is_little_room() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2");
    let headers: Vec<String> = [120, 80, 60, 40]
        .map(|columns| journey.resize(columns, 24).screen().lines().next().unwrap_or_default().to_owned())
        .into();
    assert_snapshot!("header", headers.join("\n"));
    let mut journey = journey.quit_and_look_only(TimeDelta::minutes(1));
    journey.keys("c2");
    let headers: Vec<String> = [120, 80, 60, 40]
        .map(|columns| journey.resize(columns, 24).screen().lines().next().unwrap_or_default().to_owned())
        .into();
    assert_snapshot!("header_read_only", headers.join("\n"));
}

#[test]
fn a_place_whose_session_has_expired_is_opened_anew_by_r_and_on_coming_back() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00").keys("c1").keys("c2");
    assert_eq!(journey.work().times_opened(), 1, "what is open already is not opened again");
    journey.work().expire();
    journey.keys("R");
    assert!(journey.shows("refresh failed") && journey.shows("bread"), "{}", journey.screen());
    journey.keys("R");
    assert_eq!(journey.work().times_opened(), 2);
    assert!(!journey.shows("refresh failed") && journey.shows("bread"), "{}", journey.screen());
    assert!(!journey.shows("reading"), "{}", journey.screen());

    journey.work().expire();
    journey.keys("R").keys("c1").keys("c2");
    assert_eq!(journey.work().times_opened(), 3);
    assert!(!journey.shows("refresh failed") && journey.shows("bread"), "{}", journey.screen());
}

#[test]
fn what_was_asked_for_while_a_change_was_on_its_way_is_done_after_the_place_was_left() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2");
    journey.work().hold_up();
    journey.add("bread", "tomorrow", "10:00").keys("x").keys("c1");
    journey.let_go();
    assert_eq!((journey.scheduled_at_work(), journey.app.unsent()), (0, 0));
    assert!(journey.shows("In work: Cancelled “bread”."), "{}", journey.screen());
    journey.keys("c2");
    assert!(!journey.shows("bread"), "{}", journey.screen());
}

#[test]
fn a_change_that_is_refused_after_the_place_was_left_is_kept_there() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00");
    journey.work().hold_up();
    journey.keys("e and milk<c-s>").keys("c1").call_off_at_work();
    journey.let_go();
    assert!(journey.shows("In work: “bread and milk”: the memo is not scheduled any more"), "{}", journey.screen());
    assert_eq!(journey.app.unsent(), 1);
    journey.keys("<esc>c2");
    assert!(journey.line_with("bread and milk").contains("not saved"), "{}", journey.screen());
    journey.keys("gx");
    assert!(!journey.shows("bread and milk"), "{}", journey.screen());
    let mut journey = journey.crash_for(TimeDelta::minutes(1));
    journey.keys("c2");
    assert!(!journey.shows("bread and milk"), "the journal let go of it:\n{}", journey.screen());
}

#[test]
fn a_memo_that_is_run_by_hand_is_called_off_after_the_place_was_left() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00");
    journey.work().hold_up();
    journey.keys("ty").keys("c1");
    journey.let_go();
    assert!(journey.shows("In work: Delivered “bread” now."), "{}", journey.screen());
    assert_eq!((journey.scheduled_at_work(), journey.app.unsent()), (0, 0));
}

#[test]
fn what_a_dead_program_left_is_sent_also_where_the_person_went_elsewhere_before_it_opened() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2");
    journey.work().cut();
    journey.add("bread", "tomorrow", "10:00");
    journey.work().mend();
    let mut journey = journey.crash_for(TimeDelta::minutes(1));
    journey.work().hold_up();
    journey.keys("<esc>c2").keys("c1");
    journey.let_go();
    assert_eq!((journey.scheduled(), journey.scheduled_at_work(), journey.app.unsent()), (0, 1, 0));
    assert!(journey.shows("local · rings while open"), "{}", journey.screen());
}

#[test]
fn a_place_is_opened_anew_when_its_settings_say_something_else() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00").keys("R").keys("c1").keys("c2").keys("c2");
    assert_eq!(journey.work().times_opened(), 1, "nothing was said differently");
    journey.work().hold_up();
    journey.add("milk", "tomorrow", "11:00").work().set_read_only(true);
    journey.work().hold_no_more();
    journey.keys("R");
    assert!(journey.shows("read-only") && journey.shows("bread"), "{}", journey.screen());
    journey.let_go();
    assert_eq!((journey.work().times_opened(), journey.scheduled_at_work()), (2, 2), "{}", journey.screen());
    assert!(journey.line_with("milk").contains("in 1 day"), "what was under way was made:\n{}", journey.screen());
    journey.keys("gx");
    assert_eq!(journey.scheduled_at_work(), 2, "{}", journey.screen());

    journey.work().set_read_only(false);
    journey.keys("<esc>c1").work().set_group("night");
    journey.keys("c2");
    assert!(journey.shows("eu-west-1/night") && !journey.shows("bread"), "{}", journey.screen());
    assert_eq!(journey.work().times_opened(), 3);
    journey.work().set_group("team");
    journey.keys("<esc>c2");
    assert!(journey.shows("eu-west-1/team") && journey.shows("bread"), "it was picked again:\n{}", journey.screen());
}

#[test]
fn mistakes_in_the_settings_are_told_and_an_open_place_stays_as_it_is() {
    let mut journey = Journey::begin_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00").work().set_mistaken(true);
    journey.keys("R");
    assert!(journey.shows("config.toml:3:1: “zz” is not a key.") && journey.shows("bread"), "{}", journey.screen());
    journey.keys("<esc>c1");
    assert!(journey.shows("not connected"), "as at the start:\n{}", journey.screen());
    assert!(journey.shows("config.toml:3:1: “zz” is not a key."), "{}", journey.screen());
    journey.work().set_mistaken(false);
    journey.keys("<esc>R");
    assert!(journey.shows("local · rings while open"), "{}", journey.screen());
}
