//! Clicks and the wheel.

use chrono::{DateTime, Utc};

use crate::app::form::state::Field;
use crate::app::hours::hour_of;
use crate::app::message::{ClickTarget, Effect};
use crate::app::model::{App, WIDE};
use crate::app::view::{Focus, View};
use crate::keymap::Motion;

impl App {
    /// The wheel turned: lines down, or up when negative. A notch in the calendar is a week.
    pub(in crate::app) fn scroll(&mut self, lines: i16, now: DateTime<Utc>) -> Vec<Effect> {
        let page = usize::from(lines.unsigned_abs());
        let (line, several) = if lines > 0 { (Motion::Down, Motion::PageDown) } else { (Motion::Up, Motion::PageUp) };
        let form_covers_view = self.focus == Focus::Form && self.size.0 < WIDE;
        match self.view {
            _ if self.modal.is_some() => self.go_in_overlay(several, page),
            _ if form_covers_view => {}
            View::Calendar => self.go_in_view(line, page, now),
            View::Pending | View::History | View::Hours => self.go_in_view(several, page, now),
        }
        Vec::new()
    }

    pub(in crate::app) fn touch(&mut self, target: ClickTarget, now: DateTime<Utc>) -> Vec<Effect> {
        if self.modal.is_some() {
            return Vec::new();
        }
        match target {
            ClickTarget::Line(line) => {
                self.list_view.moved = true;
                self.focus = Focus::List;
                match self.view {
                    View::Pending => self.select_line(line),
                    View::History => self.current_mut().history.select(line),
                    View::Calendar | View::Hours => {}
                }
            }
            ClickTarget::Hour(hour) => {
                self.focus = Focus::List;
                self.hour = hour;
            }
            ClickTarget::Time(from, to) => {
                self.focus = Focus::List;
                if let Some(effects) = self.open_first_due(from, to) {
                    return effects;
                }
                let effects = self.show(View::Hours);
                self.hour = hour_of(from, self.settings.zone);
                return effects;
            }
            ClickTarget::Day(day) => {
                self.focus = Focus::List;
                self.day = day;
            }
            ClickTarget::Field(_) if self.refuse_to_change() => {}
            ClickTarget::Field(field) => {
                if field != Field::Memo {
                    self.open_out(now);
                }
                self.focus = Focus::Form;
                self.form.focus(field);
            }
        }
        Vec::new()
    }
}
