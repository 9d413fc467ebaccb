//! Answers to a question, and the way back from an overlay or the form.

use chrono::{DateTime, Utc};

use crate::app::context::pending::Initiator;
use crate::app::form::state::Form;
use crate::app::message::Effect;
use crate::app::modal::Modal;
use crate::app::modal::{Agreed, Chosen};
use crate::app::model::App;
use crate::app::view::Focus;
use crate::keymap::{AnswerAction, FormAction, KeyContext, MemoAction};
use crate::memo::Memo;
use crate::schedule::Change;

impl App {
    pub(super) fn act_on_question(&mut self, action: AnswerAction, now: DateTime<Utc>) -> Vec<Effect> {
        match action {
            AnswerAction::Yes => self.agree(now),
            AnswerAction::No => {
                self.modal = None;
                Vec::new()
            }
            AnswerAction::Take => self.take(None, now),
            AnswerAction::Words => {
                self.ask_in_words(now);
                Vec::new()
            }
            AnswerAction::Back => self.back(now),
        }
    }

    fn agree(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Confirm { yes, .. }) = self.modal.take() else { return Vec::new() };
        match yes {
            Agreed::Run(memo) => self.here().is_some().then(|| self.current_mut().run_now(memo)).into_iter().collect(),
            Agreed::CancelForeign(name) => self.begin(&Change::CancelForeign(name), Initiator::Person, now),
            Agreed::AllDone(keys) => self.done(keys, now),
        }
    }

    /// Takes the answer with this index, or the highlighted or typed one.
    pub(in crate::app) fn take(&mut self, index: Option<usize>, now: DateTime<Utc>) -> Vec<Effect> {
        match &self.modal {
            Some(Modal::Choose { selected, .. }) => self.take_choice(index.unwrap_or(*selected), now),
            Some(Modal::Words { .. }) => self.take_words(now),
            Some(Modal::Copy { .. }) => self.copy(index, now),
            Some(Modal::Palette { .. }) => self.take_from_palette(now),
            Some(Modal::Contexts { .. }) => self.pick_context(index, now),
            Some(Modal::Help { .. } | Modal::Details { .. } | Modal::Receipt { .. } | Modal::Confirm { .. }) | None => {
                Vec::new()
            }
        }
    }

    fn take_choice(&mut self, index: usize, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Choose { choices, .. }) = &self.modal else { return Vec::new() };
        let Some(moment) = choices.get(index).map(|choice| choice.moment) else { return Vec::new() };
        let Some(Modal::Choose { then, .. }) = self.modal.take() else { return Vec::new() };
        if moment.instant <= now {
            self.banners.warn(format!("{} has passed meanwhile.", moment.words(self.hours())));
            return Vec::new();
        }
        match then {
            Chosen::Submit => self.submit_at(moment, now),
            Chosen::SnoozeMarked { offers } => {
                offers.get(index).map_or_else(Vec::new, |later| self.snooze_marked(*later, now))
            }
            Chosen::Again { memo, arrived } => {
                let later = Memo { due: moment, ..memo };
                let mut effects = self.begin(&Change::Create(later), Initiator::Person, now);
                effects.extend(self.done(vec![arrived], now));
                effects
            }
            Chosen::Snooze(memo) => {
                let later = Memo { due: moment, ..memo.clone() };
                let change = self.current().replacement(memo, later);
                self.begin(&change, Initiator::Person, now)
            }
        }
    }

    /// Closes the overlay, or goes from the form to the list.
    fn back(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.modal.take().is_some() {
            return Vec::new();
        }
        self.form.settle_zone();
        self.focus = Focus::List;
        if self.form.is_untouched_change() {
            self.form = Form::new(self.settings.zone);
        } else if self.form.is_change() {
            let keys = &self.settings.keys;
            let add = keys.key(KeyContext::Pending, MemoAction::New);
            let clear = keys.key(KeyContext::Form, FormAction::Clear);
            self.banners
                .say(format!("The form keeps your change: {add} goes back to it, {clear} there drops it."), now);
        }
        self.save_draft().into_iter().collect()
    }
}
