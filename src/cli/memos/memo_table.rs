//! Memos as a table, for `list` and `list --watch`.

use chrono::{DateTime, Utc};
use when::Hours;

use super::output::MemoOutput;
use super::short_id::unique_length;
use super::table::{last_column_width, table};
use crate::countdown;
use crate::harmless;
use crate::ui::text::width;

/// The columns.
const HEAD: [&str; 5] = ["ID", "DUE", "", "STATE", "MEMO"];
const ID: usize = 0;
const DUE: usize = 1;
const COUNTDOWN: usize = 2;
const STATE: usize = 3;
const MEMO: usize = 4;
/// The width that the memos get before the table drops a column.
const MEMO_WIDTH: usize = 20;

/// The memos as a table. A narrow terminal gets fewer columns.
pub(super) fn memo_table(memos: &[MemoOutput], hours: Hours, now: DateTime<Utc>, columns: usize) -> String {
    if memos.is_empty() {
        return "Nothing is pending.\n".to_owned();
    }
    let id_length = unique_length(memos.iter().map(|memo| memo.id.as_str()));
    let cells: Vec<Vec<String>> = memos
        .iter()
        .map(|memo| {
            let countdown = memo.instant().map(|due| countdown::text(due, now)).unwrap_or_default();
            let id: String = memo.id.chars().take(id_length).collect();
            vec![id, memo.due_text(hours), countdown, memo.state.to_owned(), memo.memo.clone()]
        })
        .collect();
    let longest = memos.iter().map(|memo| width(&harmless::line(&memo.memo))).max().unwrap_or_default();
    let mut kept: Vec<usize> = (0..HEAD.len()).collect();
    for dropped_next in [STATE, DUE, COUNTDOWN] {
        let pick = |cells: &[String]| kept.iter().map(|column| cells[*column].clone()).collect::<Vec<_>>();
        let head: Vec<&str> = kept.iter().map(|column| HEAD[*column]).collect();
        let picked: Vec<Vec<String>> = cells.iter().map(|cells| pick(cells)).collect();
        if last_column_width(&head, &picked, columns) >= longest.min(MEMO_WIDTH) {
            return table(&head, &picked, columns);
        }
        kept.retain(|column| *column != dropped_next);
    }
    let picked: Vec<Vec<String>> = cells.iter().map(|cells| vec![cells[ID].clone(), cells[MEMO].clone()]).collect();
    table(&[HEAD[ID], HEAD[MEMO]], &picked, columns)
}
