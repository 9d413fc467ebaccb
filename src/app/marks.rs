//! Memos that are marked, to be called off or put off together.
//!
//! A mark sticks to its memo: it stays while a filter hides it, and goes when the memo goes. Somebody else's schedule
//! cannot be marked, since what is done to many at once can be taken back at once.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use crate::keymap::{Action, KeyContext};
use crate::memo::Memo;
use crate::schedule::{Name, Schedule};

use super::{App, Selected};

impl App {
    /// Which lines a range marks that is being drawn.
    #[must_use]
    pub fn range(&self) -> Option<RangeInclusive<usize>> {
        let from = self.list.position(self.range_from.as_ref()?)? + self.arrived.len();
        let to = self.selected_line()?;
        Some(from.min(to)..=from.max(to))
    }

    /// How many memos are marked.
    #[must_use]
    pub fn marked(&self) -> usize {
        self.list.marked_len() + self.in_range().filter(|row| !self.list.is_marked(&row.name)).count()
    }

    /// Something is marked, or is about to be.
    #[must_use]
    pub fn has_marks(&self) -> bool {
        self.list.marked_len() > 0 || self.range_from.is_some()
    }

    /// There are marks, and no message that Esc would put away first.
    #[must_use]
    pub fn can_unmark(&self) -> bool {
        self.has_marks() && !self.banners.shown().is_some_and(|(banner, _)| banner.wrong)
    }

    /// A memo is selected.
    #[must_use]
    pub fn has_memo_selected(&self) -> bool {
        self.selected_memo().is_some()
    }

    fn in_range(&self) -> impl Iterator<Item = &Schedule> {
        let lines = self.range().map(|lines| {
            let first = lines.start().saturating_sub(self.arrived.len());
            let last = (lines.end() + 1).saturating_sub(self.arrived.len());
            self.list.shown_from(first).take(last.saturating_sub(first))
        });
        lines.into_iter().flatten().filter(|row| row.memo().is_some())
    }

    pub(super) fn act_on_marks(&mut self, action: Action, now: DateTime<Utc>) {
        match action {
            Action::Mark if self.range_from.is_some() => self.settle_range(),
            Action::Mark => {
                if let Some(memo) = self.selected_memo() {
                    let name: Name = memo.id.to_string().into();
                    let marked = self.list.is_marked(&name);
                    self.list.mark(&name, !marked);
                    self.go(Action::Down);
                }
            }
            Action::MarkRange => match (&self.range_from, &self.selected) {
                (None, Some(Selected::Row(name))) => self.range_from = Some(Name::clone(name)),
                _ => self.settle_range(),
            },
            Action::MarkAll => {
                let memos = self.list.shown_from(0).filter(|row| row.memo().is_some());
                let names: Vec<Name> = memos.map(|row| Name::clone(&row.name)).collect();
                self.unmark_all();
                self.mark(&names);
                if names.is_empty() && !self.arrived.is_empty() {
                    self.tell_that_arrivals_are_not_marked(now);
                }
            }
            _ => self.unmark_all(),
        }
    }

    /// Whoever sees nothing marked would take the next key to mean all that has arrived.
    fn tell_that_arrivals_are_not_marked(&mut self, now: DateTime<Utc>) {
        let key = |action| self.settings.keys.key(KeyContext::Pending, action);
        let (away, later, all) = (key(Action::PutAway), key(Action::Snooze), key(Action::PutAwayAll));
        let how = format!("{away} puts one away, {later} has it come up later, {all} puts all away");
        self.banners.say(format!("Nothing pending to mark. What has arrived: {how}."), now);
    }

    /// The range ends where the selection is: what it holds is marked.
    fn settle_range(&mut self) {
        let names: Vec<Name> = self.in_range().map(|row| Name::clone(&row.name)).collect();
        self.range_from = None;
        self.mark(&names);
    }

    fn mark(&mut self, names: &[Name]) {
        for name in names {
            self.list.mark(name, true);
        }
    }

    fn unmark_all(&mut self) {
        self.range_from = None;
        self.list.unmark_all();
    }

    /// The memos that are marked and that nothing else is being done to, as they are due; from here on they are not
    /// marked any more.
    pub(super) fn take_marked(&mut self) -> Vec<Memo> {
        let memos = self.marked_memos();
        self.unmark_all();
        memos
    }

    /// The memos that are marked and that nothing else is being done to, as they are due.
    pub(super) fn marked_memos(&mut self) -> Vec<Memo> {
        self.settle_range();
        let free = |memo: &&Memo| !self.running.contains(memo.id.to_string().as_str());
        let mut memos: Vec<Memo> = self.list.marked().filter_map(Schedule::memo).filter(free).cloned().collect();
        memos.sort_by_key(|memo| (memo.due.instant, memo.id));
        memos
    }
}
