//! The palette: everything that can be done here and now, by its name.

use chrono::{DateTime, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::keymap::{Action, Bound, Edit, KeyContext};

use super::filter::words_are_in;
use super::message::Effect;
use super::modal::Modal;
use super::model::App;
use super::typed::LineInput;

impl App {
    pub(super) fn open_palette(&mut self) {
        self.modal = Some(Modal::Palette { typed: LineInput::default(), selected: 0 });
    }

    /// What the palette offers for what was typed, in the order of the table.
    #[must_use]
    pub fn palette(&self, typed: &str) -> Vec<Bound<'_>> {
        let place = self.key_context_below();
        let mut offered: Vec<Bound<'_>> = Vec::new();
        for bound in
            self.settings.keys.bound().filter(|bound| [place, KeyContext::Anywhere].contains(&bound.line.context))
        {
            let line = bound.line;
            let known = offered.iter().any(|other| other.line.action == line.action);
            if !known
                && !matches!(line.action, Action::Palette | Action::Edit(_))
                && !line.name().is_empty()
                && line.is_offered(self)
                && (line.available)(self)
            {
                offered.push(bound);
            }
        }
        offered.retain(|bound| words_are_in(typed, &bound.line.name()));
        offered
    }

    pub(super) fn edit_palette(&mut self, edit: Edit) {
        if let Some(Modal::Palette { typed, selected }) = &mut self.modal {
            typed.edit(edit);
            *selected = 0;
        }
    }

    pub(super) fn step_palette(&mut self, forward: bool) {
        let Some(Modal::Palette { typed, selected }) = &self.modal else { return };
        let to = super::modal::stepped(*selected, self.palette(typed.text()).len(), forward);
        if let Some(Modal::Palette { selected, .. }) = &mut self.modal {
            *selected = to;
        }
    }

    /// Does what is highlighted, as if its key had been pressed.
    pub(super) fn take_from_palette(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Palette { typed, selected }) = &self.modal else { return Vec::new() };
        let Some(action) = self.palette(typed.text()).get(*selected).map(|bound| bound.line.action) else {
            return Vec::new();
        };
        self.modal = None;
        self.act(action, &KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE), now)
    }
}
