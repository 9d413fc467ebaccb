//! `tickler add`: a memo, or one for each line that is read.

use clap::Args;
use when::Tz;

use super::complaint::{Complaint, Complaints, SAY_IT};
use super::desk::{Desk, Sent};
use super::reading::{self, fits};
use super::shape::{Row, state};
use super::streams::{Form, Streams, quoted};
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
pub(super) async fn add(arguments: &Arguments, desk: &Desk<'_>, streams: &mut Streams<'_>) -> Result<(), Complaints> {
    let zone = arguments.zone.unwrap_or(desk.zone);
    if arguments.stdin_lines {
        return lines(arguments, zone, desk, streams).await;
    }
    let text = match arguments.memo.join(" ").as_str() {
        "" | "-" => from_input(streams)?,
        words => words.to_owned(),
    };
    if let Some(at) = &arguments.at {
        desk.refuse_stray_words(at, &arguments.memo, zone)?;
    }
    let memo = memo(desk, arguments.at.as_deref(), &text, zone)?;
    schedule(desk, &memo).await?;
    let row = Row::of_memo(&memo, state::PENDING, desk.scheduler.context());
    let sentence = format!(
        "Scheduled {} for {}, {}. It is {}.",
        quoted(&memo.text),
        memo.due.words(desk.when.hours),
        countdown::text(memo.due.instant, desk.now()),
        row.id
    );
    streams.print_row(arguments.json, &row, &sentence)?;
    Ok(warn_where_nothing_rings(arguments.json, desk, streams)?)
}

fn from_input(streams: &mut Streams<'_>) -> Result<String, Complaint> {
    if streams.input_is_terminal {
        return Err(Complaint::usage("There is no memo.", SAY_IT));
    }
    streams.read_all()
}

/// A new memo, due at what `at` says, or else at what the text says itself.
fn memo(desk: &Desk<'_>, at: Option<&str>, text: &str, zone: Tz) -> Result<Memo, Complaint> {
    let (text, due) = match at {
        Some(at) => (text.to_owned(), desk.moment(at, desk.now(), zone)?),
        None => desk.told_apart(text, zone)?,
    };
    let memo = Memo { id: (desk.home.new_id)(), text: reading::text(&text)?, due };
    fits(&memo)?;
    Ok(memo)
}

/// Schedules a new memo.
pub(super) async fn schedule(desk: &Desk<'_>, memo: &Memo) -> Result<(), Complaint> {
    scheduled(memo, &desk.write(&Change::Create(memo.clone())).await?)
}

/// Whether that is how a memo ends up that is scheduled.
fn scheduled(memo: &Memo, written: &ChangeOutcome) -> Result<(), Complaint> {
    match written {
        // Gone: it was due at once, and has fired before the client's second try.
        ChangeOutcome::Saved(_) | ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone => Ok(()),
        ChangeOutcome::Differs(_) => {
            Err(Complaint::conflict(format!("Something else is scheduled as {}.", memo.id), "Run the command again."))
        }
    }
}

/// Says so where what was scheduled would not be delivered.
pub(super) fn warn_where_nothing_rings(
    json: bool,
    desk: &Desk<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), Complaint> {
    if !desk.rings()? {
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
async fn lines(arguments: &Arguments, zone: Tz, desk: &Desk<'_>, streams: &mut Streams<'_>) -> Result<(), Complaints> {
    let text = streams.read_all()?;
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (mut memos, mut complaints) = (Vec::new(), Complaints::new());
    for (index, line) in numbered {
        match of_line(arguments.at.as_deref(), line, zone, desk) {
            Ok(memo) => memos.push((index + 1, memo)),
            Err(complaint) => complaints.push(complaint.in_line(index + 1)),
        }
    }
    if !complaints.is_empty() {
        return Err(complaints);
    }
    let (added, failed) = send(&memos, desk, streams).await;
    if failed.is_empty() || !added.is_empty() {
        tell(arguments, &added, desk, streams)?;
    }
    if failed.is_empty() { Ok(()) } else { Err(failed) }
}

fn of_line(at: Option<&str>, line: &str, zone: Tz, desk: &Desk<'_>) -> Result<Memo, Complaint> {
    match (at, line.split_once('\t')) {
        (None, Some((at, text))) => memo(desk, Some(at), text, zone),
        (at, _) => memo(desk, at, line, zone),
    }
}

/// Sends them, several at once; those that were scheduled, in the order of their lines, and what went wrong.
async fn send<'m>(
    memos: &'m [(usize, Memo)],
    desk: &Desk<'_>,
    streams: &mut Streams<'_>,
) -> (Vec<&'m Memo>, Complaints) {
    let writes: Vec<Change> = memos.iter().map(|(_, memo)| Change::Create(memo.clone())).collect();
    let (mut added, mut failed) = (Vec::new(), Vec::new());
    let sent = desk.write_all(&writes, |at, written| {
        let Some((line, memo)) = memos.get(at) else { return };
        match written.and_then(|written| scheduled(memo, &written)) {
            Ok(()) => added.push((*line, memo)),
            Err(complaint) => failed.push((*line, complaint.in_line(*line))),
        }
        streams.progress(&format!("{} of {} scheduled", added.len(), memos.len()));
    });
    let stopped = match sent.await {
        Ok(sent) => stopped(&sent, memos, added.len()),
        Err(complaint) => Some(complaint),
    };
    streams.progress("");
    added.sort_by_key(|(line, _)| *line);
    failed.sort_by_key(|(line, _)| *line);
    let failed = stopped.into_iter().chain(failed.into_iter().map(|(_, complaint)| complaint));
    (added.into_iter().map(|(_, memo)| memo).collect(), failed.collect())
}

/// Where the person stopped it, and what was not added for that.
fn stopped(sent: &Sent, memos: &[(usize, Memo)], added: usize) -> Option<Complaint> {
    let from = memos.get(sent.begun).map(|(line, _)| format!(" Nothing was added from line {line} on."));
    if from.is_none() && sent.on_their_way == 0 {
        return None;
    }
    let hint = match sent.on_their_way {
        0 => "",
        _ => "The end of those that were on their way is not known: the next tickler here makes sure of them.",
    };
    let message = format!("Stopped: {added} of {} memos were added.{}", memos.len(), from.unwrap_or_default());
    Some(Complaint::interrupted(message, hint))
}

fn tell(arguments: &Arguments, added: &[&Memo], desk: &Desk<'_>, streams: &mut Streams<'_>) -> Result<(), Complaint> {
    let rows: Vec<Row> =
        added.iter().map(|memo| Row::of_memo(memo, state::PENDING, desk.scheduler.context())).collect();
    match streams.form(arguments.json) {
        Form::Json => streams.print_json(&rows)?,
        Form::Lines => streams.print(&rows.iter().map(|row| row.tsv() + "\n").collect::<String>())?,
        Form::Screen(_) => streams.print(&format!("Scheduled {} memos.\n", added.len()))?,
    }
    if added.is_empty() { Ok(()) } else { warn_where_nothing_rings(arguments.json, desk, streams) }
}
