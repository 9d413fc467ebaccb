//! The file of the state: its permissions, its damage, its schema.

use super::*;

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file_and_its_directory() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;

    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("state/tickler");
    let state = State::open(&home).unwrap();
    state.save_draft(Some(&Draft::default())).unwrap();
    assert_eq!(mode(&home), 0o700);
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        assert_eq!(mode(&home.join(file)), 0o600, "{file}");
    }
    drop(state);

    std::fs::set_permissions(home.join("state.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
    drop(State::open(&home).unwrap());
    assert_eq!(mode(&home.join("state.db")), 0o600);
}

#[cfg(unix)]
#[test]
fn a_directory_that_others_can_enter_becomes_private_with_all_that_is_in_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("tickler");
    std::fs::create_dir(&home).unwrap();
    std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o755)).unwrap();
    let state = State::open(&home).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let lock = home.join(format!("instances/{}.lock", state.instance.name()));
    assert_eq!((mode(&home), mode(&home.join("opening.lock")), mode(&lock)), (0o700, 0o600, 0o600));
}

#[cfg(unix)]
#[test]
fn a_fifo_in_the_place_of_any_file_is_refused_at_once() {
    for name in ["state.db", "state.db-wal", "state.db-shm", "opening.lock"] {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join(name);
        rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
        let failure = State::open(dir.path()).unwrap_err();
        assert_eq!(failure.what, format!("{} is a FIFO, where tickler needs a file of its own.", fifo.display()));
        assert_eq!(failure.advice, "Move it away.");
    }
}

#[test]
fn a_file_that_is_gone_is_noticed_before_anything_counts_as_written() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    state.save_draft(Some(&Draft::default())).unwrap();
    assert!(!state.is_lost());
    std::fs::remove_file(dir.path().join("state.db")).unwrap();
    assert!(state.is_lost());
    let failure = state.save_draft(None).unwrap_err();
    assert!(failure.what.ends_with("state.db was deleted or moved away while tickler had it open."), "{failure}");
}

#[test]
fn whether_the_file_can_be_used_again_is_tried_with_a_write() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    state.try_write().unwrap();
    state.database.connection().pragma_update(None, "query_only", true).unwrap();
    assert!(state.try_write().unwrap_err().what.ends_with("state.db cannot be written."));
}

#[test]
fn several_instances_can_create_the_file_at_once() {
    for _ in 0..8 {
        let dir = tempfile::tempdir().unwrap();
        let start = Barrier::new(8);
        thread::scope(|scope| {
            let open = || {
                start.wait();
                State::open(dir.path()).map(drop)
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            for thread in threads {
                thread.join().unwrap().unwrap();
            }
        });
    }
}

#[test]
fn a_damaged_file_is_named_and_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    let rubbish = "this is no database ".repeat(400);
    std::fs::write(&path, &rubbish).unwrap();
    let failure = State::open(dir.path()).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Disk);
    assert_eq!(failure.what, format!("{} is damaged.", path.display()));
    assert!(failure.advice.starts_with("Move it aside"), "{failure}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), rubbish);
}

#[test]
fn damage_is_reported_when_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    state.save_draft(Some(&Draft::default())).unwrap();
    drop(state);
    let path = dir.path().join("state.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // All pages except the first, which has the schema.
    bytes[4096..].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();

    let state = State::open(dir.path()).unwrap();
    assert_eq!(state.draft().unwrap_err().what, format!("{} is damaged.", path.display()));
}

#[test]
fn a_file_of_a_newer_version_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    state.database.connection().pragma_update(None, "user_version", 99).unwrap();
    drop(state);
    let failure = State::open(dir.path()).unwrap_err();
    assert!(failure.what.ends_with("was made by a newer tickler (its format is 99, the newest known here is 2)."));
    assert!(failure.advice.starts_with("Update tickler"), "{failure}");
}

#[test]
fn a_file_in_place_of_a_directory_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let failure = State::open(&file.join("tickler")).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Disk);
    assert!(failure.what.contains("a file is where a directory should be"), "{failure}");
    assert!(failure.what.contains("file/tickler"), "{failure}");
}

#[test]
fn a_failed_write_is_reported_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let state = State::open(dir.path()).unwrap();
    let connection = state.database.connection();
    let huge = Draft { memo: "x".repeat(4_000_000), ..Draft::default() };

    connection.pragma_update(None, "query_only", true).unwrap();
    let failure = state.save_draft(Some(&huge)).unwrap_err();
    assert!(failure.what.ends_with("state.db cannot be written."), "{failure}");
    assert!(failure.advice.contains("writable"), "{failure}");
    connection.pragma_update(None, "query_only", false).unwrap();

    connection.query_row("PRAGMA max_page_count = 40", [], |_| Ok(())).unwrap();
    let failure = state.save_draft(Some(&huge)).unwrap_err();
    assert!(failure.what.starts_with("There is no space left"), "{failure}");
    assert_eq!(state.draft().unwrap(), None);

    let other = State::open(dir.path()).unwrap();
    let failure = other.database.write(|_| Ok(state.save_draft(Some(&Draft::default())).unwrap_err())).unwrap();
    assert!(failure.what.ends_with("state.db is locked by another program."), "{failure}");
}

/// A `state.db` of schema 1 as the first version of the program wrote it.
const SCHEMA_1: &str = r#"
    CREATE TABLE context (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        read_at INTEGER,
        read_until INTEGER
    ) STRICT;
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        instance TEXT NOT NULL,
        context INTEGER NOT NULL REFERENCES context (id),
        journalled INTEGER NOT NULL,
        write TEXT NOT NULL
    ) STRICT;
    CREATE TABLE cache (
        context INTEGER NOT NULL REFERENCES context (id),
        name TEXT NOT NULL,
        modified INTEGER NOT NULL,
        modified_nanos INTEGER NOT NULL,
        enabled INTEGER NOT NULL,
        due INTEGER,
        zone TEXT NOT NULL,
        text TEXT NOT NULL,
        expression TEXT,
        memo TEXT,
        PRIMARY KEY (context, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE draft (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        memo TEXT NOT NULL,
        date TEXT NOT NULL,
        time TEXT NOT NULL,
        zone TEXT NOT NULL,
        editing TEXT
    ) STRICT;
    CREATE TABLE arrived (
        context INTEGER NOT NULL REFERENCES context (id),
        key TEXT NOT NULL,
        arrived INTEGER NOT NULL,
        done INTEGER NOT NULL DEFAULT 0,
        receipt TEXT NOT NULL,
        PRIMARY KEY (context, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX arrived_undone ON arrived (context) WHERE done = 0;
    PRAGMA user_version = 1;

    INSERT INTO context VALUES (1, 'local/tickler', 1795536000000, 1795536000000);
    INSERT INTO outbox (instance, context, journalled, write) VALUES (
        '5a1e6a0c-6d3c-4be0-9b57-0a9d4a4a3b11', 1, 1795536000000,
        '{"write":"create","memo":{"id":"MEMO","text":"tea","due_ms":1795539600000,"zone":"Europe/Paris","guess":true}}'
    );
    INSERT INTO cache VALUES (1, 'MEMO', 1795536000, 5, 1, 1795539600000, 'Europe/Paris', 'tea', NULL, NULL);
    INSERT INTO draft VALUES (1, 'milk', 'tomorrow', '', '', NULL);
    INSERT INTO arrived VALUES (1, 'k', 1795536000000, 0,
        '{"key":"k","id":null,"text":"bread","zone":null,"scheduled":null,"delivered":"2026-11-24T12:00:00Z","attempt":1,"by_hand":false}'
    );
"#;

#[test]
fn a_file_of_schema_1_still_opens() {
    let dir = tempfile::tempdir().unwrap();
    let tea = Memo { text: "tea".to_owned(), ..memo(1) };
    let sql = SCHEMA_1.replace("MEMO", &tea.id.to_string());
    rusqlite::Connection::open(dir.path().join("state.db")).unwrap().execute_batch(&sql).unwrap();

    let state = State::open(dir.path()).unwrap();
    assert_eq!(changes_of(state.adopt(&here()).unwrap()), [Change::Create(tea.clone())]);
    let modified = now() + TimeDelta::nanoseconds(5);
    let rows = vec![Schedule { modified, ..scheduled(tea) }];
    assert_eq!(state.cached(&here()).unwrap(), Cached { rows, read_at: Some(now()) });
    assert_eq!(state.read_until(&here(), now()).unwrap(), Some(now()));
    assert_eq!(state.draft().unwrap().unwrap().memo, "milk");
    assert_eq!(state.not_done(&here()).unwrap()[0].text, "bread");
}

#[test]
fn a_new_file_has_the_tables_of_an_old_one_that_was_opened() {
    let dir = tempfile::tempdir().unwrap();
    drop(State::open(dir.path()).unwrap());
    let other = tempfile::tempdir().unwrap();
    let old = other.path().join("state.db");
    let sql = SCHEMA_1.split("INSERT").next().unwrap();
    rusqlite::Connection::open(&old).unwrap().execute_batch(sql).unwrap();
    drop(State::open(other.path()).unwrap());
    let schema = |path: &Path| -> (i64, Vec<String>) {
        let file = rusqlite::Connection::open(path).unwrap();
        let mut tables = file
            .prepare(
                "SELECT m.type || ' ' || m.name || ' ' || coalesce(group_concat(c.name || ' ' || c.type || ' ' || c.pk), '')
                 FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) c GROUP BY m.name ORDER BY m.name",
            )
            .unwrap();
        let tables = tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        (file.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap(), tables)
    };
    assert_eq!(schema(&dir.path().join("state.db")), schema(&old));
}
