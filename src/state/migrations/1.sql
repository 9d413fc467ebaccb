-- Times are milliseconds since 1970 in UTC, unless a column says otherwise.

CREATE TABLE context (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    -- When all of its schedules were last read, and up to when its delivery log was read.
    read_at INTEGER,
    read_until INTEGER
) STRICT;

-- The journal: changes that are not confirmed. AUTOINCREMENT: the id of a settled row is never used again.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    instance TEXT NOT NULL,
    context INTEGER NOT NULL REFERENCES context (id),
    journalled INTEGER NOT NULL,
    write TEXT NOT NULL
) STRICT;

-- Schedules as they were last read. The time of the last change is stored to the nanosecond, because it is compared for
-- equality with the scheduler's. A row with an expression is a foreign schedule, and its text describes it.
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
    -- The id of the memo, if the name is not the id.
    memo TEXT,
    PRIMARY KEY (context, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    memo TEXT NOT NULL,
    date TEXT NOT NULL,
    time TEXT NOT NULL,
    zone TEXT NOT NULL,
    -- The id of the memo that is being edited; NULL for a new memo.
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
