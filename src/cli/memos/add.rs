//! `tickler add`: schedules one memo, or one for each line of standard input.

use clap::Args;
use when::Tz;

use super::apply::BatchResult;
use super::changes::{check_created, create, warn_without_host};
use super::error::{CommandError, CommandErrors, MEMO_HINT};
use super::output::{MemoOutput, state};
use super::parse_when::{check_size, memo_text};
use super::printer::Printer;
use super::quote::quoted;
use super::session::Session;
use super::zone_names::ZoneNames;
use crate::countdown;
use crate::memo::Memo;
use crate::schedule::Change;

/// The arguments of `tickler add`.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = "\
Examples:
  tickler add call mum fri 18:00 Paris
  tickler add \"dinner for two\" --at \"24 dec 19:30\"
  fortune | tickler add --at \"tomorrow 9:00\"
  printf 'fri 18:00\\tcall mum\\ntea in 20 min\\n' | tickler add --stdin-lines

Without a time nothing is added, and the exit code is 2. If the time has more than one meaning or is in the \
past, the exit code is 4, and the error lists each meaning.")]
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
    /// Print JSON: the memo. With --stdin-lines, an array of memos
    #[arg(long)]
    pub json: bool,
}

/// A memo with the number of its line.
type NumberedMemo = (usize, Memo);

/// Runs `tickler add`.
pub(super) async fn add(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let zone = arguments.zone.unwrap_or(session.zone);
    if arguments.stdin_lines {
        return add_lines(arguments, zone, session, printer).await;
    }
    let text = match arguments.memo.join(" ").as_str() {
        "" | "-" => read_memo(printer)?,
        words => words.to_owned(),
    };
    if let Some(at) = &arguments.at {
        session.refuse_stray_words(at, &arguments.memo, zone)?;
    }
    let memo = parse_memo(session, arguments.at.as_deref(), &text, zone)?;
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

fn read_memo(printer: &mut Printer<'_, '_>) -> Result<String, CommandError> {
    if printer.input_is_terminal() {
        return Err(CommandError::usage("There is no memo.", MEMO_HINT));
    }
    printer.read_input()
}

/// A new memo. Without `at`, the text contains its time.
fn parse_memo(session: &Session<'_>, at: Option<&str>, text: &str, zone: Tz) -> Result<Memo, CommandError> {
    let (text, due) = match at {
        Some(at) => (text.to_owned(), session.parse_when(at, session.now(), zone)?),
        None => session.split_memo(text, zone)?,
    };
    let memo = Memo { id: (session.environment.new_id)(), text: memo_text(&text)?, due };
    check_size(&memo)?;
    Ok(memo)
}

/// Adds a memo for each line. If one line has an error, adds none.
async fn add_lines(
    arguments: &Arguments,
    zone: Tz,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let text = printer.read_input()?;
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (mut memos, mut errors) = (Vec::new(), CommandErrors::new());
    for (index, line) in numbered {
        match parse_line(arguments.at.as_deref(), line, zone, session) {
            Ok(memo) => memos.push((index + 1, memo)),
            Err(error) => errors.push(error.for_line(index + 1)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let (added, failed) = create_all(&memos, session, printer).await;
    if failed.is_empty() || !added.is_empty() {
        print_added(&added, session, printer)?;
    }
    if failed.is_empty() { Ok(()) } else { Err(failed) }
}

fn parse_line(at: Option<&str>, line: &str, zone: Tz, session: &Session<'_>) -> Result<Memo, CommandError> {
    match (at, line.split_once('\t')) {
        (None, Some((at, text))) => parse_memo(session, Some(at), text, zone),
        (at, _) => parse_memo(session, at, line, zone),
    }
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
