//! Memos that arrive: when due, and when run now.

use serde_json::Value;

use super::{set_up, text};
use crate::ministack::Server;
use crate::ministack::account::wait_for;
use crate::pty::memos::{schedule, wait_for_arrival, wait_for_form};

#[tokio::test]
async fn a_memo_is_fired_published_and_shown_as_arrived() {
    let (account, outputs, person) = set_up(Server::start()).await;
    let inbox = account.inbox(&outputs).await;
    let mut terminal = person.open();
    terminal.wait_to_show("tickler 000000000000/eu-west-1/tickler-memos");
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea \u{1f375}", "in 3 seconds");

    let messages = account.messages(&inbox).await;
    let notification: Value = serde_json::from_str(messages[0].body().unwrap()).unwrap();
    assert_eq!(text(&notification, "Message"), "brew tea \u{1f375}");
    assert_eq!(text(&notification, "TopicArn"), outputs.get("TopicArn"));
    let lines = account.wait_for_lines(&outputs, 1).await;
    assert_eq!(text(&lines[0], "messageId"), text(&notification, "MessageId"));

    // tickler would read it by itself, a little later.
    terminal.send("R");
    wait_for_arrival(&mut terminal, "brew tea");
    terminal.wait_to_show("1 arrived · 0 pending");
    assert_eq!(terminal.rings(), 1);
    terminal.send("2");
    terminal.wait_for("the history", |terminal| {
        terminal.shows("History") && terminal.line_of("brew tea").is_some_and(|line| line.contains("today"))
    });
    assert_eq!(terminal.lines_with("today"), 1);
}

#[tokio::test]
async fn a_memo_that_is_run_now_shows_the_response_and_is_cancelled() {
    let (account, outputs, person) = set_up(Server::start()).await;
    let inbox = account.inbox(&outputs).await;
    let mut terminal = person.open();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "water the ferns", "in 2 hours");
    let names = account.schedules(&outputs).await;
    assert_eq!(names.len(), 1);

    terminal.send("t");
    terminal.wait_to_say("Deliver “water the ferns” now, and cancel its schedule?");
    terminal.send("\r");
    terminal.wait_to_say("Delivered “water the ferns” now.");
    let messages = account.messages(&inbox).await;
    let notification: Value = serde_json::from_str(messages[0].body().unwrap()).unwrap();
    assert_eq!(text(&notification, "Message"), "water the ferns");
    terminal.wait_to_say(&format!("Its target answered: delivered, as message {}.", text(&notification, "MessageId")));
    terminal.wait_to_show("0 pending");
    wait_for("the end of its schedule", async || account.schedules(&outputs).await.is_empty().then_some(())).await;

    let lines = account.wait_for_lines(&outputs, 1).await;
    assert_eq!((text(&lines[0], "id"), text(&lines[0], "trigger")), (&*names[0], "now"));
    terminal.send("2");
    terminal.wait_for("the history", |terminal| {
        terminal.line_of("water the ferns").is_some_and(|line| line.contains("run now"))
    });
}
