//! tickler: reminders in the terminal, kept and delivered by AWS EventBridge Scheduler or by a scheduler of its own.
//!
//! Where to find what, from the inside out:
//!
//! - [`memo`], [`schedule`], [`context`], [`arn`], [`failure`], [`countdown`], [`proof`], [`preferences`],
//!   [`harmless`]: the domain.
//! - [`app`]: the state of the program and the one pure function that changes it; [`keymap`]: the one table of keys.
//! - [`ui`]: the screen, a function of the state and the time.
//! - [`aws`]: memos as schedules, through the AWS SDK, whether AWS or the embedded service answers.
//! - [`state`]: what this machine remembers between two runs; [`config`]: the settings.
//! - [`runtime`]: the threads, the clock, and the worker that carries out what the state asks for.
//! - [`cli`]: the command line, and the only place that brings the embedded service in.
//!
//! Beside this package stand `crates/when` (words to a moment) and `crates/embedded` (an EventBridge Scheduler in the
//! process), which know nothing of it. `docs/architecture.md` says how it all fits, and why.

pub mod app;
pub mod arn;
pub mod aws;
pub mod cli;
pub mod config;
pub mod context;
pub mod countdown;
pub mod failure;
pub mod harmless;
pub mod keymap;
pub mod memo;
pub mod preferences;
pub mod proof;
pub mod runtime;
pub mod schedule;
pub mod state;
pub mod ui;
