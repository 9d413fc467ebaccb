//! Checks one context in AWS: credentials, clock, region, group, role, function, mail, log and queue.
//!
//! Each check ends as a [`Finding`] with what was found and what to do. A check that an earlier one has made pointless is
//! skipped. The doctor changes nothing, except for a test schedule that never fires and is deleted again, and for test
//! schedules that were left over. Does not depend on how findings are shown.

mod access;
mod checkup;
mod clock;
mod delivery;
mod finding;
mod function;
mod log_and_queue;
mod schedules;

pub use checkup::{Checkup, Doctor};
pub use delivery::{ProofProgress, prove_delivery};
pub use finding::{CheckState, Finding};
