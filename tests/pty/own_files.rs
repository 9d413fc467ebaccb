//! Our own files, locked, full, gone, or something else than files: the person sees what is the matter, and memos ring.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rustix::fs::{CWD, Mode, mkfifoat};

use super::machine::Machine;
use super::memos::{schedule, wait_for_arrival, wait_for_form};
use super::terminal::key;

fn fifo(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR).unwrap();
}

/// This process, as Linux tells who holds a lock.
fn holder() -> String {
    format!("process {}", std::process::id())
}

/// How many receipts `state.db` has.
fn recorded(machine: &Machine) -> u32 {
    let state = Connection::open(machine.state("state.db")).unwrap();
    state.query_row("SELECT count(*) FROM arrived", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_memo_rings_while_the_state_is_locked_and_is_recorded_once_after_that() {
    let machine = Machine::new();
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 3 seconds");
    let other = Connection::open(machine.state("state.db")).unwrap();
    other.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    wait_for_arrival(&mut terminal, "brew tea");
    terminal.wait_for("the bell", |terminal| terminal.rings() == 1);
    terminal.wait_to_say("state.db is locked by process");
    terminal.wait_to_say("Memos ring all the same, and tickler tries again.");
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    terminal.wait_until("the record", || recorded(&machine) == 1);
    terminal.wait_for("the end of the banner", |terminal| !terminal.says("state.db is locked by process"));
    terminal.send(key::QUIT);
    terminal.wait_for_end_and_terminal();
    assert_eq!((terminal.rings(), recorded(&machine), machine.deliveries()), (1, 1, 1));
}

#[test]
fn a_memo_rings_while_the_state_has_no_room_and_is_recorded_once_after_that() {
    let machine = Machine::new();
    // Half a megabyte is room enough for everything, until somebody else fills the write-ahead log of the state.
    let mut terminal = machine.script("trap '' XFSZ; ulimit -f 1024; exec \"$0\"").sized(120, 30).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 3 seconds");
    let other = Connection::open(machine.state("state.db")).unwrap();
    other.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    other.execute_batch("CREATE TABLE filler (x); INSERT INTO filler VALUES (randomblob(700000))").unwrap();
    wait_for_arrival(&mut terminal, "brew tea");
    terminal.wait_for("the bell", |terminal| terminal.rings() == 1);
    terminal.wait_to_say("state.db cannot be read or written: disk I/O error. Check the disk.");
    assert_eq!(recorded(&machine), 0);
    other.execute_batch("DROP TABLE filler; PRAGMA wal_checkpoint(TRUNCATE); VACUUM").unwrap();
    other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    terminal.wait_until("the record", || recorded(&machine) == 1);
    terminal.wait_to_say("The disk works again, and everything is recorded.");
    assert_eq!((terminal.rings(), machine.deliveries()), (1, 1));
}

#[test]
fn a_log_on_a_full_disk_does_not_write_into_the_screen() {
    const LIMIT: usize = 2 << 20;
    // On the screen, and where nothing else goes.
    for to in ["", "2>\"$HOME/errors\""] {
        let machine = Machine::new();
        let log = machine.state("tickler.log");
        fs::create_dir_all(log.parent().unwrap()).unwrap();
        // The log is as large as a file may become, and a line more does not fit.
        fs::write(&log, vec![b'\n'; LIMIT]).unwrap();
        let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" {to}", LIMIT / 512);
        let mut terminal = machine.script(&script).with("TICKLER_LOG", "trace").sized(120, 30).start();
        wait_for_form(&mut terminal);
        schedule(&mut terminal, "brew tea", "in 2 seconds");
        wait_for_arrival(&mut terminal, "brew tea");
        terminal.send(key::QUIT);
        assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
        let written = String::from_utf8_lossy(terminal.written()).into_owned();
        assert!(!written.contains("tracing"), "{written}");
        if !to.is_empty() {
            assert_eq!(fs::read_to_string(machine.home("errors")).unwrap(), "");
        }
        assert_eq!(fs::metadata(&log).unwrap().len(), LIMIT as u64);
    }
}

#[test]
fn a_fifo_in_the_place_of_a_file_is_named_at_once() {
    let settings = |machine: &Machine| machine.settings();
    let store = |machine: &Machine| machine.store();
    let host = |machine: &Machine| machine.store().with_extension("db.host");
    let state = |machine: &Machine| machine.state("state.db");
    let opening = |machine: &Machine| machine.state("opening.lock");
    let log = |machine: &Machine| machine.state("tickler.log");
    let all: [fn(&Machine) -> std::path::PathBuf; 6] = [settings, store, host, state, opening, log];
    for place in all {
        let machine = Machine::new();
        let path = place(&machine);
        fifo(&path);
        let mut terminal = machine.program().sized(160, 30).start();
        terminal.wait_for(&format!("{} and what it is", path.display()), |terminal| {
            terminal.says(&path.display().to_string()) && terminal.says("is a FIFO")
        });
        terminal.send(key::QUIT);
        terminal.wait_for_end_and_terminal();
    }
}

#[test]
fn a_host_lock_that_is_held_by_another_program_keeps_no_memo_from_ringing() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    terminal.send(key::QUIT);
    terminal.wait_for_end_and_terminal();
    let file = fs::File::open(machine.store().with_extension("db.host")).unwrap();
    file.lock().unwrap();
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 2 seconds");
    wait_for_arrival(&mut terminal, "brew tea");
    terminal.wait_to_say(&format!("memos.db.host has been locked by {} for 10 seconds", holder()));
}

#[test]
fn a_state_that_is_being_opened_by_a_stuck_process_keeps_no_memo_from_ringing() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 5 seconds");
    terminal.send(key::QUIT);
    terminal.wait_for_end_and_terminal();
    let lock = fs::File::open(machine.state("opening.lock")).unwrap();
    lock.lock().unwrap();

    let mut terminal = machine.program().sized(120, 30).start();
    terminal.wait_to_say(&format!("opening.lock is locked by {}; waiting for it.", holder()));
    wait_for_arrival(&mut terminal, "brew tea");
    assert_eq!(terminal.rings(), 1);
    terminal.wait_to_say(&format!("opening.lock has been locked by {} for 10 seconds.", holder()));
    drop(lock);
    terminal.wait_until("the record", || machine.state("state.db").exists() && recorded(&machine) == 1);
    assert_eq!(terminal.rings(), 1);
}

#[test]
fn a_store_that_is_moved_away_is_noticed_before_a_memo_is_acknowledged() {
    let machine = Machine::new();
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 2 hours");
    let store = machine.store();
    for suffix in ["", "-wal", "-shm"] {
        let path = format!("{}{suffix}", store.display());
        fs::rename(&path, path.replace("memos.db", "away.db")).unwrap();
    }
    terminal.wait_to_say("memos.db was deleted or moved away while tickler had it open");
    terminal.send("a");
    wait_for_form(&mut terminal);
    terminal.send("milk\t\tin 3 hours\x13");
    terminal.wait_for("the memo that is not saved", |terminal| {
        terminal.says("“milk”: ") && terminal.says("nothing that is saved now would be found again")
    });
    assert!(!terminal.says("Scheduled “milk”"));
    assert!(!store.exists());

    // A refresh begins a new store, with a warning.
    terminal.send(key::ESCAPE);
    terminal.wait_for("the next banner", |terminal| !terminal.says("“milk”: "));
    terminal.send(key::ESCAPE);
    terminal.wait_for("no banner", |terminal| !terminal.says("while tickler had it open"));
    terminal.send("R");
    terminal.wait_to_say("There was a store at");
    terminal.wait_until("the memo in the new store", || machine.listed().iter().any(|memo| memo.memo == "milk"));
}

#[test]
fn an_empty_file_is_not_taken_for_a_new_store() {
    let machine = Machine::new();
    let mut terminal = machine.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 2 hours");
    terminal.send(key::QUIT);
    terminal.wait_for_end_and_terminal();
    fs::write(machine.store(), "").unwrap();
    let mut terminal = machine.start();
    terminal.wait_to_say("memos.db is empty, although a store was there; put your backup there");
    assert_eq!(fs::metadata(machine.store()).unwrap().len(), 0);
}

#[test]
fn a_memo_that_is_due_while_the_store_is_locked_is_delivered_after_that() {
    let machine = Machine::new();
    let mut terminal = machine.program().sized(120, 30).start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "brew tea", "in 3 seconds");
    let other = Connection::open(machine.store()).unwrap();
    other.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    terminal.wait_to_say(&format!("{} has locked the schedule store", holder()));
    other.execute_batch("ROLLBACK").unwrap();
    wait_for_arrival(&mut terminal, "brew tea");
    terminal.wait_for("the end of the banner", |terminal| !terminal.says("has locked the schedule store"));
    assert_eq!((terminal.rings(), machine.deliveries()), (1, 1));
}
