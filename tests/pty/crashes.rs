//! `kill -9`, and the next start.

use rustix::process::Signal;

use super::machine::Machine;
use super::memos::{schedule, wait_for_arrival, wait_for_form};
use super::terminal::Terminal;

#[track_caller]
fn kill(mut terminal: Terminal) {
    terminal.signal(Signal::KILL);
    assert!(!terminal.wait_for_end().success());
}

#[test]
fn a_scheduled_memo_survives_a_kill() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    kill(terminal);

    let mut terminal = machine.start();
    terminal.wait_for("the memo and its countdown", |terminal| {
        terminal.line_of("water the ferns").is_some_and(|line| line.contains("in 1 h 59 min"))
    });
    assert!(!terminal.says("had not been confirmed"), "a confirmed change is sent again");
}

#[test]
fn a_memo_due_after_a_kill_is_delivered_once() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 5 seconds");
    kill(terminal);

    let mut terminal = machine.start();
    wait_for_arrival(&mut terminal, "brew tea");
    assert_eq!(terminal.rings(), 1);
    kill(terminal);

    // It is not done, so it is still there. It does not ring again.
    let mut terminal = machine.start();
    wait_for_arrival(&mut terminal, "brew tea");
    assert_eq!(terminal.rings(), 0);
    assert_eq!(machine.deliveries(), 1);
}

#[test]
fn the_draft_survives_a_kill() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    terminal.send("call mum about the train");
    terminal.wait_to_show("call mum about the train");
    terminal.wait_until("the draft", || machine.draft().as_deref() == Some("call mum about the train"));
    kill(terminal);

    let mut terminal = machine.start();
    terminal.wait_to_show("call mum about the train");
}
