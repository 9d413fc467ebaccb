//! All integration tests, as one binary: each one that there is links the whole SDK.

mod client;
mod faults;
mod moto;
mod paging;
mod wire;
