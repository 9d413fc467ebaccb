//! However the program ends, it restores the terminal and keeps the draft.

use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use super::machine::{Machine, Program};
use super::memos::{schedule, wait_for_form};
use super::terminal::{is_asleep, is_stopped, is_writing, key};

/// The error without a terminal.
const NO_TERMINAL: &str = "tickler needs a terminal. `tickler --help` lists the commands that work without one.";

/// Sends a signal to a process that is not the terminal's own.
fn signal(process: i32, signal: Signal) {
    kill_process(Pid::from_raw(process).unwrap(), signal).unwrap();
}

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

/// A shell with job control that says what ended or stopped the program, as a person sees it.
const JOBS: &str = "set -m; \"$0\"; echo stopped; read line; fg; echo ended $?";

#[test]
fn a_stop_from_outside_restores_the_terminal_and_keeps_the_draft() {
    let mut terminal = Machine::new().script(JOBS).sized(120, 30).start();
    wait_for_form(&mut terminal);
    terminal.send("call mum");
    terminal.wait_to_show("call mum");
    let program = terminal.foreground();
    signal(program, Signal::TSTP);
    terminal.wait_to_show("stopped");
    terminal.wait_until("the stop", || is_stopped(program));
    assert!(!terminal.screen().alternate_screen() && !terminal.screen().hide_cursor());
    assert!(terminal.has_its_modes());

    terminal.send("\n");
    terminal.wait_for("the screen", |terminal| terminal.screen().alternate_screen() && terminal.shows("call mum"));
    terminal.send(" at six");
    terminal.wait_to_show("call mum at six");
    terminal.send(key::QUIT);
    assert!(terminal.wait_for_end().success());
    terminal.wait_to_show("ended 0");
}

#[test]
fn after_a_stop_that_it_did_not_see_it_takes_the_terminal_again() {
    // A shell gives its job the modes that the shell uses.
    let script =
        "set -m; \"$0\"; stty sane; printf '\\033[?1049l\\033[?2004l\\033[?25hmine'; read line; fg; echo ended $?";
    let mut terminal = Machine::new().script(script).sized(120, 30).start();
    wait_for_form(&mut terminal);
    terminal.send("call mum");
    terminal.wait_to_show("call mum");
    let program = terminal.foreground();
    signal(program, Signal::STOP);
    terminal.wait_to_show("mine");
    terminal.send("\n");
    terminal.wait_for("the screen", |terminal| {
        terminal.screen().alternate_screen() && terminal.shows("call mum") && terminal.shows("New memo")
    });
    // Without raw mode, the terminal would keep this until Enter.
    terminal.send("!");
    terminal.wait_to_show("call mum!");
    assert!(terminal.screen().bracketed_paste());
    assert!(!terminal.has_its_modes());
    terminal.send(key::QUIT);
    assert!(terminal.wait_for_end().success());
    terminal.wait_to_show("ended 0");
}

#[test]
fn a_signal_that_ends_programs_ends_it_when_the_terminal_is_restored() {
    for (number, kind) in [(3, Signal::QUIT), (10, Signal::USR1), (12, Signal::USR2), (6, Signal::ABORT)] {
        let machine = Machine::new();
        let mut terminal = machine.script("ulimit -c 0; set -m; \"$0\"; echo ended $?").start();
        wait_for_form(&mut terminal);
        terminal.send("call mum");
        terminal.wait_to_show("call mum");
        signal(terminal.foreground(), kind);
        // 128 and the number of the signal: the shell has seen it.
        terminal.wait_to_show(&format!("ended {}", 128 + number));
        terminal.wait_for_end_and_terminal();
        machine.start().wait_to_show("call mum");
    }
}

#[test]
fn without_a_shell_that_could_continue_it_it_goes_on_at_once() {
    let mut terminal = Machine::new().start();
    wait_for_form(&mut terminal);
    terminal.send("call mum");
    terminal.wait_to_show("call mum");
    terminal.send(key::SUSPEND);
    terminal.send("!");
    terminal.wait_to_show("call mum!");
    terminal.send(key::QUIT);
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
}

#[test]
fn a_suspended_program_does_not_count_as_a_host() {
    let machine = Machine::new();
    let mut terminal = machine.script(JOBS).sized(120, 30).start();
    wait_for_form(&mut terminal);
    let is_hosted = || embedded::HostLock::is_held(&machine.store()).unwrap();
    terminal.wait_until("the host", is_hosted);
    let program = terminal.foreground();
    terminal.send(key::SUSPEND);
    terminal.wait_until("the stop", || is_stopped(program));
    assert!(!is_hosted());
    let added = machine.without_terminal().args(["add", "tea", "--at", "in 2 h"]).output().unwrap();
    let warning = String::from_utf8(added.stderr).unwrap();
    assert!(warning.contains("tickler is not open"), "{warning}");
    terminal.send("\n");
    terminal.wait_to_show("tea");
    terminal.wait_until("the host", is_hosted);
}

/// A process cannot let go of the lock before this signal stops it.
#[test]
fn a_program_that_was_stopped_from_outside_is_reported_as_stopped() {
    let machine = Machine::new();
    let mut terminal = machine.script(JOBS).sized(120, 30).start();
    wait_for_form(&mut terminal);
    terminal.wait_until("the host", || embedded::HostLock::is_held(&machine.store()).unwrap());
    let program = terminal.foreground();
    let send = |signal| kill_process(Pid::from_raw(program).unwrap(), signal).unwrap();
    send(Signal::STOP);
    terminal.wait_until("the stop", || is_stopped(program));
    let added = machine.without_terminal().args(["add", "tea", "--at", "in 2 h"]).output().unwrap();
    let warning = String::from_utf8(added.stderr).unwrap();
    let expected = format!("tickler is stopped (process {program})");
    assert!(added.status.success() && warning.contains(&expected), "{warning}");
    send(Signal::CONT);
}

#[test]
fn without_an_alternate_screen_the_first_frame_clears_and_the_last_line_is_left_empty() {
    let mut terminal = Machine::new().script("echo the shell was here; \"$0\"; echo and is back").start();
    wait_for_form(&mut terminal);
    let written = String::from_utf8_lossy(terminal.written()).into_owned();
    let entered = written.find("\x1b[?1049h").unwrap();
    let frame = written.find("New memo").unwrap();
    let cleared = written[entered..].find("\x1b[2J").unwrap() + entered;
    assert!(entered < cleared && cleared < frame, "{written:?}");
    terminal.send(key::QUIT);
    terminal.wait_to_show("and is back");
    let written = String::from_utf8_lossy(terminal.written()).into_owned();
    // Such a terminal ignores the one code: what remains is a cursor on the last line, which is empty.
    let last = &written[..written.rfind("\x1b[?1049l").unwrap()];
    assert!(last.ends_with("\x1b[9999;1H\x1b[2K"), "{last:?}");
}
