//! `tickler add`: schedules one memo, or one for each line of standard input.

use clap::Args;
use when::Tz;

use super::apply::BatchResult;
use super::changes::{check_created, create, warn_without_host};
use super::dry_run;
use super::error::{CommandError, CommandErrors};
use super::new_memos::{NewMemos, NumberedMemo};
use super::output::{MemoOutput, state};
use super::parse_when::TimeReader;
use super::printer::Printer;
use super::quote::quoted;
use super::session::{CommandSettings, Session};
use super::zone_names::ZoneNames;
use crate::config::Flags;
use crate::countdown;
use crate::memo::{Memo, MemoId};
use crate::schedule::Change;

/// The arguments of `tickler add`.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = "\
Examples:
  tickler add call mum fri 18:00 Paris
  tickler add \"dinner for two\" --at \"24 dec 19:30\"
  fortune | tickler add --at \"tomorrow 9:00\"
  printf 'fri 18:00\\tcall mum\\ntea in 20 min\\n' | tickler add --stdin-lines
  tickler add --dry-run call mum fri 18:00

Without a time nothing is added, and the exit code is 2. If the time is a guess or has more than one meaning, a \
terminal asks. Elsewhere, and if the time is in the past, the exit code is 4, and the error has a command for each \
meaning.")]
pub(in crate::cli) struct Arguments {
    /// The text, with the time before or after it unless you use --at. Without MEMO, or if it is -, standard input
    /// is read
    #[arg(value_name = "MEMO", conflicts_with = "stdin_lines")]
    memo: Vec<String>,
    /// The time: a date, a time and a zone, as in "fri 18:00 Paris", or a duration, as in "20 min"
    #[arg(long, short = 'a', value_name = "WHEN")]
    at: Option<String>,
    /// The time zone, if the time does not name one
    #[arg(long, value_name = "ZONE", value_parser = ZoneNames, hide_possible_values = true)]
    zone: Option<Tz>,
    /// Add a memo for each line of standard input: a MEMO, or WHEN, a tab and the text
    #[arg(long)]
    stdin_lines: bool,
    /// Print what would be scheduled, and schedule nothing. Opens no store, and sends nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON: the memo. With --stdin-lines, an array of memos
    #[arg(long)]
    pub json: bool,
}

/// Runs `tickler add`.
pub(super) async fn add(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let typed = arguments.typed(session.times(), session.flags, &session.environment.new_id);
    if arguments.stdin_lines {
        let memos = typed.lines(printer)?;
        return add_all(&memos, session, printer).await;
    }
    let memo = typed.one(printer)?;
    create(session, &memo).await?;
    let output = MemoOutput::of_memo(&memo, state::PENDING, session.scheduler.context());
    let sentence = format!(
        "Scheduled {} for {}, {}. Its id is {}.",
        quoted(&memo.text),
        memo.due.words(session.when.hours),
        countdown::text(memo.due.instant, session.now()),
        output.id
    );
    printer.print_memo(&output, &sentence)?;
    Ok(warn_without_host(session, printer)?)
}

/// Runs `tickler add --dry-run`.
pub(super) fn dry_run(
    arguments: &Arguments,
    settings: &CommandSettings<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let times = settings.times();
    let typed = arguments.typed(times, settings.flags, &settings.environment.new_id);
    if arguments.stdin_lines {
        let memos = typed.lines(printer)?;
        let memos: Vec<&Memo> = memos.iter().map(|(_, memo)| memo).collect();
        return Ok(dry_run::print_all(&memos, times.hours(), times.now(), printer)?);
    }
    let memo = typed.one(printer)?;
    Ok(dry_run::print_one(&memo, times.hours(), times.now(), printer)?)
}

impl Arguments {
    fn typed<'a>(&'a self, times: TimeReader<'a>, flags: &'a Flags, new_id: &'a dyn Fn() -> MemoId) -> NewMemos<'a> {
        NewMemos {
            words: &self.memo,
            at: self.at.as_deref(),
            zone: self.zone.unwrap_or(times.zone),
            times,
            new_id,
            flags,
            is_dry_run: self.dry_run,
            json: self.json,
        }
    }
}

/// Schedules memos, and prints what became of them.
async fn add_all(
    memos: &[NumberedMemo],
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let (added, failed) = create_all(memos, session, printer).await;
    if failed.is_empty() || !added.is_empty() {
        print_added(&added, session, printer)?;
    }
    if failed.is_empty() { Ok(()) } else { Err(failed) }
}

/// Schedules memos, several at once. Returns the scheduled ones and the errors, both in the order of their lines.
async fn create_all<'m>(
    memos: &'m [NumberedMemo],
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> (Vec<&'m Memo>, CommandErrors) {
    let changes: Vec<Change> = memos.iter().map(|(_, memo)| Change::Create(memo.clone())).collect();
    let (mut added, mut failed) = (Vec::new(), Vec::new());
    let batch = session.apply_all(&changes, |index, outcome| {
        let Some((line, memo)) = memos.get(index) else { return };
        match outcome.and_then(|outcome| check_created(memo, &outcome)) {
            Ok(()) => added.push((*line, memo)),
            Err(error) => failed.push((*line, error.for_line(*line))),
        }
        printer.progress(&format!("{} of {} scheduled", added.len(), memos.len()));
    });
    let stopped = match batch.await {
        Ok(batch) => stopped(&batch, memos, added.len()),
        Err(error) => Some(error),
    };
    printer.progress("");
    added.sort_by_key(|(line, _)| *line);
    failed.sort_by_key(|(line, _)| *line);
    let failed = stopped.into_iter().chain(failed.into_iter().map(|(_, error)| error));
    (added.into_iter().map(|(_, memo)| memo).collect(), failed.collect())
}

/// The error of a batch that the person stopped.
fn stopped(batch: &BatchResult, memos: &[NumberedMemo], added: usize) -> Option<CommandError> {
    let rest = memos.get(batch.sent).map(|(line, _)| format!(" No memo was added from line {line} on."));
    if rest.is_none() && batch.in_doubt == 0 {
        return None;
    }
    let message = format!("Stopped after adding {added} of {} memos.{}", memos.len(), rest.unwrap_or_default());
    Some(CommandError::interrupted(message, batch.hint()))
}

fn print_added(added: &[&Memo], session: &Session<'_>, printer: &mut Printer<'_, '_>) -> Result<(), CommandError> {
    let context = session.scheduler.context();
    let outputs: Vec<MemoOutput> =
        added.iter().map(|memo| MemoOutput::of_memo(memo, state::PENDING, context)).collect();
    printer.print_memos(&outputs, |_| match added.len() {
        1 => "Scheduled 1 memo.\n".to_owned(),
        count => format!("Scheduled {count} memos.\n"),
    })?;
    if added.is_empty() { Ok(()) } else { warn_without_host(session, printer) }
}
