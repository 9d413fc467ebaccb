//! `tickler snooze`: a memo later than it is, or was, due.

use chrono::{DateTime, Utc};
use clap::Args;
use when::{Moment, Tz};

use super::add::{schedule, warn_where_nothing_rings};
use super::complaint::{Complaint, Complaints};
use super::desk::Desk;
use super::edit::change;
use super::lookup::{Lookup, no_such, own};
use super::shape::{Row, state};
use super::streams::{Streams, quoted};
use crate::countdown;
use crate::memo::Memo;

/// What `tickler snooze` takes.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = "\
Examples:
  tickler snooze 3f2a
  tickler snooze 3f2a 1 h
  tickler snooze 3f2a this evening
  tickler snooze 3f2a tomorrow 9:00

A distance counts from the time of a pending memo, and from now for one that has arrived.")]
pub(in crate::cli) struct Arguments {
    /// The id of the memo, or as much of its beginning as tells it from the others
    id: String,
    /// By how long, or until when
    #[arg(value_name = "WHEN", default_value = "10 min")]
    when: Vec<String>,
    /// Tell it as JSON: the memo as it is now
    #[arg(long)]
    pub json: bool,
}

/// Does it.
pub(super) async fn snooze(
    arguments: &Arguments,
    desk: &Desk<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), Complaints> {
    let words = arguments.when.join(" ");
    let memo = match Lookup::at(desk).pending(&arguments.id).await? {
        Some(row) => pending(desk, own(row)?, &words).await?,
        None => arrived(desk, &arguments.id, &words).await?,
    };
    let row = Row::of_memo(&memo, state::PENDING, desk.scheduler.context());
    let sentence = format!(
        "{} comes up {}, {}.",
        quoted(&memo.text),
        memo.due.words(desk.when.hours),
        countdown::text(memo.due.instant, desk.now())
    );
    streams.print_row(arguments.json, &row, &sentence)?;
    Ok(warn_where_nothing_rings(arguments.json, desk, streams)?)
}

async fn pending(desk: &Desk<'_>, before: Memo, words: &str) -> Result<Memo, Complaint> {
    let due = later(desk, words, before.due.instant, before.due.zone)?;
    let after = Memo { due, ..before.clone() };
    change(desk, before, &after).await?;
    Ok(after)
}

/// What was delivered comes up again under its own identity, and has been dealt with.
async fn arrived(desk: &Desk<'_>, id: &str, words: &str) -> Result<Memo, Complaint> {
    let receipt = desk.outcome(id).await?;
    let Some((receipt, own)) = receipt.and_then(|receipt| receipt.id.map(|id| (receipt, id))) else {
        return Err(no_such(id));
    };
    let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(desk.zone);
    let due = later(desk, words, desk.now(), zone)?;
    let memo = Memo { id: own, text: receipt.text.clone(), due };
    schedule(desk, &memo).await?;
    desk.put_away(&receipt)?;
    Ok(memo)
}

/// The moment that words name, seen from `from`, and never from before now.
fn later(desk: &Desk<'_>, words: &str, from: DateTime<Utc>, zone: Tz) -> Result<Moment, Complaint> {
    desk.moment(without_preposition(words), from.max(desk.now()), zone)
}

/// `for 10 min`, `by an hour`, `until tomorrow 9:00`: to put something off it is all the same.
fn without_preposition(words: &str) -> &str {
    match words.trim_start().split_once(' ') {
        Some((first, rest)) if ["for", "by", "until", "till"].contains(&first.to_lowercase().as_str()) => rest,
        _ => words,
    }
}
