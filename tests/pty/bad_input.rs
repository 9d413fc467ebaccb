//! Bad input gets an error message, and loses nothing.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::machine::Machine;
use super::memos::{schedule, wait_for_form};
use super::terminal::key;

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_paste_of_a_megabyte_is_refused_and_the_draft_stays() {
    let mut terminal = Machine::new().start();
    wait_for_form(&mut terminal);
    terminal.send("call mum");
    terminal.wait_to_show("call mum");
    terminal.send(&format!("\x1b[200~{}\x1b[201~", "x".repeat(1 << 20)));
    terminal.wait_to_say("The paste has 1048576 bytes, and a memo holds 65536. Nothing was inserted.");
    assert!(!terminal.shows("call mumx"));

    // The message takes no keys.
    terminal.send(" at six");
    terminal.wait_to_show("call mum at six");
}

#[test]
fn a_paste_is_text_and_never_a_key() {
    let mut terminal = Machine::new().start();
    wait_for_form(&mut terminal);
    terminal.send("\x1b[200~one\rtwo\x13\x1b[201~");
    terminal.wait_for("both lines", |terminal| terminal.shows("one") && terminal.shows("two"));
    terminal.send("!");
    terminal.wait_to_show("two!");
    assert!(terminal.shows("0 pending"));
}

#[test]
fn a_file_that_is_not_a_store_is_named_and_left_alone() {
    let machine = Machine::new();
    let garbage = b"this was never a database, whatever its name says. ".repeat(100);
    write(&machine.store(), &garbage);
    let mut terminal = machine.start();
    terminal.wait_to_say(&format!(
        "the schedule store {} is damaged, or is another kind of file",
        machine.store().display()
    ));
    assert!(terminal.shows("not connected"));

    // A memo typed before a context is open stays in the form.
    terminal.send("a");
    terminal.wait_to_show("Esc list");
    terminal.send("call mum");
    terminal.wait_to_show("call mum");
    terminal.send(key::SUBMIT);
    terminal.wait_to_say("No context is open yet. What you typed stays in the form.");
    terminal.send(key::QUIT);
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    assert_eq!(fs::read(machine.store()).unwrap(), garbage);
}

#[test]
fn a_store_of_a_newer_version_is_named_and_left_alone() {
    let machine = Machine::new();
    write(&machine.store(), b"");
    let newer = Connection::open(machine.store()).unwrap();
    newer.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE memos (id); PRAGMA user_version = 99;").unwrap();
    newer.close().unwrap();
    let before = fs::read(machine.store()).unwrap();

    let mut terminal = machine.start();
    terminal.wait_to_say("has version 99, and this program knows versions up to 1; use the newer program");
    terminal.send("q");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    assert_eq!(fs::read(machine.store()).unwrap(), before);
}

#[test]
fn every_error_in_the_settings_is_shown_and_fixed_settings_are_read_again() {
    let machine = Machine::new();
    write(&machine.settings(), b"refresh_seconds = \"often\"\nzone = \"Europe/Pariss\"\n");
    let mut terminal = machine.start();
    let settings = machine.settings();
    terminal.wait_for("both mistakes", |terminal| {
        terminal.says(&format!("{}:1:", settings.display()))
            && terminal.says(&format!("{}:2:", settings.display()))
            && terminal.says("“Europe/Pariss” is not a time zone.")
            && terminal.says("Did you mean Europe/Paris?")
    });

    write(&settings, b"zone = \"Asia/Tokyo\"\n");
    terminal.send("R");
    terminal.wait_to_show("0 pending");
    terminal.send("a");
    wait_for_form(&mut terminal);
    terminal.wait_to_show("Asia/Tokyo");
    schedule(&mut terminal, "call mum", "in 2 hours");
}

#[test]
fn a_target_without_a_role_is_an_error() {
    let target = "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo";
    let mut terminal = Machine::new().program().with("SCHEDULE_TARGET_ARN", target).start();
    terminal.wait_to_say("SCHEDULE_TARGET_ARN: The target is set, but the role is not. Set SCHEDULE_ROLE_ARN");
}

#[test]
fn an_invalid_arn_is_an_error() {
    let mut terminal = Machine::new().program().with("SCHEDULE_TARGET_ARN", "not-an-arn").start();
    terminal.wait_to_say("SCHEDULE_TARGET_ARN: “not-an-arn” is not an ARN.");
}
