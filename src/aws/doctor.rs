//! Whether everything that memos need in AWS is as it has to be, looked at one by one.
//!
//! Each look ends as a [`Finding`]: well, wrong, or not to be known, with what was found and what to do. What one look
//! shows to be hopeless is not asked again by those after it. A doctor changes nothing, but for a trial schedule that
//! never fires and is deleted again, and for such as an earlier trial left behind. It must never know how a finding is
//! shown.

mod access;
mod checkup;
mod clock;
mod delivery;
mod finding;
mod function;
mod schedules;
mod traces;

pub use checkup::{Checkup, Doctor};
pub use delivery::{ProofProgress, prove_delivery};
pub use finding::{CheckState, Finding};
