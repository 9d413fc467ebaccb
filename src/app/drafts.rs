//! Drafts: the one in the form, and those that are kept aside while the form holds another one.
//!
//! A draft is a new memo, or a change of a memo that is not made yet. The form never turns one into the other: a new memo is
//! not typed into a change, nor a change into a new memo. What was typed comes back: a new memo as soon as the form is free, a
//! change when its memo is edited again.

use chrono::{DateTime, Utc};

use super::form::state::{Form, Purpose};
use super::message::Effect;
use super::model::{App, DRAFT_PAUSE};
use super::quote::quoted;
use crate::keymap::{FormAction, KeyContext};
use crate::memo::{Draft, Memo, MemoId};

impl App {
    /// Fills the form with a memo, to edit it or to write another one like it. What the form held is kept aside.
    pub(super) fn fill_form(&mut self, memo: &Memo, purpose: Purpose, now: DateTime<Utc>) {
        let zone = self.settings.zone;
        match purpose {
            Purpose::Duplicate => {
                self.set_form_aside(now);
                self.form = Form::from_memo(zone, self.hours(), memo, Purpose::Duplicate);
            }
            Purpose::Edit => {
                if self.form.changed_id() != Some(memo.id) {
                    self.set_form_aside(now);
                    self.form = match self.take_aside(memo.id) {
                        Some(kept) => kept,
                        None => Form::from_memo(zone, self.hours(), memo, Purpose::Edit),
                    };
                }
                self.form.editing.get_or_insert_with(|| memo.clone());
                if !self.form.is_untouched_change() {
                    let clear = self.settings.keys.key(KeyContext::Form, FormAction::Clear);
                    self.banners
                        .say(format!("Here is your change of {}, not saved yet. {clear} drops it.", quoted(memo)), now);
                }
            }
        }
    }

    /// The form holds the draft of a new memo from now on, or is empty: a change of a memo is kept aside. Every function
    /// that adds text to a new memo calls this first.
    pub(super) fn turn_to_new_memo(&mut self, now: DateTime<Utc>) {
        // While the list is read, nobody knows whether the memo of the change is in it.
        if self.changes_a_memo() || (self.form.is_change() && !self.reads_whole()) {
            self.set_form_aside(now);
        }
        if self.form.is_empty() && !self.draft.aside.is_empty() {
            let proposed = std::mem::replace(&mut self.form, Form::new(self.settings.zone));
            self.next_form();
            if self.form.is_empty() {
                self.form = proposed;
            }
        }
    }

    /// Keeps the draft in the form aside, if there is one, and empties the form.
    pub(super) fn set_form_aside(&mut self, now: DateTime<Utc>) {
        let form = std::mem::replace(&mut self.form, Form::new(self.settings.zone));
        if form.is_empty() || form.is_untouched_change() {
            return;
        }
        self.draft.aside.retain(|kept| kept.changed_id().is_none() || kept.changed_id() != form.changed_id());
        self.draft.aside.push(form);
        self.draft_changed(now);
    }

    /// A change that was not made is kept: in the form if that is free, else aside. `before` is the memo as it is now.
    pub(super) fn keep_change(&mut self, before: Memo, after: &Memo, now: DateTime<Utc>) {
        let mut change = Form::from_memo(self.settings.zone, self.hours(), after, Purpose::Edit);
        change.editing = Some(before);
        if self.form.is_empty() {
            self.form = change;
        } else {
            self.draft.aside.retain(|kept| kept.changed_id() != change.changed_id());
            self.draft.aside.push(change);
        }
        self.draft_changed(now);
    }

    fn take_aside(&mut self, id: MemoId) -> Option<Form> {
        let at = self.draft.aside.iter().rposition(|kept| kept.changed_id() == Some(id))?;
        Some(self.draft.aside.remove(at))
    }

    /// Fills the empty form with the newest draft of a new memo, if there is one. A change of a memo that is
    /// not in this list comes back as a new memo, so that its text is never out of reach.
    pub(super) fn next_form(&mut self) {
        let list = &self.current().list;
        let has_memo = |kept: &Form| kept.changed_id().is_some_and(|id| list.get(&id.to_string()).is_some());
        let at = self.draft.aside.iter().rposition(|kept| !has_memo(kept) && (!kept.is_change() || self.reads_whole()));
        self.form = match at {
            Some(at) => self.draft.aside.remove(at),
            None => Form::new(self.settings.zone),
        };
    }

    /// Whether the whole list is known.
    fn reads_whole(&self) -> bool {
        self.here().is_some() && self.current().reading.whole
    }

    /// The draft of the last run fills the form, unless the person has typed something.
    pub(super) fn take_draft(&mut self, draft: &Draft) {
        if self.form.is_empty() && !draft.is_empty() {
            let focus = self.form.focus;
            self.form = Form::from_draft(self.settings.zone, draft);
            self.draft.saved = true;
            self.form.focus(focus);
        }
    }

    /// The drafts that the last run kept aside.
    pub(super) fn take_drafts_aside(&mut self, drafts: &[Draft]) {
        let kept = drafts.iter().map(|draft| Form::from_draft(self.settings.zone, draft));
        self.draft.aside.splice(0..0, kept.collect::<Vec<_>>());
        self.draft.saved_aside = true;
    }

    /// The form changed: the draft is saved soon.
    pub(super) fn draft_changed(&mut self, now: DateTime<Utc>) {
        self.draft.due.get_or_insert(now + DRAFT_PAUSE);
    }

    /// Saves the drafts. A form that was empty all along leaves the draft of another window alone.
    pub(super) fn save_drafts(&mut self) -> Vec<Effect> {
        self.draft.due = None;
        let aside: Vec<Draft> = self.draft.aside.iter().map(Form::draft).collect();
        let had_aside = std::mem::replace(&mut self.draft.saved_aside, !aside.is_empty());
        let draft = (!self.form.is_empty() && !self.form.is_untouched_change()).then(|| self.form.draft());
        let had_one = std::mem::replace(&mut self.draft.saved, draft.is_some());
        let effects = [
            (had_aside || !aside.is_empty()).then_some(Effect::SaveAside(aside)),
            (had_one || draft.is_some()).then_some(Effect::SaveDraft(draft)),
        ];
        effects.into_iter().flatten().collect()
    }
}
