//! The program with credentials, a target and a role: its memos are in moto, behind a socket.

use super::machine::{Machine, Program};
use super::memos::{schedule, wait_for_form};
use crate::moto::Server;

/// The program with an AWS account.
fn in_aws(machine: &Machine, server: &Server) -> Program {
    machine
        .program()
        .sized(120, 30)
        .with("SCHEDULE_TARGET_ARN", "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo")
        .with("SCHEDULE_ROLE_ARN", "arn:aws:iam::123456789012:role/tickler")
        .with("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .with("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        .with("AWS_REGION", "eu-west-1")
        .with("AWS_ENDPOINT_URL", &server.url())
        // For a missing group moto answers 500. AWS says that it is missing, and the program creates it.
        .with("SCHEDULE_GROUP", "default")
}

#[test]
fn a_memo_is_scheduled_and_cancelled_in_aws() {
    let (machine, server) = (Machine::new(), Server::start());
    let mut terminal = in_aws(&machine, &server).start();
    terminal.wait_to_show("environment 123456789012/eu-west-1");
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 2 hours");
    terminal.send("q");
    assert!(terminal.wait_for_end().success());
    assert!(!machine.store().exists(), "this machine has no store, only the state");

    // This machine has no cache, so the memo comes from AWS.
    let another = Machine::new();
    let mut terminal = in_aws(&another, &server).start();
    terminal.wait_for("the memo", |terminal| terminal.line_of("brew tea").is_some_and(|line| line.contains("in 1 h")));
    terminal.send("x");
    terminal.wait_to_say("Cancelled “brew tea”");
    terminal.send("q");
    assert!(terminal.wait_for_end().success());

    let mut terminal = in_aws(&Machine::new(), &server).start();
    terminal.wait_to_show("0 pending");
}
