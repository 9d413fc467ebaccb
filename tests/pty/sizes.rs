//! Terminals of all sizes, and one without colour.

use super::machine::Machine;
use super::memos::{schedule, wait_for_arrival, wait_for_form};
use super::terminal::{Terminal, key};

#[test]
fn a_terminal_of_one_cell_is_survived() {
    let mut terminal = Machine::new().program().sized(1, 1).start();
    terminal.wait_to_show("t");
    terminal.resize(80, 24);
    wait_for_form(&mut terminal);
    terminal.send("call mum");
    terminal.wait_to_show("call mum");

    terminal.resize(1, 1);
    terminal.wait_for("a screen of one cell", |terminal| terminal.screen().contents() == "t");
    terminal.resize(30, 5);
    terminal.wait_to_say("tickler needs 40×10 characters; this terminal has 30×5.");
    terminal.resize(80, 24);
    terminal.wait_to_show("call mum");
    terminal.send(" now");
    terminal.wait_to_show("call mum now");
}

#[test]
fn forty_columns_and_ten_rows_are_enough() {
    let mut terminal = Machine::new().program().sized(40, 10).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 5 seconds");
    wait_for_arrival(&mut terminal, "brew tea");
    terminal.send(key::ENTER);
    terminal.wait_for("the end of it", |terminal| !terminal.shows("brew tea"));
    terminal.send("q");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
}

/// The parameters of every SGR sequence.
fn sgr_parameters(written: &[u8]) -> Vec<u16> {
    let written = String::from_utf8_lossy(written);
    let sequences = written.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        rest[end..].starts_with('m').then(|| rest[..end].to_owned())
    });
    sequences
        .flat_map(|sequence| sequence.split([';', ':']).filter_map(|n| n.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// Whether a parameter sets a colour. 39 and 49 reset it.
fn is_colour(parameter: u16) -> bool {
    matches!(parameter, 30..=38 | 40..=48 | 90..=97 | 100..=107)
}

/// Schedules one memo and fails to schedule another, so that the screen uses colours.
fn show_success_and_error(mut terminal: Terminal) -> Vec<u16> {
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    terminal.send("a");
    wait_for_form(&mut terminal);
    terminal.send(key::SUBMIT);
    terminal.wait_to_say("The memo is empty");
    sgr_parameters(terminal.written())
}

#[test]
fn no_color_uses_attributes_only() {
    let machine = Machine::new();
    let coloured = show_success_and_error(machine.start());
    assert!(coloured.iter().copied().any(is_colour), "{coloured:?}");

    let plain = show_success_and_error(Machine::new().program().with("NO_COLOR", "1").start());
    assert!(!plain.iter().copied().any(is_colour), "{plain:?}");
    assert!(plain.contains(&1), "nothing stands out: {plain:?}");
}
