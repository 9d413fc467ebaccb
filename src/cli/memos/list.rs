//! `tickler list`: what is pending.

use clap::Args;
use when::Hours;

use super::error::CommandErrors;
use super::output::MemoOutput;
use super::session::Session;
use super::streams::{OutputFormat, Streams, room, table};
use super::watch::{WatchFormat, watch};
use crate::countdown;
use crate::ui::text::width;
use chrono::{DateTime, Utc};

/// The columns of the table.
const HEAD: [&str; 5] = ["ID", "DUE", "", "STATE", "MEMO"];
const DUE: usize = 1;
const COUNTDOWN: usize = 2;
const STATE: usize = 3;
const MEMO: usize = 4;
/// How much room the memos get before other columns do.
const ROOM: usize = 20;
/// The fewest characters of an id that are shown.
const SHORTEST: usize = 8;

/// What `tickler list` takes.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(in crate::cli) struct Arguments {
    /// Tell what was read last, by any tickler on this machine, and ask nobody
    #[arg(long, conflicts_with = "watch")]
    cached: bool,
    /// Go on telling what becomes of it, until Ctrl-C; what is kept on this machine rings meanwhile
    #[arg(long)]
    watch: bool,
    /// Tell only what happens, a line each, instead of drawing the list anew: for screen readers and scripts
    #[arg(long, requires = "watch")]
    plain: bool,
    /// Tell it as JSON: an array of memos; with --watch a memo a line, whenever anything becomes of it
    #[arg(long)]
    pub json: bool,
}

/// Does it.
pub(super) async fn list(
    arguments: &Arguments,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    if arguments.watch {
        let telling = match streams.form(arguments.json) {
            OutputFormat::Json => WatchFormat::Json,
            OutputFormat::Tsv => WatchFormat::Lines,
            OutputFormat::Terminal(_) if arguments.plain => WatchFormat::Sentences,
            OutputFormat::Terminal(_) => WatchFormat::Drawn,
        };
        return watch(telling, session, streams).await;
    }
    let rows = if arguments.cached {
        let (rows, read_at) = session.cached_schedules()?;
        let message = match read_at {
            Some(at) => format!("This is as of {}.", when::Moment::at(at, session.zone).words(session.when.hours)),
            None if rows.is_empty() => "Nothing was read here yet.".to_owned(),
            None => "What there is was never read here: this is what was changed from here.".to_owned(),
        };
        streams.warn(arguments.json, "cached", &message, "Without --cached it is read anew.");
        rows
    } else {
        session.schedules().await?
    };
    let (place, now) = (session.scheduler.context(), session.now());
    let rows: Vec<MemoOutput> = rows.iter().map(|row| MemoOutput::of(row, place, now)).collect();
    Ok(match streams.form(arguments.json) {
        OutputFormat::Json => streams.print_json(&rows),
        OutputFormat::Tsv => streams.print(&rows.iter().map(|row| row.tsv() + "\n").collect::<String>()),
        OutputFormat::Terminal(columns) => streams.print(&screen(&rows, session.when.hours, now, columns)),
    }?)
}

/// The memos as a table.
pub(super) fn screen(rows: &[MemoOutput], hours: Hours, now: DateTime<Utc>, columns: usize) -> String {
    if rows.is_empty() {
        return "Nothing is pending.\n".to_owned();
    }
    let short = shortest(rows.iter().map(|row| row.id.as_str()));
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let countdown = row.instant().map(|due| countdown::text(due, now)).unwrap_or_default();
            let id: String = row.id.chars().take(short).collect();
            vec![id, row.words(hours), countdown, row.state.to_owned(), row.memo.clone()]
        })
        .collect();
    // What a narrow terminal can do without goes first, so that there is room for the memos themselves.
    let longest = rows.iter().map(|row| width(&row.memo)).max().unwrap_or_default();
    let mut kept: Vec<usize> = (0..HEAD.len()).collect();
    for without in [STATE, DUE, COUNTDOWN] {
        let pick = |cells: &[String]| kept.iter().map(|column| cells[*column].clone()).collect::<Vec<_>>();
        let head: Vec<&str> = kept.iter().map(|column| HEAD[*column]).collect();
        let picked: Vec<Vec<String>> = cells.iter().map(|cells| pick(cells)).collect();
        if room(&head, &picked, columns) >= longest.min(ROOM) {
            return table(&head, &picked, columns);
        }
        kept.retain(|column| *column != without);
    }
    let picked: Vec<Vec<String>> = cells.iter().map(|cells| vec![cells[0].clone(), cells[MEMO].clone()]).collect();
    table(&[HEAD[0], HEAD[MEMO]], &picked, columns)
}

/// How many characters of each id tell it from all others.
pub(super) fn shortest<'a>(ids: impl Iterator<Item = &'a str>) -> usize {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    let shared = |pair: &[&str]| pair[0].chars().zip(pair[1].chars()).take_while(|(one, other)| one == other).count();
    ids.windows(2).map(|pair| shared(pair) + 1).max().unwrap_or_default().max(SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::shortest;

    #[test]
    fn an_id_is_shown_as_far_as_it_is_the_only_one() {
        assert_eq!(shortest(["aaaaaaaa-1", "b"].into_iter()), 8);
        assert_eq!(shortest(["aaaaaaaa-1", "aaaaaaaa-2"].into_iter()), 10);
        assert_eq!(shortest(std::iter::empty()), 8);
    }
}
