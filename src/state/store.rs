//! The database file: how it is opened, brought up to date and written, and what its errors mean to a person.
//!
//! It must never know what the tables mean.

use std::fmt::Display;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::failure::{Failure, FailureKind};

/// Where all of it is kept, in the directory of the state.
pub(super) const FILE: &str = "state.db";

/// The steps from an empty file to the present format, each of which ends by saying its number in `user_version`. A
/// step is applied once, and never changed afterwards.
const MIGRATIONS: [&str; 1] = [include_str!("migrations/1.sql")];

/// How long to wait for another process that is writing.
const PATIENCE: Duration = Duration::from_secs(5);

/// The open database.
#[derive(Debug)]
pub(super) struct Store {
    connection: Connection,
    path: PathBuf,
}

/// Why something done within a transaction did not work.
pub(super) enum Trouble {
    /// The database says no.
    Database(rusqlite::Error),
    /// A row is there and cannot be understood.
    Unreadable {
        /// Which one, as in `row 3 of the outbox`.
        row: String,
        /// Why not, as in `it names no zone`.
        why: String,
    },
    /// Something else, already told.
    Told(Failure),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Told(failure)
    }
}

impl Trouble {
    /// A row that is there and cannot be understood.
    pub(super) fn unreadable(row: impl Into<String>, why: impl Display) -> Self {
        Self::Unreadable { row: row.into(), why: why.to_string() }
    }
}

impl Store {
    /// Opens `dir/state.db` in the present format, making what is missing.
    pub(super) fn open(dir: &Path) -> Result<Self, Failure> {
        make_directory(dir)?;
        // One at a time: SQLite does not wait when two make a file, or turn on its WAL, at once.
        let turn = dir.join("opening.lock");
        let lock = private().open(&turn).map_err(|error| file_failure(&turn, &error))?;
        lock.lock().map_err(|error| file_failure(&turn, &error))?;

        let path = dir.join(FILE);
        make_private_file(&path)?;
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(|error| database_failure(&path, &error))?;
        let store = Self { connection, path };
        store.prepare().map_err(|error| store.failure(error))?;
        Ok(store)
    }

    fn prepare(&self) -> Result<(), Trouble> {
        let connection = &self.connection;
        connection.busy_timeout(PATIENCE)?;
        // A version that is not ours is refused before anything is written into its file.
        self.migrations_to_come()?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        if self.migrations_to_come()?.is_empty() {
            return Ok(());
        }
        let transaction = self.begin(TransactionBehavior::Immediate)?;
        // Asked again: another process may have done it while this one waited.
        for step in self.migrations_to_come()? {
            transaction.execute_batch(step)?;
        }
        Ok(transaction.commit()?)
    }

    fn migrations_to_come(&self) -> Result<&'static [&'static str], Trouble> {
        let version: i64 = self.connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        usize::try_from(version).ok().and_then(|done| MIGRATIONS.get(done..)).ok_or_else(|| {
            Trouble::Told(Failure::new(
                FailureKind::Disk,
                format!(
                    "{} was made by a newer tickler (its format is {version}, the newest known here is {}).",
                    self.path.display(),
                    MIGRATIONS.len()
                ),
                "Update tickler, or point XDG_STATE_HOME at another directory.",
            ))
        })
    }

    fn begin(&self, behavior: TransactionBehavior) -> rusqlite::Result<Transaction<'_>> {
        // Unchecked, because State is used through shared references; transactions begin only here and in `prepare`,
        // and never within one another.
        Transaction::new_unchecked(&self.connection, behavior)
    }

    /// Changes the database, all or nothing, with nobody else writing meanwhile.
    pub(super) fn write<T>(&self, change: impl FnOnce(&Connection) -> Result<T, Trouble>) -> Result<T, Failure> {
        self.within(TransactionBehavior::Immediate, change)
    }

    /// Reads the database as it is at one moment.
    pub(super) fn read<T>(&self, look: impl FnOnce(&Connection) -> Result<T, Trouble>) -> Result<T, Failure> {
        self.within(TransactionBehavior::Deferred, look)
    }

    fn within<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Connection) -> Result<T, Trouble>,
    ) -> Result<T, Failure> {
        let attempt = || {
            let transaction = self.begin(behavior)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        attempt().map_err(|trouble| self.failure(trouble))
    }

    fn failure(&self, trouble: Trouble) -> Failure {
        match trouble {
            Trouble::Database(error) => database_failure(&self.path, &error),
            Trouble::Unreadable { row, why } => Failure::new(
                FailureKind::Disk,
                format!("In {}, {row} cannot be read: {why}.", self.path.display()),
                "It is left as it is; if you did not change the file yourself, please report this.",
            ),
            Trouble::Told(failure) => failure,
        }
    }

    /// The connection itself, for tests that put the database into a state of their own.
    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// Makes a directory that only its owner may enter; one that is there stays as it is.
pub(super) fn make_directory(directory: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|error| file_failure(directory, &error))
}

/// How to make or open a file that is its owner's alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the file where it is missing, and takes it away from everybody but its owner.
///
/// Before SQLite opens it, because the two files that SQLite puts beside it get the same permissions. A file that is
/// there is not opened: closing it again would take this process's locks on it away from SQLite.
fn make_private_file(path: &Path) -> Result<(), Failure> {
    let failed = |error| file_failure(path, &error);
    if !path.try_exists().map_err(failed)? {
        private().open(path).map_err(failed)?;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if path.metadata().map_err(failed)?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
        }
    }
    Ok(())
}

/// What an error of the file system means to a person.
pub(super) fn file_failure(path: &Path, error: &io::Error) -> Failure {
    let place = path.display();
    let (what, advice) = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => read_only(path),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => full(path),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => (
            format!("{place} cannot be made, because something that is no directory is in the way."),
            "Move that aside, or point XDG_STATE_HOME at another directory.".to_owned(),
        ),
        _ => (
            format!("{place} cannot be used: {error}."),
            "Check the disk and the directory, or point XDG_STATE_HOME at another one.".to_owned(),
        ),
    };
    Failure::new(FailureKind::Disk, what, advice)
}

/// What an error of the database means to a person.
fn database_failure(path: &Path, error: &rusqlite::Error) -> Failure {
    let place = path.display();
    let (what, advice) = match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => read_only(path),
        Some(ErrorCode::DiskFull) => full(path),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            format!("{place} is damaged."),
            format!(
                "Move it aside (mv {place} {place}.damaged) and start tickler again; memos that were not sent yet are \
                 in it, so keep it."
            ),
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            format!("{place} has been locked by another program for {} seconds.", PATIENCE.as_secs()),
            "Close what else has it open, then try again.".to_owned(),
        ),
        Some(ErrorCode::SystemIoFailure) => {
            (format!("{place} cannot be read or written: {error}."), "Check the disk.".to_owned())
        }
        _ => (
            format!("{place} does not do what it is asked to: {error}."),
            "If you did not change the file yourself, please report this.".to_owned(),
        ),
    };
    Failure::new(FailureKind::Disk, what, advice)
}

fn read_only(path: &Path) -> (String, String) {
    (
        format!("{} cannot be written.", path.display()),
        "Make it and its directory writable for you, or point XDG_STATE_HOME at a directory that is.".to_owned(),
    )
}

fn full(path: &Path) -> (String, String) {
    (
        format!("There is no room left on the disk to write {}.", path.display()),
        "Free some space, then try again.".to_owned(),
    )
}
