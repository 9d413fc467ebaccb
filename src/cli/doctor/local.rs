//! What is on this machine: the store of the embedded scheduler, and whether anything would ring.
//!
//! It looks through the program's own client, as the program would; and never makes a store where there is none.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags};

use crate::aws::{Finding, Load, Scheduler, SdkClock};
use crate::cli::context_opener::{local_context, store_path};
use crate::context::RetryPolicy;
use crate::countdown;
use crate::schedule::Schedule;

const STORE: &str = "store";
const SCHEDULES: &str = "schedules";
const HOST: &str = "host";

const BACKUP: &str = "Close tickler, keep a copy of it, and put a backup in its place, or move it away to begin anew.";

/// Looks at the store, at what is pending in it, and for a host that would ring.
pub(super) async fn look(data_dir: &Path, group: &str, retry: RetryPolicy, now: DateTime<Utc>) -> Vec<Finding> {
    let path = store_path(data_dir);
    if !path.exists() {
        let found = format!("There is no {} yet: the first memo makes it.", path.display());
        return vec![Finding::ok(STORE, found), Finding::ok(SCHEDULES, "Nothing is pending."), host(&path, 0)];
    }
    let store = match embedded::Store::open(&path) {
        Ok(store) => store,
        Err(error) => return without(sentence(&error.to_string()), ""),
    };
    match damage(&path) {
        Ok(None) => {}
        Ok(Some(damage)) => return without(format!("{} is damaged: {damage}.", path.display()), BACKUP),
        Err(error) => return without(format!("{} cannot be checked: {error}.", path.display()), BACKUP),
    }
    let service = embedded::Service::new(store, Arc::new(move || now));
    let place = local_context(group.to_owned(), retry, true);
    let scheduler = Scheduler::local(service.http_client(), place, SdkClock::system());
    let mut rows = Vec::new();
    let loader = scheduler.loader();
    let read = loader.refresh(&[], |load| {
        if let Load::Rows(more) = load {
            rows.extend(more);
        }
    });
    match read.await {
        Ok(_) => {
            let found = format!("{} opens, is whole, and every schedule in it can be read.", path.display());
            vec![Finding::ok(STORE, found), pending(&rows, now), host(&path, rows.len())]
        }
        Err(failure) => without(failure.what, &failure.advice),
    }
}

/// What SQLite finds wrong with the file, if anything.
fn damage(path: &Path) -> rusqlite::Result<Option<String>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((said != "ok").then_some(said))
}

/// The store is of no use, and so nothing in it can be looked at.
fn without(found: String, advice: &str) -> Vec<Finding> {
    let because = "the store cannot be read";
    vec![Finding::wrong(STORE, found, advice), Finding::skipped(SCHEDULES, because), Finding::skipped(HOST, because)]
}

/// What is to come.
fn pending(rows: &[Schedule], now: DateTime<Utc>) -> Finding {
    let next = rows.iter().filter(|row| row.enabled).filter_map(Schedule::due).min();
    let next = next.map(|due| format!(", the next {}", countdown::text(due, now))).unwrap_or_default();
    match rows.len() {
        0 => Finding::ok(SCHEDULES, "Nothing is pending."),
        1 => Finding::ok(SCHEDULES, format!("One is pending{next}.")),
        some => Finding::ok(SCHEDULES, format!("{some} are pending{next}.")),
    }
}

/// Whether anything would ring.
fn host(path: &Path, pending: usize) -> Finding {
    match embedded::HostLock::is_held(path) {
        Ok(true) => Finding::ok(HOST, "A tickler is open, and rings."),
        Ok(false) if pending == 0 => Finding::ok(HOST, "No tickler is open, and there is nothing to ring for."),
        Ok(false) => {
            let found = "No tickler is open: nothing rings until one is, and then what is past its time rings late.";
            Finding::unknown(HOST, found, "Leave tickler open, or keep memos in AWS: `tickler init` sets that up.")
        }
        Err(error) => Finding::wrong(HOST, sentence(&error.to_string()), ""),
    }
}

/// What an error says, as a sentence.
fn sentence(error: &str) -> String {
    let mut letters = error.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
