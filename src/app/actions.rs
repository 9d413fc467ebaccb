//! Dispatch: from an action of the table to its handler.
//!
//! Each group of actions has a file with one match that lists its actions, so that an action without a handler does not
//! compile.

mod answer;
mod copy;
mod form;
mod list;
mod memo;
mod motion;
mod mouse;
mod program;
mod text;
mod view;

use chrono::{DateTime, Utc};

use crate::keymap::Action;

use crate::app::message::Effect;
use crate::app::model::App;

impl App {
    /// Performs an action.
    pub(super) fn act(&mut self, action: Action, now: DateTime<Utc>) -> Vec<Effect> {
        self.beginning.settled = true;
        if self.refuses(action) {
            return Vec::new();
        }
        match action {
            Action::Memo(action) => self.act_on_memo(action, now),
            Action::List(action) => self.act_on_list(action, now),
            Action::View(action) => self.act_on_view(action, now),
            Action::Form(action) => self.act_in_form(action, now),
            Action::Answer(action) => self.act_on_question(action, now),
            Action::Text(edit) => {
                self.edit_text(edit, now);
                Vec::new()
            }
            Action::Program(action) => self.act_on_program(action, now),
            Action::Move(motion) => {
                self.go(motion, now);
                Vec::new()
            }
            Action::Insert(c) => {
                self.insert(c, now);
                Vec::new()
            }
            Action::Pick(index) => self.take(Some(index), now),
        }
    }
}
