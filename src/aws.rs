//! Memos as schedules, through the AWS SDK: one client for AWS and for the embedded scheduler.
//!
//! A [`Scheduler`] works in one [`Context`]. Nothing above this module knows whether AWS or a service inside the process
//! responds: the same requests are signed, sent, paged, retried and decoded, and errors come back as a
//! [`Failure`](crate::failure::Failure) in words.
//!
//! Does not depend on the screen, the journal or the program; only on the domain and the SDK.
//!
//! | Module | Does |
//! |---|---|
//! | `session`, `connect` | finds region, credentials and account, and makes the client |
//! | `client`, `context`, `clock` | the client, the context that it works in, the time by which it signs |
//! | `schedule` | turns a memo into a schedule and back |
//! | `write` | makes changes, and settles their conflicts |
//! | `load`, `throttles` | reads the whole group, then only what changed, as fast as the service allows |
//! | `receipts`, `dead_letters` | reads the delivery log, and the queue of failed deliveries |
//! | `run` | delivers a memo now |
//! | `caller`, `probe` | finds out whose credentials these are, and whether the service accepts a schedule |
//! | `stack` | creates and deletes everything that memos need |
//! | `doctor` | checks the setup |
//! | `policy`, [`command`] | writes an IAM policy, and the command of the AWS CLI for a memo |
//! | `error` | turns errors of the SDK into failures |

mod caller;
mod client;
mod clock;
pub mod command;
mod connect;
mod context;
mod dead_letters;
mod doctor;
mod error;
mod load;
mod policy;
mod probe;
mod receipts;
mod run;
mod schedule;
mod session;
pub mod stack;
mod throttles;
mod write;

pub use client::Scheduler;
pub use clock::SdkClock;
pub use context::{Context, LocalContext};
pub use dead_letters::DeadLetter;
pub use doctor::{CheckState, Checkup, Doctor, Finding, ProofProgress, prove_delivery};
pub use load::{Load, Loaded, Loader};
pub use policy::least_policy;
pub use probe::PROBE_PREFIX;
pub use schedule::{Encoded, INPUT_LIMIT, decode, encode, input_size};
pub use session::{Machine, Session};
