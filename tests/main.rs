//! All integration tests, as one binary: each one that there is links the whole SDK.

mod client;
mod docs;
mod faults;
mod journeys;
mod moto;
mod paging;
mod wire;
