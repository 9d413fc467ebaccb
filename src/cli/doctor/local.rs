//! Checks this machine: the store of the embedded scheduler, and whether a host is open.
//!
//! It reads through the same client as the screen, and never creates a store.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};

use crate::aws::{Finding, Load, Scheduler, SdkClock};
use crate::cli::context_opener::{LocalStore, damaged_rows, local_context, open_store, store_path};
use crate::context::RetryPolicy;
use crate::countdown;
use crate::schedule::Schedule;

const STORE: &str = "store";
const SCHEDULES: &str = "schedules";
const HOST: &str = "host";

const BACKUP: &str = "Close tickler and copy the file. Then restore a backup, or move the file away to start over.";

/// Checks the store, its schedules, and the host.
pub(super) async fn check(data_dir: &Path, group: &str, retry: RetryPolicy, now: DateTime<Utc>) -> Vec<Finding> {
    let path = store_path(data_dir);
    if !path.exists() {
        let found = format!("There is no {} yet. The first memo creates it.", path.display());
        return vec![Finding::ok(STORE, found), Finding::ok(SCHEDULES, "Nothing is pending."), host(&path, 0)];
    }
    let store = match open_store(&path, false) {
        Ok(LocalStore { store, notice: None, .. }) => store,
        Ok(LocalStore { notice: Some(notice), .. }) => return unreadable(notice.what, &notice.advice),
        Err(failure) => return unreadable(sentence(&failure.what), &failure.advice),
    };
    match find_damage(&path) {
        Ok(None) => {}
        Ok(Some(damage)) => return unreadable(format!("{} is damaged: {damage}.", path.display()), BACKUP),
        Err(error) => return unreadable(format!("{} cannot be checked: {error}.", path.display()), BACKUP),
    }
    let service = embedded::Service::new(store.clone(), Arc::new(move || now));
    let context = local_context(group.to_owned(), retry, true);
    let client = Scheduler::local(service.http_client(), context, SdkClock::system());
    let mut schedules = Vec::new();
    let loader = client.loader();
    let read = loader.refresh(&[], |load| {
        if let Load::Rows(more) = load {
            schedules.extend(more);
        }
    });
    match read.await {
        Ok(_) => {
            if let Some(damaged) = damaged_rows(&store).into_iter().next() {
                let store = Finding::wrong(STORE, damaged.what, damaged.advice);
                return vec![store, pending(&schedules, now), host(&path, schedules.len())];
            }
            let found = format!("{} is intact, and every schedule in it can be read.", path.display());
            vec![Finding::ok(STORE, found), pending(&schedules, now), host(&path, schedules.len())]
        }
        Err(failure) => unreadable(failure.what, &failure.advice),
    }
}

/// What SQLite finds wrong with the file.
fn find_damage(path: &Path) -> rusqlite::Result<Option<String>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    let answer: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((answer != "ok").then_some(answer))
}

/// The findings for a store that cannot be read.
fn unreadable(found: String, advice: &str) -> Vec<Finding> {
    let because = "the store cannot be read";
    vec![Finding::wrong(STORE, found, advice), Finding::skipped(SCHEDULES, because), Finding::skipped(HOST, because)]
}

/// How many schedules are pending, and when the next one is due.
fn pending(schedules: &[Schedule], now: DateTime<Utc>) -> Finding {
    let next = schedules.iter().filter(|schedule| schedule.enabled).filter_map(Schedule::due).min();
    let countdown = next.map(|due| countdown::text(due, now));
    match schedules.len() {
        0 => Finding::ok(SCHEDULES, "Nothing is pending."),
        1 => {
            let due = countdown.map(|countdown| format!(", due {countdown}")).unwrap_or_default();
            Finding::ok(SCHEDULES, format!("1 schedule is pending{due}."))
        }
        count => {
            let due = countdown.map(|countdown| format!(", the next one due {countdown}")).unwrap_or_default();
            Finding::ok(SCHEDULES, format!("{count} schedules are pending{due}."))
        }
    }
}

/// Whether a host is open.
fn host(path: &Path, pending: usize) -> Finding {
    if let Some(process) = embedded::HostLock::stopped_host(path) {
        let found = format!("tickler is stopped (process {process}). No memo rings until it goes on.");
        return Finding::unknown(HOST, found, "Continue it with `fg`, or open tickler again.");
    }
    match embedded::HostLock::is_held(path) {
        Ok(true) => Finding::ok(HOST, "tickler is open, so memos ring."),
        Ok(false) if pending == 0 => Finding::ok(HOST, "tickler is not open, and nothing is pending."),
        Ok(false) => {
            let found = "tickler is not open. Memos ring only while it is, and those due before then ring late.";
            Finding::unknown(HOST, found, "Leave tickler open, or set up AWS with `tickler init`.")
        }
        Err(error) => Finding::wrong(HOST, sentence(&error.to_string()), ""),
    }
}

/// An error as a sentence.
fn sentence(error: &str) -> String {
    let mut letters = error.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
