//! Actions of the form.

use chrono::{DateTime, Utc};

use crate::app::form::state::Field;
use crate::app::message::Effect;
use crate::app::model::App;
use crate::app::step::Step;
use crate::keymap::FormAction;

impl App {
    pub(super) fn act_in_form(&mut self, action: FormAction, now: DateTime<Utc>) -> Vec<Effect> {
        match action {
            // The first Enter takes a suggestion, and only another one schedules.
            FormAction::Advance if self.form.offers_zones() => {
                self.form.settle_zone();
                self.draft_changed(now);
            }
            FormAction::Advance if self.advance_submits() => return self.submit(now),
            FormAction::Submit => return self.submit(now),
            FormAction::Advance | FormAction::NextField => {
                self.open_out(now);
                self.form.step(Step::Next);
            }
            FormAction::PreviousField => {
                self.open_out(now);
                self.form.step(Step::Previous);
            }
            FormAction::NextZone => self.form.step_zone(Step::Next),
            FormAction::PreviousZone => self.form.step_zone(Step::Previous),
            FormAction::KeepWords => {
                self.form.keep_words();
                self.draft_changed(now);
            }
            FormAction::Clear => {
                self.next_form();
                self.draft_changed(now);
            }
        }
        Vec::new()
    }

    /// Whether Enter schedules: in the last field of a new memo. A change of a memo is saved by its own key only.
    pub(in crate::app) fn advance_submits(&self) -> bool {
        self.form.focus == Field::Zone && !self.form.offers_zones() && !self.changes_a_memo()
    }

    /// When the cursor leaves the Memo field, a time in its text moves to the other fields.
    pub(super) fn open_out(&mut self, now: DateTime<Utc>) {
        if self.form.focus == Field::Memo
            && let Some(chip) = self.form.chip(now, &self.settings.when)
        {
            self.form.open_out(&chip, self.settings.when.hours);
            self.draft_changed(now);
        }
    }
}
