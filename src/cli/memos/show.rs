//! `tickler show`: all of one memo.

use clap::Args;
use when::Moment;

use super::error::{CommandError, CommandErrors};
use super::lookup::{Lookup, not_found};
use super::output::{DeliveryOutput, MemoOutput};
use super::session::Session;
use super::streams::{OutputFormat, Streams};
use crate::countdown;
use crate::schedule::{Receipt, Schedule};
use crate::ui::text::harmless;

/// What `tickler show` takes.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// The id of the memo, or as much of its beginning as tells it from the others
    id: String,
    /// Tell it as JSON: the memo; for one that is not pending any more, its delivery
    #[arg(long)]
    pub json: bool,
}

/// Does it.
pub(super) async fn show(
    arguments: &Arguments,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    Ok(match Lookup::new(session).pending(&arguments.id).await? {
        Some(scheduled) => pending(arguments, &scheduled, session, streams).await,
        None => match session.latest_receipt(&arguments.id).await? {
            Some(receipt) => delivered(arguments, &receipt, session, streams),
            None => Err(not_found(&arguments.id)),
        },
    }?)
}

async fn pending(
    arguments: &Arguments,
    scheduled: &Schedule,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandError> {
    let (now, place) = (session.now(), session.scheduler.context());
    let row = MemoOutput::of(scheduled, place, now);
    let OutputFormat::Terminal(_) = streams.form(arguments.json) else {
        return streams.print_row(arguments.json, &row, "");
    };
    let mut lines = vec![("Memo", row.memo.clone()), ("Due", row.words(session.when.hours))];
    lines.extend(row.instant().map(|due| ("", countdown::text(due, now))));
    lines.extend(row.zone.clone().map(|zone| ("Zone", zone)));
    lines.push(("State", row.state.to_owned()));
    lines.push(("Id", row.id.clone()));
    let details = session.scheduler.details(&scheduled.name).await?.unwrap_or_default();
    let mut text = labelled(lines.iter().map(|(label, value)| (*label, value.as_str())));
    text.push('\n');
    text.push_str(&labelled(details.0.iter().map(|(label, value)| (label.as_str(), value.as_str()))));
    streams.print(&text)
}

fn delivered(
    arguments: &Arguments,
    receipt: &Receipt,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandError> {
    let told = DeliveryOutput::of(receipt, session.zone);
    match streams.form(arguments.json) {
        OutputFormat::Json => streams.print_json(&told),
        OutputFormat::Tsv => streams.print(&format!("{}\n", told.tsv())),
        OutputFormat::Terminal(_) => {
            let zone = receipt.zone.as_deref().and_then(when::zones::parse).unwrap_or(session.zone);
            let words = |at| Moment::at(at, zone).words(session.when.hours);
            let due = receipt.scheduled.map(words).unwrap_or_default();
            let lines = [
                ("Memo", told.memo.as_str()),
                ("State", told.state),
                ("At", &words(receipt.at)),
                ("Error", told.error.as_deref().unwrap_or_default()),
                ("Due", &due),
                ("Id", told.id.as_deref().unwrap_or_default()),
            ];
            streams.print(&labelled(lines.into_iter().filter(|(_, value)| !value.is_empty())))
        }
    }
}

/// Values beside their labels; the further lines of a value stand under its first.
fn labelled<'a>(lines: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let lines: Vec<_> = lines.collect();
    let widest = lines.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for (label, value) in lines {
        for (index, line) in value.lines().enumerate() {
            let label = if index == 0 { label } else { "" };
            text.push_str(format!("{label:widest$}  {}", harmless(line)).trim_end());
            text.push('\n');
        }
    }
    text
}
