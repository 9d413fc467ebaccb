//! What is not done, in which words, and with which exit code.

use chrono::TimeDelta;

use super::shell::Shell;

#[test]
fn a_time_that_is_not_certain_is_refused_and_each_way_of_it_named() {
    let shell = Shell::new();
    let told = shell.transcript(&[
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
    insta::assert_snapshot!(told);
}

#[test]
fn each_way_that_is_named_can_be_said() {
    let shell = Shell::new();
    for at in ["2026-03-29 02:30", "2026-10-25 02:30", "at 5", "4/7", "9:30 IST"] {
        let refused = shell.run(&["add", "tea", "--at", at]);
        assert_eq!(refused.code, 4, "{at}: {refused:?}");
        let quoted = refused.errors.split('“').skip(1).filter_map(|rest| rest.split('”').next());
        let ways: Vec<&str> = quoted.filter(|quoted| quoted.starts_with("2026-") && quoted.contains('/')).collect();
        assert!(!ways.is_empty(), "{refused:?}");
        for way in ways {
            let added = shell.run(&["add", "tea", "--at", way]);
            assert_eq!(added.code, 0, "{at}, said as {way}: {added:?}");
        }
    }
}

#[test]
fn a_memo_that_says_nothing_or_too_much_is_refused() {
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
fn nothing_is_changed_where_nothing_may_be() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    let told = shell.transcript(&[
        &["--read-only", "add", "tea", "in", "1", "h"],
        &["edit", "01", "-m", "coffee", "--read-only"],
        &["snooze", "01", "--read-only"],
        &["cancel", "01", "--read-only"],
        &["run", "01", "--read-only"],
        &["list", "--read-only"],
        &["history", "--read-only"],
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn what_is_not_there_is_told() {
    let shell = Shell::new();
    let line = |command| vec![command, "0123"];
    for command in ["show", "snooze", "cancel", "run"] {
        let said = shell.run(&line(command));
        assert_eq!(said.code, 3, "{command}: {said:?}");
        assert!(said.errors.starts_with("No pending memo has an id that starts with 0123. `tickler list`"), "{said:?}");
    }
    assert_eq!(shell.run(&["edit", "0123", "-m", "tea"]).code, 3);
    assert_eq!(shell.run(&["cancel", ""]).code, 2);
}

#[test]
fn a_memo_that_is_called_off_beside_one_that_is_not_there_is_called_off() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    insta::assert_snapshot!(shell.transcript(&[&["cancel", "ff", "01"], &["list"]]));
}

#[test]
fn what_has_passed_does_not_come_up_by_an_edit_of_its_words() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    shell.clock.advance(TimeDelta::hours(2));
    let said = shell.run(&["edit", "01", "-m", "coffee"]);
    assert_eq!(said.code, 4);
    assert_eq!(shell.run(&["edit", "01", "-m", "coffee", "--at", "in 1 h"]).code, 0);
}

#[test]
fn every_mistake_in_the_settings_is_told() {
    let shell = Shell::new();
    shell.settings("zone = \"Pari\"\nrefresh = 5\ncontext = \"work\"\n");
    let dir = shell.dir.path().display().to_string();
    let told = shell.transcript(&[&["list"], &["list", "--json"]]);
    insta::assert_snapshot!(told.replace(&dir, "~"));
}

#[test]
fn a_wrong_call_is_told_in_words_or_as_json() {
    let shell = Shell::new();
    let told = shell.transcript(&[
        &["cancel"],
        &["cancel", "--json"],
        &["add", "--json", "tea", "--zone", "Pari"],
        &["edit", "01"],
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn a_guess_is_refused_with_its_reason() {
    let shell = Shell::new();
    let told = shell.transcript(&[
        &["add", "tea", "--at", "at 5"],
        &["add", "call", "mum", "9:30"],
        &["add", "meet", "Bob", "friday", "at", "Luigi's"],
        &["add", "tea", "--at", "2026"],
        &["add", "tea", "--at", "at 5", "--json"],
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn quotes_that_are_forgotten_around_a_time_are_missed() {
    let shell = Shell::new();
    let told = shell.transcript(&[
        &["add", "tea", "--at", "fri", "18:00"],
        &["add", "--at", "tomorrow", "9am", "tea"],
        &["add", "tea", "--at", "18:00", "Europe/Paris"],
        &["add", "tea", "--at", "in", "20", "min"],
        &["list"],
        // What is quoted is meant, and so is what cannot belong to the time.
        &["add", "call at 18:00", "--at", "fri 9:00"],
        &["add", "tea", "18:00", "--at", "fri 9:00"],
        &["add", "visit", "Paris", "--at", "18:00"],
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn a_memo_that_is_given_empty_and_a_zone_that_nobody_knows_are_named() {
    let shell = Shell::new();
    let empty = shell.run_with(&["add"], Some("\n"));
    assert_eq!((empty.code, empty.output.as_str()), (2, ""));
    assert!(empty.errors.starts_with("The memo is empty. Give one, as in "), "{empty:?}");
    let told = shell.transcript(&[
        &["add", "tea", "18:00", "--zone", "Tokio"],
        &["add", "tea", "18:00", "--zone", "Paris"],
        &["add", "tea", "18:00", "--zone", ""],
        &["add", "tea", "18:00", "--zone"],
        &["add", "tea", "--at", ""],
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn a_word_too_many_is_told_to_go_into_quotes() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    let told = shell.transcript(&[
        &["edit", "01", "--at", "fri", "18:00"],
        &["edit", "01", "-m", "call", "mum", "--json"],
        &["edit", "01", "--mem", "coffee"],
        &["show", "01", "02"],
    ]);
    insta::assert_snapshot!(told);
}
