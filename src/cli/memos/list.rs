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
    /// List what tickler read last on this machine, without a request
    #[arg(long, conflicts_with = "watch")]
    cached: bool,
    /// Keep running and show what happens, until Ctrl-C. Memos on this machine ring meanwhile
    #[arg(long)]
    watch: bool,
    /// With --watch, print a line for each event instead of redrawing: for screen readers and scripts
    #[arg(long, requires = "watch")]
    plain: bool,
    /// Print JSON: an array of memos. With --watch, a memo on a line for each event
    #[arg(long)]
    pub json: bool,
}

impl Arguments {
    /// Whether it draws on a terminal, instead of printing lines.
    pub fn draws(&self) -> bool {
        self.watch && !self.plain && !self.json
    }
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
        Some(at) => format!("This list is from {}.", Moment::at(at, session.zone).words(session.when.hours)),
        None if schedules.is_empty() => "tickler has not read this context yet.".to_owned(),
        None => "tickler has not read this context yet. This list has only the changes from this machine.".to_owned(),
    };
    printer.warn("cached", &message, "Leave out --cached to read it now.");
    Ok(schedules)
}
