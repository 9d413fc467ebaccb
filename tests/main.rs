//! All integration tests, as one binary, because each binary links the whole SDK.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails if a value is missing, even in a helper")]

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
mod pty;
mod python_servers;
mod rooms;
mod stack;
mod wire;
mod wording;
