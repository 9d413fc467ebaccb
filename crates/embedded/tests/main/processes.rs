//! Processes that are killed at any moment.
//!
//! A child is this test binary, which runs the same test with [`ROLE`] set; the test then acts as the child. Nothing
//! sleeps: a child prints what it has done, line by line, and the parent kills it after a number of lines. What the child
//! is doing then depends on the machine, and must not matter.

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use embedded::{EXECUTE_MEMO_ARN, Engine, HostLock, Invocation, LogLine, Target, TargetError};
use serde_json::Value;

use crate::world::{World, memo, moment};

const ROLE: &str = "EMBEDDED_TEST_ROLE";
const STORE: &str = "EMBEDDED_TEST_STORE";
const DUE: &str = "at(2026-11-24T11:00:00)";

/// The store to work on, when this process is a child with this role.
fn plays(role: &str) -> Option<PathBuf> {
    (env::var(ROLE).ok()? == role).then(|| env::var_os(STORE).unwrap().into())
}

/// Prints a word for the parent. The test runner writes to the same stream, hence the mark and the line breaks.
fn say(word: &str) {
    let mut out = std::io::stdout().lock();
    write!(out, "\n@{word}\n").unwrap();
    out.flush().unwrap();
}

/// A child process: a test of this binary with a role.
struct Spawned {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Spawned {
    fn new(test: &str, role: &str, store: &Path) -> Spawned {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture", "--test-threads=1"])
            .env(ROLE, role)
            .env(STORE, store)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Spawned { child, lines }
    }

    /// The next word, or `None` if the child has ended.
    fn word(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            if let Some(word) = line.trim_end().strip_prefix('@') {
                return Some(word.to_owned());
            }
        }
    }

    /// Sends SIGKILL. Returns the remaining words of the child.
    fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::iter::from_fn(|| self.word()).collect()
    }

    /// Lets the child finish, and waits for it.
    fn finish(mut self) {
        drop(self.child.stdin.take());
        while self.word().is_some() {}
        assert!(self.child.wait().unwrap().success());
    }
}

fn store_in(directory: &tempfile::TempDir) -> PathBuf {
    directory.path().join("schedules.db")
}

fn names(world: &World) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut query = String::new();
    loop {
        let page = world.get(&format!("/schedules?{query}")).ok();
        names.extend(page["Schedules"].as_array().unwrap().iter().map(|s| s["Name"].as_str().unwrap().to_owned()));
        match page.get("NextToken").and_then(Value::as_str) {
            Some(token) => query = format!("NextToken={token}"),
            None => return names,
        }
    }
}

#[test]
fn acknowledged_writes_survive_kill_9() {
    if let Some(store) = plays("creator") {
        let world = World::at(&store);
        for number in 0_u32.. {
            let name = format!("n{number}");
            world.create(&name, &memo(&name, DUE)).ok();
            say(&name);
        }
    }
    for lines in [1, 2, 9, 33] {
        let directory = tempfile::tempdir().unwrap();
        let test = "processes::acknowledged_writes_survive_kill_9";
        let mut child = Spawned::new(test, "creator", &store_in(&directory));
        let mut acknowledged: BTreeSet<_> = (0..lines).map(|_| child.word().unwrap()).collect();
        acknowledged.extend(child.kill());

        let world = World::at(&store_in(&directory));
        let survived = names(&world);
        assert!(survived.is_superset(&acknowledged), "lost: {:?}", acknowledged.difference(&survived));
        // The child may have been killed between a write and its word.
        assert!(survived.len() <= acknowledged.len() + 1);
        assert_eq!(world.fire().deliveries.len(), survived.len());
    }
}

/// Fires without a pause, prints each delivery, and returns when the parent says so and nothing is left.
fn fire_until_finish(store: &Path) {
    let world = World::at(store);
    let finish = Arc::new(AtomicBool::new(false));
    let signal = Arc::clone(&finish);
    let listener = std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        signal.store(true, Ordering::Release);
    });
    say("ready");
    loop {
        let last = finish.load(Ordering::Acquire);
        let fired = world.fire();
        for delivery in &fired.deliveries {
            say(delivery.log.memo.as_deref().unwrap());
        }
        if last && fired.next.is_none() {
            break;
        }
        std::thread::yield_now();
    }
    listener.join().unwrap();
}

/// Each memo in the log exactly once.
#[track_caller]
fn assert_each_once(world: &World, memos: usize) {
    let log = world.log();
    let distinct: BTreeSet<_> = log.iter().map(|line| line["memo"].as_str().unwrap()).collect();
    assert_eq!(log.len(), distinct.len(), "something was delivered twice");
    assert_eq!(distinct.len(), memos, "something was lost");
    assert_eq!(names(world), BTreeSet::new());
}

#[test]
fn nothing_is_lost_or_doubled_if_one_of_two_hosts_is_killed() {
    if let Some(store) = plays("host") {
        return fire_until_finish(&store);
    }
    let test = "processes::nothing_is_lost_or_doubled_if_one_of_two_hosts_is_killed";
    for (round, kill_after) in [1, 5, 17, 40].into_iter().enumerate() {
        let directory = tempfile::tempdir().unwrap();
        let store = store_in(&directory);
        let world = World::at(&store);
        let mut mortal = Spawned::new(test, "host", &store);
        let mut survivor = Spawned::new(test, "host", &store);
        assert_eq!(mortal.word().unwrap(), "ready");
        assert_eq!(survivor.word().unwrap(), "ready");
        // The parent creates while both fire. It stops to kill after a number of creates that differs by round.
        let mut created = 0;
        let mut create = |count: usize| {
            for _ in 0..count {
                created += 1;
                world.create(&format!("n{created}"), &memo(&format!("n{created}"), DUE)).ok();
            }
        };
        create(kill_after + round);
        mortal.kill();
        create(30);
        survivor.finish();
        assert_each_once(&world, kill_after + round + 30);
    }
}

/// Delivers a few, then never returns, so that the transaction stays open until the process dies.
struct Hangs {
    delivers: AtomicU32,
}

impl Target for Hangs {
    fn deliver(&self, invocation: &Invocation<'_>) -> Result<LogLine, TargetError> {
        assert_eq!(invocation.target_arn, EXECUTE_MEMO_ARN);
        if self.delivers.fetch_sub(1, Ordering::Relaxed) == 0 {
            say("in the middle");
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
        }
        Ok(LogLine::of_payload(serde_json::from_str(invocation.payload).unwrap(), invocation.now))
    }
}

#[test]
fn a_host_that_dies_during_a_batch_has_delivered_none_of_it() {
    if let Some(store) = plays("hanging") {
        let _lock = HostLock::hold(&store).unwrap();
        let world = World::at(&store);
        let target = Arc::new(Hangs { delivers: AtomicU32::new(7) });
        Engine::with_target(world.store.clone(), target).fire(world.now()).unwrap();
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let store = store_in(&directory);
    let world = World::at(&store);
    for number in 0..20 {
        world.create(&format!("n{number}"), &memo(&format!("n{number}"), DUE)).ok();
    }
    let test = "processes::a_host_that_dies_during_a_batch_has_delivered_none_of_it";
    let mut child = Spawned::new(test, "hanging", &store);
    assert_eq!(child.word().unwrap(), "in the middle");
    // Reads still work, and do not see the open transaction.
    assert_eq!((world.log().len(), names(&world).len()), (0, 20));
    assert!(HostLock::is_held(&store).unwrap());
    child.kill();
    assert!(!HostLock::is_held(&store).unwrap(), "the lock goes with its holder");
    assert_eq!((world.log().len(), names(&world).len()), (0, 20));
    world.set_clock(moment("2026-11-24T12:00:05Z"));
    assert_eq!(world.fire().deliveries.len(), 20);
    assert_each_once(&world, 20);
}

#[test]
fn processes_can_create_one_store_at_once() {
    if let Some(store) = plays("opener") {
        say("ready");
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let name = format!("p{}", std::process::id());
        World::at(&store).create(&name, &memo(&name, DUE)).ok();
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let store = store_in(&directory);
    let test = "processes::processes_can_create_one_store_at_once";
    let mut children: Vec<_> = (0..6).map(|_| Spawned::new(test, "opener", &store)).collect();
    for child in &mut children {
        assert_eq!(child.word().unwrap(), "ready");
    }
    // Starts all of them before it waits for any.
    for child in &mut children {
        drop(child.child.stdin.take());
    }
    for child in children {
        child.finish();
    }
    assert_eq!(names(&World::at(&store)).len(), 6);
}
