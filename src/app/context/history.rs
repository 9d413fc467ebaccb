//! The history: deliveries and failures, newest first, with a filter.

use chrono::{DateTime, Utc};

use crate::schedule::Receipt;

use crate::app::filter::{Filter, Sieve};
use crate::app::message::Log;

/// The history, as far as it is read.
#[derive(Debug, Clone, Default)]
pub struct History {
    lines: Option<Vec<Receipt>>,
    /// The lines that pass the filter.
    visible: Vec<usize>,
    /// The number of the selected line, counted from 0, among those that pass the filter.
    line: usize,
    filter: Filter,
    /// The filter; `None` if everything passes.
    sieve: Option<Sieve>,
    /// How far back the current reading is.
    pub reading: Option<Option<DateTime<Utc>>>,
    /// Whether another reading follows the current one.
    again: bool,
}

impl History {
    /// Begins a reading; `false` if one runs already, and another follows it.
    pub fn begin(&mut self) -> bool {
        let free = self.reading.is_none();
        if free {
            self.reading = Some(None);
        } else {
            self.again = true;
        }
        free
    }

    /// Adds a part of the history. Returns whether to begin another reading.
    pub fn take(&mut self, log: Log) -> bool {
        let selected = self.selected().map(|receipt| receipt.key.clone());
        let older = self.lines.take().unwrap_or_default().into_iter();
        let kept = older.filter(|line| log.since.is_some_and(|since| line.at < since));
        self.lines = Some(log.lines.into_iter().chain(kept).collect());
        self.look_again();
        let place = self.visible().position(|line| Some(&line.key) == selected.as_ref());
        self.line = place.unwrap_or(0);
        self.reading = log.since.map(Some);
        self.reading.is_none() && std::mem::take(&mut self.again)
    }

    /// Records that the reading failed.
    pub fn failed(&mut self) {
        self.reading = None;
        self.again = false;
    }

    /// Whether anything is read yet.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.lines.is_some()
    }

    /// The lines that pass the filter, newest first.
    #[must_use = "an iterator does nothing by itself"]
    pub fn visible(&self) -> impl ExactSizeIterator<Item = &Receipt> {
        let lines = self.lines.as_deref().unwrap_or_default();
        self.visible.iter().map(|index| &lines[*index])
    }

    /// Sets the filter. The selected line stays selected if it passes.
    pub(in crate::app) fn sift(&mut self, sieve: Sieve) {
        let selected = self.visible.get(self.line).copied();
        self.sieve = Some(sieve);
        self.look_again();
        self.line = self.visible.iter().position(|line| Some(*line) == selected).unwrap_or(0);
    }

    fn look_again(&mut self) {
        let lines = self.lines.iter().flatten().enumerate();
        let held = lines.filter(|(_, line)| self.sieve.as_ref().is_none_or(|sieve| sieve.lets_receipt(line)));
        self.visible = held.map(|(index, _)| index).collect();
    }

    /// How many lines there are, shown or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.as_ref().map_or(0, Vec::len)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the selected line, counted from 0.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Selects the line with this number, or the last line.
    pub fn select(&mut self, line: usize) {
        self.line = line.min(self.visible.len().saturating_sub(1));
    }

    /// The selected line.
    #[must_use]
    pub fn selected(&self) -> Option<&Receipt> {
        self.visible().nth(self.line)
    }

    /// The filter.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    pub(in crate::app) fn filter_mut(&mut self) -> &mut Filter {
        &mut self.filter
    }
}
