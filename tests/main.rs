//! All integration tests, as one binary: each one that there is links the whole SDK.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that does not get what it needs has failed, in its helpers too"
)]

mod campaign;
mod client;
mod commands;
mod docs;
mod doctor;
mod end_to_end;
mod faults;
mod infra;
mod journeys;
mod ministack;
mod moto;
mod paging;
mod peers;
mod pty;
mod rooms;
mod stack;
mod wire;
mod wording;
