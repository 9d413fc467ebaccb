//! An EventBridge Scheduler inside the process.
//!
//! The AWS SDK talks to it through an HTTP connector that never leaves the process ([`Service::http_client`]), one
//! SQLite file keeps the schedules ([`Store`]), and an [`Engine`] fires what is due. For its caller it is a small,
//! faithful EventBridge Scheduler: the same requests, limits and error messages. Does not depend on the program around
//! it or on the SDK's service crates.
//!
//! # Service and engine
//!
//! The **[`Service`]** answers requests and never fires. The **[`Engine`]** fires and never answers. Run an `Engine` only
//! in a host, which can show a delivery, and hold a [`HostLock`] meanwhile, so that others can see whether anything would
//! ring ([`HostLock::is_held`]). Several hosts may run over one file: each batch of deliveries is one transaction, so
//! nothing is lost or doubled, whichever host dies.
//!
//! # What it answers
//!
//! | Service | Operations |
//! |---|---|
//! | EventBridge Scheduler | all twelve |
//! | Lambda | `Invoke` of [`EXECUTE_MEMO_ARN`] |
//! | CloudWatch Logs | `FilterLogEvents` of [`LOG_GROUP`] |
//!
//! # What it delivers
//!
//! `at()` schedules, to the second. A civil time that the clocks skip fires when the gap ends, one that occurs twice
//! fires the first time ([`resolve_civil_time`]), and one in the past fires at once. A flexible time window fires at its
//! beginning.
//!
//! `rate()` and `cron()` are validated and stored as in AWS, but **do not fire yet**.
//!
//! The only target is [`EXECUTE_MEMO_ARN`], which appends a line to the delivery log. As in AWS, a schedule may have any
//! other target. Its deliveries then fail, are retried by its `RetryPolicy`, and end as a [`DeadLetter`].
//!
//! # The clock
//!
//! This crate never reads the machine's clock. The host passes [`Now`] to the `Service` and to [`Engine::run`], and the
//! time to [`Engine::fire`].
//!
//! # Example
//!
//! ```
//! use std::sync::Arc;
//! use embedded::{Engine, Now, Service, Store};
//!
//! # fn main() -> Result<(), embedded::StoreError> {
//! let store = Store::in_memory()?;
//! let now: Now = Arc::new(|| chrono::DateTime::UNIX_EPOCH); // the host's clock
//! let client = Service::new(store.clone(), now.clone()).http_client();
//! // aws_sdk_scheduler::Config::builder().http_client(client) …
//! let fired = Engine::new(store).fire(now())?;
//! assert_eq!((fired.deliveries.len(), fired.next), (0, None));
//! # Ok(())
//! # }
//! ```
//!
//! # Modules
//!
//! - `wire`: HTTP requests and responses as values
//! - `service`: the operations
//! - `model`: the constraints of the service model; `validation`: the checks beyond them
//! - `definition`: a schedule; `expression`: its expression; `arn`: ARNs
//! - `store`: everything in SQLite
//! - `engine`: fires and retries; `target`: deliveries
//! - `host`: the host lock; `clock`: the host's clock

mod arn;
mod clock;
mod definition;
mod engine;
mod expression;
mod host;
mod model;
mod service;
mod store;
mod target;
mod validation;
mod wire;

pub use arn::{ACCOUNT, EXECUTE_MEMO_ARN, LOG_GROUP, REGION, ROLE_ARN};
pub use clock::Now;
pub use engine::{Engine, Fired};
pub use expression::{Cron, Expression, RateUnit, resolve_civil_time};
pub use host::HostLock;
pub use service::Service;
pub use store::{DeadLetter, Store, StoreError};
pub use target::{Delivery, Invocation, LogLine, Target, TargetError};
