//! `tickler cancel`: cancels memos.

use std::collections::{BTreeMap, HashSet};

use clap::Args;

use super::apply::BatchResult;
use super::error::{CommandError, CommandErrors};
use super::lookup::{Lookup, not_found};
use super::output::{MemoOutput, state};
use super::printer::Printer;
use super::quote::quoted;
use super::session::Session;
use crate::schedule::{Body, Change, ChangeOutcome, Name, Schedule};

/// The arguments of `tickler cancel`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// The ids of the memos, or the start of each if that is unique
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Print JSON: an array of the cancelled memos
    #[arg(long)]
    pub json: bool,
}

/// Runs `tickler cancel`, several ids at once. An error of one id does not stop the others.
pub(super) async fn cancel(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let (ids, mut names) = (&arguments.ids, HashSet::new());
    let (mut targets, mut errors) = (Vec::new(), BTreeMap::new());
    // Among several ids, each error names its own.
    let name_id = |error: CommandError, id: &str| match ids.len() {
        2.. if !error.message.contains(id) => error.for_id(id),
        _ => error,
    };
    for (position, (id, found)) in ids.iter().zip(Lookup::new(session).find_all(ids).await).enumerate() {
        match found.map_err(|error| name_id(error, id)).and_then(|found| found.ok_or_else(|| not_found(id))) {
            // The same id twice is one memo.
            Ok(schedule) if !names.insert(Name::clone(&schedule.name)) => {}
            Ok(schedule) => targets.push((position, Target::new(schedule, session))),
            Err(error) => drop(errors.insert(position, error)),
        }
    }
    let changes: Vec<Change> = targets.iter().map(|(_, target)| target.change.clone()).collect();
    let mut cancelled = BTreeMap::new();
    let batch = session.apply_all(&changes, |index, outcome| {
        let Some((position, target)) = targets.get(index) else { return };
        let outcome = outcome.map_err(|error| name_id(error, &target.output.id));
        match outcome.and_then(|outcome| target.check_cancelled(&outcome)) {
            Ok(output) => drop(cancelled.insert(*position, output)),
            Err(error) => drop(errors.insert(*position, error)),
        }
        if changes.len() > 1 {
            printer.progress(&format!("{} of {} cancelled", cancelled.len(), changes.len()));
        }
    });
    let batch = batch.await;
    printer.progress("");
    let stopped = match &batch {
        Ok(batch) => stopped(batch, &targets, cancelled.len()),
        Err(error) => Some(error.clone()),
    };
    let cancelled: Vec<MemoOutput> = cancelled.into_values().collect();
    let sentence = |output: &MemoOutput| {
        format!("Cancelled {}, due {}.\n", quoted(&output.memo), output.due_text(session.when.hours))
    };
    printer.print_memos(&cancelled, |_| cancelled.iter().map(sentence).collect())?;
    let errors: CommandErrors = stopped.into_iter().chain(errors.into_values()).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// A schedule to cancel.
struct Target {
    change: Change,
    output: MemoOutput,
}

impl Target {
    fn new(schedule: Schedule, session: &Session<'_>) -> Self {
        let output = MemoOutput {
            state: state::CANCELLED,
            ..MemoOutput::of(&schedule, session.scheduler.context(), session.now())
        };
        let change = match schedule.body {
            Body::Memo(memo) => Change::Cancel(memo),
            Body::Foreign(_) => Change::CancelForeign(schedule.name),
        };
        Self { change, output }
    }

    fn check_cancelled(&self, outcome: &ChangeOutcome) -> Result<MemoOutput, CommandError> {
        match outcome {
            ChangeOutcome::Cancelled | ChangeOutcome::Saved(_) => Ok(self.output.clone()),
            ChangeOutcome::AlreadyGone => Err(CommandError::not_found(
                format!("{} is already gone: it was delivered, or cancelled elsewhere.", quoted(&self.output.memo)),
                "`tickler history` lists deliveries.",
            )),
            ChangeOutcome::Differs(_) => Err(CommandError::conflict(
                format!("{} has just been changed elsewhere.", quoted(&self.output.memo)),
                "Run the command again.",
            )),
        }
    }
}

/// The error of a batch that the person stopped.
fn stopped(batch: &BatchResult, targets: &[(usize, Target)], cancelled: usize) -> Option<CommandError> {
    let rest: Vec<&str> = targets.iter().skip(batch.sent).map(|(_, target)| target.output.id.as_str()).collect();
    if rest.is_empty() && batch.in_doubt == 0 {
        return None;
    }
    let rest = if rest.is_empty() { String::new() } else { format!(" Still scheduled: {}.", rest.join(", ")) };
    let message = format!("Stopped after cancelling {cancelled} of {} memos.{rest}", targets.len());
    Some(CommandError::interrupted(message, batch.hint()))
}
