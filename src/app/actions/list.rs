//! Actions on the list: marks, filter, order.

use chrono::{DateTime, NaiveDate, Utc};
use when::Moment;

use crate::app::context::order::Order;
use crate::app::filter::Filter;
use crate::app::line_input::LineInput;
use crate::app::message::Effect;
use crate::app::model::App;
use crate::app::view::View;
use crate::keymap::ListAction;

impl App {
    pub(super) fn act_on_list(&mut self, action: ListAction, now: DateTime<Utc>) -> Vec<Effect> {
        let Order { by, down } = self.current().list.order();
        match action {
            ListAction::Stop => return self.stop(now),
            ListAction::Unmark => self.unmark_all(),
            ListAction::Mark => self.toggle_mark(now),
            ListAction::MarkRange => self.toggle_range(),
            ListAction::MarkAll => self.mark_all(now),
            ListAction::ClearFilter => {
                self.filter_mut().clear();
                self.apply_filter(now);
            }
            ListAction::Filter => {
                self.list_view.held.clone_from(&self.list_view.selected);
                if self.filter().is_on() {
                    self.filter_mut().clear();
                    self.apply_filter(now);
                }
                self.filter_mut().typing = true;
            }
            ListAction::KeepFilter => self.settle_filter(),
            ListAction::Sort => self.current_mut().list.sort(Order { by: by.next(), down: false }),
            ListAction::ReverseOrder => self.current_mut().list.sort(Order { by, down: !down }),
            ListAction::ByDay => self.list_view.by_day = !self.list_view.by_day,
        }
        Vec::new()
    }

    /// The filter of the current view.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        match self.view {
            View::Pending | View::Calendar | View::Hours => &self.list_view.filter,
            View::History => self.current().history.filter(),
        }
    }

    fn filter_mut(&mut self) -> &mut Filter {
        match self.view {
            View::Pending | View::Calendar | View::Hours => &mut self.list_view.filter,
            View::History => self.current_mut().history.filter_mut(),
        }
    }

    /// Sets the filter to these words, as if they had been typed.
    pub(in crate::app) fn filter_to(&mut self, words: &str, now: DateTime<Utc>) {
        self.list_view.held.clone_from(&self.list_view.selected);
        self.filter_mut().clear();
        self.change_filter(now, |line| line.paste(words));
    }

    /// Ends typing: the filter stays as it is.
    pub(in crate::app) fn settle_filter(&mut self) {
        self.filter_mut().typing = false;
    }

    /// Changes the text of the filter, and shows what it lets through.
    pub(super) fn change_filter(&mut self, now: DateTime<Utc>, change: impl FnOnce(&mut LineInput)) {
        change(self.filter_mut().line_mut());
        self.apply_filter(now);
    }

    fn apply_filter(&mut self, now: DateTime<Utc>) {
        let sieve = self.filter().sieve(now, self.settings.zone);
        match self.view {
            View::History => self.current_mut().history.sift(sieve),
            View::Pending | View::Calendar | View::Hours => {
                self.list_view.moved = true;
                self.list_view.filtered_on = Some(self.today(now));
                self.current_mut().sift(sieve);
                let now_selected = self.list_view.selected.take();
                self.list_view.selected = self.list_view.held.clone().or(now_selected.clone());
                if self.selected_line().is_none() {
                    self.list_view.selected = now_selected;
                }
                self.keep_selection(None);
            }
        }
    }

    /// Applies the filter again on a new day, since "today" and "tomorrow" mean other days then.
    pub(in crate::app) fn sift_at_midnight(&mut self, now: DateTime<Utc>) {
        if self.list_view.filter.is_on() && self.list_view.filtered_on != Some(self.today(now)) {
            self.list_view.filtered_on = Some(self.today(now));
            let was_at = self.selected_line();
            let sieve = self.list_view.filter.sieve(now, self.settings.zone);
            self.current_mut().sift(sieve);
            self.keep_selection(was_at);
        }
    }

    fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        Moment::at(now, self.settings.zone).civil.date()
    }
}
