//! The rows of the list: what has arrived, then what is pending, and optionally a heading for each day. A heading cannot be
//! selected.

use chrono::NaiveDate;
use when::Moment;

use super::context::order::Sort;
use super::model::{App, window};
use crate::schedule::{Receipt, Schedule};

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Row<'a> {
    /// The day of the schedules below; `None` for schedules without one due time.
    Heading(Option<NaiveDate>),
    /// A memo that has arrived, and the number of its line, counted from 0.
    Arrived(usize, &'a Receipt),
    /// A schedule, and the number of its line.
    Pending(usize, &'a Schedule),
}

impl Row<'_> {
    /// The number of its line, if it is one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Heading(_) => None,
            Self::Arrived(line, _) | Self::Pending(line, _) => Some(*line),
        }
    }
}

impl App {
    /// Whether days have headings.
    #[must_use]
    pub fn is_by_day(&self) -> bool {
        self.list_view.by_day && self.current().list.order().by == Sort::Due
    }

    /// The rows that fit a list of this height. The selected line is in the middle where possible, so only the lines around it
    /// are looked at.
    #[must_use]
    pub fn rows(&self, rows: usize) -> Vec<Row<'_>> {
        let (lines, selected) = (self.lines(), self.selected_line().unwrap_or(0));
        if !self.is_by_day() {
            return self.lines_from(window(selected, lines, rows)).take(rows).collect();
        }
        // This many lines on either side fill the screen, whatever headings are between them.
        let first = selected.saturating_sub(rows);
        let mut near: Vec<Row<'_>> = Vec::with_capacity(rows * 3);
        let mut above =
            first.checked_sub(1).and_then(|line| self.lines_from(line).next()).and_then(|row| self.heading(row));
        for row in self.lines_from(first).take(selected - first + rows + 1) {
            let heading = self.heading(row);
            near.extend(heading.filter(|_| heading != above));
            near.push(row);
            above = heading;
        }
        let at = near.iter().position(|row| row.line() == Some(selected)).unwrap_or(0);
        let first = window(at, near.len(), rows);
        near.drain(..first);
        near.truncate(rows);
        near
    }

    /// The heading above a line. Memos that have arrived have none.
    fn heading(&self, row: Row<'_>) -> Option<Row<'static>> {
        match row {
            Row::Pending(_, schedule) => {
                let day = schedule.due().map(|due| Moment::at(due, self.settings.zone).civil.date());
                Some(Row::Heading(day))
            }
            Row::Arrived(..) | Row::Heading(_) => None,
        }
    }

    fn lines_from(&self, first: usize) -> impl Iterator<Item = Row<'_>> {
        let context = self.current();
        let count = context.arrivals().count();
        let arrived = context.arrivals().enumerate().skip(first).map(|(line, receipt)| Row::Arrived(line, receipt));
        let skipped = first.saturating_sub(count);
        let pending = context.list.shown_from(skipped);
        arrived.chain((count + skipped..).zip(pending).map(|(line, schedule)| Row::Pending(line, schedule)))
    }
}
