//! The database file: opens, migrates and writes it, and explains its errors to a person.
//!
//! Does not depend on the tables.

use std::cell::Cell;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

use files::{Identity, LockKind, Lost, Waiting, make_private_file, refuse_other_kinds};
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations, SchemaVersion};

use super::files::{file_failure, full, make_directory, read_only};
use crate::failure::{Failure, FailureKind};

/// The name of the file, in the directory of the state.
pub(super) const FILE: &str = "state.db";

/// `PRAGMA user_version` counts the migrations that a file has had. Never change a published migration: append one.
const STEPS: &[M<'_>] = &[M::up(include_str!("migrations/1.sql")), M::up(include_str!("migrations/2.sql"))];
const MIGRATIONS: Migrations<'_> = Migrations::from_slice(STEPS);

/// How long to wait for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait where something better can be done meanwhile, and after a wait was in vain: a process that writes
/// needs milliseconds.
const SHORT_TIMEOUT: Duration = Duration::from_millis(250);

/// How long a write waits for another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Nothing else can be done: [`BUSY_TIMEOUT`].
    Long,
    /// [`SHORT_TIMEOUT`].
    Short,
}

/// The open database.
#[derive(Debug)]
pub(super) struct Database {
    connection: Connection,
    path: PathBuf,
    identity: Identity,
    /// Whether the last write waited in vain. Then each wait is short, so that the thread has time for other work.
    is_busy: Cell<bool>,
}

/// Why a transaction failed.
pub(super) enum DatabaseError {
    /// An error of SQLite.
    Sqlite(rusqlite::Error),
    /// A row that cannot be decoded.
    Unreadable {
        /// Which row, as in `row 3 of the journal`.
        row: String,
        /// Why, as in `it has no due time`.
        why: String,
    },
    /// Another failure.
    Failure(Failure),
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Failure> for DatabaseError {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl DatabaseError {
    /// Whether another process was writing all the time.
    fn is_busy(&self) -> bool {
        match self {
            Self::Sqlite(error) => {
                matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
            }
            Self::Unreadable { .. } | Self::Failure(_) => false,
        }
    }

    /// A row that cannot be decoded.
    pub(super) fn unreadable(row: impl Into<String>, why: impl Display) -> Self {
        Self::Unreadable { row: row.into(), why: why.to_string() }
    }
}

impl Database {
    /// Opens `dir/state.db` with the latest schema. Creates whatever is missing. A wait for another process that opens it
    /// is passed to `say`.
    pub(super) fn open(dir: &Path, say: impl Fn(Waiting<'_>)) -> Result<Self, Failure> {
        make_directory(dir)?;
        let path = dir.join(FILE);
        for name in [FILE, "state.db-wal", "state.db-shm"] {
            refuse_other_kinds(&dir.join(name)).map_err(|error| file_failure(&error))?;
        }
        // One process at a time opens the database. SQLite does not wait when two processes create a file or switch it to
        // WAL at once, and a migration reads the version before it takes SQLite's write lock.
        let lock = files::lock(&dir.join("opening.lock"), LockKind::Exclusive, say);
        let _lock = lock.map_err(|error| file_failure(&error))?;
        // Before SQLite opens the file: SQLite gives the two files beside it the same permissions.
        make_private_file(&path).map_err(|error| file_failure(&error))?;
        let mut connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|error| sqlite_failure(&path, &error))?;
        configure(&connection, &path)?;
        migrate(&mut connection, &path)?;
        let identity = Identity::of_database(&path);
        Ok(Self { connection, path, identity, is_busy: Cell::new(false) })
    }

    /// Opens `dir/state.db` to read it, and changes nothing. Every write fails.
    pub(super) fn open_to_read(dir: &Path) -> Result<Self, Failure> {
        let path = dir.join(FILE);
        let failed = |error: rusqlite::Error| sqlite_failure(&path, &error);
        refuse_other_kinds(&path).map_err(|error| file_failure(&error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = Connection::open_with_flags(&path, flags).map_err(failed)?;
        connection.busy_timeout(SHORT_TIMEOUT).map_err(failed)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)?;
        if usize::try_from(version) != Ok(STEPS.len()) {
            return Err(read_only(&path));
        }
        let identity = Identity::of_database(&path);
        Ok(Self { connection, path, identity, is_busy: Cell::new(false) })
    }

    /// What became of the file, if the path does not lead to it any more.
    pub(super) fn lost(&self) -> Option<Lost> {
        self.identity.check().err()
    }

    /// Writes in one transaction, all or nothing, while no other process writes.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T, DatabaseError>) -> Result<T, Failure> {
        self.write_with(Patience::Long, work)
    }

    /// As [`Database::write`].
    pub(super) fn write_with<T>(
        &self,
        patience: Patience,
        work: impl FnOnce(&Connection) -> Result<T, DatabaseError>,
    ) -> Result<T, Failure> {
        self.refuse_lost()?;
        let timeout = if self.is_busy.get() || patience == Patience::Short { SHORT_TIMEOUT } else { BUSY_TIMEOUT };
        let written = self.connection.busy_timeout(timeout).map_err(DatabaseError::from);
        let written = written.and_then(|()| self.transact(TransactionBehavior::Immediate, work));
        self.is_busy.set(written.as_ref().err().is_some_and(DatabaseError::is_busy));
        let value = written.map_err(|error| self.failure(error))?;
        // Nothing counts as written that went into a file that is gone.
        self.refuse_lost()?;
        Ok(value)
    }

    /// Reads in one transaction.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, DatabaseError>) -> Result<T, Failure> {
        self.transact(TransactionBehavior::Deferred, work).map_err(|error| self.failure(error))
    }

    fn transact<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Connection) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        // Unchecked, because `State` is used through shared references. Transactions begin only here, and are never
        // nested.
        let transaction = Transaction::new_unchecked(&self.connection, behavior)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    fn refuse_lost(&self) -> Result<(), Failure> {
        match self.lost() {
            Some(lost) => Err(Failure::new(
                FailureKind::Disk,
                format!("{lost}."),
                "tickler begins another one, with all that it remembers.",
            )),
            None => Ok(()),
        }
    }

    /// A failure that a damaged row does not turn into more than itself.
    pub(super) fn damaged_row(&self, row: &str, why: &str, advice: impl Into<String>) -> Failure {
        Failure::new(FailureKind::Disk, format!("In {}, {row} cannot be read: {why}.", self.path.display()), advice)
    }

    /// The failure of a file whose pages are damaged.
    pub(super) fn damaged(&self) -> Failure {
        damaged(&self.path)
    }

    fn failure(&self, error: DatabaseError) -> Failure {
        match error {
            DatabaseError::Sqlite(error) => sqlite_failure(&self.path, &error),
            DatabaseError::Unreadable { row, why } => self.damaged_row(
                &row,
                &why,
                "The row stays there. If you did not change the file yourself, please report this.",
            ),
            DatabaseError::Failure(failure) => failure,
        }
    }

    /// The connection, for tests that change the database.
    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

fn configure(connection: &Connection, path: &Path) -> Result<(), Failure> {
    let failed = |error| sqlite_failure(path, &error);
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    // Before anything is written to the file.
    refuse_newer(connection, path)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)
}

fn refuse_newer(connection: &Connection, path: &Path) -> Result<(), Failure> {
    match MIGRATIONS.current_version(connection).map_err(|error| migration_failure(path, &error))? {
        SchemaVersion::NoneSet | SchemaVersion::Inside(_) => Ok(()),
        SchemaVersion::Outside(version) => Err(Failure::new(
            FailureKind::Disk,
            format!(
                "{} was made by a newer tickler (its format is {version}, the newest known here is {}).",
                path.display(),
                STEPS.len()
            ),
            "Update tickler, or point XDG_STATE_HOME at another directory.",
        )),
    }
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Failure> {
    // Waits for other writers, where a deferred transaction would fail.
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    MIGRATIONS.to_latest(connection).map_err(|error| migration_failure(path, &error))
}

fn migration_failure(path: &Path, error: &rusqlite_migration::Error) -> Failure {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => sqlite_failure(path, err),
        other => unexpected(path, other),
    }
}

/// The failure for an error of SQLite.
fn sqlite_failure(path: &Path, error: &rusqlite::Error) -> Failure {
    let shown = path.display();
    let (what, advice) = match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => return read_only(path),
        Some(ErrorCode::DiskFull) => return full(path),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => return damaged(path),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            let shm = path.with_extension("db-shm");
            let holder = files::holder(&shm).or_else(|| files::holder(path));
            let holder = holder.map_or_else(|| "another program".to_owned(), |id| format!("process {id}"));
            (format!("{shown} is locked by {holder}."), "End that program, or wait until it is done.".to_owned())
        }
        Some(ErrorCode::SystemIoFailure) => {
            (format!("{shown} cannot be read or written: {error}."), "Check the disk.".to_owned())
        }
        _ => return unexpected(path, error),
    };
    Failure::new(FailureKind::Disk, what, advice)
}

fn damaged(path: &Path) -> Failure {
    let shown = path.display();
    Failure::new(
        FailureKind::Disk,
        format!("{shown} is damaged."),
        format!(
            "Move it aside (mv {shown} {shown}.damaged), then start tickler again. Keep the file: it may contain memos \
             that were not sent."
        ),
    )
}

fn unexpected(path: &Path, error: &impl Display) -> Failure {
    Failure::new(
        FailureKind::Disk,
        format!("{} cannot be used: {error}.", path.display()),
        "If you did not change the file yourself, please report this.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_are_valid() {
        MIGRATIONS.validate().unwrap();
    }
}
