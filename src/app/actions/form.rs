//! Actions of the form.

use chrono::{DateTime, Utc};

use crate::app::form::state::{Field, Form};
use crate::app::message::Effect;
use crate::app::model::App;
use crate::app::step::Step;
use crate::keymap::FormAction;

impl App {
    pub(super) fn act_in_form(&mut self, action: FormAction, now: DateTime<Utc>) -> Vec<Effect> {
        match action {
            FormAction::Advance if self.form.focus == Field::Zone => return self.submit(now),
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
                self.form = Form::new(self.settings.zone);
                self.draft_changed(now);
            }
        }
        Vec::new()
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
