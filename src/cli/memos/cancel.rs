//! `tickler cancel`: memos that are not to come up.

use std::collections::{BTreeMap, HashSet};

use clap::Args;

use super::complaint::{Complaint, Complaints};
use super::desk::{Desk, Sent};
use super::lookup::{Lookup, no_such};
use super::shape::{Row, state};
use super::streams::{Form, Streams, quoted};
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
    desk: &Desk<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), Complaints> {
    let (ids, mut names) = (&arguments.ids, HashSet::new());
    let (mut meant, mut complaints) = (Vec::new(), BTreeMap::new());
    // Of several it has to be told which one it was, unless that is told already.
    let told = |failed: Complaint, id: &str| match ids.len() {
        2.. if !failed.message.contains(id) => failed.of_id(id),
        _ => failed,
    };
    for (at, (id, found)) in ids.iter().zip(Lookup::at(desk).all(ids).await).enumerate() {
        match found.map_err(|failed| told(failed, id)).and_then(|found| found.ok_or_else(|| no_such(id))) {
            // One that is named twice is called off once.
            Ok(scheduled) if !names.insert(Name::clone(&scheduled.name)) => {}
            Ok(scheduled) => meant.push((at, Meant::new(scheduled, desk))),
            Err(complaint) => drop(complaints.insert(at, complaint)),
        }
    }
    let writes: Vec<Change> = meant.iter().map(|(_, meant)| meant.write.clone()).collect();
    let mut cancelled = BTreeMap::new();
    let sent = desk.write_all(&writes, |number, written| {
        let Some((at, meant)) = meant.get(number) else { return };
        let written = written.map_err(|failed| told(failed, &meant.row.id));
        match written.and_then(|written| meant.cancelled(&written)) {
            Ok(row) => drop(cancelled.insert(*at, row)),
            Err(complaint) => drop(complaints.insert(*at, complaint)),
        }
        if writes.len() > 1 {
            streams.progress(&format!("{} of {} cancelled", cancelled.len(), writes.len()));
        }
    });
    let sent = sent.await;
    streams.progress("");
    let stopped = match &sent {
        Ok(sent) => stopped(sent, &meant, cancelled.len()),
        Err(complaint) => Some(complaint.clone()),
    };
    let cancelled: Vec<Row> = cancelled.into_values().collect();
    match streams.form(arguments.json) {
        Form::Json => streams.print_json(&cancelled)?,
        Form::Lines => streams.print(&cancelled.iter().map(|row| row.tsv() + "\n").collect::<String>())?,
        Form::Screen(_) => {
            let told = |row: &Row| format!("Cancelled {}, due {}.\n", quoted(&row.memo), row.words(desk.when.hours));
            streams.print(&cancelled.iter().map(told).collect::<String>())?;
        }
    }
    let complaints: Complaints = stopped.into_iter().chain(complaints.into_values()).collect();
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

/// What is to be called off.
struct Meant {
    write: Change,
    row: Row,
}

impl Meant {
    fn new(scheduled: Schedule, desk: &Desk<'_>) -> Self {
        let row = Row { state: state::CANCELLED, ..Row::of(&scheduled, desk.scheduler.context(), desk.now()) };
        let write = match scheduled.body {
            Body::Memo(memo) => Change::Cancel(memo),
            Body::Foreign(_) => Change::CancelForeign(scheduled.name),
        };
        Self { write, row }
    }

    fn cancelled(&self, written: &ChangeOutcome) -> Result<Row, Complaint> {
        match written {
            ChangeOutcome::Cancelled | ChangeOutcome::Saved(_) => Ok(self.row.clone()),
            ChangeOutcome::AlreadyGone => Err(Complaint::not_found(
                format!("{} is gone already: it was delivered, or cancelled elsewhere.", quoted(&self.row.memo)),
                "`tickler history` tells which.",
            )),
            ChangeOutcome::Differs(_) => Err(Complaint::conflict(
                format!("{} was changed elsewhere meanwhile.", quoted(&self.row.memo)),
                "Run the command again.",
            )),
        }
    }
}

/// Where the person stopped it, and what was not called off for that.
fn stopped(sent: &Sent, meant: &[(usize, Meant)], cancelled: usize) -> Option<Complaint> {
    let left: Vec<&str> = meant.iter().skip(sent.begun).map(|(_, meant)| meant.row.id.as_str()).collect();
    if left.is_empty() && sent.on_their_way == 0 {
        return None;
    }
    let left = if left.is_empty() { String::new() } else { format!(" Still scheduled: {}.", left.join(", ")) };
    let hint = match sent.on_their_way {
        0 => "",
        _ => "The end of those that were on their way is not known: the next tickler here makes sure of them.",
    };
    Some(Complaint::interrupted(format!("Stopped: {cancelled} of {} memos were cancelled.{left}", meant.len()), hint))
}
