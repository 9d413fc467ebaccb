//! Errors: what commands refuse, with which words and exit codes.

use chrono::TimeDelta;

use super::shell::Shell;

#[test]
fn an_unclear_time_is_refused_with_its_meanings() {
    let shell = Shell::new();
    let transcript = shell.transcript(&[
        &["add", "call", "mum"],
        &["add", "fri", "18:00"],
        &["add", "tea", "--at", "floop"],
        &["add", "tea", "--at", "9:00 Europe/Pariss"],
        &["add", "tea", "--at", "9:00", "--zone", "Pari"],
        &["add", "tea", "--at", "yesterday"],
        &["add", "tea", "--at", "2026-03-04 10:16"],
        &["add", "tea", "--at", "now"],
        &["add", "tea", "--at", "at 5"],
        &["add", "tea", "--at", "4/7"],
        &["add", "tea", "--at", "2026-03-29 02:30"],
        &["add", "tea", "--at", "2026-10-25 02:30"],
        &["add", "tea", "--at", "every friday"],
        &["list"],
    ]);
    insta::assert_snapshot!(transcript);
}

#[test]
fn an_empty_or_oversized_memo_is_refused() {
    let shell = Shell::new();
    let nothing = shell.run_with(&["add", "--at", "in 1 h"], Some(" \n"));
    assert_eq!((nothing.code, nothing.errors.lines().count()), (2, 1), "{nothing:?}");
    let much = "x".repeat(70_000);
    let much = shell.run_with(&["add", "--at", "in 1 h"], Some(&much));
    assert_eq!(much.code, 2);
    assert!(much.errors.contains("bytes too long for a schedule. Shorten it."), "{much:?}");
    assert_eq!(shell.run(&["list"]).output, "Nothing is pending.\n");
}

#[test]
fn read_only_refuses_every_change() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    let transcript = shell.transcript(&[
        &["--read-only", "add", "tea", "in", "1", "h"],
        &["edit", "01", "-m", "coffee", "--read-only"],
        &["snooze", "01", "--read-only"],
        &["cancel", "01", "--read-only"],
        &["run", "01", "--read-only"],
        &["list", "--read-only"],
        &["history", "--read-only"],
    ]);
    insta::assert_snapshot!(transcript);
}

#[test]
fn an_unknown_id_is_an_error() {
    let shell = Shell::new();
    let line = |command| vec![command, "0123"];
    for command in ["show", "snooze", "cancel", "run"] {
        let printed = shell.run(&line(command));
        assert_eq!(printed.code, 3, "{command}: {printed:?}");
        assert!(
            printed.errors.starts_with("No pending memo has an id that starts with 0123. `tickler list`"),
            "{printed:?}"
        );
    }
    assert_eq!(shell.run(&["edit", "0123", "-m", "tea"]).code, 3);
    assert_eq!(shell.run(&["cancel", ""]).code, 2);
}

#[test]
fn an_unknown_id_does_not_stop_other_cancels() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    insta::assert_snapshot!(shell.transcript(&[&["cancel", "ff", "01"], &["list"]]));
}

#[test]
fn editing_a_past_memo_needs_a_new_time() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    shell.clock.advance(TimeDelta::hours(2));
    let printed = shell.run(&["edit", "01", "-m", "coffee"]);
    assert_eq!(printed.code, 4);
    assert_eq!(shell.run(&["edit", "01", "-m", "coffee", "--at", "in 1 h"]).code, 0);
}

#[test]
fn every_error_in_the_settings_is_printed() {
    let shell = Shell::new();
    shell.settings("zone = \"Pari\"\nrefresh = 5\ncontext = \"work\"\n");
    let dir = shell.dir.path().display().to_string();
    let transcript = shell.transcript(&[&["list"], &["list", "--json"]]);
    insta::assert_snapshot!(transcript.replace(&dir, "~"));
}

#[test]
fn a_usage_error_is_text_or_json() {
    let shell = Shell::new();
    let transcript = shell.transcript(&[
        &["cancel"],
        &["cancel", "--json"],
        &["add", "--json", "tea", "--zone", "Pari"],
        &["edit", "01"],
    ]);
    insta::assert_snapshot!(transcript);
}

#[test]
fn a_guess_is_refused_with_its_reason() {
    let shell = Shell::new();
    let transcript = shell.transcript(&[
        &["add", "tea", "--at", "at 5"],
        &["add", "call", "mum", "9:30"],
        &["add", "meet", "Bob", "friday", "at", "Luigi's"],
        &["add", "tea", "--at", "2026"],
        &["add", "tea", "--at", "at 5", "--json"],
    ]);
    insta::assert_snapshot!(transcript);
}

#[test]
fn missing_quotes_around_a_time_are_noticed() {
    let shell = Shell::new();
    let transcript = shell.transcript(&[
        &["add", "tea", "--at", "fri", "18:00"],
        &["add", "--at", "tomorrow", "9am", "tea"],
        &["add", "tea", "--at", "18:00", "Europe/Paris"],
        &["add", "tea", "--at", "in", "20", "min"],
        &["list"],
        // Quoted words are taken as they are. So are words that cannot belong to the time.
        &["add", "call at 18:00", "--at", "fri 9:00"],
        &["add", "tea", "18:00", "--at", "fri 9:00"],
        &["add", "visit", "Paris", "--at", "18:00"],
    ]);
    insta::assert_snapshot!(transcript);
}

#[test]
fn an_empty_memo_and_an_unknown_zone_are_errors() {
    let shell = Shell::new();
    let empty = shell.run_with(&["add"], Some("\n"));
    assert_eq!((empty.code, empty.output.as_str()), (2, ""));
    assert!(empty.errors.starts_with("The memo is empty. Give one, as in "), "{empty:?}");
    let transcript = shell.transcript(&[
        &["add", "tea", "18:00", "--zone", "Tokio"],
        &["add", "tea", "18:00", "--zone", "Paris"],
        &["add", "tea", "18:00", "--zone", ""],
        &["add", "tea", "18:00", "--zone"],
        &["add", "tea", "--at", ""],
    ]);
    insta::assert_snapshot!(transcript);
}

#[test]
fn an_extra_word_gets_a_hint_about_quotes() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    let transcript = shell.transcript(&[
        &["edit", "01", "--at", "fri", "18:00"],
        &["edit", "01", "-m", "call", "mum", "--json"],
        &["edit", "01", "--mem", "coffee"],
        &["show", "01", "02"],
    ]);
    insta::assert_snapshot!(transcript);
}
