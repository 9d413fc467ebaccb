//! The database file: opens, migrates and writes it, and explains its errors to a person.
//!
//! Does not depend on the tables.

use std::fmt::Display;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations, SchemaVersion};

use super::files::{file_failure, full, make_directory, make_private_file, private, read_only};
use crate::failure::{Failure, FailureKind};

/// The name of the file, in the directory of the state.
pub(super) const FILE: &str = "state.db";

/// `PRAGMA user_version` counts the migrations that a file has had. Never change a published migration: append one.
const STEPS: &[M<'_>] = &[M::up(include_str!("migrations/1.sql")), M::up(include_str!("migrations/2.sql"))];
const MIGRATIONS: Migrations<'_> = Migrations::from_slice(STEPS);

/// How long to wait for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The open database.
#[derive(Debug)]
pub(super) struct Database {
    connection: Connection,
    path: PathBuf,
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
    /// A row that cannot be decoded.
    pub(super) fn unreadable(row: impl Into<String>, why: impl Display) -> Self {
        Self::Unreadable { row: row.into(), why: why.to_string() }
    }
}

impl Database {
    /// Opens `dir/state.db` with the latest schema. Creates whatever is missing.
    pub(super) fn open(dir: &Path) -> Result<Self, Failure> {
        make_directory(dir)?;
        let _lock = lock_opening(dir)?;
        let path = dir.join(FILE);
        make_private_file(&path)?;
        let mut connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|error| sqlite_failure(&path, &error))?;
        configure(&connection, &path)?;
        migrate(&mut connection, &path)?;
        Ok(Self { connection, path })
    }

    /// Writes in one transaction, all or nothing, while no other process writes.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T, DatabaseError>) -> Result<T, Failure> {
        self.transact(TransactionBehavior::Immediate, work)
    }

    /// Reads in one transaction.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, DatabaseError>) -> Result<T, Failure> {
        self.transact(TransactionBehavior::Deferred, work)
    }

    fn transact<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Connection) -> Result<T, DatabaseError>,
    ) -> Result<T, Failure> {
        let attempt = || {
            // Unchecked, because `State` is used through shared references. Transactions begin only here, and are never
            // nested.
            let transaction = Transaction::new_unchecked(&self.connection, behavior)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        attempt().map_err(|error| self.failure(error))
    }

    fn failure(&self, error: DatabaseError) -> Failure {
        match error {
            DatabaseError::Sqlite(error) => sqlite_failure(&self.path, &error),
            DatabaseError::Unreadable { row, why } => Failure::new(
                FailureKind::Disk,
                format!("In {}, {row} cannot be read: {why}.", self.path.display()),
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

/// Lets one process at a time open the database. SQLite does not wait when two processes create a file or switch it to
/// WAL at once, and a migration reads the version before it takes SQLite's write lock.
fn lock_opening(dir: &Path) -> Result<File, Failure> {
    let path = dir.join("opening.lock");
    let failed = |error| file_failure(&path, &error);
    let file = private().open(&path).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
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
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            format!("{shown} is damaged."),
            format!(
                "Move it aside (mv {shown} {shown}.damaged), then start tickler again. Keep the file: it may contain memos \
                 that were not sent."
            ),
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            format!("{shown} has been locked by another program for {} seconds.", BUSY_TIMEOUT.as_secs()),
            "Close that program, then try again.".to_owned(),
        ),
        Some(ErrorCode::SystemIoFailure) => {
            (format!("{shown} cannot be read or written: {error}."), "Check the disk.".to_owned())
        }
        _ => return unexpected(path, error),
    };
    Failure::new(FailureKind::Disk, what, advice)
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
