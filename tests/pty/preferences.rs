//! Colours and notifications from the settings, in a terminal that records escape sequences.

use std::fs;

use super::machine::Machine;
use super::memos::{schedule, wait_for_form};
use super::terminal::Terminal;

fn machine_with(settings: &str) -> Machine {
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
fn a_delivery_notifies_as_the_settings_say() {
    let machine = Machine::new();
    let told = machine.settings().with_file_name("told");
    let script = "printf '%s, %s' \"$1\" \"$TICKLER_MEMO\" > \"$0.part\" && mv \"$0.part\" \"$0\"";
    // No shell may interpret the memo.
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
    terminal.wait_until("the notification command", || told.exists());
    assert_eq!(fs::read_to_string(&told).unwrap(), format!("to {memo}, {memo}"));
    assert_eq!(terminal.rings(), 0, "the bell is off");
}

#[test]
fn osc_9_notifications_work_too() {
    let machine = machine_with("[notifications]\ndesktop = false\nterminal = \"osc9\"\n");
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "tea", "in 1 second");
    terminal.wait_for("a notification", |terminal| was_asked(terminal, "\x1b]9;tickler: tea\x07"));
    assert_eq!(terminal.rings(), 1);
}

#[test]
fn a_failing_notification_command_is_reported() {
    let machine = machine_with("[notifications]\ndesktop = false\ncommand = [\"/no/such/program\", \"{memo}\"]\n");
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "tea", "in 1 second");
    terminal.wait_to_say("The notification command /no/such/program could not be run");
}

/// The colours of the first cell of the header.
fn colours(terminal: &Terminal) -> (vt100::Color, vt100::Color) {
    let cell = terminal.screen().cell(0, 1).unwrap();
    (cell.fgcolor(), cell.bgcolor())
}

#[test]
fn every_frame_uses_the_zone_of_the_settings() {
    let machine = machine_with("zone = \"Asia/Tokyo\"\n");
    let mut terminal = machine.start();
    terminal.wait_to_show("Asia/Tokyo");
    wait_for_form(&mut terminal);
    assert!(!was_asked(&terminal, "Europe/Paris"), "a frame had the machine's zone");
}

#[test]
fn the_first_frame_has_the_colours_of_the_theme() {
    let machine = machine_with("[screen]\ntheme = \"light\"\n");
    let mut terminal = machine.start();
    terminal.wait_to_show("tickler");
    assert_eq!(colours(&terminal), (vt100::Color::Idx(25), vt100::Color::Idx(231)));
    let mut terminal = machine.program().with("NO_COLOR", "1").start();
    terminal.wait_to_show("tickler");
    assert_eq!(colours(&terminal), (vt100::Color::Default, vt100::Color::Default));
    // R reads the settings again, with the new theme.
    let mut terminal = machine.start();
    terminal.wait_to_show("Nothing is pending.");
    write(&machine, "[screen]\ntheme = \"dark\"\n");
    terminal.send("\x1b");
    terminal.wait_to_show("Press a");
    terminal.send("R");
    terminal.wait_for("the other colours", |terminal| colours(terminal).1 == vt100::Color::Idx(234));
}

#[test]
fn a_locale_without_utf_8_draws_ascii_unless_the_settings_say_otherwise() {
    let machine = Machine::new();
    let mut terminal = machine.program().with("LANG", "C").start();
    wait_for_form(&mut terminal);
    assert!(terminal.screen().contents().is_ascii(), "{}", terminal.screen().contents());
    drop(terminal);
    write(&machine, "[screen]\nborders = \"rounded\"\n");
    let mut terminal = machine.program().with("LANG", "C").start();
    wait_for_form(&mut terminal);
    assert!(terminal.shows("╭ New memo"));
}

#[test]
fn a_dumb_terminal_is_refused_with_what_works_in_it() {
    let machine = Machine::new();
    for arguments in [&[][..], &["list", "--watch"]] {
        let mut terminal = machine.program().with("TERM", "dumb").called_with(arguments).start();
        assert_eq!(terminal.wait_for_end().exit_code(), 2);
        terminal.wait_to_say("tickler cannot draw in this terminal (TERM=dumb). `tickler list --watch --plain` prints");
        assert!(!terminal.written().contains(&0x1b), "no control sequence");
    }
    let lines = ["list", "--watch", "--plain"];
    let mut terminal = machine.program().with("TERM", "dumb").called_with(&lines).start();
    assert!(machine.without_terminal().args(["add", "tea", "--at", "in 2 h"]).status().unwrap().success());
    terminal.wait_to_show("“tea”, due");
    assert!(!terminal.written().contains(&0x1b));
}
