//! What was delivered is shown and heard, whatever becomes of `state.db`.

use chrono::TimeDelta;
use rusqlite::Connection;

use super::journey::Journey;

/// How often tickler tries again at most.
const A_WHILE: TimeDelta = TimeDelta::minutes(3);

/// The receipts in `state.db`: the text of each, and whether it is done.
fn recorded(journey: &Journey) -> Vec<(String, bool)> {
    let state = Connection::open(journey.state_file()).unwrap();
    let mut rows =
        state.prepare("SELECT json_extract(receipt, '$.text'), done FROM arrived ORDER BY arrived, key").unwrap();
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Keeps every other process from writing until it is dropped.
fn lock(journey: &Journey) -> Connection {
    let other = Connection::open(journey.state_file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

/// Whether the screen shows this sentence, with any line breaks.
fn says(journey: &Journey, sentence: &str) -> bool {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    squeezed(&journey.screen()).contains(&squeezed(sentence))
}

fn with_tea() -> Journey {
    let mut journey = Journey::start();
    journey.resize(120, 20).add("tea", "", "10:20");
    journey
}

#[test]
fn a_delivery_is_shown_heard_once_and_recorded_once_while_the_state_is_locked() {
    let mut journey = with_tea();
    let other = lock(&journey);
    journey.wait(TimeDelta::minutes(4));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert_eq!((journey.bells, journey.notified.clone()), (1, vec!["tea".to_owned()]));
    assert!(journey.shows("state.db is locked by another program."), "{}", journey.screen());
    assert!(says(&journey, "Memos ring all the same, and tickler tries again."), "{}", journey.screen());
    journey.keys("<esc>");
    journey.wait(A_WHILE);
    assert!(!journey.shows("is locked"), "it is said once: {}", journey.screen());

    drop(other);
    journey.wait(A_WHILE);
    assert_eq!(recorded(&journey), [("tea".to_owned(), false)]);
    assert_eq!(journey.bells, 1);
    let journey = journey.quit_and_restart(TimeDelta::minutes(1));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.bells, 0, "it has rung");
}

#[test]
fn the_banner_goes_when_the_state_can_be_written_again() {
    let mut journey = with_tea();
    let other = lock(&journey);
    journey.wait(TimeDelta::minutes(4));
    assert!(journey.shows("state.db is locked"), "{}", journey.screen());
    drop(other);
    journey.wait(TimeDelta::minutes(1));
    assert!(!journey.shows("state.db is locked"), "{}", journey.screen());
}

#[test]
fn what_is_done_while_the_state_is_locked_stays_done() {
    let mut journey = with_tea();
    let other = lock(&journey);
    journey.wait(TimeDelta::minutes(4)).keys("<esc><enter>");
    journey.wait(TimeDelta::minutes(2));
    assert!(!journey.shows("tea"), "{}", journey.screen());
    drop(other);
    journey.wait(A_WHILE);
    assert_eq!(recorded(&journey), [("tea".to_owned(), true)]);
    let journey = journey.quit_and_restart(TimeDelta::minutes(1));
    assert!(!journey.shows("tea") && journey.bells == 0, "{}", journey.screen());
}

#[test]
fn a_state_that_cannot_be_opened_at_the_start_is_opened_later() {
    let mut journey = with_tea();
    journey.keys("<esc>aa draft").wait(TimeDelta::seconds(1));
    let file = journey.state_file();
    let mut journey = journey.quit_and_restart_with(TimeDelta::seconds(170), || {
        // The only kind of lock that keeps others from reading; its holder is the first to open the file.
        let other = Connection::open(&file).unwrap();
        other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT").unwrap();
        other
    });
    journey.wait(TimeDelta::seconds(10));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.bells, 1);
    assert!(journey.shows("state.db is locked"), "{}", journey.screen());
    journey.release_state();
    journey.wait(A_WHILE);
    assert_eq!(recorded(&journey), [("tea".to_owned(), false)]);
    assert!(journey.shows("a draft"), "what was saved is there: {}", journey.screen());
    assert_eq!(journey.bells, 1);
}

#[test]
fn a_damaged_receipt_keeps_nothing_else_from_the_screen() {
    let mut journey = with_tea();
    journey.wait(TimeDelta::minutes(4));
    let state = Connection::open(journey.state_file()).unwrap();
    assert_eq!(state.execute("UPDATE arrived SET receipt = 'no json'", []).unwrap(), 1);
    journey.add("milk", "", "10:25").wait(TimeDelta::minutes(6));
    assert!(journey.line_with("milk").contains("arrived"), "{}", journey.screen());
    assert!(journey.shows("(a delivery whose record is damage"), "{}", journey.screen());
    assert!(says(&journey, "It shows as a damaged record until you mark it as done."), "{}", journey.screen());
    assert_eq!(journey.bells, 2);
    journey.keys("<esc><esc>g<enter><enter>");
    assert!(!journey.shows("damage") && !journey.shows("arrived"), "{}", journey.screen());
}

#[test]
fn a_state_that_was_deleted_is_made_again_with_all_that_is_remembered() {
    let mut journey = with_tea();
    std::fs::remove_file(journey.state_file()).unwrap();
    journey.wait(TimeDelta::minutes(4));
    assert!(journey.line_with("tea").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.bells, 1);
    journey.wait(A_WHILE);
    assert_eq!(recorded(&journey), [("tea".to_owned(), false)]);
    assert_eq!(journey.bells, 1);
}

#[test]
fn a_draft_that_could_not_be_saved_is_saved_later() {
    let mut journey = Journey::start();
    journey.wait(TimeDelta::seconds(1));
    let other = lock(&journey);
    journey.keys("call mum").wait(TimeDelta::seconds(3));
    assert!(journey.shows("state.db is locked"), "{}", journey.screen());
    drop(other);
    journey.wait(A_WHILE);
    let journey = journey.crash_and_restart(TimeDelta::seconds(1));
    assert!(journey.shows("call mum"), "{}", journey.screen());
}

#[test]
fn a_change_that_could_not_be_journalled_is_journalled_later() {
    let mut journey = Journey::start();
    journey.wait(TimeDelta::seconds(1));
    let other = lock(&journey);
    journey.cut_network().add("milk", "", "12:00").wait(TimeDelta::seconds(20));
    assert!(journey.shows("milk"), "{}", journey.screen());
    drop(other);
    journey.wait(A_WHILE).restore_network();
    assert_eq!(journey.scheduled(), 0);
    let journey = journey.crash_and_restart(TimeDelta::seconds(1));
    assert!(journey.shows("milk"), "the journal has it: {}", journey.screen());
    assert_eq!(journey.scheduled(), 1);
}

#[test]
fn a_state_that_can_only_be_read_is_read() {
    let mut journey = with_tea();
    journey.add("milk", "", "10:25").wait(TimeDelta::minutes(4));
    journey.keys("<esc>aa draft").wait(TimeDelta::seconds(1));
    let lock = journey.state_file().with_file_name("opening.lock");
    // The state cannot be opened to be written, not even by root.
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let mut journey = journey.quit_and_restart(TimeDelta::minutes(1));
    assert!(journey.shows("opening.lock is a directory"), "{}", journey.screen());
    assert!(journey.line_with("tea").contains("arrived") && journey.shows("a draft"), "{}", journey.screen());
    assert_eq!(journey.bells, 0, "it has rung");
    journey.wait(TimeDelta::minutes(4));
    assert!(journey.line_with("milk").contains("arrived"), "{}", journey.screen());
    assert_eq!(journey.bells, 1);

    std::fs::remove_dir(&lock).unwrap();
    journey.wait(A_WHILE);
    assert_eq!(recorded(&journey), [("tea".to_owned(), false), ("milk".to_owned(), false)]);
    assert_eq!(journey.bells, 1);
}

#[test]
fn what_could_not_be_written_is_written_at_the_end() {
    let mut journey = with_tea();
    let other = lock(&journey);
    journey.wait(TimeDelta::minutes(4));
    drop(other);
    let journey = journey.quit_and_restart(TimeDelta::zero());
    assert_eq!(recorded(&journey), [("tea".to_owned(), false)]);
    assert_eq!(journey.bells, 0, "it has rung");
}
