//! The places that the settings name: which one is opened, and how the program goes from one to the other.

use std::fs;

use super::machine::{Machine, Program};
use super::memos::{schedule, wait_for_form};
use super::terminal::{Terminal, key};
use crate::moto::Server;

/// A machine whose settings name `work`, which is at the other end of a socket.
fn machine_with_work(server: &Server) -> Machine {
    let machine = Machine::new();
    let settings = format!(
        r#"
        [contexts.work]
        region = "eu-west-1"
        endpoint_url = "{}"
        # To a group that is not there moto answers 500, where AWS says so and the program makes it.
        group = "default"
        target_arn = "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo"
        role_arn = "arn:aws:iam::123456789012:role/tickler"
        "#,
        server.url()
    );
    fs::create_dir_all(machine.settings().parent().unwrap()).unwrap();
    fs::write(machine.settings(), settings).unwrap();
    machine
}

/// The program as somebody starts it who has an account.
fn program(machine: &Machine) -> Program {
    machine
        .program()
        .sized(120, 30)
        .with("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .with("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
}

#[track_caller]
fn quit(mut terminal: Terminal) {
    terminal.send(key::QUIT);
    assert!(terminal.wait_for_end().success());
}

#[test]
fn the_place_that_is_named_is_opened_and_a_flag_wins_over_the_environment() {
    let server = Server::start();
    let machine = machine_with_work(&server);

    let mut terminal = program(&machine).called_with(&["--context", "work"]).start();
    terminal.wait_to_show("work 123456789012/eu-west-1/default");
    quit(terminal);

    let mut terminal = program(&machine).with("TICKLER_CONTEXT", "work").start();
    terminal.wait_to_show("work 123456789012/eu-west-1/default");
    quit(terminal);

    let mut terminal = program(&machine).with("TICKLER_CONTEXT", "work").called_with(&["--context", "local"]).start();
    terminal.wait_to_show("local · rings while open");
    quit(terminal);
}

#[test]
fn a_place_that_nobody_knows_is_refused() {
    let server = Server::start();
    let machine = machine_with_work(&server);
    let mut terminal = program(&machine).called_with(&["--context", "works"]).start();
    terminal.wait_to_say("There is no context “works”. Did you mean work?");
    assert!(terminal.shows("not connected"));
    quit(terminal);

    let mut terminal = program(&machine).with("TICKLER_CONTEXT", "home").start();
    terminal.wait_to_say("TICKLER_CONTEXT: There is no context “home”.");
}

#[test]
fn a_memo_stays_in_its_place_and_rings_when_the_person_is_elsewhere() {
    let server = Server::start();
    let machine = machine_with_work(&server);
    let mut terminal = program(&machine).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    terminal.send("a");
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 6 seconds");

    terminal.send("c");
    terminal.wait_for("the places", |terminal| {
        terminal.line_of("1  local").is_some_and(|line| line.contains("here")) && terminal.shows("2  work")
    });
    terminal.send("2");
    terminal.wait_for("the other place", |terminal| {
        terminal.shows("work 123456789012/eu-west-1/default") && terminal.shows("0 pending")
    });
    assert!(!terminal.shows("water the ferns"));
    terminal.send("a");
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "read the report", "in 3 hours");
    terminal.wait_to_show("1 arrived in local");
    assert_eq!(terminal.rings(), 1);

    terminal.send("c1");
    terminal.wait_for("what is here", |terminal| {
        terminal.shows("local · rings while open")
            && terminal.line_of("brew tea").is_some_and(|line| line.contains("arrived"))
            && terminal.shows("water the ferns")
            && !terminal.shows("read the report")
    });
    terminal.send("c2");
    terminal.wait_for("what is there", |terminal| {
        terminal.line_of("read the report").is_some_and(|line| line.contains("in 2 h"))
    });
    assert_eq!(terminal.rings(), 1);
    quit(terminal);
}

#[test]
fn with_read_only_nothing_is_changed() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    quit(terminal);

    let mut terminal = machine.program().called_with(&["--read-only"]).start();
    terminal.wait_to_show("local · read-only");
    terminal.wait_to_show("water the ferns");
    terminal.send("x");
    terminal.wait_to_say("local is read-only: nothing is changed there.");
    quit(terminal);

    let mut terminal = machine.start();
    terminal.wait_to_show("water the ferns");
}
