//! Switching contexts: a change stays in the context where it was made.

use chrono::TimeDelta;
use insta::assert_snapshot;
use tickler::runtime::clock::Clock as _;

use super::journey::{Journey, morning};

#[test]
fn a_single_context_explains_how_to_add_another() {
    let mut journey = Journey::start();
    journey.keys("<esc>c");
    assert_snapshot!(journey.screen());
    journey.keys("<enter>");
    assert!(journey.shows("Nothing is pending."), "{}", journey.screen());
}

#[test]
fn a_number_picks_a_context() {
    let mut journey = Journey::start_with_work();
    journey.add("tea", "tomorrow", "9:00").keys("c");
    assert_snapshot!("context_choices", journey.screen());
    journey.keys("<esc>");
    assert!(journey.shows("tea"), "Esc keeps the context:\n{}", journey.screen());
    journey.keys("c9");
    assert!(journey.shows("Switch context"), "there is no context 9:\n{}", journey.screen());
    journey.keys("2").add("bread", "tomorrow", "10:00");
    assert_snapshot!("work_context", journey.screen());
    assert_eq!((journey.scheduled(), journey.scheduled_in_work()), (1, 1));
    journey.keys("ck<enter>");
    assert!(journey.shows("local · rings while open"), "{}", journey.screen());
    assert!(journey.shows("tea") && !journey.shows("bread"), "{}", journey.screen());
}

#[test]
fn switching_shows_the_new_context_at_once_and_keeps_the_draft() {
    let mut journey = Journey::start_with_work();
    journey.add("tea", "tomorrow", "9:00").keys("acall mum<tab>tomorrow<esc>");
    journey.work().hold_requests();
    journey.keys("c2");
    assert!(journey.shows("opening work…"), "{}", journey.screen());
    assert!(journey.shows("call mum") && !journey.shows("tea"), "{}", journey.screen());
    journey.release_requests();
    assert!(journey.shows("work 123456789012/eu-west-1/team"), "{}", journey.screen());
    journey.keys("a<c-s>");
    assert!(journey.line_with("call mum").contains("tomorrow"), "{}", journey.screen());
    assert_eq!((journey.scheduled(), journey.scheduled_in_work()), (1, 1));
}

#[test]
fn a_response_after_switching_contexts_confirms_the_change() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2");
    journey.work().hold_requests();
    journey.add("bread", "tomorrow", "10:00").keys("c1");
    assert!(!journey.shows("bread"), "{}", journey.screen());
    assert_eq!(journey.app.unsent(), 1);
    journey.release_requests();
    assert!(journey.shows("In work: Scheduled “bread”"), "{}", journey.screen());
    assert_eq!((journey.scheduled(), journey.scheduled_in_work(), journey.app.unsent()), (0, 1, 0));
    journey.keys("c2");
    assert!(journey.line_with("bread").contains("in 23 h"), "{}", journey.screen());
    let journey = journey.crash_and_restart(TimeDelta::minutes(1));
    assert!(!journey.shows("from last time"), "it is still in the journal:\n{}", journey.screen());
}

#[test]
fn a_change_is_still_pending_after_switching_away_and_back() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2");
    journey.work().hold_requests();
    journey.add("bread", "tomorrow", "10:00").keys("c1").keys("c2");
    assert!(journey.line_with("bread").contains("saving"), "{}", journey.screen());
    journey.release_requests();
    assert!(journey.line_with("bread").contains("in 23 h"), "{}", journey.screen());
    assert_eq!((journey.scheduled(), journey.scheduled_in_work(), journey.app.unsent()), (0, 1, 0));
    assert!(!journey.shows("reading"), "{}", journey.screen());
}

#[test]
fn a_failed_change_is_retried_after_switching_contexts() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2");
    journey.work().cut_network();
    journey.add("bread", "tomorrow", "10:00").keys("<esc>c1").wait_two_minutes();
    assert!(!journey.shows("bread"), "the failure was shown in work only:\n{}", journey.screen());
    journey.keys("c");
    assert!(journey.line_with("2  work").contains("1 not sent yet"), "{}", journey.screen());
    journey.keys("<esc>").work().restore_network();
    journey.wait_two_minutes();
    assert_eq!((journey.scheduled(), journey.scheduled_in_work(), journey.app.unsent()), (0, 1, 0));
    journey.keys("c2");
    assert!(journey.line_with("bread").contains("in 23 h"), "{}", journey.screen());
}

#[test]
fn a_failure_after_switching_names_its_context_and_is_retried() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2");
    journey.work().hold_requests();
    journey.add("bread", "tomorrow", "10:00").keys("c1");
    journey.work().cut_network();
    journey.release_requests();
    assert!(journey.shows("In work: “bread”"), "{}", journey.screen());
    journey.work().restore_network();
    journey.keys("<esc>").wait_two_minutes();
    assert_eq!((journey.scheduled(), journey.scheduled_in_work()), (0, 1));
}

#[test]
fn unsent_changes_of_all_contexts_are_counted_at_exit_and_sent_after_a_restart() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2");
    journey.work().cut_network();
    journey.add("bread", "tomorrow", "10:00").keys("<esc>c1");
    journey.cut_network().add("tea", "tomorrow", "9:00");
    let summary = tickler::runtime::exit_summary(&journey.app, morning());
    assert!(summary[0].starts_with("2 changes are not confirmed."), "{summary:?}");
    journey.restore_network().work().restore_network();
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(5));
    assert_eq!((journey.scheduled(), journey.scheduled_in_work()), (1, 0), "each change waits until its context opens");
    journey.keys("c2");
    assert_eq!((journey.scheduled(), journey.scheduled_in_work()), (1, 1));
    assert!(journey.shows("from last time"), "{}", journey.screen());
}

#[test]
fn undo_applies_to_the_current_context() {
    let mut journey = Journey::start_with_work();
    journey.add("tea", "tomorrow", "9:00").keys("c2").add("bread", "tomorrow", "10:00").keys("c1");
    journey.keys("u");
    assert_eq!((journey.scheduled(), journey.scheduled_in_work()), (0, 1));
    journey.keys("u");
    assert_eq!(journey.scheduled_in_work(), 1, "a change in another context is not undone");
    journey.keys("c2").keys("u");
    assert_eq!((journey.scheduled(), journey.scheduled_in_work()), (0, 0));
    journey.keys("c1U");
    assert_eq!((journey.scheduled(), journey.scheduled_in_work()), (1, 0), "{}", journey.screen());
}

#[test]
fn a_local_memo_rings_in_another_context() {
    let mut journey = Journey::start_with_work();
    journey.add("tea", "", "10:20").keys("c2").wait(TimeDelta::minutes(3));
    assert!(journey.shows("In local: “tea” arrived. c switches there."), "{}", journey.screen());
    journey.wait(TimeDelta::minutes(1));
    assert_eq!((journey.bells, journey.notified.as_slice()), (1, &["tea".to_owned()][..]));
    assert_snapshot!("arrived_in_local", journey.screen());
    journey.keys("c1");
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert!(!journey.shows("arrived in local"), "{}", journey.screen());
    assert_eq!(journey.bells, 1, "it rings once");
}

#[test]
fn quitting_in_another_context_warns_about_local_memos() {
    let mut journey = Journey::start_with_work();
    journey.add("tea", "", "10:40").keys("c2");
    let summary = tickler::runtime::exit_summary(&journey.app, morning());
    assert!(summary[0].contains("do not ring"), "{summary:?}");
}

#[test]
fn a_context_that_opens_late_does_not_replace_the_current_one() {
    let mut journey = Journey::start_with_work();
    journey.work().hold_requests();
    journey.add("tea", "tomorrow", "9:00").keys("c2").keys("c1");
    assert!(journey.shows("tea"), "{}", journey.screen());
    journey.release_requests();
    assert!(journey.shows("local · rings while open") && journey.shows("tea"), "{}", journey.screen());
    journey.keys("c2");
    assert!(journey.shows("work 123456789012"), "{}", journey.screen());
}

#[test]
fn a_late_failure_to_open_a_context_is_not_shown() {
    let mut journey = Journey::start_with_work();
    journey.work().hold_requests();
    journey.add("tea", "tomorrow", "9:00").keys("c2").keys("c1");
    journey.work().cut_network();
    journey.release_requests();
    assert!(journey.shows("local · rings while open") && !journey.shows("cut"), "{}", journey.screen());
}

#[test]
fn a_failure_to_open_a_context_is_shown_and_retried() {
    let mut journey = Journey::start_with_work();
    journey.work().set_signed_out(true);
    journey.keys("<esc>c2");
    assert_snapshot!("signed_out", journey.screen());
    journey.work().set_signed_out(false);
    journey.keys("R");
    assert!(journey.shows("work 123456789012"), "{}", journey.screen());
    journey.keys("c1");
    assert!(journey.shows("local"), "{}", journey.screen());

    let mut journey = Journey::start_with_work();
    journey.work().cut_network();
    journey.keys("<esc>c2");
    journey.work().restore_network();
    journey.wait_two_minutes();
    assert!(journey.shows("work 123456789012"), "it opens without a key:\n{}", journey.screen());
}

#[test]
fn an_edit_becomes_a_new_memo_in_another_context_and_an_edit_again_in_its_own() {
    let mut journey = Journey::start_with_work();
    journey.add("tea", "tomorrow", "9:00").keys("e with Ana<esc>c2");
    assert!(journey.shows("New memo") && journey.shows("tea with Ana"), "{}", journey.screen());
    journey.keys("c1");
    assert!(journey.shows("Edit memo") && journey.shows("tea with Ana"), "{}", journey.screen());
    journey.keys("e<c-s>");
    assert_eq!((journey.scheduled(), journey.scheduled_in_work()), (1, 0));
    assert!(journey.line_with("tomorrow 09:00").contains("tea with Ana"), "{}", journey.screen());
}

#[test]
fn no_key_changes_anything_with_read_only() {
    let mut journey = Journey::start_with_work();
    journey.add("tea", "tomorrow", "9:00").add("bread", "", "10:40");
    let mut journey = journey.quit_and_restart_read_only(TimeDelta::minutes(1));
    assert_snapshot!("read_only_list", journey.screen());
    for key in ["a", "e", "s", "x", "t", "<del>"] {
        journey.keys("g").keys(key);
        assert!(journey.shows("local is read-only. To change it,"), "{key}:\n{}", journey.screen());
        assert!(journey.app.modal.is_none() && journey.app.unsent() == 0, "{key}");
        journey.keys("<esc>");
    }
    assert_snapshot!("read_only_help", journey.keys("?").resize(100, 30).screen());
    journey.keys("<esc>").wait(TimeDelta::hours(2));
    assert_eq!(journey.scheduled(), 2, "a read-only window delivers nothing");
    assert!(journey.delivered().is_empty());
    journey.keys("c2");
    assert!(journey.shows("read-only"), "--read-only applies to every context:\n{}", journey.screen());
    assert_eq!(tickler::runtime::exit_summary(&journey.app, journey.clock.now()), Vec::<String>::new());
}

#[test]
fn read_only_sends_no_changes_of_an_earlier_run() {
    let mut journey = Journey::start_with_work();
    journey.cut_network().add("tea", "tomorrow", "9:00");
    journey.restore_network();
    let mut journey = journey.quit_and_restart_read_only(TimeDelta::minutes(1));
    assert!(!journey.shows("from last time"), "{}", journey.screen());
    journey.wait_two_minutes();
    assert_eq!(journey.scheduled(), 0);
    let journey = journey.quit_and_restart(TimeDelta::minutes(1));
    assert!(journey.shows("from last time"), "{}", journey.screen());
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn a_narrow_header_keeps_the_context_name() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2");
    let headers: Vec<String> = [120, 80, 60, 40]
        .map(|columns| journey.resize(columns, 24).screen().lines().next().unwrap_or_default().to_owned())
        .into();
    assert_snapshot!("header", headers.join("\n"));
    let mut journey = journey.quit_and_restart_read_only(TimeDelta::minutes(1));
    journey.keys("c2");
    let headers: Vec<String> = [120, 80, 60, 40]
        .map(|columns| journey.resize(columns, 24).screen().lines().next().unwrap_or_default().to_owned())
        .into();
    assert_snapshot!("header_read_only", headers.join("\n"));
}

#[test]
fn an_expired_session_is_renewed_by_refreshing_or_switching_back() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00").keys("c1").keys("c2");
    assert_eq!(journey.work().times_opened(), 1, "an open context is not opened again");
    journey.work().expire_session();
    journey.keys("R");
    assert!(journey.shows("refresh failed") && journey.shows("bread"), "{}", journey.screen());
    journey.keys("R");
    assert_eq!(journey.work().times_opened(), 2);
    assert!(!journey.shows("refresh failed") && journey.shows("bread"), "{}", journey.screen());
    assert!(!journey.shows("reading"), "{}", journey.screen());

    journey.work().expire_session();
    journey.keys("R").keys("c1").keys("c2");
    assert_eq!(journey.work().times_opened(), 3);
    assert!(!journey.shows("refresh failed") && journey.shows("bread"), "{}", journey.screen());
}

#[test]
fn a_queued_change_is_sent_after_switching_contexts() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2");
    journey.work().hold_requests();
    journey.add("bread", "tomorrow", "10:00").keys("x").keys("c1");
    journey.release_requests();
    assert_eq!((journey.scheduled_in_work(), journey.app.unsent()), (0, 0));
    assert!(journey.shows("In work: Cancelled “bread”."), "{}", journey.screen());
    journey.keys("c2");
    assert!(!journey.shows("bread"), "{}", journey.screen());
}

#[test]
fn a_change_refused_after_switching_stays_in_its_context() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00");
    journey.work().hold_requests();
    journey.keys("e and milk<c-s>").keys("c1").cancel_all_in_work();
    journey.release_requests();
    assert!(journey.shows("In work: “bread and milk”: the memo is not scheduled any more"), "{}", journey.screen());
    assert_eq!(journey.app.unsent(), 1);
    journey.keys("<esc>c2");
    assert!(journey.line_with("bread and milk").contains("not saved"), "{}", journey.screen());
    journey.keys("gx").wait(TimeDelta::seconds(10));
    assert!(!journey.shows("bread and milk"), "{}", journey.screen());
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(1));
    journey.keys("c2");
    assert!(!journey.shows("bread and milk"), "it is still in the journal:\n{}", journey.screen());
}

#[test]
fn run_now_cancels_the_schedule_after_switching_contexts() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00");
    journey.work().hold_requests();
    journey.keys("t<enter>").keys("c1");
    journey.release_requests();
    assert!(journey.shows("In work: Delivered “bread” now."), "{}", journey.screen());
    assert_eq!((journey.scheduled_in_work(), journey.app.unsent()), (0, 0));
}

#[test]
fn changes_of_an_earlier_run_are_sent_if_the_context_opens_in_the_background() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2");
    journey.work().cut_network();
    journey.add("bread", "tomorrow", "10:00");
    journey.work().restore_network();
    let mut journey = journey.crash_and_restart(TimeDelta::minutes(1));
    journey.work().hold_requests();
    journey.keys("<esc>c2").keys("c1");
    journey.release_requests();
    assert_eq!((journey.scheduled(), journey.scheduled_in_work(), journey.app.unsent()), (0, 1, 0));
    assert!(journey.shows("local · rings while open"), "{}", journey.screen());
}

#[test]
fn a_context_reopens_when_its_settings_change() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00").keys("R").keys("c1").keys("c2").keys("c2");
    assert_eq!(journey.work().times_opened(), 1, "the settings are the same");
    journey.work().hold_requests();
    journey.add("milk", "tomorrow", "11:00").work().set_read_only(true);
    journey.work().stop_holding();
    journey.keys("R");
    assert!(journey.shows("read-only") && journey.shows("bread"), "{}", journey.screen());
    journey.release_requests();
    assert_eq!((journey.work().times_opened(), journey.scheduled_in_work()), (2, 2), "{}", journey.screen());
    assert!(journey.line_with("milk").contains("in 1 day"), "the pending change was made:\n{}", journey.screen());
    journey.keys("gx");
    assert_eq!(journey.scheduled_in_work(), 2, "{}", journey.screen());

    journey.work().set_read_only(false);
    journey.keys("<esc>c1").work().set_group("night");
    journey.keys("c2");
    assert!(journey.shows("eu-west-1/night") && !journey.shows("bread"), "{}", journey.screen());
    assert_eq!(journey.work().times_opened(), 3);
    journey.work().set_group("team");
    journey.keys("<esc>c2");
    assert!(journey.shows("eu-west-1/team") && journey.shows("bread"), "the old group is back:\n{}", journey.screen());
}

#[test]
fn settings_errors_are_shown_and_an_open_context_stays_open() {
    let mut journey = Journey::start_with_work();
    journey.keys("<esc>c2").add("bread", "tomorrow", "10:00").work().set_config_error(true);
    journey.keys("R");
    assert!(journey.shows("config.toml:3:1: “zz” is not a key.") && journey.shows("bread"), "{}", journey.screen());
    journey.keys("<esc>c1");
    assert!(journey.shows("not connected"), "the settings are invalid:\n{}", journey.screen());
    assert!(journey.shows("config.toml:3:1: “zz” is not a key."), "{}", journey.screen());
    journey.work().set_config_error(false);
    journey.keys("<esc>R");
    assert!(journey.shows("local · rings while open"), "{}", journey.screen());
}
