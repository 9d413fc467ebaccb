//! `tickler snooze`: a memo later than it is, or was, due.

use chrono::{DateTime, Utc};
use clap::Args;
use when::{Moment, Tz};

use super::add::{schedule, warn_without_host};
use super::edit::change;
use super::error::{CommandError, CommandErrors};
use super::lookup::{Lookup, not_found, own};
use super::output::{MemoOutput, state};
use super::session::Session;
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
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    let words = arguments.when.join(" ");
    let memo = match Lookup::new(session).pending(&arguments.id).await? {
        Some(row) => pending(session, own(row)?, &words).await?,
        None => arrived(session, &arguments.id, &words).await?,
    };
    let row = MemoOutput::of_memo(&memo, state::PENDING, session.scheduler.context());
    let sentence = format!(
        "{} comes up {}, {}.",
        quoted(&memo.text),
        memo.due.words(session.when.hours),
        countdown::text(memo.due.instant, session.now())
    );
    streams.print_row(arguments.json, &row, &sentence)?;
    Ok(warn_without_host(arguments.json, session, streams)?)
}

async fn pending(session: &Session<'_>, before: Memo, words: &str) -> Result<Memo, CommandError> {
    let due = later(session, words, before.due.instant, before.due.zone)?;
    let after = Memo { due, ..before.clone() };
    change(session, before, &after).await?;
    Ok(after)
}

/// What was delivered comes up again under its own identity, and has been dealt with.
async fn arrived(session: &Session<'_>, id: &str, words: &str) -> Result<Memo, CommandError> {
    let receipt = session.latest_receipt(id).await?;
    let Some((receipt, own)) = receipt.and_then(|receipt| receipt.id.map(|id| (receipt, id))) else {
        return Err(not_found(id));
    };
    let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(session.zone);
    let due = later(session, words, session.now(), zone)?;
    let memo = Memo { id: own, text: receipt.text.clone(), due };
    schedule(session, &memo).await?;
    session.mark_done(&receipt)?;
    Ok(memo)
}

/// The moment that words name, seen from `from`, and never from before now.
fn later(session: &Session<'_>, words: &str, from: DateTime<Utc>, zone: Tz) -> Result<Moment, CommandError> {
    session.parse_when(without_preposition(words), from.max(session.now()), zone)
}

/// `for 10 min`, `by an hour`, `until tomorrow 9:00`: to put something off it is all the same.
fn without_preposition(words: &str) -> &str {
    match words.trim_start().split_once(' ') {
        Some((first, rest)) if ["for", "by", "until", "till"].contains(&first.to_lowercase().as_str()) => rest,
        _ => words,
    }
}
