//! A time that only the person can decide: a terminal asks, a pipe refuses with the command to type. And dry runs.

use std::process::Command;

use super::process::Machine;
use super::shell::{Printed, Shell, transcript_of};

/// The words of a command line, as `sh` reads them.
fn words(command: &str) -> Vec<String> {
    let arguments = command.strip_prefix("tickler ").unwrap();
    let printed = Command::new("sh").args(["-c", &format!("printf '%s\\0' {arguments}")]).output().unwrap();
    assert!(printed.status.success(), "{command}: {printed:?}");
    let text = String::from_utf8(printed.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

/// The commands that an error suggests, one on each line.
fn suggested(printed: &Printed) -> Vec<String> {
    printed.errors.lines().filter_map(|line| line.strip_prefix("  ")).map(str::to_owned).collect()
}

/// Pastes a command.
#[track_caller]
fn paste(shell: &Shell, command: &str) -> Printed {
    let words = words(command);
    shell.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_guess_is_asked_about() {
    let shell = Shell::new();
    let line = ["add", "tea", "--at", "at 5"];
    let asked = |answers| transcript_of(&line, &shell.run_and_answer(&line, answers));
    let transcript = ["\n", "Y\n", "maybe\nyes\n", "n\n", ""].map(asked).concat();
    insta::assert_snapshot!(transcript);
    assert_eq!(shell.run(&["list"]).output.lines().count(), 4, "three memos and the heading");
}

#[test]
fn a_question_is_asked_with_numbers() {
    let shell = Shell::new();
    let asked = |line: &[&str], answers| transcript_of(line, &shell.run_and_answer(line, answers));
    let transcript = [
        asked(&["add", "tea", "--at", "4/7"], "2\n"),
        asked(&["add", "tea", "4/7"], "three\n3\n0\n1\n"),
        asked(&["add", "tea", "--at", "2026-10-25 02:30"], "n\n"),
        asked(&["add", "tea", "--at", "2026-03-29 02:30"], "2\n"),
        asked(&["add", "tea", "--at", "fri", "18:00"], "1\n"),
        asked(&["add", "tea", "--at", "fri", "18:00"], "2\n"),
    ];
    insta::assert_snapshot!(transcript.concat());
}

#[test]
fn edit_and_snooze_ask_too() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    let asked = |line: &[&str], answers| transcript_of(line, &shell.run_and_answer(line, answers));
    let transcript = [
        asked(&["edit", "01", "--at", "at 5"], "y\n"),
        asked(&["snooze", "01", "4/7"], "1\n"),
        asked(&["edit", "01", "--at", "at 5"], "n\n"),
        asked(&["list"], ""),
    ];
    insta::assert_snapshot!(transcript.concat());
}

#[test]
fn lines_are_asked_about_once_all_are_understood() {
    let shell = Shell::new();
    let lines = "tea in 20 min\nat 5\tcoffee\n4/7\tdinner\n";
    let settled = shell.run_with(&["add", "--stdin-lines"], Some(lines));
    assert_eq!((settled.code, settled.errors.matches("\n  tickler add --at ").count()), (4, 3), "{settled:?}");
    // A terminal has one input, in which the answers follow the lines.
    let all = |line: &[&str]| shell.run_and_answer(line, "y\n");
    let at_once = all(&["add", "--stdin-lines", "--at", "at 5"]);
    assert!(at_once.errors.contains("Is that right? [Y/n]"), "{at_once:?}");
    assert_eq!(shell.run(&["list"]).output, "Nothing is pending.\n");
}

#[test]
fn json_is_never_asked_about() {
    let shell = Shell::new();
    let printed = shell.run_and_answer(&["add", "tea", "--at", "at 5", "--json"], "y\n");
    assert_eq!(printed.code, 4);
    assert!(printed.errors.starts_with("{\"error\":{\"kind\":\"guess\""), "{printed:?}");
}

#[test]
fn each_suggested_command_works_as_it_stands() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    let lines: [&[&str]; 15] = [
        &["add", "tea", "--at", "2026-03-29 02:30"],
        &["add", "tea", "--at", "2026-10-25 02:30"],
        &["add", "tea", "--at", "at 5"],
        &["add", "tea", "--at", "4/7"],
        &["add", "tea", "--at", "9:30 IST"],
        &["add", "mum's", "$HOME", "&", "\"tea\"", "9:30"],
        &["add", "- [ ] call mum", "--at", "at 5"],
        &["add", "call mum", "--at", "at 5", "--zone", "Asia/Tokyo", "--json"],
        &["--context", "local", "--group", "tickler", "add", "tea", "at", "5"],
        &["add", "tea", "--at", "fri", "18:00"],
        &["add", "--dry-run", "tea", "--at", "at 5"],
        &["edit", "01", "--at", "at 5"],
        &["edit", "01", "--at", "at 5", "-m", "- [x] tea"],
        &["snooze", "01", "4/7"],
        &["add", "two\nlines", "--at", "at 5"],
    ];
    for line in lines {
        let refused = shell.run(line);
        assert_eq!(refused.code, 4, "{line:?}: {refused:?}");
        let commands = match line.contains(&"--json") {
            true => {
                let error: serde_json::Value = serde_json::from_str(&refused.errors).unwrap();
                let hint = error["error"]["hint"].as_str().unwrap().to_owned();
                suggested(&Printed { errors: hint, ..refused })
            }
            // The second line of the memo is the second line of its command.
            false if line[1].contains('\n') => vec![refused.errors.split_once("\n  ").unwrap().1.trim_end().to_owned()],
            false => suggested(&refused),
        };
        assert!(!commands.is_empty(), "{line:?}");
        for command in commands {
            let ended = paste(&shell, &command);
            assert_eq!(ended.code, 0, "{line:?}, suggested {command}: {ended:?}");
        }
    }
    let listed = shell.run(&["list", "--json"]).json();
    let memos: Vec<&str> = listed.as_array().unwrap().iter().filter_map(|memo| memo["memo"].as_str()).collect();
    for memo in ["mum's $HOME & \"tea\"", "- [ ] call mum", "- [x] tea", "two\nlines", "tea 18:00"] {
        assert!(memos.contains(&memo), "{memo} is not in {memos:?}");
    }
}

#[test]
fn a_dry_run_says_what_would_be_understood() {
    let shell = Shell::new();
    let transcript = shell.transcript(&[
        &["add", "--dry-run", "call", "mum", "fri", "18:00", "Tokyo"],
        &["add", "--dry-run", "two\nlines", "--at", "in 20 min"],
        &["add", "--dry-run", "--json", "call mum fri 18:00"],
        &["add", "--dry-run", "tea", "--at", "at 5"],
        &["add", "--dry-run", "tea"],
        &["--read-only", "add", "--dry-run", "tea in 1 h"],
    ]);
    let lines = shell.run_with(&["add", "--dry-run", "--stdin-lines"], Some("tea in 20 min\nfri 18:00\tcall mum\n"));
    let lines = transcript_of(&["add", "--dry-run", "--stdin-lines"], &lines);
    let piped = Shell::new().piped().run(&["add", "--dry-run", "call mum fri 18:00"]);
    insta::assert_snapshot!(format!("{transcript}{lines}{}", transcript_of(&["|", "cat"], &piped)));
    // On a terminal it asks nothing.
    let unclear = shell.run_and_answer(&["add", "--dry-run", "tea", "--at", "at 5"], "y\n");
    assert_eq!(unclear.code, 4, "{unclear:?}");
}

#[test]
fn a_dry_run_touches_no_file() {
    let machine = Machine::new();
    let ended = machine.run(&["add", "--dry-run", "call", "mum", "2999-01-01", "18:00"]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(ended.stderr.is_empty(), "{ended:?}");
    let files = std::fs::read_dir(machine.path("")).unwrap().count();
    assert_eq!(files, 0);
}

#[test]
fn a_pipe_is_never_asked() {
    // Standard input is a pipe with the answer, and standard error is not a terminal.
    let shell = Shell::new();
    let refused = shell.run_with(&["add", "tea", "--at", "at 5"], Some("y\n"));
    assert_eq!(refused.code, 4, "{refused:?}");
    assert_eq!(suggested(&refused).len(), 1, "{refused:?}");
    assert_eq!(shell.run(&["list"]).output, "Nothing is pending.\n");
}
