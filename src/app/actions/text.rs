//! Typing, editing and pasting text, into the form or a line.

use chrono::{DateTime, Utc};
use crossterm::event::KeyEvent;

use crate::app::line_input::LineInput;
use crate::app::message::Effect;
use crate::app::modal::Modal;
use crate::app::model::App;
use crate::app::view::Focus;
use crate::keymap::{Action, Edit, KeyContext, Keymap, MemoAction, ProgramAction};

impl App {
    pub(super) fn insert(&mut self, c: char, now: DateTime<Utc>) {
        if self.key_context() == KeyContext::Form {
            self.form.insert(c);
            self.draft_changed(now);
        } else {
            self.change_line(now, |line| line.insert(c));
        }
    }

    /// A key without an action was pressed. A letter in a view was probably meant for a memo, so a banner says how to write
    /// one; a yes-or-no question counts the letters that answer nothing.
    pub(in crate::app) fn unbound(&mut self, key: &KeyEvent, now: DateTime<Utc>) {
        let Some(letter) = Keymap::typed(key) else { return };
        match (&mut self.modal, self.view.key_context()) {
            (Some(Modal::Confirm { letters, .. }), _) => *letters += 1,
            (Some(_), _) => {}
            (None, _) if self.focus == Focus::Form => {}
            (None, view) => {
                let name = if letter == ' ' { "Space".to_owned() } else { format!("“{letter}”") };
                let keys = &self.settings.keys;
                let next = if self.is_read_only() {
                    format!("{} shows the keys.", keys.key(view, ProgramAction::Help))
                } else {
                    format!("To write a memo, press {}.", keys.key(view, MemoAction::New))
                };
                self.banners.hint(format!("{name} does nothing here. {next}"), now);
            }
        }
    }

    pub(super) fn edit_text(&mut self, edit: Edit, now: DateTime<Utc>) {
        if self.key_context() == KeyContext::Form {
            self.form.edit(edit);
            self.draft_changed(now);
        } else {
            self.change_line(now, |line| line.edit(edit));
        }
    }

    pub(in crate::app) fn paste(&mut self, text: &str, now: DateTime<Utc>) -> Vec<Effect> {
        let context = self.key_context();
        if context == KeyContext::Form {
            match self.form.paste(text) {
                Ok(()) => self.draft_changed(now),
                Err(sentence) => self.banners.warn(sentence),
            }
        } else if context.takes_text() {
            self.change_line(now, |line| line.paste(text));
        } else {
            self.draft_of_paste(text, "The pasted text is a draft.".to_owned(), now);
        }
        Vec::new()
    }

    /// A paste that came as keys, while no text had the focus.
    pub(in crate::app) fn paste_as_draft(&mut self, text: &str, now: DateTime<Utc>) -> Vec<Effect> {
        let count = text.chars().count();
        let said = format!("{count} characters came at once, like a paste. They are a draft, not keys.");
        self.draft_of_paste(text, said, now);
        Vec::new()
    }

    /// Makes a paste into a view a draft of a new memo; it acts on nothing.
    fn draft_of_paste(&mut self, text: &str, said: String, now: DateTime<Utc>) {
        if self.refuse_to_change() {
            return;
        }
        self.beginning.settled = true;
        self.modal = None;
        self.turn_to_new_memo(now);
        match self.form.append(text) {
            Ok(()) => {
                self.focus = Focus::Form;
                self.draft_changed(now);
                self.banners.hint(said, now);
            }
            Err(sentence) => self.banners.warn(sentence),
        }
    }

    /// Whether characters are text, and not keys, where the focus is.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        self.key_context().takes_text()
    }

    /// Whether a key only moves the selection.
    #[must_use]
    pub fn only_moves(&self, key: &KeyEvent) -> bool {
        matches!(self.settings.keys.action(self, key), Some(Action::Move(_)))
    }

    /// Changes the line that has the keys: the filter, the typed answer, or the search of the palette.
    fn change_line(&mut self, now: DateTime<Utc>, change: impl FnOnce(&mut LineInput)) {
        match self.key_context() {
            KeyContext::Filter => self.change_filter(now, change),
            KeyContext::Words => self.words_changed(change),
            KeyContext::Palette => self.change_palette(change),
            KeyContext::Anywhere
            | KeyContext::Pending
            | KeyContext::History
            | KeyContext::Calendar
            | KeyContext::Hours
            | KeyContext::Form
            | KeyContext::Details
            | KeyContext::Confirm
            | KeyContext::Choose
            | KeyContext::Help => {}
        }
    }
}
