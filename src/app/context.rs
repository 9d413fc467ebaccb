//! The contexts of the program, each a pure engine of its own.
//!
//! - `state`: the value, `ContextState`.
//! - `engine`: from a change that somebody asks for to the outcome that the scheduler reports; `pending` holds the changes
//!   on their way, `merge` merges two changes of one schedule, `batch` counts the changes of one key, `undo` reverses them.
//! - `responses`: what a response changes; `receipts`: when receipts are read, and what each settles.
//! - `list`, `order`, `history`, `reading`: what was read.
//! - `notice`: what to tell the person, as values.
//!
//! Does not depend on the screen, the form or the keys, nor on which context is the current one.

pub mod batch;
mod engine;
pub mod history;
pub mod list;
mod merge;
pub mod notice;
pub mod order;
pub mod pending;
pub mod reading;
pub mod receipts;
mod responses;
pub mod state;
pub mod undo;
