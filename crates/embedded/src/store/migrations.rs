//! The schema of the database, and the migrations that lead to it.
//!
//! `PRAGMA user_version` counts the migrations that a file has had. Never change a published migration: append one.

use std::fs::{File, TryLockError};
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::{Error, M, Migrations, SchemaVersion};

use super::busy::retry_while_busy;
use super::error::StoreError;
use super::file::{open_private, path_beside};

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
    let _lock = in_a_file.then(|| lock_beside(path)).transpose()?;
    // Another process may have migrated it before this one got the lock.
    if is_latest(connection, path)? {
        return Ok(());
    }
    // Waits for other writers, where a deferred transaction would fail.
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    MIGRATIONS.to_latest(connection).map_err(|error| failed(path, error))
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

/// Locks the file that only one migrating process holds at a time. The lock ends with the process.
fn lock_beside(store_path: &Path) -> Result<File, StoreError> {
    let path = path_beside(store_path, "migrating");
    let failed = |source| StoreError::LockFile { path: path.clone(), source };
    let file = open_private(&path).map_err(failed)?;
    match retry_while_busy(|error| matches!(error, TryLockError::WouldBlock), || file.try_lock()) {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path: store_path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
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
