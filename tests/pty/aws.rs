//! The same program, given credentials, a target and a role: its memos are kept by a service at the other end of a
//! socket, by somebody else's implementation of it.

use super::machine::{Machine, Program};
use super::memos::{schedule, wait_for_form};
use crate::moto::Server;

/// The program as somebody starts it who has an account.
fn with_an_account(machine: &Machine, server: &Server) -> Program {
    machine
        .program()
        .sized(120, 30)
        .with("SCHEDULE_TARGET_ARN", "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo")
        .with("SCHEDULE_ROLE_ARN", "arn:aws:iam::123456789012:role/tickler")
        .with("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .with("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        .with("AWS_REGION", "eu-west-1")
        .with("AWS_ENDPOINT_URL", &server.url())
        // To a group that is not there moto answers 500, where AWS says so and the program makes it.
        .with("SCHEDULE_GROUP", "default")
}

#[test]
fn a_memo_is_kept_in_an_account_and_called_off_there() {
    let (machine, server) = (Machine::new(), Server::start());
    let mut terminal = with_an_account(&machine, &server).start();
    terminal.wait_to_show("environment 123456789012/eu-west-1");
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 2 hours");
    terminal.send("q");
    assert!(terminal.wait_for_end().success());
    assert!(!machine.store().exists(), "nothing is kept on this machine but what the program has to remember");

    // What is shown now comes from there: this machine remembers nothing.
    let another = Machine::new();
    let mut terminal = with_an_account(&another, &server).start();
    terminal.wait_for("the memo", |terminal| terminal.line_of("brew tea").is_some_and(|line| line.contains("in 1 h")));
    terminal.send("x");
    terminal.wait_to_say("Cancelled “brew tea”");
    terminal.send("q");
    assert!(terminal.wait_for_end().success());

    let mut terminal = with_an_account(&Machine::new(), &server).start();
    terminal.wait_to_show("0 pending");
}
