//! Marks: memos that the person picks, to cancel or snooze them together.
//!
//! A mark sticks to its memo. It stays while a filter hides the memo, and goes when the memo goes. A foreign schedule cannot
//! be marked, because undo takes back a whole batch.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use super::model::App;
use super::selection::Selected;
use crate::keymap::{MemoAction, Motion};
use crate::memo::Memo;
use crate::schedule::{Name, Schedule};

impl App {
    /// The lines of the range that is being drawn.
    #[must_use]
    pub fn range(&self) -> Option<RangeInclusive<usize>> {
        let context = self.current();
        let from = context.list.position(self.list_view.range_from.as_ref()?)? + context.arrivals().count();
        let to = self.selected_line()?;
        Some(from.min(to)..=from.max(to))
    }

    /// How many memos are marked.
    #[must_use]
    pub fn marked(&self) -> usize {
        let list = &self.current().list;
        list.marked_len() + self.in_range().filter(|schedule| !list.is_marked(&schedule.name)).count()
    }

    /// Whether memos are marked, or a range is being drawn.
    #[must_use]
    pub fn has_marks(&self) -> bool {
        self.current().list.marked_len() > 0 || self.list_view.range_from.is_some()
    }

    /// Whether there are marks, and no warning that Esc would dismiss first.
    #[must_use]
    pub fn can_unmark(&self) -> bool {
        self.has_marks() && !self.banners.shown().is_some_and(|(banner, _)| banner.is_warning())
    }

    /// Whether a memo is selected.
    #[must_use]
    pub fn has_memo_selected(&self) -> bool {
        self.selected_memo().is_some()
    }

    fn in_range(&self) -> impl Iterator<Item = &Schedule> {
        let context = self.current();
        let lines = self.range().map(|lines| {
            let first = lines.start().saturating_sub(context.arrivals().count());
            let last = (lines.end() + 1).saturating_sub(context.arrivals().count());
            context.list.shown_from(first).take(last.saturating_sub(first))
        });
        lines.into_iter().flatten().filter(|schedule| schedule.memo().is_some())
    }

    /// Marks the selected memo, or removes its mark, and moves to the next line. Ends a range.
    pub(super) fn toggle_mark(&mut self, now: DateTime<Utc>) {
        if self.list_view.range_from.is_some() {
            self.end_range();
        } else if let Some(memo) = self.selected_memo() {
            let name: Name = memo.id.to_string().into();
            let list = &mut self.current_mut().list;
            let marked = list.is_marked(&name);
            list.mark(&name, !marked);
            self.go(Motion::Down, now);
        }
    }

    /// Begins a range of marks, or ends it.
    pub(super) fn toggle_range(&mut self) {
        match (&self.list_view.range_from, &self.list_view.selected) {
            (None, Some(Selected::Row(name))) => self.list_view.range_from = Some(Name::clone(name)),
            (Some(_), _) | (None, Some(Selected::Arrived(_)) | None) => self.end_range(),
        }
    }

    /// Marks every memo that the list shows.
    pub(super) fn mark_all(&mut self, now: DateTime<Utc>) {
        let memos = self.current().list.shown_from(0).filter(|schedule| schedule.memo().is_some());
        let names: Vec<Name> = memos.map(|schedule| Name::clone(&schedule.name)).collect();
        self.unmark_all();
        self.mark(&names);
        if names.is_empty() && !self.current().arrived.is_empty() {
            self.say_that_arrivals_are_not_marked(now);
        }
    }

    /// A person who sees nothing marked would take the next key to concern everything that has arrived.
    fn say_that_arrivals_are_not_marked(&mut self, now: DateTime<Utc>) {
        let (done, later, all) =
            (self.key(MemoAction::Done), self.key(MemoAction::Snooze), self.key(MemoAction::AllDone));
        self.banners.say(
            format!(
                "No pending memo to mark. Of the memos that have arrived: {done} marks one as done, {later} snoozes it, \
                 {all} marks all as done."
            ),
            now,
        );
    }

    /// Ends the range at the selection, and marks its memos.
    pub(super) fn end_range(&mut self) {
        let names: Vec<Name> = self.in_range().map(|schedule| Name::clone(&schedule.name)).collect();
        self.list_view.range_from = None;
        self.mark(&names);
    }

    fn mark(&mut self, names: &[Name]) {
        for name in names {
            self.current_mut().list.mark(name, true);
        }
    }

    pub(super) fn unmark_all(&mut self) {
        self.list_view.range_from = None;
        self.current_mut().list.unmark_all();
    }

    /// Takes the marked memos that are not being run, by due time, and removes all marks.
    pub(super) fn take_marked(&mut self) -> Vec<Memo> {
        let memos = self.marked_memos();
        self.unmark_all();
        memos
    }

    /// The marked memos that are not being run, by due time.
    pub(super) fn marked_memos(&mut self) -> Vec<Memo> {
        self.end_range();
        let context = self.current();
        let free = |memo: &&Memo| !context.running.contains(memo.id.to_string().as_str());
        let mut memos: Vec<Memo> = context.list.marked().filter_map(Schedule::memo).filter(free).cloned().collect();
        memos.sort_by_key(|memo| (memo.due.instant, memo.id));
        memos
    }
}
