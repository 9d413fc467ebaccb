//! The store on a disk that fails, and its guarantees.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::DateTime;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;

use super::{CreateOutcome, Store, StoreError};
use crate::arn::{EXECUTE_MEMO_ARN, ROLE_ARN};
use crate::definition::Definition;

fn definition(description: &str) -> Definition {
    serde_json::from_value(json!({
        "ScheduleExpression": "at(2030-01-01T00:00:00)",
        "FlexibleTimeWindow": { "Mode": "OFF" },
        "Target": { "Arn": EXECUTE_MEMO_ARN, "RoleArn": ROLE_ARN },
        "Description": description,
    }))
    .unwrap()
}

fn create(store: &Store, name: &str, description: &str) -> Result<CreateOutcome, StoreError> {
    let now = DateTime::UNIX_EPOCH;
    store.create_schedule(("default", name), &definition(description), Some(now), now)
}

/// A store on disk, after some SQL has changed its connection.
fn on_disk(sql: &str) -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&directory.path().join("schedules.db")).unwrap();
    store.connection().execute_batch(sql).unwrap();
    (directory, store)
}

fn sentence(store: &Store, error: &StoreError) -> String {
    let path = store.path().display().to_string();
    assert!(error.to_string().contains(&path), "{error}");
    error.to_string().replace(&path, "PATH")
}

#[test]
fn a_full_disk_is_reported_and_nothing_is_lost() {
    // The database may not grow, which SQLite reports like a full disk.
    let (_directory, store) = on_disk("PRAGMA max_page_count = 1");
    let small = create(&store, "small", "");
    assert_eq!(small.unwrap(), CreateOutcome::Created);
    let large = "x".repeat(100_000);
    let error = create(&store, "large", &large).unwrap_err();
    assert_eq!(
        sentence(&store, &error),
        "the disk with the schedule store PATH is full, so nothing was written; free some space and try again"
    );
    assert!(store.schedule("default", "small").unwrap().is_some());
    assert!(store.schedule("default", "large").unwrap().is_none());
}

#[test]
fn a_store_that_becomes_read_only_is_reported() {
    let (_directory, store) = on_disk("PRAGMA query_only = ON");
    let error = create(&store, "tea", "").unwrap_err();
    assert_eq!(
        sentence(&store, &error),
        "the schedule store PATH is read-only; make the file and its directory writable, or choose another path"
    );
    assert!(store.schedule("default", "tea").unwrap().is_none(), "reading still works");
}

#[test]
fn a_read_only_store_is_refused_when_it_is_opened() {
    let (directory, store) = on_disk("");
    let path = directory.path().join("schedules.db");
    drop(store);
    let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let error = Store::prepare(&path, connection, super::file::Beginning::Usual).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
}

#[test]
fn a_lock_of_another_process_is_reported() {
    let (directory, store) = on_disk("PRAGMA busy_timeout = 0");
    let other = Connection::open(directory.path().join("schedules.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = create(&store, "tea", "").unwrap_err();
    assert_eq!(
        sentence(&store, &error),
        "another process has locked the schedule store PATH for 5 s; end that process, or try again"
    );
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(create(&store, "tea", "").unwrap(), CreateOutcome::Created);
}

#[test]
fn every_commit_is_synced() {
    let (_directory, store) = on_disk("");
    let pragma = |name: &str| -> String {
        let query = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
        store.connection().query_row(&query, [], |row| row.get(0)).unwrap()
    };
    assert_eq!((pragma("journal_mode"), pragma("synchronous")), ("wal".into(), "2".into()));
}

#[test]
fn a_panic_during_a_write_changes_nothing() {
    let store = Store::in_memory().unwrap();
    assert_eq!(create(&store, "tea", "").unwrap(), CreateOutcome::Created);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.settle_due(DateTime::UNIX_EPOCH, 1, |_| panic!("a target that panics"))
    }));
    assert!(panicked.is_err());
    assert_eq!(store.next_attempt().unwrap(), Some(DateTime::UNIX_EPOCH));
    assert_eq!(create(&store, "milk", "").unwrap(), CreateOutcome::Created);
}
