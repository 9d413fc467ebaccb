//! The main job: a memo, from typing it to its delivery.

use super::machine::Machine;
use super::terminal::{Terminal, key};

/// Types a memo into the focused form, and schedules it.
#[track_caller]
pub fn schedule(terminal: &mut Terminal, memo: &str, time: &str) {
    terminal.send(&format!("{memo}\t\t{time}{}", key::SUBMIT));
    terminal.wait_to_say(&format!("Scheduled “{memo}” for"));
}

/// Waits until the form has the focus. It does at the start if nothing is pending.
#[track_caller]
pub fn wait_for_form(terminal: &mut Terminal) {
    terminal.wait_to_show("Esc list");
}

/// How many lines beside the form contain these words. The banner at the foot does not count.
pub fn beside_form(terminal: &Terminal, words: &str) -> usize {
    let beside = |line: &&str| line.rsplit('│').nth(1).is_some_and(|line| line.contains(words));
    terminal.screen().contents().lines().filter(beside).count()
}

/// Waits until a memo shows as arrived.
#[track_caller]
pub fn wait_for_arrival(terminal: &mut Terminal, memo: &str) {
    terminal.wait_for(&format!("the arrival of {memo}"), |terminal| {
        terminal.line_of(memo).is_some_and(|line| line.contains("arrived"))
    });
}

/// Whether the line counts seconds: `in 4 s`.
fn counts_seconds(line: &str) -> bool {
    line.split("in ").skip(1).any(|rest| rest.split_once(" s").is_some_and(|(count, _)| count.parse::<u8>().is_ok()))
}

#[test]
fn the_empty_screen() {
    let mut terminal = Machine::new().program().sized(120, 30).start();
    terminal.wait_for("the empty program", |terminal| {
        terminal.shows("local · rings while open") && terminal.shows("0 pending") && terminal.shows("New memo")
    });
    assert!(terminal.screen().alternate_screen());
    assert!(terminal.screen().bracketed_paste());
    assert!(!terminal.has_its_modes(), "the terminal still buffers lines");
}

#[test]
fn a_memo_is_scheduled_counts_down_arrives_and_is_done() {
    let machine = Machine::new();
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 5 seconds");
    terminal
        .wait_for("the countdown", |terminal| terminal.line_of("brew tea").is_some_and(|line| counts_seconds(&line)));
    assert!(terminal.shows("1 pending"));

    wait_for_arrival(&mut terminal, "brew tea");
    terminal.wait_for("the count of what has arrived", |terminal| terminal.shows("1 arrived · 0 pending"));

    terminal.send(key::ENTER);
    terminal.wait_for("the end of it", |terminal| !terminal.shows("arrived") && terminal.line_of("brew tea").is_none());

    terminal.send("2");
    terminal.wait_for("the history", |terminal| terminal.shows("History") && terminal.lines_with("brew tea") == 1);
    assert_eq!(terminal.rings(), 1);
    assert_eq!(machine.deliveries(), 1);
}

#[test]
fn two_instances_agree_and_deliver_once() {
    let machine = Machine::new();
    let (mut one, mut other) = (machine.start(), machine.start());
    wait_for_form(&mut one);
    wait_for_form(&mut other);

    schedule(&mut one, "water the ferns", "in 2 hours");
    other.wait_to_show("water the ferns");

    // Both are hosts when this memo comes due.
    other.send(key::ESCAPE);
    other.wait_to_show("a add");
    other.send("a");
    wait_for_form(&mut other);
    schedule(&mut other, "brew tea", "in 5 seconds");
    one.wait_to_show("brew tea");
    wait_for_arrival(&mut other, "brew tea");
    wait_for_arrival(&mut one, "brew tea");

    one.send("2");
    one.wait_for("the history", |one| one.shows("History") && one.lines_with("brew tea") == 1);
    assert_eq!(machine.deliveries(), 1);
}
