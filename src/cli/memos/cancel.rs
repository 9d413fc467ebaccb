//! `tickler cancel`: memos that are not to come up.

use std::collections::{BTreeMap, HashSet};

use clap::Args;

use super::error::{CommandError, CommandErrors};
use super::lookup::{Lookup, not_found};
use super::output::{MemoOutput, state};
use super::session::{BatchResult, Session};
use super::streams::{OutputFormat, Streams, quoted};
use crate::schedule::{Body, Change, ChangeOutcome, Name, Schedule};

/// What `tickler cancel` takes.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// The ids of the memos, or as much of their beginnings as tells them from the others
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// Tell it as JSON: an array of the memos that were called off
    #[arg(long)]
    pub json: bool,
}

/// Does it, several at once. One that cannot be called off keeps no other one.
pub(super) async fn cancel(
    arguments: &Arguments,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    let (ids, mut names) = (&arguments.ids, HashSet::new());
    let (mut meant, mut errors) = (Vec::new(), BTreeMap::new());
    // Of several it has to be told which one it was, unless that is told already.
    let told = |failed: CommandError, id: &str| match ids.len() {
        2.. if !failed.message.contains(id) => failed.for_id(id),
        _ => failed,
    };
    for (at, (id, found)) in ids.iter().zip(Lookup::new(session).all(ids).await).enumerate() {
        match found.map_err(|failed| told(failed, id)).and_then(|found| found.ok_or_else(|| not_found(id))) {
            // One that is named twice is called off once.
            Ok(scheduled) if !names.insert(Name::clone(&scheduled.name)) => {}
            Ok(scheduled) => meant.push((at, Meant::new(scheduled, session))),
            Err(error) => drop(errors.insert(at, error)),
        }
    }
    let changes: Vec<Change> = meant.iter().map(|(_, meant)| meant.change.clone()).collect();
    let mut cancelled = BTreeMap::new();
    let sent = session.apply_all(&changes, |number, written| {
        let Some((at, meant)) = meant.get(number) else { return };
        let written = written.map_err(|failed| told(failed, &meant.row.id));
        match written.and_then(|written| meant.cancelled(&written)) {
            Ok(row) => drop(cancelled.insert(*at, row)),
            Err(error) => drop(errors.insert(*at, error)),
        }
        if changes.len() > 1 {
            streams.progress(&format!("{} of {} cancelled", cancelled.len(), changes.len()));
        }
    });
    let sent = sent.await;
    streams.progress("");
    let stopped = match &sent {
        Ok(sent) => stopped(sent, &meant, cancelled.len()),
        Err(error) => Some(error.clone()),
    };
    let cancelled: Vec<MemoOutput> = cancelled.into_values().collect();
    match streams.form(arguments.json) {
        OutputFormat::Json => streams.print_json(&cancelled)?,
        OutputFormat::Tsv => streams.print(&cancelled.iter().map(|row| row.tsv() + "\n").collect::<String>())?,
        OutputFormat::Terminal(_) => {
            let told =
                |row: &MemoOutput| format!("Cancelled {}, due {}.\n", quoted(&row.memo), row.words(session.when.hours));
            streams.print(&cancelled.iter().map(told).collect::<String>())?;
        }
    }
    let errors: CommandErrors = stopped.into_iter().chain(errors.into_values()).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// What is to be called off.
struct Meant {
    change: Change,
    row: MemoOutput,
}

impl Meant {
    fn new(scheduled: Schedule, session: &Session<'_>) -> Self {
        let row = MemoOutput {
            state: state::CANCELLED,
            ..MemoOutput::of(&scheduled, session.scheduler.context(), session.now())
        };
        let change = match scheduled.body {
            Body::Memo(memo) => Change::Cancel(memo),
            Body::Foreign(_) => Change::CancelForeign(scheduled.name),
        };
        Self { change, row }
    }

    fn cancelled(&self, written: &ChangeOutcome) -> Result<MemoOutput, CommandError> {
        match written {
            ChangeOutcome::Cancelled | ChangeOutcome::Saved(_) => Ok(self.row.clone()),
            ChangeOutcome::AlreadyGone => Err(CommandError::not_found(
                format!("{} is gone already: it was delivered, or cancelled elsewhere.", quoted(&self.row.memo)),
                "`tickler history` tells which.",
            )),
            ChangeOutcome::Differs(_) => Err(CommandError::conflict(
                format!("{} was changed elsewhere meanwhile.", quoted(&self.row.memo)),
                "Run the command again.",
            )),
        }
    }
}

/// Where the person stopped it, and what was not called off for that.
fn stopped(sent: &BatchResult, meant: &[(usize, Meant)], cancelled: usize) -> Option<CommandError> {
    let left: Vec<&str> = meant.iter().skip(sent.begun).map(|(_, meant)| meant.row.id.as_str()).collect();
    if left.is_empty() && sent.on_their_way == 0 {
        return None;
    }
    let left = if left.is_empty() { String::new() } else { format!(" Still scheduled: {}.", left.join(", ")) };
    let hint = match sent.on_their_way {
        0 => "",
        _ => "The end of those that were on their way is not known: the next tickler here makes sure of them.",
    };
    Some(CommandError::interrupted(
        format!("Stopped: {cancelled} of {} memos were cancelled.{left}", meant.len()),
        hint,
    ))
}
