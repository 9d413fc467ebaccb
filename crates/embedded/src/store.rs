//! The store: schedules, groups, deliveries and dead letters in one SQLite file.
//!
//! A write that has returned is synced: it survives `kill -9` and a power cut. Each method runs at most one
//! transaction. Does not depend on the wire format, and does not know how a delivery is made.

mod busy;
mod columns;
mod error;
mod file;
mod firing;
mod groups;
mod handle;
mod log;
mod migrations;
mod place;
mod reading;
mod schedules;

pub use error::StoreError;
pub(crate) use firing::{Attempts, DueSchedule, Outcome};
pub(crate) use groups::{Group, GroupRefusal};
pub use handle::Store;
pub use log::DeadLetter;
pub(crate) use log::{LogEvent, LogQuery, Order};
pub(crate) use place::path_beside;
pub(crate) use schedules::{CreateOutcome, ListQuery, StoredSchedule, Summary};

#[cfg(test)]
mod tests;
