//! `tickler list --watch`: prints events when they happen, and rings for due memos.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write};
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;

use chrono::TimeDelta;
use rustix::process::{Pid, Signal, kill_process};
use tickler::cli::{Streams, perform};

use super::hostile::{assert_harmless, hostile_text};
use super::process::Machine;
use super::shell::Shell;

/// A stream that a test can read while it is written.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }

    /// Waits in virtual time until it has this many lines.
    async fn lines(&self, count: usize) {
        while self.text().lines().count() < count {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Watches while something happens, and returns what was printed.
fn watch(shell: &Shell, line: &[&str], happens: impl AsyncFnOnce(&Shared)) -> String {
    watch_with(shell, line, false, happens)
}

/// Like [`watch`]. Standard error may be a terminal.
fn watch_with(shell: &Shell, line: &[&str], errors_are_terminal: bool, happens: impl AsyncFnOnce(&Shared)) -> String {
    let (output, errors) = (Shared::default(), Shared::default());
    let mut streams = Streams {
        input: Box::new(std::io::empty()),
        input_is_terminal: false,
        output: Box::new(output.clone()),
        columns: Some(100),
        errors: Box::new(errors.clone()),
        errors_are_terminal,
    };
    shell.block_on(async {
        tokio::select! {
            code = perform(line, shell.environment(), &mut streams) => panic!("it ended with {code}: {}", errors.text()),
            () = happens(&output) => {}
        }
    });
    format!("{}{}", output.text(), errors.text())
}

async fn run(shell: &Shell, line: &[&str]) {
    let printed = shell.run_async(line).await;
    assert_eq!(printed.code, 0, "{printed:?}");
}

#[test]
fn events_are_printed_when_they_happen_and_due_memos_ring() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "20", "min"]);
    shell.run(&["add", "call", "mum", "fri", "18:00"]);
    let printed = watch(&shell, &["list", "--watch", "--plain"], async |output| {
        output.lines(2).await;
        assert!(embedded::HostLock::is_held(&shell.store()).unwrap());
        run(&shell, &["add", "coffee", "in", "1", "h"]).await;
        output.lines(3).await;
        run(&shell, &["snooze", "03", "10", "min"]).await;
        output.lines(4).await;
        shell.clock.advance(TimeDelta::minutes(20));
        output.lines(5).await;
        run(&shell, &["cancel", "02"]).await;
        output.lines(6).await;
        run(&shell, &["run", "03"]).await;
        output.lines(7).await;
    });
    insta::assert_snapshot!(printed);
    assert!(!embedded::HostLock::is_held(&shell.store()).unwrap());
    assert_eq!(shell.run(&["list"]).output, "Nothing is pending.\n");
}

#[test]
fn no_memo_acts_on_the_terminal() {
    let hostile = hostile_text();
    for format in [&["--plain"][..], &["--json"], &[]] {
        let shell = Shell::new();
        shell.settings("[notifications]\ndesktop = false\nbell = false\nterminal = \"osc9\"\n");
        shell.run(&["add", &hostile, "--at", "in 20 min"]);
        let printed = watch_with(&shell, &[&["list", "--watch"], format].concat(), true, async |output| {
            output.lines(1).await;
            shell.clock.advance(TimeDelta::minutes(20));
            output.lines(2).await;
        });
        // The notification and the screen are made of escape sequences of our own.
        let printed = printed.replacen("\u{1b}]9;tickler: ", "", 1).replacen('\u{7}', "", 1);
        let layout: &[char] = if format.is_empty() { &['\n', '\r', '\u{1b}'] } else { &['\n'] };
        assert_harmless(&format!("{format:?}"), &printed, layout);
    }
}

#[test]
fn many_deliveries_at_once_ring_once() {
    let shell = Shell::new();
    shell.settings("[notifications]\ndesktop = false\nterminal = \"osc9\"\n");
    for memo in ["tea", "milk", "bread", "salt"] {
        shell.run(&["add", memo, "in", "20", "min"]);
    }
    shell.run(&["add", "rent", "in", "30", "min"]);
    let printed = watch_with(&shell, &["list", "--watch", "--plain"], true, async |output| {
        output.lines(5).await;
        shell.clock.advance(TimeDelta::minutes(20));
        output.lines(9).await;
        shell.clock.advance(TimeDelta::minutes(10));
        output.lines(10).await;
    });
    let asked: Vec<&str> = printed.split('\x07').filter(|part| part.contains("\x1b]")).collect();
    assert_eq!(asked, ["\x1b]9;tickler: 4 memos have arrived", "\x1b]9;tickler: rent"], "{printed:?}");
    assert_eq!(printed.matches('\x07').count(), 4, "each of the two rings as well: {printed:?}");
}

#[test]
fn a_failing_notification_command_is_reported() {
    let machine = Machine::new();
    std::fs::create_dir_all(machine.path("config/tickler")).unwrap();
    let settings = "[notifications]\ndesktop = false\ncommand = [\"/no/such/program\", \"{memo}\"]\n";
    std::fs::write(machine.path("config/tickler/config.toml"), settings).unwrap();
    let mut watcher =
        machine.command(&["list", "--watch"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut errors = BufReader::new(watcher.stderr.take().unwrap()).lines();
    let store = machine.path("data/tickler/memos.db");
    while !embedded::HostLock::is_held(&store).unwrap() {
        std::thread::yield_now();
    }
    assert_eq!(machine.run(&["add", "tea", "in", "1", "s"]).status.code(), Some(0));
    let printed = errors.next().unwrap().unwrap();
    assert!(printed.starts_with("The notification command /no/such/program could not be run: "), "{printed}");
    assert!(printed.ends_with("It is set under [notifications] in the settings."), "{printed}");
    kill_process(Pid::from_child(&watcher), Signal::TERM).unwrap();
    assert_eq!(watcher.wait().unwrap().code(), Some(0));
}

#[test]
fn read_only_delivers_nothing_and_prints_late_memos() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "20", "min"]);
    let printed = watch(&shell, &["list", "--watch", "--plain", "--json", "--read-only"], async |output| {
        output.lines(1).await;
        assert!(!embedded::HostLock::is_held(&shell.store()).unwrap());
        shell.clock.advance(TimeDelta::minutes(22));
        output.lines(2).await;
    });
    let states: Vec<serde_json::Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!([&states[0]["state"], &states[1]["state"]], ["pending", "late"], "{printed}");
    assert_eq!(shell.run(&["history"]).output, "No deliveries in that time.\n");
}

#[test]
fn a_watcher_in_a_pipe_sees_other_processes_and_ends_on_sigterm() {
    let machine = Machine::new();
    let mut watcher =
        machine.command(&["list", "--watch"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watcher.stdout.take().unwrap()).lines();
    // It watches as soon as it holds the lock.
    let store = machine.path("data/tickler/memos.db");
    while !embedded::HostLock::is_held(&store).unwrap() {
        std::thread::yield_now();
    }
    let added = machine.run(&["add", "tea", "in", "2", "s"]);
    assert_eq!((added.status.code(), added.stderr.as_slice()), (Some(0), &b""[..]), "a host is there");
    let line = lines.find(|line| line.as_ref().unwrap().contains("\tdelivered\t")).unwrap().unwrap();
    assert!(line.ends_with("\tdelivered\ttea"), "{line}");
    kill_process(Pid::from_child(&watcher), Signal::TERM).unwrap();
    assert_eq!(watcher.wait().unwrap().code(), Some(0));
}

#[test]
fn the_screen_counts_down_rings_and_restores_the_terminal() {
    let machine = crate::pty::machine::Machine::new();
    let mut terminal = machine.program().called_with(&["list", "--watch"]).sized(100, 30).start();
    terminal.wait_to_show("Nothing is pending.");
    assert!(terminal.screen().alternate_screen());
    let add = |memo: &str, time: &str| machine.without_terminal().args(["add", memo, "--at", time]).status().unwrap();
    assert!(add("water the ferns", "in 40 min").success());
    terminal.wait_for("the countdown", |terminal| {
        terminal.line_of("water the ferns").is_some_and(|line| line.contains("in 39 min 5"))
    });
    assert!(add("tea", "in 1 s").success());
    terminal.wait_to_show("“tea” was delivered, due");
    terminal.wait_for("the bell", |terminal| terminal.rings() == 1);
    terminal.resize(60, 12);
    terminal.wait_for("the narrow table", |terminal| {
        terminal.line_of("water the ferns").is_some_and(|line| !line.contains("pending"))
    });
    assert_eq!(terminal.lines_with("was delivered"), 1);
    terminal.send("\x03");
    assert_eq!(terminal.wait_for_end_and_terminal().exit_code(), 0);
    assert!(!terminal.screen().alternate_screen() && !terminal.screen().hide_cursor());
}
