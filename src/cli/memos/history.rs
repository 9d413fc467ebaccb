//! `tickler history`: lists deliveries.

use chrono::TimeDelta;
use clap::Args;
use when::Moment;

use super::error::{CommandError, CommandErrors};
use super::output::{DeliveryOutput, delivery_state};
use super::printer::{OutputFormat, Printer};
use super::receipts::AllReceipts;
use super::session::Session;
use super::table::table;
use crate::schedule::Receipt;

/// The arguments of `tickler history`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// How many days of the delivery log to read
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    days: u16,
    /// Read the whole log
    #[arg(long, conflicts_with = "days")]
    all: bool,
    /// Print JSON: an array of deliveries
    #[arg(long)]
    pub json: bool,
}

/// Runs `tickler history`.
pub(super) async fn history(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let since = (!arguments.all).then(|| session.now() - TimeDelta::days(arguments.days.into()));
    let AllReceipts { mut receipts, queue_failure } = session.all_receipts(since).await?;
    if let Some(failure) = queue_failure {
        let CommandError { kind, message, hint, .. } = failure.into();
        printer.warn(kind, &format!("{message} Deliveries that only the dead-letter queue has are missing."), &hint);
    }
    receipts.reverse();
    let outputs = || receipts.iter().map(|receipt| DeliveryOutput::of(receipt, session.zone));
    Ok(match printer.format() {
        OutputFormat::Json => printer.print_json(&outputs().collect::<Vec<_>>()),
        OutputFormat::Tsv => printer.print(&outputs().map(|delivery| delivery.tsv() + "\n").collect::<String>()),
        OutputFormat::Terminal(columns) => printer.print(&delivery_table(&receipts, session, columns)),
    }?)
}

fn delivery_table(receipts: &[Receipt], session: &Session<'_>, columns: usize) -> String {
    if receipts.is_empty() {
        return "No deliveries in that time.\n".to_owned();
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
