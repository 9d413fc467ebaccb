//! Runs the program: the event loop on the terminal thread, and the worker thread beside it.
//!
//! The *terminal* thread takes keys, updates the state, draws, and sleeps on one queue. The *worker* thread, with its own
//! asynchronous runtime, talks to the schedulers and the disk, so a key never waits for either. Two more threads only
//! wait: one for the next bytes of the terminal, one for it to hang up.
//!
//! `event_loop` is the terminal thread; `inbox`, `keyboard`, `terminal` and `clipboard` are its ins and outs. The bytes of
//! the terminal become messages in the `splitter`, the `key_table`, the [`decoder`] and `input`. `worker_thread` listens
//! to `signals` and runs the [`worker`], which opens contexts with an [`opener`] and keeps them in `open_contexts`.
//! `change_sender`, with `journal` and `send_queue`, `deliveries`, `session_arrivals` and `state_access` are its parts.

pub mod change_sender;
mod clipboard;
pub mod clock;
pub mod decoder;
mod deliveries;
mod event_loop;
mod exit_summary;
pub mod inbox;
mod input;
mod journal;
mod key_table;
mod keyboard;
mod open_contexts;
pub mod opener;
pub mod own_process;
mod send_queue;
mod session_arrivals;
mod signals;
mod splitter;
mod state_access;
pub mod terminal;
pub mod worker;
mod worker_thread;

pub use event_loop::run;
pub use exit_summary::exit_summary;
pub use input::{translate, translate_burst};
