-- The default group is a row like any other, without dates.
CREATE TABLE groups (
    name        TEXT PRIMARY KEY,
    created_ms  INTEGER,
    modified_ms INTEGER,
    -- When it was deleted; NULL while it is ACTIVE.
    deleted_ms  INTEGER,
    tags        TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;
INSERT INTO groups (name) VALUES ('default');

-- Clustered in the order of a list, with the short columns first, so that a page of a list does not read the
-- definitions. `state` and `target_arn` repeat the definition, for lists.
CREATE TABLE schedules (
    grp              TEXT NOT NULL,
    name             TEXT NOT NULL,
    state            TEXT NOT NULL,
    created_ms       INTEGER NOT NULL,
    modified_ms      INTEGER NOT NULL,
    target_arn       TEXT NOT NULL,
    -- When it is due, in UTC, computed with the time zone database `tzdb`; NULL for rates and crons.
    due_ms           INTEGER,
    tzdb             TEXT NOT NULL,
    -- When the engine looks at it next: when it is due, at a retry, or NULL for never (disabled or completed).
    next_attempt_ms  INTEGER,
    -- The failed attempts so far: how many, the time of the first, and the execution id that they share.
    attempts         INTEGER NOT NULL DEFAULT 0,
    first_attempt_ms INTEGER,
    execution_id     TEXT,
    definition       TEXT NOT NULL,
    PRIMARY KEY (grp, name)
) STRICT, WITHOUT ROWID;
-- The order in which the engine takes what is due. `tzdb` is in it for the check when the store is opened.
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
    -- The dead-letter queue of the schedule, if it has one.
    queue_arn  TEXT,
    body       TEXT NOT NULL,
    attributes TEXT NOT NULL
) STRICT;
