//! The lines of the panel: what has arrived, then what is pending, and between them, where the person wants that, a
//! heading for each day. A heading is no line that can be selected; it only takes a row of the screen.

use chrono::NaiveDate;
use when::Moment;

use crate::schedule::{Receipt, Schedule};

use super::order::Sort;
use super::{App, window};

/// A row of the panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Row<'a> {
    /// The day of what follows; none, where it has no one moment.
    Heading(Option<NaiveDate>),
    /// The line of this number, counted from 0: something that has arrived.
    Arrived(usize, &'a Receipt),
    /// The line of this number: a schedule.
    Pending(usize, &'a Schedule),
}

impl Row<'_> {
    /// The number of its line, where it is one.
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
        self.sifting.by_day && self.list.order().by == Sort::Due
    }

    /// What the panel shows in so many rows. The selected line is in the middle where that is possible, so that only
    /// the lines around it have to be looked at.
    #[must_use]
    pub fn rows(&self, rows: usize) -> Vec<Row<'_>> {
        let (lines, selected) = (self.lines(), self.selected_line().unwrap_or(0));
        if !self.is_by_day() {
            return self.lines_from(window(selected, lines, rows)).take(rows).collect();
        }
        // So many lines on either side fill the screen, whatever headings stand between them.
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

    /// The heading under which a line stands; what has arrived stands under none.
    fn heading(&self, row: Row<'_>) -> Option<Row<'static>> {
        match row {
            Row::Pending(_, row) => {
                let day = row.due().map(|due| Moment::at(due, self.settings.zone).civil.date());
                Some(Row::Heading(day))
            }
            Row::Arrived(..) | Row::Heading(_) => None,
        }
    }

    fn lines_from(&self, first: usize) -> impl Iterator<Item = Row<'_>> {
        let arrived = self.arrived.iter().enumerate().skip(first).map(|(line, receipt)| Row::Arrived(line, receipt));
        let skipped = first.saturating_sub(self.arrived.len());
        let pending = self.list.shown_from(skipped);
        let numbers = self.arrived.len() + skipped..;
        arrived.chain(numbers.zip(pending).map(|(line, row)| Row::Pending(line, row)))
    }
}
