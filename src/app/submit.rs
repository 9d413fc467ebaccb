//! From a key to a change: the form is submitted, a change is undone or dropped.

use chrono::{DateTime, Utc};
use when::Moment;

use super::context::batch::BatchKind;
use super::context::pending::Initiator;
use super::context::undo::{Direction, DoneMarks, Reversal, Step};
use super::form::reading::Problem;
use super::form::state::{Field, Purpose};
use super::message::Effect;
use super::modal::{Chosen, Modal};
use super::model::App;
use super::quote::quoted;
use super::selection::Selected;
use super::view::Focus;
use crate::memo::Memo;
use crate::schedule::{Change, Name};

impl App {
    /// Schedules the form's memo.
    pub(super) fn submit(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.here().is_none() {
            self.banners.warn("No context is open yet. What you typed stays in the form.");
            return Vec::new();
        }
        let (size, room) = self.room();
        if size > room {
            let over = size - room;
            self.form.problem =
                Some((Field::Memo, format!("The memo is {over} bytes too long. A schedule holds {room}.")));
            return Vec::new();
        }
        match self.form.submit(now, &self.settings.when) {
            Ok((text, due)) => self.save(text, due, now),
            Err(Problem::Field(field, problem)) => {
                self.form.focus(field);
                self.form.problem = Some((field, problem));
                Vec::new()
            }
            Err(Problem::Choose { why, choices }) => {
                self.modal = Some(Modal::Choose { question: why, choices, selected: 0, then: Chosen::Submit });
                Vec::new()
            }
        }
    }

    /// Schedules the form's memo for a moment that the person picked.
    pub(super) fn submit_at(&mut self, due: Moment, now: DateTime<Utc>) -> Vec<Effect> {
        let text = self.form.memo(now, &self.settings.when);
        self.save(text, due, now)
    }

    fn save(&mut self, text: String, due: Moment, now: DateTime<Utc>) -> Vec<Effect> {
        let list = &self.current().list;
        let resumed = self.form.resumes.and_then(|id| list.get(&id.to_string())?.memo().cloned());
        let change = match self.form.editing.take().or(resumed) {
            Some(before) => {
                let after = Memo { id: before.id, text, due };
                self.current().replacement(before, after)
            }
            None => Change::Create(Memo { id: self.ids.next(), text, due }),
        };
        self.next_form();
        self.focus = Focus::List;
        self.list_view.moved = true;
        self.list_view.selected = Some(Selected::Row(change.name()));
        let mut effects = self.begin(&change, Initiator::Person, now);
        effects.extend(self.save_drafts());
        effects
    }

    /// Makes a change in the current context.
    pub(super) fn begin(&mut self, change: &Change, initiator: Initiator, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(id) = self.current_id().cloned() else { return Vec::new() };
        let reaction = self.current_mut().submit(change, initiator, now);
        self.react(&id, reaction, now)
    }

    /// Makes many changes in the current context as one step of undo.
    pub(super) fn begin_all(
        &mut self,
        changes: &[Change],
        kind: BatchKind,
        initiator: Initiator,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        self.begin_step(changes, DoneMarks::default(), kind, initiator, now)
    }

    /// Makes changes in the current context and marks deliveries, as one step of undo. A memo that is scheduled or a
    /// delivery that comes back is selected, if it is the only one.
    pub(super) fn begin_step(
        &mut self,
        changes: &[Change],
        marks: DoneMarks,
        kind: BatchKind,
        initiator: Initiator,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let Some(id) = self.current_id().cloned() else { return Vec::new() };
        let was_at = self.selected_line();
        let selected = match (marks.undone.as_slice(), changes) {
            ([one], _) => Some(Selected::Arrived(one.key.clone())),
            ([], [one]) if marks.done.is_empty() => Some(Selected::Row(one.name())),
            _ => None,
        };
        let reaction = self.current_mut().submit_step(changes, marks, kind, initiator, now);
        if selected.is_some() {
            self.list_view.selected = selected;
        }
        self.keep_selection(was_at);
        self.react(&id, reaction, now)
    }

    /// Undoes the last step, or redoes it.
    pub(super) fn reverse(&mut self, direction: Direction, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(changes_schedules) = self.current().undo.next(direction).map(Step::changes_schedules) else {
            let undo = match direction {
                Direction::Back => "There is nothing to undo.",
                Direction::Forward => "There is nothing to redo.",
            };
            self.banners.hint(undo, now);
            return Vec::new();
        };
        if self.here().is_none() || (changes_schedules && self.refuse_to_change()) {
            return Vec::new();
        }
        let Reversal { changes, passed, marks } = self.current_mut().undo.take(direction, now);
        let mut effects = Vec::new();
        if !changes.is_empty() || !marks.is_empty() {
            let kind = match direction {
                Direction::Back => BatchKind::Undo,
                Direction::Forward => BatchKind::Redo,
            };
            effects = self.begin_step(&changes, marks, kind, direction.initiator(), now);
        } else if let [memo] = passed.as_slice() {
            self.fill_form(memo, Purpose::Duplicate, now);
            self.focus = Focus::Form;
        }
        match passed.as_slice() {
            [] => {}
            [memo] => self.banners.warn(format!(
                "{} was for {}, which has passed. Pick a new time.",
                quoted(memo),
                self.words(&memo.due)
            )),
            memos => {
                let names: Vec<String> = memos.iter().map(quoted).collect();
                self.banners.warn(format!("The times of {} have passed. Add them again.", names.join(", ")));
            }
        }
        effects
    }

    /// Drops a change that was refused or is unconfirmed. The list shows the memo before it.
    pub(super) fn drop_row(&mut self, name: &Name, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(id) = self.current_id().cloned() else { return Vec::new() };
        let was_at = self.selected_line();
        let reaction = self.current_mut().discard(name);
        self.keep_selection(was_at);
        let mut effects = self.react(&id, reaction, now);
        effects.extend(self.refresh());
        effects
    }

    /// Stops the batches of the current context, or else its reading.
    pub(super) fn stop(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(id) = self.current_id().cloned() else { return Vec::new() };
        let reaction = self.current_mut().stop(now);
        self.react(&id, reaction, now)
    }

    /// The person is done with these deliveries, by the keys of their receipts.
    pub(super) fn done(&mut self, keys: &[String], now: DateTime<Utc>) -> Vec<Effect> {
        let marks = self.marks_done(keys);
        if marks.is_empty() {
            return Vec::new();
        }
        self.begin_step(&[], marks, BatchKind::Cancel, Initiator::Person, now)
    }

    /// The marks that make these deliveries done, as far as they are not done yet.
    pub(super) fn marks_done(&self, keys: &[String]) -> DoneMarks {
        let arrived = self.current().arrived.iter();
        DoneMarks::done(arrived.filter(|receipt| keys.contains(&receipt.key)).cloned().collect())
    }
}
