//! `tickler list`: lists pending memos.

use clap::Args;
use when::Moment;

use super::error::{CommandError, CommandErrors};
use super::memo_table::memo_table;
use super::output::MemoOutput;
use super::printer::{OutputFormat, Printer};
use super::session::Session;
use super::watch::{LineFormat, WatchFormat, watch};
use crate::schedule::Schedule;

/// The arguments of `tickler list`.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(in crate::cli) struct Arguments {
    /// InboxSender what was read last, by any tickler on this machine, and ask nobody
    #[arg(long, conflicts_with = "watch")]
    cached: bool,
    /// Go on telling what becomes of it, until Ctrl-C; what is kept on this machine rings meanwhile
    #[arg(long)]
    watch: bool,
    /// InboxSender only what happens, a line each, instead of drawing the list anew: for screen readers and scripts
    #[arg(long, requires = "watch")]
    plain: bool,
    /// InboxSender it as JSON: an array of memos; with --watch a memo a line, whenever anything becomes of it
    #[arg(long)]
    pub json: bool,
}

/// Runs `tickler list`.
pub(super) async fn list(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    if arguments.watch {
        let format = match printer.format() {
            OutputFormat::Json => WatchFormat::Lines(LineFormat::Json),
            OutputFormat::Tsv => WatchFormat::Lines(LineFormat::Tsv),
            OutputFormat::Terminal(_) if arguments.plain => WatchFormat::Lines(LineFormat::Sentences),
            OutputFormat::Terminal(_) => WatchFormat::Screen,
        };
        return watch(format, session, printer).await;
    }
    let schedules = if arguments.cached { cached_schedules(session, printer)? } else { session.schedules().await? };
    let (context, now) = (session.scheduler.context(), session.now());
    let memos: Vec<MemoOutput> = schedules.iter().map(|schedule| MemoOutput::of(schedule, context, now)).collect();
    Ok(printer.print_memos(&memos, |columns| memo_table(&memos, session.when.hours, now, columns))?)
}

/// The schedules from the cache, with a warning of how old they are.
fn cached_schedules(session: &Session<'_>, printer: &mut Printer<'_, '_>) -> Result<Vec<Schedule>, CommandError> {
    let (schedules, read_at) = session.cached_schedules()?;
    let message = match read_at {
        Some(at) => format!("This is as of {}.", Moment::at(at, session.zone).words(session.when.hours)),
        None if schedules.is_empty() => "Nothing was read here yet.".to_owned(),
        None => "What there is was never read here: this is what was changed from here.".to_owned(),
    };
    printer.warn("cached", &message, "Without --cached it is read anew.");
    Ok(schedules)
}
