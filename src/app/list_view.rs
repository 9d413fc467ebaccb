//! What of the list is shown, and in which order: the filter as it is typed, the order, the days.

use chrono::{DateTime, NaiveDate, Utc};
use when::Moment;

use crate::keymap::{Action, Edit, KeyContext};

use super::context::order::Order;
use super::filter::Filter;
use super::model::{App, Selected};
use super::view::View;

/// How the list is looked at, beside its order and its filter.
#[derive(Debug, Default)]
pub(super) struct Sifting {
    /// Whether days have headings, where the list is sorted by them.
    pub(super) by_day: bool,
    /// What was selected when the filter was begun: it is selected again whenever it is shown.
    held: Option<Selected>,
    /// The day that the words of the filter were read on.
    day: Option<NaiveDate>,
}

impl App {
    /// The filter of the list that is shown.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        match self.view {
            View::Pending | View::Calendar | View::Hours => &self.filter,
            View::History => self.current().history.filter(),
        }
    }

    fn filter_mut(&mut self) -> &mut Filter {
        match self.view {
            View::Pending | View::Calendar | View::Hours => &mut self.filter,
            View::History => self.current_mut().history.filter_mut(),
        }
    }

    /// What changes nothing but what is looked at, and how.
    pub(super) fn steer(&mut self, action: Action, now: DateTime<Utc>) {
        match action {
            Action::Filter | Action::ClearFilter | Action::KeepFilter => self.act_on_filter(action, now),
            Action::Mark | Action::MarkRange | Action::MarkAll | Action::Unmark => self.act_on_marks(action, now),
            Action::Sort | Action::TurnAround | Action::ByDay => self.act_on_order(action),
            Action::Copy => self.ask_what_to_copy(),
            Action::Palette => self.open_palette(),
            Action::Words => self.ask_in_words(now),
            Action::Edit(edit) => self.type_in(edit, now),
            _ if self.key_context() == KeyContext::Calendar => self.go_by_day(action, now),
            _ if self.key_context() == KeyContext::Hours => self.go_by_hour(action, now),
            _ => self.go(action),
        }
    }

    fn type_in(&mut self, edit: Edit, now: DateTime<Utc>) {
        match self.key_context() {
            KeyContext::Palette => self.edit_palette(edit),
            KeyContext::Words => self.words_changed(|typed| {
                typed.edit(edit);
            }),
            _ => self.edit_filter(edit, now),
        }
    }

    fn act_on_filter(&mut self, action: Action, now: DateTime<Utc>) {
        match action {
            Action::Filter => {
                self.filter_mut().typing = true;
                self.sifting.held.clone_from(&self.selected);
            }
            Action::KeepFilter => self.filter_mut().typing = false,
            _ => {
                self.filter_mut().clear();
                self.sift(now);
            }
        }
    }

    /// Shows what holds these words, as if they had been typed.
    pub(super) fn filter_to(&mut self, words: &str, now: DateTime<Utc>) {
        self.filter_mut().clear();
        self.sifting.held.clone_from(&self.selected);
        self.paste_into_filter(words, now);
    }

    /// The keys go elsewhere: the filter stays as it was typed.
    pub(super) fn settle_filter(&mut self) {
        self.filter_mut().typing = false;
    }

    fn edit_filter(&mut self, edit: Edit, now: DateTime<Utc>) {
        self.filter_mut().edit(edit);
        self.sift(now);
    }

    pub(super) fn paste_into_filter(&mut self, text: &str, now: DateTime<Utc>) {
        self.filter_mut().paste(text);
        self.sift(now);
    }

    /// Looks at every line anew.
    fn sift(&mut self, now: DateTime<Utc>) {
        let sieve = self.filter().sieve(now, self.settings.zone);
        match self.view {
            View::History => self.current_mut().history.sift(sieve),
            View::Pending | View::Calendar | View::Hours => {
                self.beginning.moved = true;
                self.sifting.day = Some(self.today(now));
                self.current_mut().list.sift(sieve);
                let now_selected = self.selected.take();
                self.selected = self.sifting.held.clone().or(now_selected.clone());
                if self.selected_line().is_none() {
                    self.selected = now_selected;
                }
                self.keep_selection(None);
            }
        }
    }

    /// "today" and "tomorrow" mean other days after midnight.
    pub(super) fn sift_at_midnight(&mut self, now: DateTime<Utc>) {
        if self.filter.is_on() && self.sifting.day != Some(self.today(now)) {
            self.sifting.day = Some(self.today(now));
            let was_at = self.selected_line();
            let sieve = self.filter.sieve(now, self.settings.zone);
            self.current_mut().list.sift(sieve);
            self.keep_selection(was_at);
        }
    }

    fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        Moment::at(now, self.settings.zone).civil.date()
    }

    fn act_on_marks(&mut self, action: Action, now: DateTime<Utc>) {
        match action {
            Action::Mark => {
                if self.toggle_mark() {
                    self.go(Action::Down);
                }
            }
            Action::MarkRange => self.toggle_range(),
            Action::MarkAll => self.mark_all(now),
            _ => self.unmark_all(),
        }
    }

    fn act_on_order(&mut self, action: Action) {
        let Order { by, down } = self.current().list.order();
        match action {
            Action::Sort => self.current_mut().list.sort(Order { by: by.next(), down: false }),
            Action::TurnAround => self.current_mut().list.sort(Order { by, down: !down }),
            _ => self.sifting.by_day = !self.sifting.by_day,
        }
    }
}
