//! The CloudFormation stack with everything that memos need in AWS: creates, updates, follows and deletes it.
//!
//! `client` talks to CloudFormation. `condition` (what to do about a stack), `event` (progress, for the person), `cause`
//! (why an operation failed) and `parts` (the resources in plain words) are pure. `redirect` points pending memos at a
//! new function. Does not depend on a terminal.

mod cause;
mod client;
mod condition;
mod event;
mod model;
mod parts;
mod reason;
mod redirect;

pub use cause::Cause;
pub use client::{Stacks, UpdateOutcome};
pub use condition::{Condition, condition};
pub use event::{Event, Progress, operation};
pub use model::{Choices, Outputs, Stack, TEMPLATE};
pub use parts::{PARTS, Part};
