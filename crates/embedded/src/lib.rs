//! An EventBridge Scheduler that lives in the process.
//!
//! The AWS SDK talks to it through an HTTP connector that never leaves the process ([`Service::http_client`]); the
//! schedules live in one SQLite file ([`Store`]); and an [`Engine`] fires what is due. To its caller it is a small,
//! faithful EventBridge Scheduler: same requests, same limits, same words in its errors. It knows nothing of the
//! program around it, of screens, or of the SDK's service crates.
//!
//! # The two halves
//!
//! The **[`Service`]** answers requests and never fires. The **[`Engine`]** fires and never answers. Only a host that
//! can show a delivery should run an `Engine`, and holds a [`HostLock`] while it does, so that others can tell
//! whether anything would ring ([`HostLock::is_held`]). Any number of hosts may run over one file: each batch of
//! deliveries is one transaction, so nothing is lost or doubled between them, whichever of them dies.
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
//! `at()` schedules, in the second they name. A civil time that the clocks skip fires when the gap ends, and one that
//! comes twice fires the first time ([`resolve_civil_time`]); one in the past fires at once. A flexible time window is
//! fired at its beginning.
//!
//! `rate()` and `cron()` are validated and stored as AWS does, but **they do not fire yet**.
//!
//! One target exists, [`EXECUTE_MEMO_ARN`]: it appends a line to the delivery log. A schedule for any other target
//! is accepted, as AWS accepts it; when it comes due its deliveries fail, are retried by its `RetryPolicy`, and end
//! as a [`DeadLetter`].
//!
//! # The clock
//!
//! This crate never reads one. The host passes [`Now`] to the `Service` and to [`Engine::run`], and an instant to
//! [`Engine::fire`].
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
//! # The rooms
//!
//! `wire` is HTTP as values, `service` the operations by family, `model` the service model's constraints as data,
//! `validation` what goes beyond them, `expression` the three kinds of schedule expression and civil time,
//! `definition` the schedule itself, `store` everything SQLite, `engine` when to fire and what a failure means,
//! `target` what a delivery is, `host` the lock, `arn` the names.

mod arn;
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

use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use arn::{ACCOUNT, EXECUTE_MEMO_ARN, LOG_GROUP, REGION, ROLE_ARN};
pub use engine::{Engine, Fired};
pub use expression::{Cron, Expression, RateUnit, resolve_civil_time};
pub use host::HostLock;
pub use service::Service;
pub use store::{DeadLetter, Store, StoreError};
pub use target::{Delivery, Invocation, LogLine, Target, TargetError};

/// The host's clock. It is the only one there is: this crate never reads the machine's.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
