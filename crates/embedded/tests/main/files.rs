//! The store as a file: who may read it, and what is said when it cannot be used.

use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use embedded::{Store, StoreError};
use rusqlite::Connection;
use serde_json::json;

use crate::world::{World, memo, moment, with};

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data/tickler/schedules.db");
    let world = World::at(&path);
    world.create("tea", &memo("tea", "at(2030-01-01T00:00)")).ok();
    for name in ["schedules.db", "schedules.db-wal", "schedules.db-shm"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&directory.path().join("data")), 0o700);
    assert_eq!(mode(&directory.path().join("data/tickler")), 0o700);
}

#[cfg(unix)]
#[test]
fn a_store_that_others_could_read_is_taken_back() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    drop(Store::open(&path).unwrap());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    drop(Store::open(&path).unwrap());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn what_was_acknowledged_is_there_when_it_is_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let before = {
        let world = World::at(&path);
        world.call("POST", "/schedule-groups/mine", &json!({})).ok();
        world.create("tea", &with(memo("tea", "at(2030-01-01T00:00)"), "/GroupName", json!("mine"))).ok();
        world.get("/schedules/tea?groupName=mine").ok()
    };
    assert_eq!(World::at(&path).get("/schedules/tea?groupName=mine").ok(), before);
}

#[test]
fn a_file_that_is_no_store_is_left_alone_and_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let text = "These are not the schedules you are looking for. ".repeat(100);
    fs::write(&path, &text).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!(
            "the schedule store {} is damaged or no store at all (file is not a database); move it aside to start an \
             empty one, or restore it from a backup",
            path.display()
        )
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_store_that_was_scribbled_over_is_told_apart_from_an_empty_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    world.create("tea", &memo("tea", "at(2030-01-01T00:00)")).ok();
    drop(world);
    let mut bytes = fs::read(&path).unwrap();
    // The first page, with the header and the schema, is whole; the tables are not.
    bytes[4096..].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
}

#[test]
fn a_newer_store_is_left_alone_and_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    drop(Store::open(&path).unwrap());
    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the schedule store {} has version 99, and this program knows versions up to 1; use the newer program that \
             wrote it, or name another place for the store",
            path.display()
        )
    );
    let version: i64 = raw.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 99);
}

#[test]
fn a_place_where_nothing_can_be_made_is_named() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("file"), "").unwrap();
    let path = directory.path().join("file/schedules.db");
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::CannotCreate { .. }), "{error:?}");
    let sentence = error.to_string();
    let begin = format!("cannot create the schedule store {}: ", path.display());
    assert!(sentence.starts_with(&begin), "{sentence}");
    assert!(
        sentence.ends_with("check that its directory may be written to, or name another place for it"),
        "{sentence}"
    );

    let error = Store::open(directory.path()).unwrap_err();
    assert!(matches!(error, StoreError::CannotOpen { .. }), "a directory: {error:?}");
}

#[test]
fn a_store_that_fails_tells_the_sdk_why() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    world.create("tea", &memo("tea", "at(2030-01-01T00:00)")).ok();
    Connection::open(&path).unwrap().execute("UPDATE schedules SET definition = 'no json'", []).unwrap();
    let answer = world.get("/schedules/tea");
    assert_eq!((answer.status, answer.error.as_deref()), (500, Some("InternalServerException")));
    assert!(answer.message().contains(&path.display().to_string()), "{answer:?}");
    assert!(answer.message().contains("a row cannot be read"), "{answer:?}");
}

#[test]
fn one_damaged_schedule_does_not_keep_the_others_from_firing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    for name in ["bad", "good"] {
        world.create(name, &memo(name, "at(2026-11-24T11:00:00)")).ok();
    }
    let raw = Connection::open(&path).unwrap();
    raw.execute("UPDATE schedules SET definition = 'no json' WHERE name = 'bad'", []).unwrap();
    let fired = world.fire();
    assert_eq!((fired.deliveries.len(), fired.next), (1, None));
    let kept: i64 = raw.query_row("SELECT count(*) FROM schedules", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 1, "the damaged one is still there to be looked at");
}

/// As if the rows had been written under another time zone database, which put each of them an hour later.
fn under_another_database(path: &Path) {
    let raw = Connection::open(path).unwrap();
    let hour = TimeDelta::hours(1).num_milliseconds();
    raw.execute(
        "UPDATE schedules SET tzdb = '1999z', due_ms = due_ms + ?1, next_attempt_ms = next_attempt_ms + ?1",
        [hour],
    )
    .unwrap();
}

#[test]
fn due_moments_follow_the_time_zone_database() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let in_paris =
        |name: &str| with(memo(name, "at(2026-11-24T18:00:00)"), "/ScheduleExpressionTimezone", json!("Europe/Paris"));
    let world = World::at(&path);
    world.create("tea", &in_paris("tea")).ok();
    world.create("off", &with(in_paris("off"), "/State", json!("DISABLED"))).ok();
    drop(world);
    under_another_database(&path);

    let world = World::at(&path);
    assert_eq!(world.fire().next, Some(moment("2026-11-24T17:00:00Z")));
    world.set_clock(moment("2026-11-24T17:00:00Z"));
    assert_eq!(world.fire().deliveries.len(), 1, "and not the disabled one");
}

#[test]
fn what_was_tried_already_keeps_its_moment() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    let elsewhere = json!("arn:aws:sqs:local-1:000000000000:q");
    world.create("tea", &with(memo("tea", "at(2026-11-24T12:00:00)"), "/Target/Arn", elsewhere)).ok();
    let retry = world.fire().next.unwrap();
    drop(world);
    under_another_database(&path);
    let world = World::at(&path);
    assert_eq!(world.fire().next, Some(retry + TimeDelta::hours(1)));
}
