//! What commands share that change memos.

use super::error::CommandError;
use super::lookup::not_found;
use super::printer::Printer;
use super::quote::quoted;
use super::session::{HostState, Session};
use crate::memo::Memo;
use crate::schedule::{Change, ChangeOutcome};

/// Schedules a new memo.
pub(super) async fn create(session: &Session<'_>, memo: &Memo) -> Result<(), CommandError> {
    check_created(memo, &session.apply(&Change::Create(memo.clone())).await?)
}

/// Fails if the outcome means that the memo was not scheduled.
pub(super) fn check_created(memo: &Memo, outcome: &ChangeOutcome) -> Result<(), CommandError> {
    match outcome {
        // Already gone: the memo was due at once, and fired before the client's second attempt.
        ChangeOutcome::Saved(_) | ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone => Ok(()),
        ChangeOutcome::Differs(_) => Err(CommandError::conflict(
            format!("Another schedule already has the id {}.", memo.id),
            "Run the command again.",
        )),
    }
}

/// Replaces `before` with `after`.
pub(super) async fn update(session: &Session<'_>, before: Memo, after: &Memo) -> Result<(), CommandError> {
    match session.apply(&Change::Update { before, after: after.clone() }).await? {
        ChangeOutcome::Saved(_) => Ok(()),
        ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone => Err(not_found(&after.id.to_string())),
        ChangeOutcome::Differs(there) => {
            let theirs =
                there.memo().map(|memo| format!(": {}, {}", quoted(&memo.text), memo.due.words(session.when.hours)));
            let message = format!("The memo has just been changed elsewhere{}.", theirs.unwrap_or_default());
            Err(CommandError::conflict(message, "Nothing was overwritten. Check the memo, and run the command again."))
        }
    }
}

/// Warns if no host would deliver what was just scheduled.
pub(super) fn warn_without_host(session: &Session<'_>, printer: &mut Printer<'_, '_>) -> Result<(), CommandError> {
    match session.host()? {
        HostState::Awake => {}
        HostState::Stopped(process) => printer.warn(
            "no-host",
            &format!("tickler is stopped (process {process}), and memos on this machine do not ring until it goes on."),
            "Continue it with `fg`, or open tickler again.",
        ),
        HostState::Missing => printer.warn(
            "no-host",
            "tickler is not open, and memos on this machine ring only while it is.",
            "Open tickler, or set up AWS with `tickler init`.",
        ),
    }
    Ok(())
}
