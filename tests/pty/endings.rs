//! However the program ends, it restores the terminal and keeps the draft.

use std::process::Stdio;

use rustix::process::Signal;

use super::machine::{Machine, Program};
use super::memos::{schedule, wait_for_form};
use super::terminal::{is_asleep, is_stopped, is_writing, key};

/// The error without a terminal.
const NO_TERMINAL: &str = "tickler needs a terminal. `tickler --help` lists the commands that work without one.";

#[test]
fn quitting_restores_the_terminal_and_warns_that_nothing_rings() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    terminal.send("q");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    terminal.wait_to_say("Local memos do not ring while tickler is closed. Next: ");
}

#[test]
fn quitting_keeps_the_draft() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    terminal.send("call mu");
    terminal.send(key::QUIT);
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    machine.start().wait_to_show("call mu");
}

#[test]
fn a_signal_restores_the_terminal_and_keeps_the_draft() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let machine = Machine::new();
        let mut terminal = machine.start();
        wait_for_form(&mut terminal);
        terminal.send("call mum");
        terminal.wait_to_show("call mum");
        terminal.signal(signal);
        assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0, "{signal:?}");
        machine.start().wait_to_show("call mum");
    }
}

// A release build ignores TICKLER_PANIC.
#[cfg(debug_assertions)]
#[test]
fn a_panic_restores_the_terminal_before_it_prints() {
    let mut terminal = Machine::new().program().with("TICKLER_PANIC", "1").start();
    wait_for_form(&mut terminal);
    terminal.send("a");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 101);
    terminal.wait_to_show("TICKLER_PANIC is set");
    terminal.wait_to_show("note: run with");
    // The cursor is below the last line, or the shell would overwrite it.
    let (row, _) = terminal.screen().cursor_position();
    let below = terminal.screen().contents().lines().count();
    assert!(usize::from(row) >= below, "the cursor is in row {row} of {below}:\n{}", terminal.screen().contents());
}

#[test]
fn redraw_works_in_a_terminal_that_answers_no_query() {
    let mut terminal = Machine::new().start();
    wait_for_form(&mut terminal);
    terminal.send("call mum");
    terminal.wait_to_show("call mum");
    terminal.scribble("\x1b[2Jwrite ana wants to talk\r\n");
    assert!(!terminal.shows("call mum"));
    terminal.send(key::REDRAW);
    terminal.wait_for("the screen", |terminal| terminal.shows("call mum") && !terminal.shows("ana"));
}

#[test]
fn suspend_restores_the_terminal_and_continue_takes_it_again() {
    // A shell with job control, as a person uses.
    let script = "set -m; \"$0\"; echo stopped; read line; fg; echo ended $?";
    let mut terminal = Machine::new().script(script).sized(120, 30).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    let program = terminal.foreground();

    terminal.send(key::SUSPEND);
    terminal.wait_to_show("stopped");
    terminal.wait_until("the stop", || is_stopped(program));
    assert!(!terminal.screen().alternate_screen());
    assert!(!terminal.screen().hide_cursor());
    assert!(!terminal.screen().bracketed_paste());
    assert!(terminal.has_its_modes());

    // The stopped program does not see this.
    terminal.resize(60, 20);
    terminal.send("\n");
    terminal.wait_for("the screen in its new size", |terminal| {
        terminal.screen().alternate_screen()
            && terminal.line_of("water the ferns").is_some_and(|line| line.contains("in 1 h 59 min"))
            && !terminal.shows("New memo")
    });
    assert!(terminal.screen().bracketed_paste());
    assert!(!terminal.has_its_modes());

    terminal.send("q");
    assert!(terminal.wait_for_end().success());
    terminal.wait_to_show("ended 0");
    assert!(!terminal.screen().alternate_screen());
}

/// Types half a memo, closes the terminal at once, and expects the draft at the next start.
fn close_the_terminal(machine: &Machine, program: Program) {
    let mut terminal = program.start();
    wait_for_form(&mut terminal);
    terminal.send("call mum");
    terminal.wait_to_show("call mum");
    assert_ne!(terminal.close().wait().exit_code(), 101, "it panicked");
    machine.start().wait_to_show("call mum");
}

#[test]
fn it_ends_with_its_terminal() {
    let machine = Machine::new();
    close_the_terminal(&machine, machine.program());
}

#[test]
fn it_ends_with_its_terminal_if_sighup_is_ignored() {
    let machine = Machine::new();
    close_the_terminal(&machine, machine.script("trap '' HUP; exec \"$0\""));
}

#[test]
fn it_ends_with_its_terminal_without_a_sighup() {
    let machine = Machine::new();
    close_the_terminal(&machine, machine.program().in_a_foreign_terminal());
}

#[test]
fn it_ends_with_its_terminal_while_idle() {
    let machine = Machine::new();
    let mut terminal = machine.program().in_a_foreign_terminal().start();
    wait_for_form(&mut terminal);
    terminal.send("call mum");
    terminal.type_no_more();
    // After it saves the draft, it only waits for the next minute.
    let program = terminal.process();
    terminal.wait_until("the draft", || machine.draft().as_deref() == Some("call mum\n") && is_asleep(program));
    // It ends by itself, and not because it fails to draw the next minute.
    assert_eq!(terminal.close().wait().exit_code(), 0);
}

#[test]
fn sigterm_ends_it_in_a_terminal_that_stopped_reading() {
    let machine = Machine::new();
    let mut terminal = machine.program().sized(200, 50).start();
    wait_for_form(&mut terminal);
    let reading = terminal.reading();
    let held = reading.lock().unwrap();
    let program = terminal.process();
    // Until one write stays: more frames than the terminal buffers.
    while !(0..100).all(|_| is_writing(program)) {
        terminal.send(key::REDRAW);
    }
    terminal.signal(Signal::TERM);
    // Not 0, because its terminal thread was stuck.
    assert_eq!(terminal.wait_for_end().exit_code(), 1);
    assert!(terminal.has_its_modes(), "the terminal is still raw");
    drop(held);
}

#[test]
fn without_a_terminal_it_exits_with_2() {
    let program = Machine::new().without_terminal().stdin(Stdio::null()).output().unwrap();
    assert_eq!(program.status.code(), Some(2));
    assert_eq!(String::from_utf8(program.stderr).unwrap(), format!("{NO_TERMINAL}\n"));
    assert!(program.stdout.is_empty());
}

#[test]
fn with_redirected_output_it_exits_with_2() {
    let mut terminal = Machine::new().script("\"$0\" > /dev/null; echo exit code $?").start();
    terminal.wait_to_show("exit code 2");
    assert!(terminal.says(NO_TERMINAL));
    assert!(terminal.has_its_modes());
}
