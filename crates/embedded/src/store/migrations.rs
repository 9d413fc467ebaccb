//! The schema of the database, and the migrations that lead to it.
//!
//! `PRAGMA user_version` counts the migrations that a file has had. Never change a published migration: append one.

use std::path::Path;

use files::{LockKind, Waiting};
use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::{Error, M, Migrations, SchemaVersion};

use super::error::StoreError;
use super::file::MIGRATING;
use super::place::path_beside;

const STEPS: &[M<'_>] = &[M::up(include_str!("migrations/1.sql"))];
const MIGRATIONS: Migrations<'_> = Migrations::from_slice(STEPS);

/// Brings the database at `path` to the latest schema, all or nothing. A newer database stays as it is.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    if is_latest(connection, path)? {
        return Ok(());
    }
    // `to_latest` reads the version before it takes SQLite's write lock, so without a lock of our own two processes
    // could apply the same migration. No other process can open a database in memory, which has no path.
    let in_a_file = connection.path().is_some_and(|path| !path.is_empty());
    let say = |waiting: Waiting<'_>| tracing::warn!("{waiting}");
    let lock = || files::lock(&path_beside(path, MIGRATING), LockKind::Exclusive, say).map_err(StoreError::File);
    let _lock = in_a_file.then(lock).transpose()?;
    // Another process may have migrated it before this one got the lock.
    if is_latest(connection, path)? {
        return Ok(());
    }
    // Waits for other writers, where a deferred transaction would fail.
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    MIGRATIONS.to_latest(connection).map_err(|error| failed(path, error))
}

/// Refuses a database that is not of the latest schema: it cannot be migrated, because it cannot be written.
pub(super) fn refuse_older(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    if is_latest(connection, path)? { Ok(()) } else { Err(StoreError::ReadOnly { path: path.to_owned() }) }
}

fn is_latest(connection: &Connection, path: &Path) -> Result<bool, StoreError> {
    match MIGRATIONS.current_version(connection).map_err(|error| failed(path, error))? {
        SchemaVersion::NoneSet => Ok(false),
        SchemaVersion::Inside(version) => Ok(version.get() == STEPS.len()),
        SchemaVersion::Outside(version) => {
            Err(StoreError::Newer { path: path.to_owned(), found: version.get(), known: STEPS.len() })
        }
    }
}

fn failed(path: &Path, error: Error) -> StoreError {
    match error {
        Error::RusqliteError { err, .. } => StoreError::from_sqlite(path, err),
        other => StoreError::Corrupt { path: path.to_owned(), reason: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_are_valid() {
        MIGRATIONS.validate().unwrap();
    }
}
