//! The history: what was delivered, and what was not, newest first, with a filter over it.

use chrono::{DateTime, Utc};

use crate::schedule::Receipt;

use crate::app::filter::{Filter, Sieve};
use crate::app::message::Log;

/// What was delivered, as far as it was read.
#[derive(Debug, Clone, Default)]
pub struct History {
    lines: Option<Vec<Receipt>>,
    /// Which of them the filter lets through.
    visible: Vec<usize>,
    /// The selected line, counted from 0, of those that the filter lets through.
    line: usize,
    filter: Filter,
    /// What the filter lets through; none lets everything through.
    sieve: Option<Sieve>,
    /// How far back the reading has come that is under way.
    pub reading: Option<Option<DateTime<Utc>>>,
    /// Whether it is to be read again as soon as this reading has ended.
    again: bool,
}

impl History {
    /// Whether a reading is to be begun now; where one is under way, another follows it.
    pub fn begin(&mut self) -> bool {
        let free = self.reading.is_none();
        if free {
            self.reading = Some(None);
        } else {
            self.again = true;
        }
        free
    }

    /// Puts a part of the log in its place. Answers whether the reading is to be begun again.
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

    /// The reading has failed.
    pub fn failed(&mut self) {
        self.reading = None;
        self.again = false;
    }

    /// Whether anything was read yet.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.lines.is_some()
    }

    /// The lines that the filter lets through, newest first.
    #[must_use = "an iterator does nothing by itself"]
    pub fn visible(&self) -> impl ExactSizeIterator<Item = &Receipt> {
        let lines = self.lines.as_deref().unwrap_or_default();
        self.visible.iter().map(|index| &lines[*index])
    }

    /// Shows only what the sieve lets through from now on. The selected line stays selected where it is shown.
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

    /// How many lines there are, with those that the filter leaves out.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.as_ref().map_or(0, Vec::len)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of the selected line among them, counted from 0.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Selects a line, or the last one where there are fewer.
    pub fn select(&mut self, line: usize) {
        self.line = line.min(self.visible.len().saturating_sub(1));
    }

    /// The selected line.
    #[must_use]
    pub fn selected(&self) -> Option<&Receipt> {
        self.visible().nth(self.line)
    }

    /// What the lines have to hold.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    pub(in crate::app) fn filter_mut(&mut self) -> &mut Filter {
        &mut self.filter
    }
}
