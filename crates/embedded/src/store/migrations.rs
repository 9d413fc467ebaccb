//! The shape of the database, and the way there from every earlier shape.
//!
//! `PRAGMA user_version` counts the steps taken. A step that was published is never edited: the next one is appended.

use rusqlite::{Connection, TransactionBehavior};

/// One step a version; step `n` leads from version `n` to `n + 1`.
const STEPS: &[&str] = &["
    -- The default group is a row like any other, without dates.
    CREATE TABLE groups (
        name        TEXT PRIMARY KEY,
        created_ms  INTEGER,
        modified_ms INTEGER,
        -- Since when it is DELETING; NULL while ACTIVE.
        deleted_ms  INTEGER,
        tags        TEXT NOT NULL DEFAULT '{}'
    ) STRICT, WITHOUT ROWID;
    INSERT INTO groups (name) VALUES ('default');

    -- Clustered in the order in which schedules are listed, the short columns first, so that a page of a list never
    -- reads the definitions. `state` and `target_arn` repeat what the definition says, for the list.
    CREATE TABLE schedules (
        grp              TEXT NOT NULL,
        name             TEXT NOT NULL,
        state            TEXT NOT NULL,
        created_ms       INTEGER NOT NULL,
        modified_ms      INTEGER NOT NULL,
        target_arn       TEXT NOT NULL,
        -- When it is due, in UTC, by the time zone database `tzdb`; NULL for what does not fire yet.
        due_ms           INTEGER,
        tzdb             TEXT NOT NULL,
        -- When the engine looks at it next: its due moment, a retry, or NULL for never (disabled or completed).
        next_attempt_ms  INTEGER,
        -- Of a delivery that has failed so far: how often, since when, and the id that all of its attempts share.
        attempts         INTEGER NOT NULL DEFAULT 0,
        first_attempt_ms INTEGER,
        execution_id     TEXT,
        definition       TEXT NOT NULL,
        PRIMARY KEY (grp, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX schedules_by_next_attempt ON schedules (next_attempt_ms, tzdb) WHERE next_attempt_ms IS NOT NULL;

    CREATE TABLE deliveries (
        id           INTEGER PRIMARY KEY,
        delivered_ms INTEGER NOT NULL,
        message      TEXT NOT NULL
    ) STRICT;
    CREATE INDEX deliveries_by_time ON deliveries (delivered_ms);

    CREATE TABLE dead_letters (
        id         INTEGER PRIMARY KEY,
        died_ms    INTEGER NOT NULL,
        -- The queue that the schedule named for this, if it named one.
        queue_arn  TEXT,
        body       TEXT NOT NULL,
        attributes TEXT NOT NULL
    ) STRICT;
"];

/// The version that this program writes.
#[expect(clippy::cast_possible_wrap, reason = "there are a handful of steps")]
pub(super) const KNOWN: i64 = STEPS.len() as i64;

/// Brings the database to [`KNOWN`], all or nothing. Answers the version it found when that is a newer one, which is
/// then left as it is.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<Result<(), i64>> {
    let version = |connection: &Connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    if version(connection)? == KNOWN {
        return Ok(Ok(()));
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again now that nobody else can migrate: another process may just have.
    let found = version(&transaction)?;
    if found > KNOWN {
        return Ok(Err(found));
    }
    let done = usize::try_from(found).unwrap_or(0);
    for step in &STEPS[done..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", KNOWN)?;
    transaction.commit()?;
    Ok(Ok(()))
}
