//! `tickler add`: a memo, or one for each line that is read.

use clap::Args;
use when::Tz;

use super::error::{CommandError, CommandErrors, MEMO_HINT};
use super::output::{MemoOutput, state};
use super::parse_when::{self, check_size};
use super::session::{BatchResult, Session};
use super::streams::{OutputFormat, Streams, quoted};
use super::zone_names::ZoneNames;
use crate::countdown;
use crate::memo::Memo;
use crate::schedule::{Change, ChangeOutcome};

/// What `tickler add` takes.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = "\
Examples:
  tickler add call mum fri 18:00 Paris
  tickler add \"dinner for two\" --at \"24 dec 19:30\"
  fortune | tickler add --at \"tomorrow 9:00\"
  printf 'fri 18:00\\tcall mum\\ntea in 20 min\\n' | tickler add --stdin-lines

Where no time is found nothing is added: exit code 2. A time that can be read in more than one way, or is \
past, is refused with exit code 4, and each way of it named.")]
pub(in crate::cli) struct Arguments {
    /// What to be reminded of and, without --at, when, before or behind it; without MEMO, or with -, standard input
    #[arg(value_name = "MEMO", conflicts_with = "stdin_lines")]
    memo: Vec<String>,
    /// When: a date, a time and a zone, as in fri 18:00 Paris, or a distance from now, as in 20 min
    #[arg(long, short = 'a', value_name = "WHEN")]
    at: Option<String>,
    /// The zone that is meant where WHEN names none
    #[arg(long, value_name = "ZONE", value_parser = ZoneNames, hide_possible_values = true)]
    zone: Option<Tz>,
    /// Add a memo for each line of standard input: as MEMO, or as WHEN, a tab, and the memo alone
    #[arg(long)]
    stdin_lines: bool,
    /// Tell it as JSON: the memo; with --stdin-lines an array of them
    #[arg(long)]
    pub json: bool,
}

/// Does it.
pub(super) async fn add(
    arguments: &Arguments,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    let zone = arguments.zone.unwrap_or(session.zone);
    if arguments.stdin_lines {
        return lines(arguments, zone, session, streams).await;
    }
    let text = match arguments.memo.join(" ").as_str() {
        "" | "-" => from_input(streams)?,
        words => words.to_owned(),
    };
    if let Some(at) = &arguments.at {
        session.refuse_stray_words(at, &arguments.memo, zone)?;
    }
    let memo = memo(session, arguments.at.as_deref(), &text, zone)?;
    schedule(session, &memo).await?;
    let row = MemoOutput::of_memo(&memo, state::PENDING, session.scheduler.context());
    let sentence = format!(
        "Scheduled {} for {}, {}. It is {}.",
        quoted(&memo.text),
        memo.due.words(session.when.hours),
        countdown::text(memo.due.instant, session.now()),
        row.id
    );
    streams.print_row(arguments.json, &row, &sentence)?;
    Ok(warn_without_host(arguments.json, session, streams)?)
}

fn from_input(streams: &mut Streams<'_>) -> Result<String, CommandError> {
    if streams.input_is_terminal {
        return Err(CommandError::usage("There is no memo.", MEMO_HINT));
    }
    streams.read_all()
}

/// A new memo, due at what `at` says, or else at what the text says itself.
fn memo(session: &Session<'_>, at: Option<&str>, text: &str, zone: Tz) -> Result<Memo, CommandError> {
    let (text, due) = match at {
        Some(at) => (text.to_owned(), session.parse_when(at, session.now(), zone)?),
        None => session.split_memo(text, zone)?,
    };
    let memo = Memo { id: (session.environment.new_id)(), text: parse_when::memo_text(&text)?, due };
    check_size(&memo)?;
    Ok(memo)
}

/// Schedules a new memo.
pub(super) async fn schedule(session: &Session<'_>, memo: &Memo) -> Result<(), CommandError> {
    scheduled(memo, &session.apply(&Change::Create(memo.clone())).await?)
}

/// Whether that is how a memo ends up that is scheduled.
fn scheduled(memo: &Memo, written: &ChangeOutcome) -> Result<(), CommandError> {
    match written {
        // Gone: it was due at once, and has fired before the client's second try.
        ChangeOutcome::Saved(_) | ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone => Ok(()),
        ChangeOutcome::Differs(_) => Err(CommandError::conflict(
            format!("Something else is scheduled as {}.", memo.id),
            "Run the command again.",
        )),
    }
}

/// Says so where what was scheduled would not be delivered.
pub(super) fn warn_without_host(
    json: bool,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandError> {
    if !session.has_host()? {
        streams.warn(
            json,
            "no-host",
            "No tickler is open on this machine, and memos that are kept here ring only while one is.",
            "Open tickler, or set up AWS with `tickler init`.",
        );
    }
    Ok(())
}

/// A memo for each line. All of them are understood before the first one is sent.
async fn lines(
    arguments: &Arguments,
    zone: Tz,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    let text = streams.read_all()?;
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (mut memos, mut errors) = (Vec::new(), CommandErrors::new());
    for (index, line) in numbered {
        match of_line(arguments.at.as_deref(), line, zone, session) {
            Ok(memo) => memos.push((index + 1, memo)),
            Err(error) => errors.push(error.for_line(index + 1)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let (added, failed) = send(&memos, session, streams).await;
    if failed.is_empty() || !added.is_empty() {
        tell(arguments, &added, session, streams)?;
    }
    if failed.is_empty() { Ok(()) } else { Err(failed) }
}

fn of_line(at: Option<&str>, line: &str, zone: Tz, session: &Session<'_>) -> Result<Memo, CommandError> {
    match (at, line.split_once('\t')) {
        (None, Some((at, text))) => memo(session, Some(at), text, zone),
        (at, _) => memo(session, at, line, zone),
    }
}

/// Sends them, several at once; those that were scheduled, in the order of their lines, and what went wrong.
async fn send<'m>(
    memos: &'m [(usize, Memo)],
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> (Vec<&'m Memo>, CommandErrors) {
    let changes: Vec<Change> = memos.iter().map(|(_, memo)| Change::Create(memo.clone())).collect();
    let (mut added, mut failed) = (Vec::new(), Vec::new());
    let sent = session.apply_all(&changes, |at, written| {
        let Some((line, memo)) = memos.get(at) else { return };
        match written.and_then(|written| scheduled(memo, &written)) {
            Ok(()) => added.push((*line, memo)),
            Err(error) => failed.push((*line, error.for_line(*line))),
        }
        streams.progress(&format!("{} of {} scheduled", added.len(), memos.len()));
    });
    let stopped = match sent.await {
        Ok(sent) => stopped(&sent, memos, added.len()),
        Err(error) => Some(error),
    };
    streams.progress("");
    added.sort_by_key(|(line, _)| *line);
    failed.sort_by_key(|(line, _)| *line);
    let failed = stopped.into_iter().chain(failed.into_iter().map(|(_, error)| error));
    (added.into_iter().map(|(_, memo)| memo).collect(), failed.collect())
}

/// Where the person stopped it, and what was not added for that.
fn stopped(sent: &BatchResult, memos: &[(usize, Memo)], added: usize) -> Option<CommandError> {
    let from = memos.get(sent.begun).map(|(line, _)| format!(" Nothing was added from line {line} on."));
    if from.is_none() && sent.on_their_way == 0 {
        return None;
    }
    let hint = match sent.on_their_way {
        0 => "",
        _ => "The end of those that were on their way is not known: the next tickler here makes sure of them.",
    };
    let message = format!("Stopped: {added} of {} memos were added.{}", memos.len(), from.unwrap_or_default());
    Some(CommandError::interrupted(message, hint))
}

fn tell(
    arguments: &Arguments,
    added: &[&Memo],
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandError> {
    let rows: Vec<MemoOutput> =
        added.iter().map(|memo| MemoOutput::of_memo(memo, state::PENDING, session.scheduler.context())).collect();
    match streams.form(arguments.json) {
        OutputFormat::Json => streams.print_json(&rows)?,
        OutputFormat::Tsv => streams.print(&rows.iter().map(|row| row.tsv() + "\n").collect::<String>())?,
        OutputFormat::Terminal(_) => streams.print(&format!("Scheduled {} memos.\n", added.len()))?,
    }
    if added.is_empty() { Ok(()) } else { warn_without_host(arguments.json, session, streams) }
}
