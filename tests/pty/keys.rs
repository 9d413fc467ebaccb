//! Keys from the settings, as a terminal sends them.

use std::fs;

use super::machine::Machine;
use super::memos::wait_for_form;
use super::terminal::key;

#[test]
fn keys_from_the_settings_work() {
    let machine = Machine::new();
    fs::create_dir_all(machine.settings().parent().unwrap()).unwrap();
    let keys = "[keys.form]\nschedule = [\"F5\", \"Ctrl-Space\"]\n[keys.everywhere]\nquit = [\"Q\", \"Alt-Shift-X\"]\n";
    fs::write(machine.settings(), keys).unwrap();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    terminal.wait_to_show("F5 schedule");
    terminal.send("call mum in 2 hours");
    terminal.send("\x1b[15~");
    terminal.wait_to_show("1 pending");
    terminal.wait_to_show("a add");
    terminal.send("a");
    wait_for_form(&mut terminal);
    terminal.send("water in 3 hours");
    terminal.send("\0");
    terminal.wait_to_show("2 pending");
    terminal.send(key::ESCAPE);
    terminal.wait_to_show("Q quit");
    terminal.send("q");
    terminal.send("\x1bX");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
}

#[test]
fn ctrl_c_always_quits() {
    let machine = Machine::new();
    fs::create_dir_all(machine.settings().parent().unwrap()).unwrap();
    fs::write(machine.settings(), "[keys.everywhere]\nquit = \"F10\"\n").unwrap();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    terminal.send("\x03");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
}
