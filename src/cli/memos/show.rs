//! `tickler show`: shows one memo in full.

use clap::Args;
use when::Moment;

use super::error::{CommandError, CommandErrors};
use super::labelled::labelled;
use super::lookup::{Lookup, not_found};
use super::output::{DeliveryOutput, MemoOutput};
use super::printer::{OutputFormat, Printer};
use super::session::Session;
use crate::countdown;
use crate::schedule::{Detail, Receipt, Schedule};

/// The arguments of `tickler show`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// The id of the memo, or the start of it if that is unique
    id: String,
    /// Print JSON: the memo, or its delivery if it is no longer pending
    #[arg(long)]
    pub json: bool,
}

/// Runs `tickler show`.
pub(super) async fn show(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    Ok(match Lookup::new(session).find(&arguments.id).await? {
        Some(schedule) => show_pending(&schedule, session, printer).await,
        None => match session.latest_receipt(&arguments.id).await? {
            Some(receipt) => show_delivery(&receipt, session, printer),
            None => Err(not_found(&arguments.id)),
        },
    }?)
}

async fn show_pending(
    schedule: &Schedule,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandError> {
    let (now, context) = (session.now(), session.scheduler.context());
    let memo = MemoOutput::of(schedule, context, now);
    let OutputFormat::Terminal(_) = printer.format() else { return printer.print_memo(&memo, "") };
    let mut lines = vec![("Memo", memo.memo.clone()), ("Due", memo.due_text(session.when.hours))];
    lines.extend(memo.instant().map(|due| ("", countdown::text(due, now))));
    lines.extend(memo.zone.clone().map(|zone| ("Zone", zone)));
    lines.push(("State", memo.state.to_owned()));
    lines.push(("Id", memo.id.clone()));
    let words = |value| match value {
        Detail::Text(text) => text,
        Detail::Time(at) => Moment::at(at, session.zone).words(session.when.hours),
    };
    let details = session.scheduler.details(&schedule.name).await?.unwrap_or_default();
    let mut text = labelled(lines.iter().map(|(label, value)| (*label, value.as_str())));
    text.push('\n');
    let details: Vec<(String, String)> = details.0.into_iter().map(|(label, value)| (label, words(value))).collect();
    text.push_str(&labelled(details.iter().map(|(label, value)| (label.as_str(), value.as_str()))));
    printer.print(&text)
}

fn show_delivery(receipt: &Receipt, session: &Session<'_>, printer: &mut Printer<'_, '_>) -> Result<(), CommandError> {
    let delivery = DeliveryOutput::of(receipt, session.zone);
    match printer.format() {
        OutputFormat::Json => printer.print_json(&delivery),
        OutputFormat::Tsv => printer.print(&format!("{}\n", delivery.tsv())),
        OutputFormat::Terminal(_) => {
            let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(session.zone);
            let words = |at| Moment::at(at, zone).words(session.when.hours);
            let due = receipt.scheduled.map(words).unwrap_or_default();
            let lines = [
                ("Memo", delivery.memo.as_str()),
                ("State", delivery.state),
                ("At", &words(receipt.at)),
                ("Error", delivery.error.as_deref().unwrap_or_default()),
                ("Due", &due),
                ("Id", delivery.id.as_deref().unwrap_or_default()),
            ];
            printer.print(&labelled(lines.into_iter().filter(|(_, value)| !value.is_empty())))
        }
    }
}
