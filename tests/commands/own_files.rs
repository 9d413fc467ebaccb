//! The binary and its own files: who can read them, what stands in their place, and who has them locked.
#![cfg(unix)]

use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::process::{Pid, Signal, kill_process};

use super::process::Machine;

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o777
}

fn errors(ended: &Output) -> String {
    String::from_utf8(ended.stderr.clone()).unwrap()
}

/// Everything below a directory.
fn below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { [vec![path.clone()], below(&path)].concat() } else { vec![path] })
        .collect()
}

#[test]
fn only_the_owner_can_read_anything_under_every_umask() {
    for umask in ["000", "022", "277"] {
        let machine = Machine::new();
        // A directory from a version that did not care.
        fs::create_dir_all(machine.path("state/tickler")).unwrap();
        fs::set_permissions(machine.path("state/tickler"), Permissions::from_mode(0o755)).unwrap();
        let tickler = machine.command(&[]);
        let mut shell = Command::new("sh");
        let script = format!("umask {umask}; \"$0\" add tea 2999-01-01 18:00 && timeout -s INT 1 \"$0\" list --watch");
        shell.args(["-c", &script]).arg(tickler.get_program()).env_clear();
        shell.env("PATH", std::env::var_os("PATH").unwrap()).env("TICKLER_LOG", "trace");
        shell.envs(tickler.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let ended = shell.output().unwrap();
        let files = [below(&machine.path("state")), below(&machine.path("data"))].concat();
        for name in ["tickler.log", "state.db", "opening.lock", "memos.db", "memos.db.migrating", "memos.db.host"] {
            assert!(files.iter().any(|path| path.ends_with(name)), "{name}: {ended:?}");
        }
        for path in files {
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode(&path), expected, "umask {umask}: {}", path.display());
        }
    }
}

#[test]
fn a_fifo_in_the_place_of_a_file_is_refused_at_once() {
    let add = ["add", "tea", "2999-01-01", "18:00"];
    for (place, code) in [
        ("config/tickler/config.toml", 2),
        ("data/tickler/memos.db", 1),
        ("data/tickler/memos.db.migrating", 1),
        ("state/tickler/state.db", 1),
        ("state/tickler/opening.lock", 1),
        ("state/tickler/tickler.log", 0),
    ] {
        let machine = Machine::new();
        let path = machine.path(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
        let ended = machine.run(&add);
        assert_eq!(ended.status.code(), Some(code), "{ended:?}");
        let (errors, shown) = (errors(&ended), path.display().to_string());
        assert!(errors.contains(&shown) && errors.contains("is a FIFO"), "{errors}");
    }
}

#[test]
fn the_log_does_not_follow_a_link() {
    let machine = Machine::new();
    let (target, log) = (machine.path("precious"), machine.path("state/tickler/tickler.log"));
    fs::write(&target, "precious").unwrap();
    fs::set_permissions(&target, Permissions::from_mode(0o644)).unwrap();
    fs::create_dir_all(log.parent().unwrap()).unwrap();
    symlink(&target, &log).unwrap();
    let ended = machine.command(&["list"]).env("TICKLER_LOG", "trace").output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(errors(&ended).contains(&format!("{} is a symbolic link", log.display())), "{ended:?}");
    assert_eq!((fs::read_to_string(&target).unwrap().as_str(), mode(&target)), ("precious", 0o644));
}

#[test]
fn a_command_says_which_lock_it_waits_for_and_gives_up() {
    let machine = Machine::new();
    assert_eq!(machine.run(&["list"]).status.code(), Some(0));
    let path = machine.path("state/tickler/opening.lock");
    let lock = File::open(&path).unwrap();
    lock.lock().unwrap();
    let ended = machine.run(&["add", "tea", "2999-01-01", "18:00"]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let (shown, process) = (path.display(), std::process::id());
    let waits = format!("Warning: {shown} is locked by process {process}; waiting for it.\n");
    let gave_up =
        format!("{shown} has been locked by process {process} for 10 seconds. End that process, or try again.\n");
    assert_eq!(errors(&ended), waits + &gave_up);
    drop(lock);
    assert_eq!(machine.run(&["add", "tea", "2999-01-01", "18:00"]).status.code(), Some(0));
}

/// Somebody who owns nothing.
const NOBODY: u32 = 65_534;

/// A machine on which `tickler` runs as somebody who may read the memos and not write them. Root may always write, so it
/// is somebody else then, with a home directory of their own.
fn reader_of(machine: &Machine, line: &[&str]) -> Command {
    let mut command = machine.command(line);
    if !rustix::process::getuid().is_root() {
        return command;
    }
    // The program may be where only root can enter.
    let program = machine.path("tickler");
    if !program.exists() {
        fs::hard_link(command.get_program(), &program)
            .or_else(|_| fs::copy(command.get_program(), &program).map(drop))
            .unwrap();
        fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    }
    let home = machine.path("nobody");
    if !home.exists() {
        fs::create_dir(&home).unwrap();
        chown(&home, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    for directory in [machine.path(""), machine.path("data"), machine.path("data/tickler")] {
        fs::set_permissions(directory, Permissions::from_mode(0o755)).unwrap();
    }
    let environment: Vec<_> =
        command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
    command = Command::new(program);
    command.env_clear().args(line).uid(NOBODY).gid(NOBODY).current_dir(&home);
    command.envs(environment.into_iter().filter_map(|(name, value)| Some((name, value?))));
    command.env("HOME", &home).env("XDG_CONFIG_HOME", home.join("config")).env("XDG_STATE_HOME", home.join("state"));
    command
}

#[test]
fn memos_that_can_only_be_read_are_read() {
    let machine = Machine::new();
    assert_eq!(machine.run(&["add", "tea", "2999-01-01", "18:00"]).status.code(), Some(0));
    let store = machine.path("data/tickler/memos.db");
    fs::set_permissions(&store, Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(store.parent().unwrap(), Permissions::from_mode(0o555)).unwrap();
    let list = |flags: &[&str]| reader_of(&machine, &[flags, &["list"]].concat()).output().unwrap();
    let shows_tea = |ended: &Output| String::from_utf8_lossy(&ended.stdout).contains("\ttea\n");

    let read_only = list(&["--read-only"]);
    assert_eq!((read_only.status.code(), errors(&read_only).as_str()), (Some(0), ""), "{read_only:?}");
    assert!(shows_tea(&read_only), "{read_only:?}");
    assert_eq!(mode(&store), 0o444, "--read-only changes nothing");

    let ended = list(&[]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(shows_tea(&ended), "{ended:?}");
    assert!(errors(&ended).contains("cannot be written, so its memos can be read and not changed"), "{ended:?}");
    let refused = reader_of(&machine, &["add", "milk", "2999-01-01", "18:00"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    fs::set_permissions(store.parent().unwrap(), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn memos_of_somebody_else_that_anybody_may_write_are_used() {
    let machine = Machine::new();
    assert_eq!(machine.run(&["add", "tea", "2999-01-01", "18:00"]).status.code(), Some(0));
    let store = machine.path("data/tickler/memos.db");
    drop(reader_of(&machine, &[]));
    for path in below(store.parent().unwrap()) {
        fs::set_permissions(path, Permissions::from_mode(0o666)).unwrap();
    }
    fs::set_permissions(store.parent().unwrap(), Permissions::from_mode(0o777)).unwrap();
    let mut command = reader_of(&machine, &["add", "milk", "2999-01-02", "18:00"]);
    fs::set_permissions(store.parent().unwrap(), Permissions::from_mode(0o777)).unwrap();
    let ended = command.output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert_eq!(String::from_utf8(machine.run(&["list"]).stdout).unwrap().lines().count(), 2);
}

#[test]
fn a_store_that_is_gone_is_missed() {
    let machine = Machine::new();
    assert_eq!(machine.run(&["add", "tea", "2999-01-01", "18:00"]).status.code(), Some(0));
    let store = machine.path("data/tickler/memos.db");
    fs::write(&store, "").unwrap();
    let ended = machine.run(&["add", "milk", "2999-01-01", "18:00"]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(errors(&ended).contains("memos.db is empty, although a store was there"), "{ended:?}");
    fs::remove_file(&store).unwrap();
    let ended = machine.run(&["add", "milk", "2999-01-01", "18:00"]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(errors(&ended).contains("and its file is gone. A new, empty one begins there."), "{ended:?}");
}

#[test]
fn a_watcher_reports_once_that_the_store_is_gone() {
    let machine = Machine::new();
    assert_eq!(machine.run(&["add", "tea", "2999-01-01", "18:00"]).status.code(), Some(0));
    let mut watcher =
        machine.command(&["list", "--watch"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut errors = BufReader::new(watcher.stderr.take().unwrap()).lines();
    let mut listed = BufReader::new(watcher.stdout.take().unwrap()).lines();
    assert!(listed.next().unwrap().unwrap().ends_with("\ttea"));
    for suffix in ["", "-wal", "-shm"] {
        let path = machine.path(&format!("data/tickler/memos.db{suffix}"));
        fs::rename(&path, path.with_file_name(format!("away.db{suffix}"))).unwrap();
    }
    let error = errors.next().unwrap().unwrap();
    assert!(error.contains("memos.db was deleted or moved away while tickler had it open"), "{error}");
    kill_process(Pid::from_child(&watcher), Signal::TERM).unwrap();
    assert_eq!(watcher.wait().unwrap().code(), Some(0));
    assert!(errors.next().is_none());
}

#[test]
fn a_damaged_memo_is_reported_and_the_others_are_listed() {
    let machine = Machine::new();
    for memo in ["tea", "milk", "bread"] {
        assert_eq!(machine.run(&["add", memo, "2999-01-01", "18:00"]).status.code(), Some(0));
    }
    let store = rusqlite::Connection::open(machine.path("data/tickler/memos.db")).unwrap();
    store.execute("UPDATE schedules SET definition = 'no json' WHERE definition LIKE '%milk%'", []).unwrap();
    drop(store);
    fs::remove_dir_all(machine.path("state")).unwrap();
    let ended = machine.run(&["list"]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    let listed = String::from_utf8(ended.stdout.clone()).unwrap();
    assert!(listed.contains("\ttea\n") && listed.contains("\tbread\n") && !listed.contains("milk"), "{listed}");
    assert!(
        errors(&ended).contains("memos.db, the schedule ") && errors(&ended).contains("cannot be read"),
        "{ended:?}"
    );
    let checked = machine.run(&["doctor"]);
    assert!(String::from_utf8_lossy(&checked.stdout).contains("2 schedules are pending"), "{checked:?}");
}
