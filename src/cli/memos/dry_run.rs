//! `tickler add --dry-run`: prints what would be scheduled. Opens no store, and sends nothing.

use serde::Serialize;
use when::{Hours, Moment};

use super::error::CommandError;
use super::labelled::labelled;
use super::output::{rfc3339, tsv};
use super::printer::{OutputFormat, Printer};
use super::table::table;
use crate::countdown;
use crate::memo::Memo;
use chrono::{DateTime, Utc};

/// The last line on a terminal.
const NOTHING: &str = "Nothing was scheduled: this was a dry run.\n";

/// A memo that would be scheduled. The fields that it shares with a memo have the same names.
#[derive(Serialize)]
struct UnderstoodOutput<'a> {
    memo: &'a str,
    due: String,
    zone: &'static str,
    state: &'static str,
    /// How long until the due time, in words.
    countdown: String,
}

/// The word for the state.
const STATE: &str = "dry-run";

impl<'a> UnderstoodOutput<'a> {
    fn of(memo: &'a Memo, now: DateTime<Utc>) -> Self {
        let Moment { instant, zone, .. } = memo.due;
        let countdown = countdown::text(instant, now);
        Self { memo: &memo.text, due: rfc3339(instant, zone), zone: zone.name(), state: STATE, countdown }
    }

    fn tsv(&self) -> String {
        tsv(&["", &self.due, self.zone, self.state, self.memo]) + "\n"
    }
}

/// Prints one memo.
pub(super) fn print_one(
    memo: &Memo,
    hours: Hours,
    now: DateTime<Utc>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandError> {
    let output = UnderstoodOutput::of(memo, now);
    match printer.format() {
        OutputFormat::Json => printer.print_json(&output),
        OutputFormat::Tsv => printer.print(&output.tsv()),
        OutputFormat::Terminal(_) => {
            let due = memo.due.words(hours);
            let lines = [("Memo", memo.text.as_str()), ("Due", &due), ("", &output.countdown), ("Zone", output.zone)];
            printer.print(&format!("{}{NOTHING}", labelled(lines.into_iter())))
        }
    }
}

/// Prints a memo for each line.
pub(super) fn print_all(
    memos: &[&Memo],
    hours: Hours,
    now: DateTime<Utc>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandError> {
    let outputs: Vec<UnderstoodOutput<'_>> = memos.iter().map(|memo| UnderstoodOutput::of(memo, now)).collect();
    match printer.format() {
        OutputFormat::Json => printer.print_json(&outputs),
        OutputFormat::Tsv => printer.print(&outputs.iter().map(UnderstoodOutput::tsv).collect::<String>()),
        OutputFormat::Terminal(columns) => {
            let row =
                |memo: &&Memo| vec![memo.due.words(hours), countdown::text(memo.due.instant, now), memo.text.clone()];
            let rows: Vec<Vec<String>> = memos.iter().map(row).collect();
            printer.print(&format!("{}{NOTHING}", table(&["DUE", "", "MEMO"], &rows, columns)))
        }
    }
}
