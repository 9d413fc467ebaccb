//! Motions in the list, the calendar, the hours and the overlays.

use chrono::{DateTime, Utc};

use crate::app::model::App;
use crate::app::motion::{Ends, target};
use crate::app::view::View;
use crate::keymap::Motion;

impl App {
    /// Moves the selection, or scrolls a document.
    pub(in crate::app) fn go(&mut self, motion: Motion, now: DateTime<Utc>) {
        let page = usize::from(self.size.1 / 2).max(1);
        if self.modal.is_some() {
            self.go_in_overlay(motion, page);
        } else {
            self.go_in_view(motion, page, now);
        }
    }

    pub(super) fn go_in_view(&mut self, motion: Motion, page: usize, now: DateTime<Utc>) {
        match self.view {
            View::Pending => {
                self.list_view.moved = true;
                let line = self.selected_line().unwrap_or(0);
                self.select_line(target(motion, line, self.lines(), page, Ends::Stop));
            }
            View::History => {
                self.list_view.moved = true;
                let count = self.current().history.visible().len();
                let line = target(motion, self.current().history.line(), count, page, Ends::Stop);
                self.current_mut().history.select(line);
            }
            View::Calendar => self.go_to_day(motion, now),
            View::Hours => self.go_to_hour(motion, page, now),
        }
    }

    pub(super) fn go_in_overlay(&mut self, motion: Motion, page: usize) {
        let commands = self.palette_len();
        if let Some(modal) = &mut self.modal {
            modal.go(motion, page, commands);
        }
    }
}
