//! The stack: what memos need in AWS, as one CloudFormation template, and how it is made, changed and deleted.
//!
//! CloudFormation has no event that says an operation has ended, so whoever wants to know asks again and again; that
//! happens in [`Stacks::follow`] and nowhere else. What a state calls for is said by `condition`, what happened to whom
//! by `event`, why it failed by `cause`; these three are pure. Nothing here talks to a person.

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
