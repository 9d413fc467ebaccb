//! tickler: reminders in the terminal, kept and delivered by AWS EventBridge Scheduler or by a scheduler of its own.

pub mod config;
pub mod countdown;
pub mod failure;
pub mod memo;
pub mod schedule;
pub mod state;
