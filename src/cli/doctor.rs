//! `tickler doctor`: whether everything is as it has to be.

use std::process::ExitCode;

use clap::Args;

use crate::config::{Flags, Paths};

/// What `tickler doctor` takes.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {}

/// Does it.
pub(super) fn run(_arguments: &Arguments, _flags: &Flags, _paths: &Paths) -> ExitCode {
    ExitCode::FAILURE
}
