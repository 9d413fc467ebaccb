//! The store as a file: its permissions, its migrations, and the errors when it cannot be used.

use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use embedded::{Service, Store, StoreError};
use rusqlite::Connection;
use serde_json::json;

use crate::world::{START, World, memo, moment, with};

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
fn a_store_that_others_can_read_becomes_private() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    drop(Store::open(&path).unwrap());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    drop(Store::open(&path).unwrap());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn acknowledged_writes_are_there_after_reopening() {
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
fn a_file_that_is_not_a_store_is_named_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let text = "These are not the schedules you are looking for. ".repeat(100);
    fs::write(&path, &text).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!(
            "the schedule store {} is damaged, or is another kind of file (file is not a database); move it aside to \
             start with an empty store, or restore it from a backup",
            path.display()
        )
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_damaged_store_is_not_an_empty_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    world.create("tea", &memo("tea", "at(2030-01-01T00:00)")).ok();
    drop(world);
    let mut bytes = fs::read(&path).unwrap();
    // Leaves the first page, with the header and the schema, and destroys the tables.
    bytes[4096..].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
}

#[test]
fn a_newer_store_is_named_and_left_alone() {
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
fn a_path_that_cannot_be_created_is_named() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("file"), "").unwrap();
    let path = directory.path().join("file/schedules.db");
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::CannotCreate { .. }), "{error:?}");
    let sentence = error.to_string();
    let begin = format!("cannot create the schedule store {}: ", path.display());
    assert!(sentence.starts_with(&begin), "{sentence}");
    assert!(sentence.ends_with("make its directory writable, or choose another path"), "{sentence}");

    let error = Store::open(directory.path()).unwrap_err();
    let expected = format!("{} is a directory, where tickler needs a file of its own", directory.path().display());
    assert!(error.to_string().starts_with(&expected), "{error}");
}

/// The files of a store, moved away together.
fn move_away(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("{}{suffix}", path.display());
        fs::rename(&name, format!("{name}.away")).unwrap();
    }
}

#[test]
fn nothing_is_acknowledged_into_a_store_that_is_gone() {
    for lose in [
        |path: &Path| move_away(path),
        |path: &Path| fs::remove_file(path).unwrap(),
        |path: &Path| fs::remove_file(path.with_extension("db-wal")).unwrap(),
        |path: &Path| {
            move_away(path);
            drop(Store::open(path).unwrap());
        },
        |path: &Path| fs::write(path, "").unwrap(),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("schedules.db");
        let world = World::at(&path);
        world.create("tea", &memo("tea", "at(2026-11-24T12:00:10)")).ok();
        lose(&path);
        let response = world.create("milk", &memo("milk", "at(2030-01-01T00:00)"));
        assert_eq!(response.status, 500, "{response:?}");
        assert!(response.message().contains("while tickler had it open, so nothing that is saved"), "{response:?}");
        let error = world.store.data_version().unwrap_err();
        assert!(matches!(error, StoreError::Lost(_)), "it is noticed without a write: {error:?}");
    }
}

#[test]
fn a_store_that_is_gone_still_fires() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    world.create("tea", &memo("tea", "at(2026-11-24T12:00:10)")).ok();
    move_away(&path);
    world.set_clock(moment("2026-11-24T12:00:10Z"));
    assert_eq!(world.fire().deliveries.len(), 1);
    assert_eq!(world.log().len(), 1, "the person can still be told");
}

#[test]
fn a_store_that_is_missing_begins_again_and_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let store = Store::open(&path).unwrap();
    assert!(!store.replaces_lost(), "there was none before");
    drop(store);
    assert!(!Store::open(&path).unwrap().replaces_lost());
    fs::remove_file(&path).unwrap();
    assert!(Store::open(&path).unwrap().replaces_lost());
    assert!(!Store::open(&path).unwrap().replaces_lost(), "it says so once");
}

#[test]
fn an_empty_file_is_no_new_store_where_one_was() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    fs::write(&path, "").unwrap();
    drop(Store::open(&path).unwrap());
    fs::write(&path, "").unwrap();
    let error = Store::open(&path).unwrap_err();
    let expected = format!("{} is empty, although a store was there; put your backup there", path.display());
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert!(matches!(Store::open_to_read(&path).unwrap_err(), StoreError::Empty { .. }));
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
}

#[test]
fn a_log_without_its_database_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    world.create("tea", &memo("tea", "at(2030-01-01T00:00)")).ok();
    let log = fs::read(path.with_extension("db-wal")).unwrap();
    assert!(!log.is_empty());
    // As `kill -9` leaves it, and without the database.
    drop(world);
    fs::remove_file(&path).unwrap();
    fs::write(path.with_extension("db-wal"), &log).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::OnlyTheLog { .. }), "{error:?}");
    assert!(error.to_string().contains("put the file back beside it"), "{error}");
    assert_eq!(fs::read(path.with_extension("db-wal")).unwrap(), log);
}

#[cfg(unix)]
#[test]
fn a_fifo_in_the_place_of_any_file_is_refused_at_once() {
    for name in ["schedules.db", "schedules.db-wal", "schedules.db-shm", "schedules.db.migrating"] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("schedules.db");
        let fifo = directory.path().join(name);
        rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
        let error = Store::open(&path).unwrap_err();
        let expected = format!("{} is a FIFO, where tickler needs a file of its own; move it away", fifo.display());
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_store_is_read_without_a_change_of_anything() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("my memos?#%.db");
    let world = World::at(&path);
    world.create("tea", &memo("tea", "at(2030-01-01T00:00)")).ok();
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let reader = Store::open_to_read(&path).unwrap();
    let service = Service::new(reader.clone(), std::sync::Arc::new(|| moment(START)));
    let reading = World::with(reader, service);
    assert_eq!(reading.get("/schedules/tea").ok()["Name"], "tea");
    let refused = reading.create("milk", &memo("milk", "at(2030-01-01T00:00)"));
    assert!(refused.message().contains("is read-only"), "{refused:?}");

    let before = reading.store.data_version().unwrap();
    world.create("milk", &memo("milk", "at(2030-01-01T00:00)")).ok();
    assert_ne!(reading.store.data_version().unwrap(), before, "it sees what others write");
    assert_eq!(reading.get("/schedules/milk").ok()["Name"], "milk");
    #[cfg(unix)]
    assert_eq!(mode(&path), 0o644);
}

#[test]
fn reading_leaves_no_file_behind() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    World::at(&path).create("tea", &memo("tea", "at(2030-01-01T00:00)")).ok();
    let files = || {
        let mut names: Vec<_> = directory.path().read_dir().unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = files();
    let reader = Store::open_to_read(&path).unwrap();
    let service = Service::new(reader.clone(), std::sync::Arc::new(|| moment(START)));
    let reading = World::with(reader, service);
    assert_eq!(reading.get("/schedules/tea").ok()["Name"], "tea");
    assert_eq!(files(), before);
    let world = World::at(&path);
    world.create("milk", &memo("milk", "at(2030-01-01T00:00)")).ok();
    assert_eq!(reading.get("/schedules/milk").ok()["Name"], "milk", "it follows what others write");
    drop(world);
    assert_eq!(reading.get("/schedules/milk").ok()["Name"], "milk");
    drop(reading);
    assert!(files().len() <= before.len() + 2);
    drop(World::at(&path));
    assert_eq!(files(), before);
}

#[test]
fn a_missing_store_is_not_created_to_be_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    assert!(matches!(Store::open_to_read(&path).unwrap_err(), StoreError::CannotOpen { .. }));
    assert!(!path.exists());
}

#[test]
fn the_sdk_gets_the_failure_of_the_store() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    world.create("tea", &memo("tea", "at(2030-01-01T00:00)")).ok();
    Connection::open(&path).unwrap().execute_batch("DROP TABLE schedules").unwrap();
    let response = world.get("/schedules/tea");
    assert_eq!((response.status, response.error.as_deref()), (500, Some("InternalServerException")));
    assert!(response.message().contains(&path.display().to_string()), "{response:?}");
}

#[test]
fn a_damaged_schedule_is_reported_once_and_stops_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    for name in ["a", "b", "c", "d", "e", "good"] {
        world.create(name, &memo(name, "at(2026-11-24T11:00:00)")).ok();
    }
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch(
        "UPDATE schedules SET definition = 'no json' WHERE name = 'a';
         UPDATE schedules SET modified_ms = 9223372036854775807 WHERE name = 'b';
         UPDATE schedules SET next_attempt_ms = -9223372036854775807, due_ms = -9223372036854775807 WHERE name = 'c';
         UPDATE schedules SET name = CAST(x'64ff' AS TEXT) WHERE name = 'd';
         UPDATE schedules SET definition = replace(definition, '\"e\\', '\"e' || CAST(x'ff' AS TEXT) || '\\')
             WHERE name = 'e';
         UPDATE groups SET tags = 'no json';",
    )
    .unwrap();
    let listed = world.get("/schedules").ok();
    assert!(listed["Schedules"].as_array().unwrap().iter().any(|schedule| schedule["Name"] == "good"), "{listed}");
    assert_eq!(world.get("/schedules/a").status, 404);
    assert_eq!(world.get("/schedules/good").ok()["Name"], "good");
    let told = world.store.take_damaged();
    let of_a = format!(
        "In {}, the schedule a cannot be read: expected ident at line 1 column 2; it is left out, and its row stays in the file",
        path.display()
    );
    assert!(told.contains(&of_a), "{told:?}");
    assert_eq!(world.get("/schedules/a").status, 404);
    assert!(!world.store.take_damaged().contains(&of_a), "it is reported once");

    let fired = world.fire();
    let memos: Vec<_> = fired.deliveries.iter().filter_map(|delivery| delivery.log.memo.as_deref()).collect();
    assert!(memos.contains(&"good") && memos.contains(&"b") && memos.contains(&"e\u{fffd}"), "{memos:?}");
    assert_eq!((fired.deliveries.len(), fired.next), (3, None));
    assert!(world.store.take_damaged().iter().any(|row| row.contains("the schedule c cannot be read")));
    raw.execute("UPDATE deliveries SET message = CAST(x'7bff' AS TEXT) WHERE id = 1", []).unwrap();
    let kept: i64 = raw.query_row("SELECT count(*) FROM schedules", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 3, "the damaged ones are still there");
}

#[test]
fn a_damaged_schedule_does_not_stop_the_others() {
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
    assert_eq!(kept, 1, "the damaged one is still there");
}

/// Changes the rows as if another time zone database had computed their times, an hour later.
fn use_other_time_zone_database(path: &Path) {
    let raw = Connection::open(path).unwrap();
    let hour = TimeDelta::hours(1).num_milliseconds();
    raw.execute(
        "UPDATE schedules SET tzdb = '1999z', due_ms = due_ms + ?1, next_attempt_ms = next_attempt_ms + ?1",
        [hour],
    )
    .unwrap();
}

#[test]
fn due_times_follow_the_time_zone_database() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let in_paris =
        |name: &str| with(memo(name, "at(2026-11-24T18:00:00)"), "/ScheduleExpressionTimezone", json!("Europe/Paris"));
    let world = World::at(&path);
    world.create("tea", &in_paris("tea")).ok();
    world.create("off", &with(in_paris("off"), "/State", json!("DISABLED"))).ok();
    drop(world);
    use_other_time_zone_database(&path);

    let world = World::at(&path);
    assert_eq!(world.fire().next, Some(moment("2026-11-24T17:00:00Z")));
    world.set_clock(moment("2026-11-24T17:00:00Z"));
    assert_eq!(world.fire().deliveries.len(), 1, "not the disabled one");
}

#[test]
fn an_attempted_schedule_keeps_its_due_time() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    let world = World::at(&path);
    let elsewhere = json!("arn:aws:sqs:local-1:000000000000:q");
    world.create("tea", &with(memo("tea", "at(2026-11-24T12:00:00)"), "/Target/Arn", elsewhere)).ok();
    let retry = world.fire().next.unwrap();
    drop(world);
    use_other_time_zone_database(&path);
    let world = World::at(&path);
    assert_eq!(world.fire().next, Some(retry + TimeDelta::hours(1)));
}

/// A store of schema 1 as the first version of the program wrote it, with one schedule in a group.
const SCHEMA_1: &str = r#"
    CREATE TABLE groups (
        name        TEXT PRIMARY KEY,
        created_ms  INTEGER,
        modified_ms INTEGER,
        deleted_ms  INTEGER,
        tags        TEXT NOT NULL DEFAULT '{}'
    ) STRICT, WITHOUT ROWID;
    INSERT INTO groups (name) VALUES ('default');
    CREATE TABLE schedules (
        grp              TEXT NOT NULL,
        name             TEXT NOT NULL,
        state            TEXT NOT NULL,
        created_ms       INTEGER NOT NULL,
        modified_ms      INTEGER NOT NULL,
        target_arn       TEXT NOT NULL,
        due_ms           INTEGER,
        tzdb             TEXT NOT NULL,
        next_attempt_ms  INTEGER,
        attempts         INTEGER NOT NULL DEFAULT 0,
        first_attempt_ms INTEGER,
        execution_id     TEXT,
        definition       TEXT NOT NULL,
        PRIMARY KEY (grp, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX schedules_by_next_attempt ON schedules (next_attempt_ms, grp, name, tzdb)
        WHERE next_attempt_ms IS NOT NULL;
    CREATE TABLE deliveries (
        id           INTEGER PRIMARY KEY,
        delivered_ms INTEGER NOT NULL,
        message      TEXT NOT NULL
    ) STRICT;
    CREATE INDEX deliveries_by_time ON deliveries (delivered_ms);
    CREATE TABLE dead_letters (
        id         INTEGER PRIMARY KEY,
        died_ms    INTEGER NOT NULL,
        queue_arn  TEXT,
        body       TEXT NOT NULL,
        attributes TEXT NOT NULL
    ) STRICT;
    PRAGMA user_version = 1;

    INSERT INTO groups (name, created_ms, modified_ms) VALUES ('mine', 1, 2);
    INSERT INTO schedules VALUES (
        'mine', 'tea', 'ENABLED', 1795521600000, 1795521600000,
        'arn:aws:lambda:local-1:000000000000:function:executeMemo', 1795521600000, '2025b', 1795521600000, 0, NULL, NULL,
        '{
            "ScheduleExpression": "at(2026-11-24T12:00:00)",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "State": "ENABLED",
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": "arn:aws:lambda:local-1:000000000000:function:executeMemo",
                "RoleArn": "arn:aws:iam::000000000000:role/embedded-scheduler",
                "Input": "{\"memo\":\"tea\"}",
                "RetryPolicy": { "MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185 }
            }
        }'
    );
    INSERT INTO deliveries (delivered_ms, message) VALUES (1795435200000, '{"memo":"yesterday"}');
    INSERT INTO dead_letters (died_ms, body, attributes) VALUES (1795435200000, 'lost', '{"ERROR_CODE":"E"}');
"#;

#[test]
fn a_store_of_schema_1_still_opens() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("schedules.db");
    Connection::open(&path).unwrap().execute_batch(SCHEMA_1).unwrap();
    let world = World::at(&path);
    assert_eq!(world.get("/schedules/tea?groupName=mine").ok()["ScheduleExpression"], "at(2026-11-24T12:00:00)");
    assert_eq!(world.store.dead_letters().unwrap()[0].body, "lost");
    assert_eq!(world.fire().deliveries[0].log.memo.as_deref(), Some("tea"));
    let memos: Vec<_> = world.log().into_iter().map(|line| line["memo"].clone()).collect();
    assert_eq!(memos, ["yesterday", "tea"]);
}

#[test]
fn a_new_store_has_the_tables_and_the_version_of_schema_1() {
    let directory = tempfile::tempdir().unwrap();
    let schema = |name: &str| -> (i64, Vec<String>) {
        let raw = Connection::open(directory.path().join(name)).unwrap();
        let mut columns = raw
            .prepare(
                "SELECT m.type || ' ' || m.name || ' ' || coalesce(group_concat(c.name || ' ' || c.type || ' ' || c.pk), '')
                 FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) c GROUP BY m.name ORDER BY m.name",
            )
            .unwrap();
        let columns = columns.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        (raw.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap(), columns)
    };
    Connection::open(directory.path().join("old.db")).unwrap().execute_batch(SCHEMA_1).unwrap();
    drop(Store::open(&directory.path().join("new.db")).unwrap());
    assert_eq!(schema("new.db"), schema("old.db"));
}
