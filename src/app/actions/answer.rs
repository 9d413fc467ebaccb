//! Answers to a question, and the way back from an overlay or the form.

use chrono::{DateTime, Utc};

use crate::app::context::batch::BatchKind;
use crate::app::context::pending::Initiator;
use crate::app::message::Effect;
use crate::app::modal::{Agreed, Chosen, Modal};
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
        let can_agree = self.modal.as_ref().is_some_and(Modal::can_agree);
        let Some(Modal::Confirm { yes, .. }) = self.modal.take() else { return Vec::new() };
        if !can_agree {
            self.banners.say("Nothing was done: a letter is not an answer.", now);
            return Vec::new();
        }
        match yes {
            Agreed::Run(memo) => self.here().is_some().then(|| self.current_mut().run_now(memo)).into_iter().collect(),
            Agreed::CancelForeign(name) => self.begin(&Change::CancelForeign(name), Initiator::Person, now),
            Agreed::AllDone(keys) => self.done(&keys, now),
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
            self.banners.warn(format!("{} has passed meanwhile.", self.words(&moment)));
            return Vec::new();
        }
        match then {
            Chosen::Submit => self.submit_at(moment, now),
            Chosen::SnoozeMarked { offers } => {
                offers.get(index).map_or_else(Vec::new, |later| self.snooze_marked(*later, now))
            }
            Chosen::Again { memo, arrived } => {
                let later = Memo { due: moment, ..memo };
                let marks = self.marks_done(&[arrived]);
                self.begin_step(&[Change::Create(later)], marks, BatchKind::Snooze, Initiator::Person, now)
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
            self.next_form();
        } else if self.changes_a_memo() {
            let edit = self.key(MemoAction::Edit);
            let clear = self.settings.keys.key(KeyContext::Form, FormAction::Clear);
            self.banners.say(
                format!("The memo is unchanged. {edit} on it goes back to your change, {clear} there drops it."),
                now,
            );
        }
        self.save_drafts()
    }
}
