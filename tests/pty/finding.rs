//! Finding and copying memos: the filter, the palette, the calendar, the mouse and the clipboard.

use std::process::Command;

use super::machine::Machine;
use super::memos::{beside_form, schedule, wait_for_form};
use super::terminal::{Terminal, key};

/// The program with these memos.
fn with(machine: &Machine, memos: &[(&str, &str)]) -> Terminal {
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    for (number, (memo, time)) in memos.iter().enumerate() {
        if number > 0 {
            terminal.send("a");
            wait_for_form(&mut terminal);
        }
        schedule(&mut terminal, memo, time);
    }
    terminal
}

/// Waits until the list, or the day, has all memos of `there` and none of `not`.
#[track_caller]
fn wait_for_memos(terminal: &mut Terminal, there: &[&str], not: &[&str]) {
    terminal.wait_for(&format!("{there:?} without {not:?}"), |terminal| {
        there.iter().all(|memo| beside_form(terminal, memo) == 1)
            && not.iter().all(|memo| beside_form(terminal, memo) == 0)
    });
}

/// The arguments that a shell passes to a command.
fn arguments(command: &str) -> Vec<String> {
    let script = format!("aws() {{ printf '%s\\0' \"$@\"; }}\n{command}");
    let told = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(told.status.success() && told.stderr.is_empty(), "{told:?}");
    let told = String::from_utf8(told.stdout).unwrap();
    told.trim_end_matches('\0').split('\0').map(str::to_owned).collect()
}

/// The value of a flag.
fn flag<'a>(arguments: &'a [String], name: &str) -> &'a str {
    let at = arguments.iter().position(|argument| argument == name).unwrap();
    &arguments[at + 1]
}

#[test]
fn copied_text_arrives_in_the_clipboard_of_the_terminal() {
    const MEMO: &str = "mum's <tea> & “crème”: $5";
    let machine = Machine::new();
    let mut terminal = with(&machine, &[(MEMO, "in 2 hours")]);
    terminal.send("y");
    terminal.wait_to_show("aws command that schedules it");
    terminal.send("1");
    terminal.wait_for("the memo in the clipboard", |terminal| terminal.clipboard() == [MEMO]);
    terminal.wait_to_say("Copied, if the terminal allows it: mum's <tea>");

    terminal.send("y");
    terminal.wait_to_show("aws command that schedules it");
    terminal.send("4");
    terminal.wait_for("the command in the clipboard", |terminal| terminal.clipboard().len() == 2);
    let arguments = arguments(&terminal.clipboard()[1]);
    assert_eq!(arguments[..2], ["scheduler", "create-schedule"]);
    assert_eq!(flag(&arguments, "--name"), machine.listed()[0].id);
    assert_eq!(flag(&arguments, "--schedule-expression-timezone"), "Europe/Paris");
    let target: serde_json::Value = serde_json::from_str(flag(&arguments, "--target")).unwrap();
    let input: serde_json::Value = serde_json::from_str(target["Input"].as_str().unwrap()).unwrap();
    assert_eq!(input["memo"], MEMO);
}

#[test]
fn the_filter_narrows_the_list_and_the_palette_runs_an_action() {
    let machine = Machine::new();
    let mut terminal =
        with(&machine, &[("brew tea", "in 2 hours"), ("water the ferns", "in 3 hours"), ("call mum", "in 4 hours")]);
    terminal.send("/frn");
    terminal.wait_to_show("1 of 3");
    wait_for_memos(&mut terminal, &["water the ferns"], &["brew tea", "call mum"]);
    terminal.send(&format!("{}!frn", key::DELETE_LINE));
    terminal.wait_to_show("2 of 3");
    wait_for_memos(&mut terminal, &["brew tea", "call mum"], &["water the ferns"]);
    terminal.send(&format!("{}frn{}", key::DELETE_LINE, key::ENTER));
    terminal.wait_for("the end of typing", |terminal| terminal.shows("/frn  1 of 3") && !terminal.shows("Enter keep"));

    terminal.send(":");
    terminal.wait_to_show("Commands  :");
    terminal.send("snooze");
    terminal.wait_for("what can be done by that name", |terminal| {
        terminal.shows("snooze: arrived from now") && !terminal.shows("filter: filter by")
    });
    terminal.send(key::ENTER);
    terminal.wait_to_say("Snooze “water the ferns” from its time, until");
    terminal.send("q");
    terminal.wait_for("the question to go", |terminal| !terminal.says("from its time, until"));
    terminal.send(key::ESCAPE);
    wait_for_memos(&mut terminal, &["brew tea", "water the ferns", "call mum"], &[]);
}

#[test]
fn a_click_on_a_day_shows_its_memos() {
    let machine = Machine::new();
    let memos = [("call mum", "tomorrow 12:00"), ("brew tea", "tomorrow 16:00"), ("water the ferns", "in 10 days")];
    let mut terminal = with(&machine, &memos);
    let day = machine.listed()[0].due.format("%Y-%m-%d").to_string();
    // The weeks of this month contain tomorrow.
    terminal.send("3g");
    terminal.wait_for("the month", |terminal| terminal.shows("Calendar  ") && terminal.shows("·2"));
    terminal.click("·2");
    wait_for_memos(&mut terminal, &["12:00  call mum", "16:00  brew tea"], &["water the ferns"]);
    terminal.send(key::ENTER);
    terminal.wait_to_show(&format!("Pending  /{day}  2 of 3"));
    wait_for_memos(&mut terminal, &["call mum", "brew tea"], &["water the ferns"]);
    terminal.send(key::ESCAPE);
    wait_for_memos(&mut terminal, &["call mum", "brew tea", "water the ferns"], &[]);
}
