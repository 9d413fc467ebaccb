//! Our files, with something else in their place, under every umask, and locked by others.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails if a value is missing, even in a helper")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use files::{
    FileError, Identity, Links, LockKind, Lost, create_private_directory, lock, make_private_file, open_private,
    read_to_string, restrict_directory, try_lock,
};
use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::process::umask;

/// The umask belongs to the process, so tests that change it or create files take turns.
static TURN: Mutex<()> = Mutex::new(());

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o777
}

fn fifo(path: &Path) {
    mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR).unwrap();
}

#[test]
fn whatever_is_no_file_is_refused_at_once_with_its_path() {
    let _turn = TURN.lock();
    let dir = tempfile::tempdir().unwrap();
    let (pipe, folder, socket) = (dir.path().join("pipe"), dir.path().join("folder"), dir.path().join("socket"));
    fifo(&pipe);
    fs::create_dir(&folder).unwrap();
    let _listener = UnixListener::bind(&socket).unwrap();
    let device = Path::new("/dev/null");
    for (path, kind) in [(&*pipe, "a FIFO"), (&folder, "a directory"), (&socket, "a socket"), (device, "a device")] {
        let refusals = [
            open_private(path, Links::Follow).unwrap_err(),
            open_private(path, Links::Refuse).unwrap_err(),
            make_private_file(path).unwrap_err(),
            read_to_string(path).unwrap_err(),
            try_lock(path, LockKind::Exclusive).unwrap_err(),
        ];
        for refusal in refusals {
            let expected = format!("{} is {kind}, where tickler needs a file of its own; move it away", path.display());
            assert_eq!(refusal.to_string(), expected);
        }
    }
}

#[test]
fn a_link_is_refused_where_nobody_has_a_reason_to_make_one() {
    let _turn = TURN.lock();
    let dir = tempfile::tempdir().unwrap();
    let (target, link, dangling) = (dir.path().join("target"), dir.path().join("link"), dir.path().join("dangling"));
    fs::write(&target, "precious").unwrap();
    fs::set_permissions(&target, Permissions::from_mode(0o644)).unwrap();
    symlink(&target, &link).unwrap();
    symlink(dir.path().join("missing"), &dangling).unwrap();
    for path in [&link, &dangling] {
        let refusal = open_private(path, Links::Refuse).unwrap_err();
        assert!(refusal.to_string().contains("is a symbolic link"), "{refusal}");
    }
    assert_eq!((fs::read_to_string(&target).unwrap().as_str(), mode(&target)), ("precious", 0o644));
    assert!(!dir.path().join("missing").exists());

    open_private(&link, Links::Follow).unwrap();
    make_private_file(&dangling).unwrap();
    assert!(dir.path().join("missing").exists());
}

#[test]
fn new_files_and_directories_are_private_under_every_umask() {
    let _turn = TURN.lock();
    for mask in [0o000, 0o022, 0o077, 0o277, 0o777] {
        let dir = tempfile::tempdir().unwrap();
        let before = umask(Mode::from_bits_truncate(mask));
        let home = dir.path().join("a/b");
        create_private_directory(&home).unwrap();
        drop(open_private(&home.join("log"), Links::Refuse).unwrap());
        make_private_file(&home.join("db")).unwrap();
        drop(lock(&home.join("lock"), LockKind::Exclusive, |_| ()).unwrap());
        umask(before);
        assert_eq!((mode(&dir.path().join("a")), mode(&home)), (0o700, 0o700), "umask {mask:o}");
        for name in ["log", "db", "lock"] {
            assert_eq!(mode(&home.join(name)), 0o600, "{name}, umask {mask:o}");
        }
    }
}

#[test]
fn files_that_others_can_read_become_private() {
    let _turn = TURN.lock();
    let dir = tempfile::tempdir().unwrap();
    let (file, home) = (dir.path().join("file"), dir.path().join("home"));
    fs::write(&file, "").unwrap();
    fs::create_dir(&home).unwrap();
    let widen = || {
        fs::set_permissions(&file, Permissions::from_mode(0o664)).unwrap();
        fs::set_permissions(&home, Permissions::from_mode(0o755)).unwrap();
    };
    widen();
    drop(open_private(&file, Links::Refuse).unwrap());
    assert_eq!(mode(&file), 0o600);
    widen();
    make_private_file(&file).unwrap();
    restrict_directory(&home);
    assert_eq!((mode(&file), mode(&home)), (0o600, 0o700));
}

/// Another process that holds a lock.
struct Holder(Child);

impl Holder {
    fn of(path: &Path) -> Self {
        // Python is what the other tests use, too.
        let script = "import fcntl, sys, time\n\
                      lock = open(sys.argv[1], 'a')\n\
                      fcntl.flock(lock, fcntl.LOCK_EX)\n\
                      print('held', flush=True)\n\
                      sys.stdin.read()";
        let mut child = Command::new("python3")
            .args(["-c", script])
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
        assert_eq!(line, "held\n");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_wait_for_a_lock_says_so_and_ends_with_the_process_that_holds_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("opening.lock");
    let holder = Holder::of(&path);
    let said = Mutex::new(Vec::new());
    let error = lock(&path, LockKind::Shared, |waiting| said.lock().unwrap().push(waiting.to_string())).unwrap_err();
    let (shown, process) = (path.display(), holder.0.id());
    if cfg!(target_os = "linux") {
        assert_eq!(*said.lock().unwrap(), [format!("{shown} is locked by process {process}; waiting for it")]);
        let expected =
            format!("{shown} has been locked by process {process} for 10 seconds; end that process, or try again");
        assert_eq!(error.to_string(), expected);
    }
    assert!(matches!(error, FileError::Locked { .. }), "{error:?}");
    drop(holder);
    drop(lock(&path, LockKind::Exclusive, |_| panic!("nobody holds it any more")).unwrap());
}

#[test]
fn a_lock_that_becomes_free_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lock");
    let held = try_lock(&path, LockKind::Exclusive).unwrap().unwrap();
    assert!(try_lock(&path, LockKind::Shared).unwrap().is_none());
    assert_eq!(fs::read_to_string(&path).unwrap().trim(), std::process::id().to_string());
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| lock(&path, LockKind::Shared, |_| ()).map(drop));
        drop(held);
        waiter.join().unwrap().unwrap();
    });
    let (first, second) = (try_lock(&path, LockKind::Shared), try_lock(&path, LockKind::Shared));
    assert!(first.unwrap().is_some() && second.unwrap().is_some(), "several may share a lock");
}

#[test]
fn a_database_that_is_deleted_replaced_or_emptied_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("memos.db");
    let log = dir.path().join("memos.db-wal");
    let write = || {
        fs::write(&path, "a database").unwrap();
        fs::write(&log, "its log").unwrap();
    };
    write();
    let known = Identity::of_database(&path);
    assert_eq!(known.check(), Ok(()));
    fs::write(&log, "").unwrap();
    assert_eq!(known.check(), Ok(()), "a log may be empty");
    fs::write(&path, "").unwrap();
    assert_eq!(known.check(), Err(Lost::Emptied(path.clone())));
    write();
    assert_eq!(known.check(), Ok(()));
    fs::rename(&log, dir.path().join("aside")).unwrap();
    assert_eq!(known.check(), Err(Lost::Deleted(log.clone())));
    write();
    assert_eq!(known.check(), Err(Lost::Replaced(log.clone())));
    fs::rename(dir.path().join("aside"), &log).unwrap();
    fs::rename(&path, dir.path().join("aside")).unwrap();
    assert_eq!(known.check(), Err(Lost::Deleted(path.clone())));
    fs::copy(dir.path().join("aside"), &path).unwrap();
    assert_eq!(known.check(), Err(Lost::Replaced(path.clone())));
    assert_eq!(
        known.check().unwrap_err().to_string(),
        format!("{} was replaced by another file while tickler had it open", path.display())
    );
}
