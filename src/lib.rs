//! tickler: reminders in the terminal, kept and delivered by AWS EventBridge Scheduler or by a scheduler of its own.

pub mod app;
pub mod aws;
pub mod cli;
pub mod config;
pub mod countdown;
pub mod failure;
pub mod keymap;
pub mod memo;
pub mod runtime;
pub mod schedule;
pub mod state;
pub mod ui;
