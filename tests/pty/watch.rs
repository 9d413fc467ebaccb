//! `tickler list --watch` under job control, and at the end of a pipe.

use std::process::Stdio;

use super::machine::Machine;
use super::terminal::{is_stopped, key};

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let machine = Machine::new();
    let script = "set -m; \"$0\" list --watch; echo stopped; read line; fg; echo ended $?";
    let mut terminal = machine.script(script).sized(100, 30).start();
    terminal.wait_to_show("Nothing is pending.");
    let is_hosted = || embedded::HostLock::is_held(&machine.store()).unwrap();
    assert!(is_hosted());
    let program = terminal.foreground();
    terminal.send(key::SUSPEND);
    terminal.wait_to_show("stopped");
    terminal.wait_until("the stop", || is_stopped(program));
    assert!(!terminal.screen().alternate_screen() && !terminal.screen().hide_cursor());
    assert!(!is_hosted(), "a stopped process delivers nothing");
    assert!(machine.without_terminal().args(["add", "tea", "--at", "in 2 h"]).status().unwrap().success());

    terminal.send("\n");
    terminal.wait_for("the table", |terminal| terminal.screen().alternate_screen() && terminal.shows("tea"));
    assert!(is_hosted());
    terminal.send("\x03");
    terminal.wait_to_show("ended 0");
    assert!(!terminal.screen().alternate_screen() && !terminal.screen().hide_cursor());
}

#[test]
fn ctrl_backslash_ends_it_when_the_terminal_is_given_back() {
    let machine = Machine::new();
    let script = "ulimit -c 0; set -m; \"$0\" list --watch; echo ended $?";
    let mut terminal = machine.script(script).sized(100, 30).start();
    terminal.wait_to_show("Nothing is pending.");
    terminal.send("\x1c");
    terminal.wait_to_show("ended 131");
    terminal.wait_for_end_and_terminal();
}

#[test]
fn it_ends_when_its_reader_has_gone() {
    let machine = Machine::new();
    let store = machine.store();
    let mut watcher = machine.without_terminal();
    watcher.args(["list", "--watch", "--json"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut watcher = watcher.spawn().unwrap();
    while !embedded::HostLock::is_held(&store).unwrap() {
        std::thread::yield_now();
    }
    // Nothing is pending: it would write nothing for ever.
    drop(watcher.stdout.take());
    assert!(watcher.wait().unwrap().success());
}
