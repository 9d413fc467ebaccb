//! The service: an HTTP client for the AWS SDK that never leaves the process.
//!
//! Answers requests; does not fire schedules.

mod connector;
mod groups;
mod lambda;
mod logs;
mod paging;
mod route;
mod schedules;
mod tags;

pub use connector::Service;
