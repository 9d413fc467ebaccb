//! `tickler init`: what memos need in AWS, set up by one command.

use std::process::ExitCode;

use clap::Args;

use crate::config::{Flags, Paths};

/// What `tickler init` takes.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {}

/// Does it.
pub(super) fn run(_arguments: &Arguments, _flags: &Flags, _paths: &Paths) -> ExitCode {
    ExitCode::FAILURE
}
