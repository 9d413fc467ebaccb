//! `tickler teardown`: what `tickler init` has set up, taken down again.

use std::process::ExitCode;

use clap::Args;

use crate::config::{Flags, Paths};

/// What `tickler teardown` takes.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {}

/// Does it.
pub(super) fn run(_arguments: &Arguments, _flags: &Flags, _paths: &Paths) -> ExitCode {
    ExitCode::FAILURE
}
