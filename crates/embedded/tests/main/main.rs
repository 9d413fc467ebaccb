//! Tests of the crate from outside: requests of the SDK, deliveries to a host, and killed processes.
//!
//! All tests are in one binary, with a module for each topic. They share `world`: a service, an engine and a clock.

#[cfg(test)]
#[path = "../../../../tests/campaign.rs"]
mod campaign;
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
mod paging;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod random_life;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod world;
