//! Contexts from the settings: which one the program opens, and how it switches.

use std::fs;

use super::machine::{Machine, Program};
use super::memos::{schedule, wait_for_form};
use super::terminal::{Terminal, key};
use crate::moto::Server;

/// A machine with the context `work`, which is in moto.
fn machine_with_work(server: &Server) -> Machine {
    let machine = Machine::new();
    let settings = format!(
        r#"
        [contexts.work]
        region = "eu-west-1"
        endpoint_url = "{}"
        # For a missing group moto answers 500. AWS says that it is missing, and the program creates it.
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

/// The program with an AWS account.
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
fn flag_and_environment_choose_the_context_and_the_flag_wins() {
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
fn an_unknown_context_is_refused() {
    let server = Server::start();
    let machine = machine_with_work(&server);
    let mut terminal = program(&machine).called_with(&["--context", "works"]).start();
    terminal.wait_to_say("Unknown context “works”. Did you mean work?");
    assert!(terminal.shows("not connected"));
    quit(terminal);

    let mut terminal = program(&machine).with("TICKLER_CONTEXT", "home").start();
    terminal.wait_to_say("TICKLER_CONTEXT: Unknown context “home”.");
}

#[test]
fn a_memo_stays_in_its_context_and_rings_from_another_one() {
    let server = Server::start();
    let machine = machine_with_work(&server);
    let mut terminal = program(&machine).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    terminal.send("a");
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 6 seconds");

    terminal.send("c");
    terminal.wait_for("the contexts", |terminal| {
        terminal.line_of("1  local").is_some_and(|line| line.contains("here")) && terminal.shows("2  work")
    });
    terminal.send("2");
    terminal.wait_for("the other context", |terminal| {
        terminal.shows("work 123456789012/eu-west-1/default") && terminal.shows("0 pending")
    });
    assert!(!terminal.shows("water the ferns"));
    terminal.send("a");
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "read the report", "in 3 hours");
    terminal.wait_to_show("1 arrived in local");
    assert_eq!(terminal.rings(), 1);

    terminal.send("c1");
    terminal.wait_for("the memos here", |terminal| {
        terminal.shows("local · rings while open")
            && terminal.line_of("brew tea").is_some_and(|line| line.contains("arrived"))
            && terminal.shows("water the ferns")
            && !terminal.shows("read the report")
    });
    terminal.send("c2");
    terminal.wait_for("the memos there", |terminal| {
        terminal.line_of("read the report").is_some_and(|line| line.contains("in 2 h"))
    });
    assert_eq!(terminal.rings(), 1);
    quit(terminal);
}

#[test]
fn read_only_refuses_changes() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    quit(terminal);

    let mut terminal = machine.program().called_with(&["--read-only"]).start();
    terminal.wait_to_show("local · read-only");
    terminal.wait_to_show("water the ferns");
    terminal.send("x");
    terminal.wait_to_say("local is read-only. To change it,");
    quit(terminal);

    let mut terminal = machine.start();
    terminal.wait_to_show("water the ferns");
}
