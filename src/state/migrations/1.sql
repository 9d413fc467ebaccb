-- Instants are milliseconds since 1970 in UTC, unless a column says otherwise.

CREATE TABLE context (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    -- When its schedules were last read, and up to when its delivery log was.
    read_at INTEGER,
    read_until INTEGER
) STRICT;

-- Writes on their way. AUTOINCREMENT: the number of a row that was settled is never given to another.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    instance TEXT NOT NULL,
    context INTEGER NOT NULL REFERENCES context (id),
    journalled INTEGER NOT NULL,
    write TEXT NOT NULL
) STRICT;

-- Schedules as they were last read. The modified time is kept to the nanosecond, because it is compared for equality
-- with what the service says. A row with an expression is foreign, and its text tells what it is about.
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
    -- The memo, where the name does not say it.
    memo TEXT,
    PRIMARY KEY (context, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    memo TEXT NOT NULL,
    date TEXT NOT NULL,
    time TEXT NOT NULL,
    zone TEXT NOT NULL,
    -- the id of the memo that is being changed; NULL for a new one
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
