//! File locks. Every wait for one has a limit, and names the process that holds it.

use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::error::{FileError, GIVE_UP};
use crate::open::{Links, open_private, open_to_read};

/// After this time, a wait says what it waits for.
pub const SAY_SO: Duration = Duration::from_secs(1);

/// The system has no event for a lock that becomes free, only a wait that cannot be ended.
const PAUSE: Duration = Duration::from_millis(20);

/// How many may hold a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// One process.
    Exclusive,
    /// Several processes.
    Shared,
}

/// What a process waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// The lock file.
    pub path: &'a Path,
    /// The process that holds the lock, if the system tells.
    pub holder: Option<u32>,
}

impl std::fmt::Display for Waiting<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.path.display();
        match self.holder {
            Some(holder) => write!(f, "{path} is locked by process {holder}; waiting for it"),
            None => write!(f, "{path} is locked by another process; waiting for it"),
        }
    }
}

/// Locks the file at this path, which is created if it is missing. The lock ends when the file is dropped, or with the
/// process. A wait of more than a second is passed to `say`, once.
///
/// # Errors
/// When the file cannot be used, or somebody else has held the lock for ten seconds.
pub fn lock(path: &Path, kind: LockKind, say: impl Fn(Waiting<'_>)) -> Result<File, FileError> {
    wait(path, say, || try_lock(path, kind))
}

/// Locks a file again that [`lock`] had locked and [`unlock`] has unlocked.
///
/// # Errors
/// When the file cannot be locked, or somebody else has held the lock for ten seconds.
pub fn lock_again(file: &File, path: &Path, kind: LockKind, say: impl Fn(Waiting<'_>)) -> Result<(), FileError> {
    wait(path, say, || Ok(try_lock_again(file, path, kind)?.then_some(())))
}

/// Unlocks a file without closing it.
///
/// # Errors
/// When the system cannot.
pub fn unlock(file: &File, path: &Path) -> Result<(), FileError> {
    file.unlock().map_err(|source| FileError::io(path, source))
}

fn wait<T>(
    path: &Path,
    say: impl Fn(Waiting<'_>),
    attempt: impl Fn() -> Result<Option<T>, FileError>,
) -> Result<T, FileError> {
    let mut waited = Duration::ZERO;
    loop {
        if let Some(locked) = attempt()? {
            return Ok(locked);
        }
        if waited >= GIVE_UP {
            return Err(FileError::Locked { path: path.to_owned(), holder: holder(path) });
        }
        std::thread::sleep(PAUSE);
        waited += PAUSE;
        if waited == SAY_SO {
            say(Waiting { path, holder: holder(path) });
        }
    }
}

/// As [`lock`], but without a wait: `None` while somebody else holds the lock.
///
/// # Errors
/// When the file cannot be used.
pub fn try_lock(path: &Path, kind: LockKind) -> Result<Option<File>, FileError> {
    let file = open_private(path, Links::Refuse)?;
    if !try_lock_again(&file, path, kind)? {
        return Ok(None);
    }
    if kind == LockKind::Exclusive {
        leave_process_id(&file);
    }
    Ok(Some(file))
}

/// As [`lock_again`], but without a wait: `false` while somebody else holds the lock.
///
/// # Errors
/// When the file cannot be locked.
pub fn try_lock_again(file: &File, path: &Path, kind: LockKind) -> Result<bool, FileError> {
    let locked = match kind {
        LockKind::Exclusive => file.try_lock(),
        LockKind::Shared => file.try_lock_shared(),
    };
    match locked {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => Err(FileError::io(path, source)),
    }
}

/// Whether somebody holds a lock on the file at this path, in this process or another. Takes the lock for a moment, and
/// changes nothing: the file may be somebody else's.
///
/// # Errors
/// When the file cannot be used.
pub fn is_locked(path: &Path) -> Result<bool, FileError> {
    let Some(file) = open_to_read(path, Links::Refuse)? else { return Ok(false) };
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(source)) => Err(FileError::io(path, source)),
    }
}

/// Writes our process id into a lock file, for systems that do not tell who holds a lock.
fn leave_process_id(mut file: &File) {
    // On a full disk the lock works all the same.
    drop(file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())));
}

/// The other process that holds a lock on the file at this path, if the system tells.
#[must_use]
pub fn holder(path: &Path) -> Option<u32> {
    holders(path).into_iter().find(|holder| *holder != std::process::id())
}

/// One of the other processes that hold a lock on the file at this path, if all of them are stopped and the system tells.
#[must_use]
pub fn stopped_holder(path: &Path) -> Option<u32> {
    let mut others = holders(path);
    others.retain(|holder| *holder != std::process::id());
    others.first().copied().filter(|_| others.iter().all(|holder| is_stopped(*holder)))
}

/// Whether a process is stopped, by a signal or in a debugger.
#[cfg(target_os = "linux")]
fn is_stopped(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The state follows the name, which may hold any character.
    status.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with(['T', 't']))
}

#[cfg(not(target_os = "linux"))]
fn is_stopped(_: u32) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn holders(path: &Path) -> Vec<u32> {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(metadata), Ok(locks)) = (path.metadata(), std::fs::read_to_string("/proc/locks")) else {
        return Vec::new();
    };
    locks.lines().filter_map(|line| holder_in(line, metadata.ino())).collect()
}

/// The holder in a line of `/proc/locks`: `1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF`. The device is not compared,
/// since some file systems report another one.
#[cfg(target_os = "linux")]
fn holder_in(line: &str, inode: u64) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, kind, _, _, process, file, ..] = words.as_slice() else { return None };
    // A line with an arrow is of a process that waits.
    let is_lock = ["FLOCK", "POSIX", "OFDLCK"].contains(kind);
    let is_same = file.rsplit(':').next().and_then(|found| found.parse().ok()) == Some(inode);
    process.parse().ok().filter(|_| is_lock && is_same)
}

#[cfg(not(target_os = "linux"))]
fn holders(path: &Path) -> Vec<u32> {
    let written = crate::open::read_to_string(path).ok().flatten();
    written.and_then(|text| text.trim().parse().ok()).into_iter().collect()
}
