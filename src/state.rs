//! What this machine remembers between runs, in `state.db`: the journal of changes, the cache of schedules, the draft, and
//! the receipts that are not done.
//!
//! Depends on the domain only. Does not read the clock.
//!
//! Several processes may have the same `state.db` open. Each is an instance (see `instance`), and owns the changes that it
//! has journalled.

mod arrivals;
mod cache;
mod contexts;
mod database;
mod draft;
mod files;
mod handle;
mod instance;
mod journal;
mod stored;

pub use arrivals::{Arrivals, Kept, Mark};
pub use cache::Cached;
pub use handle::State;
pub use journal::{Adopted, Journalled, RowId};

#[cfg(test)]
mod tests;
