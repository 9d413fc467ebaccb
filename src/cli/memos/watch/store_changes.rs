//! Changes of a store, by this process and by others.

use std::future::pending;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::{Interval, MissedTickBehavior};

use super::background_errors::BackgroundErrors;
use crate::cli::context_opener::damaged_rows;
use crate::cli::memos::error::CommandError;
use crate::cli::memos::session::{LocalStore, disk};

/// How often to check whether another process changed the store. SQLite sends no event, and the check is one read of
/// shared memory.
const POLL: Duration = Duration::from_secs(4);

/// Waits for changes of a store. When its file is gone, that is an error of the background, once.
pub(super) struct StoreChanges<'s> {
    local: &'s LocalStore,
    own_changes: Receiver<u64>,
    version: i64,
    /// Whether the file of the store is gone.
    is_lost: bool,
    errors: &'s BackgroundErrors,
    /// Lives as long as this value: a new interval for each wait would start over every time.
    polls: Interval,
}

impl<'s> StoreChanges<'s> {
    pub fn of(local: &'s LocalStore, errors: &'s BackgroundErrors) -> Result<Self, CommandError> {
        let version = local.store.data_version().map_err(|error| CommandError::from(disk(&error)))?;
        let mut polls = tokio::time::interval(POLL);
        polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self { local, own_changes: local.store.changes(), version, is_lost: false, errors, polls })
    }

    /// The version of the store. Reports the rows that could not be read.
    fn version(&self) -> Result<i64, embedded::StoreError> {
        for failure in damaged_rows(&self.local.store) {
            self.errors.add(failure);
        }
        self.local.store.data_version()
    }

    /// Waits for the next change.
    pub async fn next(&mut self) {
        loop {
            tokio::select! {
                changed = self.own_changes.changed() => match changed {
                    Ok(()) => return,
                    Err(_) => return pending().await,
                },
                _ = self.polls.tick() => match self.version() {
                    Ok(version) if version != self.version => {
                        self.version = version;
                        // The announcement is for the engine. This receiver must not see it as a second change.
                        self.local.store.announce_foreign_change();
                        self.own_changes.mark_unchanged();
                        return;
                    }
                    Ok(_) => self.is_lost = false,
                    Err(error @ embedded::StoreError::Lost(_)) => {
                        if !std::mem::replace(&mut self.is_lost, true) {
                            self.errors.add(disk(&error));
                        }
                    }
                    Err(error) => tracing::warn!(%error, "cannot check whether the store changed"),
                },
            }
        }
    }
}
