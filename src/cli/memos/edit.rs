//! `tickler edit`: another text, or another time, for a memo that is pending.

use clap::Args;
use when::Tz;

use super::add::warn_where_nothing_rings;
use super::complaint::{Complaint, Complaints};
use super::desk::Desk;
use super::lookup::{Lookup, no_such};
use super::reading::{self, fits};
use super::shape::{Row, state};
use super::streams::{Streams, quoted};
use super::zone_names::ZoneNames;
use crate::countdown;
use crate::memo::Memo;
use crate::schedule::{Change, ChangeOutcome};

/// What `tickler edit` takes.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// The id of the memo, or as much of its beginning as tells it from the others
    id: String,
    /// What to be reminded of instead
    #[arg(long, short = 'm', value_name = "MEMO")]
    memo: Option<String>,
    /// When instead; the zone that is meant where none is named is the memo's own
    #[arg(long, short = 'a', value_name = "WHEN")]
    at: Option<String>,
    /// The zone that is meant where WHEN names none
    #[arg(long, value_name = "ZONE", value_parser = ZoneNames, hide_possible_values = true, requires = "at")]
    zone: Option<Tz>,
    /// Tell it as JSON: the memo as it is now
    #[arg(long)]
    pub json: bool,
}

/// Does it.
pub(super) async fn edit(arguments: &Arguments, desk: &Desk<'_>, streams: &mut Streams<'_>) -> Result<(), Complaints> {
    if arguments.memo.is_none() && arguments.at.is_none() {
        return Err(Complaint::usage("Nothing is to be changed.", "Say --memo, --at, or both.").into());
    }
    let before = Lookup::at(desk).memo(&arguments.id).await?;
    let now = desk.now();
    let due = match &arguments.at {
        Some(at) => desk.moment(at, now, arguments.zone.unwrap_or(before.due.zone))?,
        None if before.due.instant > now => before.due,
        None => {
            let message =
                format!("{} was due {}, which has passed.", quoted(&before.text), before.due.words(desk.when.hours));
            return Err(Complaint::refused("past", message, "Say --at, too.").into());
        }
    };
    let text = match &arguments.memo {
        Some(memo) => reading::text(memo)?,
        None => before.text.clone(),
    };
    let after = Memo { id: before.id, text, due };
    fits(&after)?;
    change(desk, before, &after).await?;
    let row = Row::of_memo(&after, state::PENDING, desk.scheduler.context());
    let sentence = format!(
        "Changed: {} is due {}, {}.",
        quoted(&after.text),
        due.words(desk.when.hours),
        countdown::text(due.instant, now)
    );
    streams.print_row(arguments.json, &row, &sentence)?;
    Ok(warn_where_nothing_rings(arguments.json, desk, streams)?)
}

/// Puts `after` in the place of `before`.
pub(super) async fn change(desk: &Desk<'_>, before: Memo, after: &Memo) -> Result<(), Complaint> {
    match desk.write(&Change::Update { before, after: after.clone() }).await? {
        ChangeOutcome::Saved(_) => Ok(()),
        ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone => Err(no_such(&after.id.to_string())),
        ChangeOutcome::Differs(there) => {
            let theirs =
                there.memo().map(|memo| format!(": {}, {}", quoted(&memo.text), memo.due.words(desk.when.hours)));
            let message = format!("It was changed elsewhere meanwhile{}.", theirs.unwrap_or_default());
            Err(Complaint::conflict(message, "Nothing was overwritten. Look at it, and run the command again."))
        }
    }
}
