//! What the memo commands do.

use chrono::TimeDelta;
use tickler::context::ContextId;
use tickler::memo::MemoId;
use tickler::state::State;

use super::shell::{Shell, transcript_of};

const FIRST: &str = "01010101-0101-4101-8101-010101010101";

/// A shell with two pending memos and an open host.
fn with_two() -> (Shell, embedded::HostLock) {
    let shell = Shell::new();
    assert_eq!(shell.run(&["add", "call", "mum", "fri", "18:00"]).code, 0);
    assert_eq!(shell.run(&["add", "tea", "--at", "in 20 min"]).code, 0);
    let host = embedded::HostLock::hold(&shell.store()).unwrap();
    (shell, host)
}

#[test]
fn the_life_of_a_memo() {
    let shell = Shell::new();
    let mut transcript = shell.transcript(&[
        &["list"],
        &["add", "call", "mum", "fri", "18:00", "Paris"],
        &["add", "tea", "--at", "in 20 min"],
        &["add", "standup", "--at", "tomorrow 9:00", "--zone", "America/New_York"],
        &["list"],
        &["show", "0202"],
        &["edit", "01", "--memo", "call mum about the train", "--at", "sat 10:00"],
        &["snooze", "02", "1", "h"],
        &["list"],
        &["run", "03"],
        &["cancel", "01", "02"],
        &["ls"],
        &["history"],
    ]);
    shell.clock.advance(TimeDelta::days(31));
    transcript += &shell.transcript(&[&["history"], &["history", "--all"]]);
    insta::assert_snapshot!(transcript);
}

#[test]
fn a_pipe_gets_tab_separated_lines() {
    let shell = Shell::new().piped();
    let text = "milk\tand\nbutter\\cheese";
    let mut all = transcript_of(&["add", "--at", "in 1 h"], &shell.run_with(&["add", "--at", "in 1 h"], Some(text)));
    all += &shell.transcript(&[
        &["add", "tea", "in", "20", "min"],
        &["list"],
        &["show", "02"],
        &["snooze", "02"],
        &["edit", "02", "-m", "coffee"],
        &["run", "02"],
        &["cancel", "01"],
        &["history"],
        &["show", "02"],
        &["list"],
    ]);
    insta::assert_snapshot!(all);
}

#[test]
fn add_reads_a_memo_from_standard_input() {
    let shell = Shell::new();
    let add = |line: &[&str], input| transcript_of(line, &shell.run_with(line, Some(input)));
    let mut all = add(&["add", "--at", "tomorrow 9:00"], "water the ferns\n");
    all += &add(&["add"], "buy milk in 2 h\nand butter\n");
    all += &add(&["add", "-", "--at", "in 1 h"], "");
    all += &shell.transcript(&[&["add", "--at", "in 1 h"], &["list", "--json"]]);
    insta::assert_snapshot!(all);
}

#[test]
fn line_ends_around_a_memo_do_not_count() {
    let shell = Shell::new().piped();
    for (typed, memo) in [
        ("call mum fri 18:00\r\n", "call mum"),
        ("\n\ncall mum fri 18:00\n \n", "call mum"),
        ("call mum fri 18:00\r\nabout the train\r\n", "call mum\\nabout the train"),
    ] {
        let added = shell.run_with(&["add"], Some(typed));
        assert!(added.output.contains("T18:00:00+01:00\t"), "{typed:?}: {added:?}");
        assert!(added.output.ends_with(&format!("\tpending\t{memo}\n")), "{typed:?}: {added:?}");
    }
    let lines = shell.run_with(&["add", "--stdin-lines"], Some("tea fri 18:00\r\ncoffee fri 19:00\r\n"));
    assert!(lines.output.ends_with("\tpending\tcoffee\n"), "{lines:?}");
}

#[test]
fn an_arrived_memo_is_snoozed_from_now_and_keeps_its_id() {
    let (shell, _host) = with_two();
    shell.pass_with_host(30);
    let transcript = shell.transcript(&[&["show", "02"], &["snooze", "02", "10", "min"], &["list"], &["history"]]);
    insta::assert_snapshot!(transcript);
    let state = State::open(&shell.state_dir()).unwrap();
    assert_eq!(state.not_done(&ContextId::new("local/tickler")).unwrap(), [], "the delivery is done");
}

#[test]
fn commands_deliver_no_due_memos() {
    let (shell, _host) = with_two();
    shell.clock.advance(TimeDelta::minutes(30));
    let transcript = shell.transcript(&[&["list"], &["history"], &["edit", "02", "-m", "coffee"], &["snooze", "02"]]);
    insta::assert_snapshot!(transcript);
    shell.pass_with_host(20);
    let delivered = shell.run(&["history", "--json"]).json();
    assert_eq!(delivered[0]["memo"], "tea", "{delivered}");
}

#[test]
fn a_change_warns_if_no_host_is_open() {
    let shell = Shell::new();
    let alone = shell.run(&["add", "tea", "in", "1", "h"]);
    assert!(alone.errors.starts_with("Warning: tickler is not open"), "{alone:?}");
    let host = embedded::HostLock::hold(&shell.store()).unwrap();
    assert_eq!(shell.run(&["add", "tea", "in", "1", "h"]).errors, "");
    drop(host);
    for line in [&["snooze", "01"][..], &["edit", "01", "-m", "coffee"]] {
        assert!(shell.run(line).errors.starts_with("Warning: "), "{line:?}");
    }
    let json = shell.run(&["add", "tea", "in", "1", "h", "--json"]).errors;
    assert!(json.starts_with(r#"{"warning":{"kind":"no-host","message":"tickler is not open"#), "{json}");
}

#[test]
fn confirmed_changes_leave_the_journal() {
    let shell = Shell::new();
    for line in [&["add", "tea", "in", "1", "h"][..], &["snooze", "01"], &["cancel", "01"]] {
        assert_eq!(shell.run(line).code, 0, "{line:?}");
    }
    let state = State::open(&shell.state_dir()).unwrap();
    assert_eq!(state.adopt(&ContextId::new("local/tickler")).unwrap().changes, []);
}

#[test]
fn a_unique_start_of_an_id_is_enough() {
    let like = |count: u8| MemoId::from_random([7, 7, 7, 7, 7, count, 0, 0, 0, 0, 0, 0, 0, 0, 0, count]);
    let shell = Shell::with_ids(like);
    for memo in ["tea", "coffee"] {
        shell.run(&["add", memo, "in", "1", "h"]);
    }
    let transcript = shell.transcript(&[
        &["list"],
        &["show", "0707"],
        &["cancel", "07070707-0702", "0707"],
        &["cancel", "0707"],
        &["cancel", "07070707-0701-4000-8000-000000000001"],
        &["cancel", FIRST],
    ]);
    insta::assert_snapshot!(transcript);
}

#[test]
fn cached_lists_without_a_request() {
    let shell = Shell::new();
    let nothing = shell.run(&["list", "--cached"]);
    assert_eq!((nothing.code, nothing.output.as_str()), (0, "Nothing is pending.\n"));
    shell.run(&["add", "tea", "in", "1", "h"]);
    let own = shell.run(&["list", "--cached"]);
    assert!(own.output.contains("tea"), "{own:?}");
    assert!(own.errors.contains("This list has only the changes from this machine"), "{own:?}");
    // The cache has this change, and the rest is as old as before.
    shell.run(&["list"]);
    shell.clock.advance(TimeDelta::minutes(5));
    shell.run(&["add", "milk", "in", "2", "h"]);
    std::fs::remove_dir_all(shell.store().parent().unwrap()).unwrap();
    insta::assert_snapshot!(transcript_of(&["list", "--cached"], &shell.run(&["list", "--cached"])));
}

#[test]
fn a_thousand_lines_add_a_thousand_memos_in_order() {
    let shell = Shell::with_ids(|_| MemoId::from_random(*uuid::Uuid::new_v4().as_bytes())).piped();
    let line = |number: u32| format!("in {number} min\tmemo {number}\n");
    let lines: String = (1..=1000).map(line).collect();
    let added = shell.run_with(&["add", "--stdin-lines", "--json"], Some(&lines));
    assert_eq!(added.code, 0, "{}", added.errors);
    let expected: Vec<String> = (1..=1000).map(|number| format!("memo {number}")).collect();
    for json in [added.json(), shell.run(&["list", "--json"]).json(), shell.run(&["list", "--cached", "--json"]).json()]
    {
        let memos: Vec<&str> = json.as_array().unwrap().iter().map(|memo| memo["memo"].as_str().unwrap()).collect();
        assert_eq!(memos, expected);
    }
}

#[test]
fn one_bad_line_adds_no_memo() {
    let shell = Shell::new();
    let lines = "tea in 20 min\n\nin 2 h\tcoffee\nfloop\tmilk\nbread\nat 5\tx\n";
    let mut all = transcript_of(&["add", "--stdin-lines"], &shell.run_with(&["add", "--stdin-lines"], Some(lines)));
    let line = &["add", "--stdin-lines", "--at", "in 1 h"];
    all += &shell.transcript(&[&["list"]]);
    all += &transcript_of(line, &shell.run_with(line, Some("tea\nin 20 min\tas it is\n")));
    all += &shell.transcript(&[&["list"]]);
    insta::assert_snapshot!(all);
}

#[test]
fn a_narrow_terminal_keeps_the_memo_column() {
    let shell = Shell::new();
    shell.run(&["add", "call mum about the train", "--at", "fri 18:00"]);
    shell.run(&["add", "tea", "--at", "in 20 min"]);
    let lists: Vec<String> =
        [80, 60, 46, 24].into_iter().map(|columns| shell.run_in(columns, &["list"]).output).collect();
    insta::assert_snapshot!(lists.join("\n"));
}

#[test]
fn snooze_reads_prepositions() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    for (words, due) in [
        (&["for", "10", "min"][..], "2026-03-04T11:27:00+01:00"),
        (&["by 2 h"], "2026-03-04T13:27:00+01:00"),
        (&["until", "fri", "9:00"], "2026-03-06T09:00:00+01:00"),
    ] {
        let line = [&["snooze", "01", "--json"], words].concat();
        assert_eq!(shell.run(&line).json()["due"], due, "{words:?}");
    }
    assert_eq!(shell.run(&["snooze", "01", "until"]).code, 2);
}
