//! The palette: all available commands, by name.

use chrono::{DateTime, Utc};

use crate::keymap::{Action, Bound, KeyContext, KeyState as _, ProgramAction};

use super::filter::words_are_in;
use super::line_input::LineInput;
use crate::app::message::Effect;
use crate::app::modal::Modal;
use crate::app::model::App;

impl App {
    pub(super) fn open_palette(&mut self) {
        self.modal = Some(Modal::Palette { typed: LineInput::default(), selected: 0 });
    }

    /// The commands that match a search, in the order of the table.
    #[must_use]
    pub fn palette(&self, typed: &str) -> Vec<Bound<'_>> {
        let contexts = [self.key_context_below(), KeyContext::Anywhere];
        let mut offered: Vec<Bound<'_>> = Vec::new();
        for bound in self.settings.keys.bound() {
            let binding = bound.binding;
            if contexts.contains(&binding.context)
                && is_command(binding.action)
                && !binding.name().is_empty()
                && binding.is_offered(self)
                && self.holds(binding.when)
                && !offered.iter().any(|other| other.binding.action == binding.action)
            {
                offered.push(bound);
            }
        }
        offered.retain(|bound| words_are_in(typed, &bound.binding.name()));
        offered
    }

    /// How many commands the open palette shows.
    pub(super) fn palette_len(&self) -> usize {
        let Some(Modal::Palette { typed, .. }) = &self.modal else { return 0 };
        self.palette(typed.text()).len()
    }

    /// Changes the search.
    pub(super) fn change_palette(&mut self, change: impl FnOnce(&mut LineInput)) {
        if let Some(Modal::Palette { typed, selected }) = &mut self.modal {
            change(typed);
            *selected = 0;
        }
    }

    /// Runs the highlighted command, as if its key had been pressed.
    pub(super) fn take_from_palette(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Palette { typed, selected }) = &self.modal else { return Vec::new() };
        let Some(action) = self.palette(typed.text()).get(*selected).map(|bound| bound.binding.action) else {
            return Vec::new();
        };
        self.modal = None;
        self.act(action, now)
    }
}

/// Whether the palette offers an action: neither itself nor a single editing step.
fn is_command(action: Action) -> bool {
    match action {
        Action::Program(ProgramAction::Palette) | Action::Text(_) | Action::Insert(_) | Action::Pick(_) => false,
        Action::Memo(_)
        | Action::List(_)
        | Action::View(_)
        | Action::Form(_)
        | Action::Answer(_)
        | Action::Program(_)
        | Action::Move(_) => true,
    }
}
