//! The command line on a terminal asks about a time that is a guess or a question.

use super::machine::Machine;
use super::terminal::Terminal;

/// Ends the input.
const END: &str = "\x04";
const INTERRUPT: &str = "\x03";

fn run(machine: &Machine, line: &[&str]) -> Terminal {
    machine.program().called_with(line).sized(120, 30).start()
}

#[test]
fn a_guess_is_scheduled_after_a_yes_only() {
    let machine = Machine::new();
    let mut terminal = run(&machine, &["add", "call", "mum", "at", "5"]);
    terminal.wait_to_show("Is that right? [Y/n]");
    assert!(terminal.shows("but that is a guess"));
    terminal.send("n\n");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 1);
    terminal.wait_to_show("Nothing was changed.");
    assert_eq!(machine.listed(), []);

    for (number, answer) in [(1, "\n"), (2, "y\n")] {
        let mut terminal = run(&machine, &["add", "call", "mum", "at", "5"]);
        terminal.wait_to_show("Is that right? [Y/n]");
        terminal.send(answer);
        assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
        terminal.wait_to_show("Scheduled “call mum” for");
        assert_eq!(machine.listed().len(), number);
    }
}

#[test]
fn a_question_is_answered_with_a_number() {
    let machine = Machine::new();
    let mut terminal = run(&machine, &["add", "tea", "--at", "4/7/2999 18:00"]);
    terminal.wait_to_show("Which one? [1 to 2, or n for none]");
    terminal.send("2\n");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    let listed = machine.listed();
    assert_eq!(listed[0].due.to_rfc3339(), "2999-07-04T18:00:00+01:00");

    let mut terminal = run(&machine, &["edit", &listed[0].id, "--at", "4/7/2999 18:00"]);
    terminal.wait_to_show("Which one?");
    terminal.send("1\n");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    assert_eq!(machine.listed()[0].due.to_rfc3339(), "2999-04-07T18:00:00+01:00");
}

#[test]
fn no_answer_changes_nothing() {
    for keys in [END, INTERRUPT] {
        let machine = Machine::new();
        let mut terminal = run(&machine, &["add", "call", "mum", "at", "5"]);
        terminal.wait_to_show("Is that right? [Y/n]");
        terminal.send(keys);
        assert_ne!(terminal.wait_for_end_and_terminal().exit_code(), 0);
        assert_eq!(machine.listed(), []);
    }
}

#[test]
fn lines_are_asked_about_after_their_end() {
    let machine = Machine::new();
    let mut terminal = run(&machine, &["add", "--stdin-lines"]);
    terminal.send("tea 2999-01-01 18:00\nat 5\tcoffee\n");
    terminal.send(END);
    terminal.wait_to_show("Line 2: “coffee”");
    terminal.wait_to_show("Is that right? [Y/n]");
    terminal.send("y\n");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    terminal.wait_to_show("Scheduled 2 memos.");
    assert_eq!(machine.listed().len(), 2);
}

#[test]
fn a_redirected_stream_is_refused_and_not_asked() {
    for script in [
        "\"$0\" add call mum at 5 2>errors; echo ended $?; cat errors",
        "echo y | \"$0\" add call mum at 5; echo ended $?",
        "\"$0\" add call mum at 5 --json; echo ended $?",
    ] {
        let machine = Machine::new();
        let mut terminal = machine.script(script).sized(200, 30).start();
        terminal.wait_to_show("ended 4");
        terminal.wait_for_end();
        assert!(!terminal.shows("[Y/n]"), "{script}");
        assert!(terminal.shows("tickler add "), "{script}");
        assert_eq!(machine.listed(), []);
    }
}

#[test]
fn an_argument_does_not_act_on_the_terminal() {
    let machine = Machine::new();
    // 8-bit CSI, a title, and a direction mark.
    let hostile = "\u{9b}2J\u{1b}]0;title\u{7}\u{202e}";
    for line in [
        &["add", "tea", "18:00", "--zone", hostile][..],
        &["list", "--context", hostile],
        &[hostile],
        &["add", hostile],
        &["add", hostile, "--at", "2999-01-01 18:00"],
        &["list"],
        &["list", "--json"],
        &["export"],
    ] {
        let mut terminal = run(&machine, line);
        terminal.wait_for_end();
        terminal.wait_for("all output", |terminal| terminal.written().ends_with(b"\n"));
        let written = String::from_utf8_lossy(terminal.written()).into_owned();
        // clap's own colours are no part of an argument.
        for raw in ["\u{9b}", "\u{1b}]", "\u{7}", "\u{202e}"] {
            assert!(!written.contains(raw), "{line:?} writes {raw:?}: {written:?}");
        }
        assert!(written.contains('␛') || written.contains("u001b") || line == ["export"], "{line:?}: {written:?}");
    }
}
