//! The history: what was delivered, and what was not, newest first, with a filter over it.

use chrono::{DateTime, Utc};

use crate::keymap::Edit;
use crate::schedule::Receipt;

use super::Log;

/// What was delivered, as far as it was read.
#[derive(Debug, Clone, Default)]
pub struct History {
    lines: Option<Vec<Receipt>>,
    /// Which of them the filter lets through.
    visible: Vec<usize>,
    /// The selected line, counted from 0, of those that the filter lets through.
    line: usize,
    filter: String,
    /// Whether the keys go to the filter.
    pub filtering: bool,
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
        self.sift();
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

    /// Looks at every line anew.
    fn sift(&mut self) {
        let wanted: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let lines = self.lines.iter().flatten().enumerate();
        let held = lines.filter(|(_, line)| wanted.iter().all(|word| holds(line, word)));
        self.visible = held.map(|(index, _)| index).collect();
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

    /// What the lines have to hold, as typed: each of its words, somewhere.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Takes the filter away.
    pub fn clear_filter(&mut self) {
        let selected = self.visible.get(self.line).copied();
        self.filter.clear();
        self.sift();
        self.line = selected.unwrap_or(0);
    }

    /// Changes the filter; the lines follow at once.
    pub fn edit_filter(&mut self, edit: Edit) {
        match edit {
            Edit::Insert(c) => self.filter.push(c),
            Edit::DeleteBack => {
                self.filter.pop();
            }
            Edit::DeleteWordBack => {
                let kept = self.filter.trim_end().rfind(char::is_whitespace).map_or(0, |space| space + 1);
                self.filter.truncate(kept);
            }
            Edit::DeleteToStart => self.filter.clear(),
            _ => {}
        }
        self.sift();
        self.line = 0;
    }
}

/// Whether a line holds a word, in small letters: in its text, its error, its zone, or the words for how it ended.
fn holds(line: &Receipt, word: &str) -> bool {
    let outcome = if line.is_delivered() { "delivered" } else { "failed" };
    let by_hand = if line.by_hand { "run by hand" } else { "" };
    [line.text.as_str(), line.error().unwrap_or_default(), line.zone.as_deref().unwrap_or_default(), outcome, by_hand]
        .iter()
        .any(|text| text.to_lowercase().contains(word))
}
