//! `tickler snooze`: schedules a memo for a later time.

use chrono::{DateTime, Utc};
use clap::Args;
use when::{Moment, Tz};

use super::ask::decide;
use super::changes::{create, update, warn_without_host};
use super::command_line::{CommandLine, spelling};
use super::error::{CommandError, CommandErrors};
use super::lookup::{Lookup, into_memo, not_found};
use super::output::{MemoOutput, state};
use super::printer::Printer;
use super::quote::quoted;
use super::session::Session;
use crate::countdown;
use crate::memo::Memo;

/// The arguments of `tickler snooze`.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = "\
Examples:
  tickler snooze 3f2a
  tickler snooze 3f2a 1 h
  tickler snooze 3f2a this evening
  tickler snooze 3f2a tomorrow 9:00

A duration such as 1 h counts from the time of a pending memo, and from now for one that has arrived.")]
pub(in crate::cli) struct Arguments {
    /// The id of the memo, or the start of it if that is unique
    id: String,
    /// How much later, or until when
    #[arg(value_name = "WHEN", default_value = "10 min")]
    when: Vec<String>,
    /// Print JSON: the snoozed memo
    #[arg(long)]
    pub json: bool,
}

/// Runs `tickler snooze`.
pub(super) async fn snooze(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let memo = match Lookup::new(session).find(&arguments.id).await? {
        Some(schedule) => snooze_pending(arguments, into_memo(schedule)?, session, printer).await?,
        None => snooze_arrived(arguments, session, printer).await?,
    };
    let output = MemoOutput::of_memo(&memo, state::PENDING, session.scheduler.context());
    let sentence = format!(
        "Snoozed {} until {}, {}.",
        quoted(&memo.text),
        memo.due.words(session.when.hours),
        countdown::text(memo.due.instant, session.now())
    );
    printer.print_memo(&output, &sentence)?;
    Ok(warn_without_host(session, printer)?)
}

async fn snooze_pending(
    arguments: &Arguments,
    before: Memo,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<Memo, CommandError> {
    let due = later(arguments, before.due.instant, before.due.zone, session, printer)?;
    let after = Memo { due, ..before.clone() };
    update(session, before, &after).await?;
    Ok(after)
}

/// Schedules an arrived memo again under its own id, and marks the delivery as done.
async fn snooze_arrived(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<Memo, CommandError> {
    let receipt = session.latest_receipt(&arguments.id).await?;
    let Some((receipt, id)) = receipt.and_then(|receipt| receipt.id.map(|id| (receipt, id))) else {
        return Err(not_found(&arguments.id));
    };
    let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(session.zone);
    let due = later(arguments, session.now(), zone, session, printer)?;
    let memo = Memo { id, text: receipt.text.clone(), due };
    create(session, &memo).await?;
    session.mark_done(&receipt)?;
    Ok(memo)
}

/// The moment that the words mean, counted from `from` or from now, whichever is later.
fn later(
    arguments: &Arguments,
    from: DateTime<Utc>,
    zone: Tz,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<Moment, CommandError> {
    let (times, words) = (session.times(), arguments.when.join(" "));
    let meaning = times.read(without_preposition(&words), from.max(session.now()), zone)?;
    decide(meaning, &times, printer.asker(), |moment| {
        let line = CommandLine::new("snooze", session.flags).flag("--json", arguments.json);
        line.argument(&arguments.id).argument(&spelling(moment))
    })
}

/// Drops the first word of `for 10 min`, `by an hour` and `until tomorrow 9:00`, which `when` does not read.
fn without_preposition(words: &str) -> &str {
    match words.trim_start().split_once(' ') {
        Some((first, rest)) if ["for", "by", "until", "till"].contains(&first.to_lowercase().as_str()) => rest,
        _ => words,
    }
}
