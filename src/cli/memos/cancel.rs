//! `tickler cancel`: memos that are not to come up.

use clap::Args;

use super::complaint::{Complaint, Complaints};
use super::desk::Desk;
use super::lookup::{Lookup, no_such};
use super::shape::{Row, state};
use super::streams::{Form, Streams, quoted};
use crate::schedule::{Body, Write, Written};

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

/// Does it. One that cannot be called off keeps no other one.
pub(super) async fn cancel(
    arguments: &Arguments,
    desk: &Desk<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), Complaints> {
    let mut lookup = Lookup::at(desk);
    let (mut cancelled, mut complaints) = (Vec::new(), Complaints::new());
    for id in &arguments.ids {
        match one(id, &mut lookup, desk).await {
            Ok(row) => cancelled.push(row),
            Err(complaint) => complaints.push(complaint),
        }
    }
    match streams.form(arguments.json) {
        Form::Json => streams.print_json(&cancelled)?,
        Form::Lines => streams.print(&cancelled.iter().map(|row| row.tsv() + "\n").collect::<String>())?,
        Form::Screen(_) => {
            let told = |row: &Row| format!("Cancelled {}, due {}.\n", quoted(&row.memo), row.words(desk.when.hours));
            streams.print(&cancelled.iter().map(told).collect::<String>())?;
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

async fn one(id: &str, lookup: &mut Lookup<'_>, desk: &Desk<'_>) -> Result<Row, Complaint> {
    let scheduled = lookup.pending(id).await?.ok_or_else(|| no_such(id))?;
    let row = Row { state: state::CANCELLED, ..Row::of(&scheduled, desk.scheduler.place(), desk.now()) };
    let write = match scheduled.body {
        Body::Memo(memo) => Write::Cancel(memo),
        Body::Foreign(_) => Write::CancelForeign(scheduled.name),
    };
    match desk.write(&write).await? {
        Written::Cancelled | Written::Saved(_) => Ok(row),
        Written::WasGone => Err(Complaint::not_found(
            format!("{} is gone already: it was delivered, or cancelled elsewhere.", quoted(&row.memo)),
            "`tickler history` tells which.",
        )),
        Written::Differs(_) => {
            Err(Complaint::conflict("It was changed elsewhere meanwhile.", "Run the command again."))
        }
    }
}
