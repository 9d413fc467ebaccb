//! Processes that are killed, with no warning and in the middle of anything.
//!
//! A child is this test binary, run again for the same test with [`ROLE`] set: the test then plays the child. Nobody
//! sleeps: a child says what it has done, line by line, and the parent kills after so many lines; where exactly in the
//! next piece of work that hits is up to the machine, and must not matter.

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

/// A child's word to its parent. The test runner writes to the same stream, hence the mark and the line breaks.
fn say(word: &str) {
    let mut out = std::io::stdout().lock();
    write!(out, "\n@{word}\n").unwrap();
    out.flush().unwrap();
}

/// Runs a test of this binary as a child with a role.
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

    /// The next word, or `None` when the child is gone.
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

    /// SIGKILL; answers what the child had still said.
    fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::iter::from_fn(|| self.word()).collect()
    }

    /// Tells the child that it may finish, and waits for it.
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
fn what_was_acknowledged_survives_kill_9() {
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
        let test = "processes::what_was_acknowledged_survives_kill_9";
        let mut child = Spawned::new(test, "creator", &store_in(&directory));
        let mut acknowledged: BTreeSet<_> = (0..lines).map(|_| child.word().unwrap()).collect();
        acknowledged.extend(child.kill());

        let world = World::at(&store_in(&directory));
        let survived = names(&world);
        assert!(survived.is_superset(&acknowledged), "lost: {:?}", acknowledged.difference(&survived));
        // One more may have been written before its acknowledgement was.
        assert!(survived.len() <= acknowledged.len() + 1);
        assert_eq!(world.fire().deliveries.len(), survived.len());
    }
}

/// Fires without a pause until told to finish and nothing is left, and says each delivery.
fn fire_until_told(store: &Path) {
    let world = World::at(store);
    let told = Arc::new(AtomicBool::new(false));
    let teller = Arc::clone(&told);
    let listener = std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        teller.store(true, Ordering::Release);
    });
    say("ready");
    loop {
        let last = told.load(Ordering::Acquire);
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
fn of_two_hosts_one_is_killed_and_nothing_is_lost_or_doubled() {
    if let Some(store) = plays("host") {
        return fire_until_told(&store);
    }
    let test = "processes::of_two_hosts_one_is_killed_and_nothing_is_lost_or_doubled";
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

/// Delivers a few, then says so and never returns: the transaction around it stays open until the process dies.
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
fn a_host_that_dies_in_the_middle_of_a_batch_has_delivered_none_of_it() {
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
    let test = "processes::a_host_that_dies_in_the_middle_of_a_batch_has_delivered_none_of_it";
    let mut child = Spawned::new(test, "hanging", &store);
    assert_eq!(child.word().unwrap(), "in the middle");
    // Reading goes on meanwhile, and sees nothing of what is not yet true.
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
fn processes_that_create_one_store_at_once_all_succeed() {
    if let Some(store) = plays("opener") {
        say("ready");
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let name = format!("p{}", std::process::id());
        World::at(&store).create(&name, &memo(&name, DUE)).ok();
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let store = store_in(&directory);
    let test = "processes::processes_that_create_one_store_at_once_all_succeed";
    let mut children: Vec<_> = (0..6).map(|_| Spawned::new(test, "opener", &store)).collect();
    for child in &mut children {
        assert_eq!(child.word().unwrap(), "ready");
    }
    // All of them are let go before any is waited for.
    for child in &mut children {
        drop(child.child.stdin.take());
    }
    for child in children {
        child.finish();
    }
    assert_eq!(names(&World::at(&store)).len(), 6);
}
