//! Copy, duplicate, and the palette.

use insta::assert_snapshot;

use super::journey::Journey;

#[test]
fn the_memo_its_id_its_arn_and_its_command_can_be_copied() {
    let mut journey = Journey::start();
    journey.resize(120, 20).add("mum's <tea>\nand milk", "tomorrow", "9:00").keys("y");
    assert_snapshot!("copy_choices", journey.screen());
    journey.keys("1");
    assert_eq!(journey.copied, ["mum's <tea>\nand milk"]);
    assert!(journey.shows("Copied, if the terminal allows it: mum's <tea>…"), "{}", journey.screen());
    journey.keys("y2y3y4");
    let id = journey.app.current().list.iter().next().unwrap().name.to_string();
    assert_eq!(journey.copied[1], id);
    assert_eq!(journey.copied[2], format!("arn:aws:scheduler:local-1:000000000000:schedule/tickler/{id}"));
    assert_snapshot!("aws_command", journey.copied[3].replace(&id, "ID"));
    journey.keys("y<esc>");
    assert_eq!(journey.copied.len(), 4, "Esc copies nothing");
}

#[test]
fn a_delivered_memo_can_be_copied() {
    let mut journey = Journey::start();
    journey.add("tea", "", "10:20").wait(chrono::TimeDelta::minutes(4)).keys("gy<enter>");
    journey.keys("2y<enter>");
    assert_eq!(journey.copied, ["tea", "tea"]);
}

#[test]
fn duplicate_fills_the_form() {
    let mut journey = Journey::start();
    journey.resize(120, 20).add("tea", "tomorrow", "9:00").keys("D");
    assert_snapshot!("duplicate", journey.screen());
    journey.keys(" again<tab><tab><c-u>10:00<c-s>");
    assert_eq!(journey.scheduled(), 2);
    assert!(journey.line_with("tea again").contains("tomorrow 10:00"), "{}", journey.screen());
}

#[test]
fn the_palette_runs_available_actions_by_name() {
    let mut journey = Journey::start();
    journey.resize(120, 30).add("tea", "tomorrow", "9:00").keys(":");
    assert_snapshot!("palette", journey.screen());
    journey.keys("snooze");
    assert_eq!(journey.app.palette("snooze").len(), 1);
    journey.keys("<enter>");
    assert!(journey.shows("Snooze “tea” from its time, until"), "{}", journey.screen());
    journey.keys("<esc>:cpy arn<enter>");
    assert!(journey.shows("aws command that schedules it"), "{}", journey.screen());
    journey.keys("<esc>:dlvr now<down><enter>");
    assert!(journey.shows("Deliver “tea” now"), "the only match stays selected: {}", journey.screen());
    journey.keys("<esc>:nothing like it<enter>");
    assert!(journey.shows("No matching command."), "{}", journey.screen());
    journey.keys("<esc>x:run now");
    assert!(journey.shows("No matching command."), "no memo is selected: {}", journey.screen());
    journey.resize(40, 10).keys("<esc>:");
    assert_snapshot!("palette_small", journey.screen());
}
