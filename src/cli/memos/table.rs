//! Tables for a terminal.

use crate::harmless;
use crate::ui::text::{cut, width};

/// The space between two columns.
const GAP: usize = 2;
/// The minimum width of the last column.
const MIN_LAST: usize = 10;

/// The width of each column but the last.
fn widths(head: &[&str], rows: &[Vec<String>]) -> Vec<usize> {
    let width_of = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| width(&harmless::line(cell)));
        cells.chain([width(head[column])]).max().unwrap_or_default()
    };
    (0..head.len().saturating_sub(1)).map(width_of).collect()
}

/// The width that is left for the last column.
pub(super) fn last_column_width(head: &[&str], rows: &[Vec<String>], columns: usize) -> usize {
    columns.saturating_sub(widths(head, rows).iter().map(|width| width + GAP).sum())
}

/// A table as wide as the terminal. The last column is cut to fit.
pub(super) fn table(head: &[&str], rows: &[Vec<String>], columns: usize) -> String {
    let last = head.len().saturating_sub(1);
    let widths = widths(head, rows);
    let last_width = last_column_width(head, rows, columns).max(MIN_LAST);
    let mut text = String::new();
    for row in std::iter::once(head.iter().map(ToString::to_string).collect()).chain(rows.iter().cloned()) {
        let mut line = String::new();
        for (cell, column_width) in row.iter().zip(&widths) {
            let cell = harmless::line(cell);
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', column_width - width(&cell) + GAP));
        }
        let end = row.get(last).map(|cell| harmless::line(cell).into_owned()).unwrap_or_default();
        line.push_str(&cut(&end, last_width));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
