//! What must survive this process and is not the service's business: `state.db`.
//!
//! The outbox (what a write carries is on disk before it is sent), the cache of what was read, the draft, and the
//! deliveries that nobody has said done to. Knows only the domain. It must never know who sends, who draws, or which
//! service a context stands for; and it never reads the clock.
//!
//! Several processes may have the same `state.db` open. Each is an instance (see `instance`), and a write that was
//! journalled belongs to one instance at a time.

mod arrivals;
mod cache;
mod draft;
mod instance;
mod outbox;
mod store;
mod stored;

use std::path::Path;

use crate::failure::Failure;

pub use cache::Cached;
pub use outbox::{Journalled, RowId};

use instance::Instance;
use store::Store;

/// An open `state.db`, and this process's place among those that have it open.
///
/// One connection: whoever wants to use it from two threads opens it twice, and is then two instances.
#[derive(Debug)]
pub struct State {
    store: Store,
    instance: Instance,
}

impl State {
    /// Whether this machine remembers anything yet. Where that cannot be told, it is taken to.
    #[must_use]
    pub fn is_kept(dir: &Path) -> bool {
        dir.join(store::FILE).try_exists().unwrap_or(true)
    }

    /// Opens `dir/state.db`, making it and the directory where they are missing, readable by their owner alone.
    ///
    /// Until it is dropped it holds an exclusive lock on a file in `dir/instances`, by which others see that what it
    /// journalled is still in somebody's hands.
    ///
    /// # Errors
    /// A failure of kind [`FailureKind::Disk`](crate::failure::FailureKind::Disk) that names the path and what to do:
    /// it cannot be created or written, is damaged, locked, or was made by a newer version.
    pub fn open(dir: &Path) -> Result<Self, Failure> {
        let store = Store::open(dir)?;
        let directory = dir.join("instances");
        // Within a write transaction, because that is also where the locks of the dead are looked for: a lock file
        // that was made and not yet locked would look like a dead one.
        let instance = store.write(|_| Ok(Instance::begin(&directory)?))?;
        Ok(Self { store, instance })
    }
}

#[cfg(test)]
mod tests;
