//! What the settings say of colours and of notifications, in a terminal that takes note of what it is asked for.

use std::fs;

use super::machine::Machine;
use super::memos::{schedule, wait_for_form};
use super::terminal::Terminal;

fn settled(settings: &str) -> Machine {
    let machine = Machine::new();
    write(&machine, settings);
    machine
}

fn write(machine: &Machine, settings: &str) {
    let path = machine.settings();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, settings).unwrap();
}

fn was_asked(terminal: &Terminal, sequence: &str) -> bool {
    terminal.written().windows(sequence.len()).any(|bytes| bytes == sequence.as_bytes())
}

#[test]
fn a_memo_makes_itself_heard_as_the_settings_say() {
    let machine = Machine::new();
    let told = machine.settings().with_file_name("told");
    let script = "printf '%s, %s' \"$1\" \"$TICKLER_MEMO\" > \"$0.part\" && mv \"$0.part\" \"$0\"";
    // What is in a memo is never read by a shell.
    let memo = "tea; $(touch gone) & `id`";
    write(
        &machine,
        &format!(
            "[notifications]\nbell = false\ndesktop = false\nterminal = \"osc777\"\n\
             command = [\"sh\", \"-c\", '''{script}''', \"{}\", \"to {{memo}}\"]\n",
            told.display()
        ),
    );
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, memo, "in 1 second");
    terminal.wait_to_show("arrived");
    terminal.wait_for("a notification", |terminal| was_asked(terminal, &format!("\x1b]777;notify;tickler;{memo}\x07")));
    terminal.wait_until("the command of one's own", || told.exists());
    assert_eq!(fs::read_to_string(&told).unwrap(), format!("to {memo}, {memo}"));
    assert_eq!(terminal.rings(), 0, "the bell was not wanted");
}

#[test]
fn the_other_way_to_ask_a_terminal_is_known_too() {
    let machine = settled("[notifications]\ndesktop = false\nterminal = \"osc9\"\n");
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "tea", "in 1 second");
    terminal.wait_for("a notification", |terminal| was_asked(terminal, "\x1b]9;tickler: tea\x07"));
    assert_eq!(terminal.rings(), 1);
}

#[test]
fn a_notification_command_that_fails_is_told_of() {
    let machine = settled("[notifications]\ndesktop = false\ncommand = [\"/no/such/program\", \"{memo}\"]\n");
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "tea", "in 1 second");
    terminal.wait_to_say("The notification command /no/such/program could not be run");
}

/// The colours of a cell of the header's name: the first that is drawn.
fn colours(terminal: &Terminal) -> (vt100::Color, vt100::Color) {
    let cell = terminal.screen().cell(0, 1).unwrap();
    (cell.fgcolor(), cell.bgcolor())
}

#[test]
fn no_frame_has_another_zone_than_that_of_the_settings() {
    let machine = settled("zone = \"Asia/Tokyo\"\n");
    let mut terminal = machine.start();
    terminal.wait_to_show("Asia/Tokyo");
    wait_for_form(&mut terminal);
    assert!(!was_asked(&terminal, "Europe/Paris"), "that of the machine was shown before");
}

#[test]
fn the_very_first_frame_has_the_colours_of_the_theme() {
    let machine = settled("[screen]\ntheme = \"light\"\n");
    let mut terminal = machine.start();
    terminal.wait_to_show("tickler");
    assert_eq!(colours(&terminal), (vt100::Color::Idx(25), vt100::Color::Idx(231)));
    let mut terminal = machine.program().with("NO_COLOR", "1").start();
    terminal.wait_to_show("tickler");
    assert_eq!(colours(&terminal), (vt100::Color::Default, vt100::Color::Default));
    // One that is changed is shown when the settings are read again.
    let mut terminal = machine.start();
    terminal.wait_to_show("Nothing is pending.");
    write(&machine, "[screen]\ntheme = \"dark\"\n");
    terminal.send("\x1b");
    terminal.wait_to_show("Press a");
    terminal.send("R");
    terminal.wait_for("the other colours", |terminal| colours(terminal).1 == vt100::Color::Idx(234));
}
