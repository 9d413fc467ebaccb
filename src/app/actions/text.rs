//! Typing, editing and pasting text, into the form or a line.

use chrono::{DateTime, Utc};

use crate::app::message::Effect;
use crate::app::model::App;
use crate::keymap::{Edit, KeyContext, MemoAction};

impl App {
    pub(super) fn insert(&mut self, c: char, now: DateTime<Utc>) {
        match self.key_context() {
            KeyContext::Form => {
                self.form.insert(c);
                self.draft_changed(now);
            }
            KeyContext::Filter => self.change_filter(now, |filter| filter.insert(c)),
            KeyContext::Words => self.words_changed(|typed| typed.insert(c)),
            KeyContext::Palette => self.change_palette(|typed| typed.insert(c)),
            KeyContext::Anywhere
            | KeyContext::Pending
            | KeyContext::History
            | KeyContext::Calendar
            | KeyContext::Hours
            | KeyContext::Details
            | KeyContext::Confirm
            | KeyContext::Choose
            | KeyContext::Help => {}
        }
    }

    pub(super) fn edit_text(&mut self, edit: Edit, now: DateTime<Utc>) {
        match self.key_context() {
            KeyContext::Form => {
                self.form.edit(edit);
                self.draft_changed(now);
            }
            KeyContext::Filter => self.change_filter(now, |filter| filter.edit(edit)),
            KeyContext::Words => self.words_changed(|typed| typed.edit(edit)),
            KeyContext::Palette => self.change_palette(|typed| typed.edit(edit)),
            KeyContext::Anywhere
            | KeyContext::Pending
            | KeyContext::History
            | KeyContext::Calendar
            | KeyContext::Hours
            | KeyContext::Details
            | KeyContext::Confirm
            | KeyContext::Choose
            | KeyContext::Help => {}
        }
    }

    pub(in crate::app) fn paste(&mut self, text: &str, now: DateTime<Utc>) -> Vec<Effect> {
        match self.key_context() {
            KeyContext::Form => match self.form.paste(text) {
                Ok(()) => self.draft_changed(now),
                Err(sentence) => self.banners.warn(sentence),
            },
            KeyContext::Filter => self.change_filter(now, |filter| filter.paste(text)),
            KeyContext::Words => self.words_changed(|typed| typed.paste(text)),
            KeyContext::Palette => self.change_palette(|typed| typed.paste(text)),
            KeyContext::Anywhere
            | KeyContext::Pending
            | KeyContext::History
            | KeyContext::Calendar
            | KeyContext::Hours
            | KeyContext::Details
            | KeyContext::Confirm
            | KeyContext::Choose
            | KeyContext::Help => {
                let add = self.settings.keys.chord(KeyContext::Pending, MemoAction::New);
                let begin = add.map_or_else(|| "Begin a memo".to_owned(), |chord| format!("Press {}", chord.name()));
                self.banners.say(format!("{begin} first, then paste the text of the memo."), now);
            }
        }
        Vec::new()
    }
}
