//! Actions that switch the view.

use chrono::{DateTime, Utc};

use crate::app::message::Effect;
use crate::app::model::App;
use crate::app::step::Step;
use crate::app::view::{Focus, View};
use crate::keymap::ViewAction;

impl App {
    pub(super) fn act_on_view(&mut self, action: ViewAction, now: DateTime<Utc>) -> Vec<Effect> {
        match action {
            ViewAction::OpenDay => self.open_day(now),
            ViewAction::OpenHour => self.open_hour(),
            ViewAction::ShowPending => self.switch_to(View::Pending, now),
            ViewAction::ShowHistory => self.switch_to(View::History, now),
            ViewAction::ShowCalendar => self.switch_to(View::Calendar, now),
            ViewAction::ShowHours => self.switch_to(View::Hours, now),
            ViewAction::Next => self.switch_to(self.view.beside(Step::Next), now),
            ViewAction::Previous => self.switch_to(self.view.beside(Step::Previous), now),
        }
    }

    /// Shows a view; the calendar and the hours select the day or the hour of the selected memo.
    fn switch_to(&mut self, view: View, now: DateTime<Utc>) -> Vec<Effect> {
        match view {
            View::Calendar => self.show_calendar(now),
            View::Hours => self.show_hours(now),
            View::Pending | View::History => self.show(view),
        }
    }

    pub(in crate::app) fn show(&mut self, view: View) -> Vec<Effect> {
        self.settle_filter();
        self.view = view;
        self.focus = Focus::List;
        match view {
            View::History => self.read_history().into_iter().collect(),
            View::Pending | View::Calendar | View::Hours => Vec::new(),
        }
    }

    /// Reads the history.
    fn read_history(&mut self) -> Option<Effect> {
        self.here()?;
        self.current_mut().read_history()
    }
}
