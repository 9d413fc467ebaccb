//! `tickler history`: what was delivered, and what was not.

use chrono::TimeDelta;
use clap::Args;
use when::Moment;

use super::error::{CommandError, CommandErrors};
use super::output::{DeliveryOutput, delivery_state};
use super::receipts::AllReceipts;
use super::session::Session;
use super::streams::{OutputFormat, Streams, table};
use crate::schedule::Receipt;

/// What `tickler history` takes.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// How far back the log is read
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    days: u16,
    /// Read all of the log
    #[arg(long, conflicts_with = "days")]
    all: bool,
    /// Tell it as JSON: an array of deliveries
    #[arg(long)]
    pub json: bool,
}

/// Does it.
pub(super) async fn history(
    arguments: &Arguments,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    let since = (!arguments.all).then(|| session.now() - TimeDelta::days(arguments.days.into()));
    let AllReceipts { mut receipts, unread } = session.all_receipts(since).await?;
    if let Some(failure) = unread {
        let CommandError { kind, message, hint, .. } = failure.into();
        streams.warn(arguments.json, kind, &format!("{message} What only it knows of is left out."), &hint);
    }
    receipts.reverse();
    let told = || receipts.iter().map(|receipt| DeliveryOutput::of(receipt, session.zone));
    Ok(match streams.form(arguments.json) {
        OutputFormat::Json => streams.print_json(&told().collect::<Vec<_>>()),
        OutputFormat::Tsv => streams.print(&told().map(|one| one.tsv() + "\n").collect::<String>()),
        OutputFormat::Terminal(columns) => streams.print(&screen(&receipts, session, columns)),
    }?)
}

fn screen(receipts: &[Receipt], session: &Session<'_>, columns: usize) -> String {
    if receipts.is_empty() {
        return "Nothing was delivered in that time.\n".to_owned();
    }
    let row = |receipt: &Receipt| {
        let state = if receipt.by_hand { "by hand" } else { delivery_state(receipt) };
        let error = receipt.error().map(|error| format!(" ({error})")).unwrap_or_default();
        vec![
            Moment::at(receipt.at, session.zone).words(session.when.hours),
            state.to_owned(),
            format!("{}{error}", receipt.text),
        ]
    };
    table(&["AT", "STATE", "MEMO"], &receipts.iter().map(row).collect::<Vec<_>>(), columns)
}
