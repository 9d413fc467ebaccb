//! The crate from outside: requests as the SDK sends them, deliveries as a host sees them, and processes that die.
//!
//! One binary for all, each topic a module. `world` is what they share: a service, an engine and a clock that stands
//! still until a test turns it.

#[cfg(test)]
mod delivery;
#[cfg(test)]
mod engine_run;
#[cfg(test)]
mod files;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod lambda_and_logs;
#[cfg(test)]
mod life;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod world;
