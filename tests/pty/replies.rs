//! Late replies, and sequences without an end: they never act as keys, and never block the keyboard.

use super::machine::Machine;
use super::memos::{schedule, wait_for_form};
use super::terminal::{Terminal, key};

/// The program with one memo, and the keys in the list.
fn list(machine: &Machine) -> Terminal {
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "tea", "in 2 hours");
    terminal.wait_to_show("a add");
    terminal
}

#[test]
fn a_late_reply_changes_no_memo() {
    let machine = Machine::new();
    let mut terminal = list(&machine);
    let before = machine.listed();
    for reply in ["\x1bP>|xterm.js(5.5.0)\x1b\\", "\x1b_Gi=31;OK\x1b\\", "\x1b]11;rgb:1e1e/1e1e/2e2e\x07"] {
        terminal.send(reply);
        let (start, end) = reply.split_at(2);
        terminal.send(start);
        terminal.send(end);
    }
    terminal.send("?");
    terminal.wait_to_show("Keys");
    assert_eq!(machine.listed(), before);
}

#[test]
fn the_keyboard_lives_on_after_what_crossterm_waits_for() {
    let machine = Machine::new();
    let mut terminal = list(&machine);
    terminal.send("\x1b[?2026;2$y?");
    terminal.wait_to_show("Keys");
    terminal.send(key::ESCAPE);
    terminal.wait_to_show("a add");
    terminal.send("\x1b[200~");
    terminal.send("tea");
    terminal.wait_to_say("The pasted text is a draft.");
    terminal.send(key::ESCAPE);
    terminal.wait_to_show("a add");
    terminal.send("?");
    terminal.wait_to_show("Keys");
}

#[test]
fn ctrl_c_quits_in_the_middle_of_anything() {
    for begun in ["\x1b[?2026;", "\x1bP>|x", "\x1b]", "\x1b_G"] {
        let mut terminal = Machine::new().start();
        wait_for_form(&mut terminal);
        terminal.send(begun);
        terminal.send("!");
        terminal.send("\x03");
        assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    }
}

#[test]
fn a_paste_without_an_end_is_text() {
    let mut terminal = Machine::new().start();
    wait_for_form(&mut terminal);
    terminal.send("\x1b[200~call mum\x1b[20");
    terminal.wait_to_show("call mum");
    terminal.send("!");
    terminal.wait_to_show("call mum!");
}

#[test]
fn a_sentence_pasted_into_the_list_is_a_draft() {
    let machine = Machine::new();
    let mut terminal = list(&machine);
    let before = machine.listed();
    terminal.send("exam prep fri\rxxx");
    terminal.wait_to_say("They are a draft, not keys.");
    terminal.wait_to_show("exam prep fri");
    assert_eq!(machine.listed(), before);
    terminal.send(key::QUIT);
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    let mut terminal = machine.start();
    terminal.wait_to_show("a add");
    terminal.send("a");
    terminal.wait_to_show("exam prep fri");
}

#[test]
fn keys_around_replies_are_kept() {
    let mut terminal = Machine::new().start();
    wait_for_form(&mut terminal);
    terminal.send("t\x1b[?62;4ce\x1bP>|foot(1.20)\x1b\\a");
    terminal.wait_to_show("tea");
}
