//! The exit codes of all commands, as `docs/cli.md` lists them.

/// The command did what it was asked to do.
pub(super) const OK: u8 = 0;
/// The command tried, and failed.
pub(super) const FAILED: u8 = 1;
/// The arguments are wrong, a text has no time, or the settings have errors.
pub(super) const USAGE: u8 = 2;
/// There is no such memo.
pub(super) const NOT_FOUND: u8 = 3;
/// The command was understood and refused: a past or ambiguous time, a schedule that may not be changed.
pub(super) const REFUSED: u8 = 4;
