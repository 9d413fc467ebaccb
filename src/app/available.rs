//! What can be done now: asked by the table of keys, for dispatch, the footer, the palette and the help alike. It changes
//! nothing, and must never know a key.

use crate::schedule::Receipt;

use super::context::order::Sort;
use super::context::pending::Stage;
use super::context::undo::Direction;
use super::form::Field;
use super::modal::Modal;
use super::model::App;
use super::view::Focus;
use crate::keymap::KeyContext;

impl App {
    /// Something that has arrived, or failed, is selected.
    #[must_use]
    pub fn has_arrived_selected(&self) -> bool {
        self.selected_arrived().is_some()
    }

    /// A delivery is selected.
    #[must_use]
    pub fn has_delivered_selected(&self) -> bool {
        self.selected_arrived().is_some_and(Receipt::is_delivered)
    }

    /// Something is selected of which there is more to say.
    #[must_use]
    pub fn has_details(&self) -> bool {
        self.selected_row().is_some() || self.selected_arrived().is_some_and(|receipt| !receipt.is_delivered())
    }

    /// A line of the log is selected.
    #[must_use]
    pub fn has_history_selected(&self) -> bool {
        self.current().history.selected().is_some()
    }

    /// The list shows only what a filter lets through.
    #[must_use]
    pub fn has_filter(&self) -> bool {
        self.filter().is_on()
    }

    /// The list is sorted by the time at which things are due.
    #[must_use]
    pub fn is_sorted_by_due(&self) -> bool {
        self.current().list.order().by == Sort::Due
    }

    /// A memo is selected that nothing is being done to.
    #[must_use]
    pub fn can_change(&self) -> bool {
        self.selected_memo().is_some_and(|memo| {
            let name = memo.id.to_string();
            !self.current().running.contains(name.as_str())
                && self.current().changes.get(&name).is_none_or(|underway| underway.stage != Stage::Sending)
        })
    }

    /// More than one memo has arrived that nobody has said done to.
    #[must_use]
    pub fn has_several_arrived(&self) -> bool {
        self.current().arrived.iter().filter(|receipt| receipt.is_delivered()).count() > 1
    }

    /// Something is selected that can come up later.
    #[must_use]
    pub fn can_snooze(&self) -> bool {
        self.has_arrived_selected() || self.can_change() || self.has_marks()
    }

    /// Something is selected that can be called off.
    #[must_use]
    pub fn can_cancel(&self) -> bool {
        self.selected_row().is_some() || self.has_marks()
    }

    /// A memo is selected that the service holds.
    #[must_use]
    pub fn can_run(&self) -> bool {
        self.can_change()
            && self.selected_memo().is_some_and(|memo| self.current().changes.get(&memo.id.to_string()).is_none())
    }

    /// There is a step to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.current().undo.has_step(Direction::Back)
    }

    /// There is a step to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.current().undo.has_step(Direction::Forward)
    }

    /// The cursor is in the Zone field, and zones are on offer.
    #[must_use]
    pub fn chooses_zone(&self) -> bool {
        !self.form.zones_on_offer(1).is_empty()
    }

    /// Something is due in the selected hour of the day ahead.
    #[must_use]
    pub fn has_due_in_hour(&self) -> bool {
        self.in_hour(self.hour).next().is_some()
    }

    /// The form holds a change of a memo that is here.
    #[must_use]
    pub fn changes_a_memo(&self) -> bool {
        self.form.editing.is_some()
            || self.form.resumes.is_some_and(|id| self.current().list.get(&id.to_string()).is_some())
    }

    /// The cursor is in a memo in which a time may be read.
    #[must_use]
    pub fn may_hold_a_time(&self) -> bool {
        self.form.focus == Field::Memo && !self.form.is_change()
    }

    /// The form has something in it.
    #[must_use]
    pub fn form_has_text(&self) -> bool {
        !self.form.is_empty()
    }

    /// A message stands at the foot.
    #[must_use]
    pub fn has_banner(&self) -> bool {
        self.banners.shown().is_some()
    }
}

impl App {
    /// Whether something runs that can be stopped.
    #[must_use]
    pub fn can_stop(&self) -> bool {
        self.current().can_stop()
    }
}

impl App {
    /// The key context.
    #[must_use]
    pub fn key_context(&self) -> KeyContext {
        let Some(modal) = &self.modal else { return self.key_context_below() };
        match modal {
            Modal::Help { .. } => KeyContext::Help,
            Modal::Details { .. } | Modal::Receipt { .. } => KeyContext::Details,
            Modal::Confirm { .. } => KeyContext::Confirm,
            Modal::Words { .. } => KeyContext::Words,
            Modal::Palette { .. } => KeyContext::Palette,
            Modal::Choose { .. } | Modal::Places { .. } | Modal::Copy { .. } => KeyContext::Choose,
        }
    }

    /// The key context below the overlay.
    pub(super) fn key_context_below(&self) -> KeyContext {
        match (self.focus, self.view) {
            (Focus::Form, _) => KeyContext::Form,
            (Focus::List, _) if self.filter().typing => KeyContext::Filter,
            (Focus::List, view) => view.key_context(),
        }
    }
}
