//! The conditions of the table of keys, evaluated on the program's state.
//!
//! Changes nothing, and does not depend on which key has which action.

use crate::keymap::{KeyContext, KeyState, When};
use crate::schedule::Receipt;

use crate::app::context::order::Sort;
use crate::app::context::undo::Direction;
use crate::app::form::state::Field;
use crate::app::modal::Modal;
use crate::app::model::App;
use crate::app::view::Focus;

impl KeyState for App {
    fn key_context(&self) -> KeyContext {
        App::key_context(self)
    }

    fn holds(&self, when: When) -> bool {
        match when {
            When::Always => true,
            When::DeliverySelected => self.has_delivered_selected(),
            When::ArrivalSelected => self.selected_arrived().is_some(),
            When::SeveralArrived => self.has_several_arrived(),
            When::HasDetails => self.has_details(),
            When::MemoSelected => self.has_memo_selected(),
            When::CanEdit => self.can_edit(),
            When::CanSnooze => self.can_snooze(),
            When::CanCancel => self.selected_row().is_some() || self.has_marks(),
            When::CanRun => self.can_run(),
            When::CanCopy => self.can_copy(),
            When::CanUndo => self.can_reverse(Direction::Back),
            When::CanRedo => self.can_reverse(Direction::Forward),
            When::CanStop => self.current().can_stop(),
            When::CanUnmark => self.can_unmark(),
            When::HasFilter => self.filter().is_on(),
            When::SortedByDue => self.current().list.order().by == Sort::Due,
            When::ReceiptSelected => self.has_history_selected(),
            When::HourHasMemos => self.in_hour(self.hour).next().is_some(),
            When::HasContexts => self.has_contexts(),
            When::OffersZones => self.form.offers_zones(),
            When::MayStateTime => self.form.focus == Field::Memo && !self.form.is_change(),
            When::FormHasText => !self.form.is_empty(),
            When::CanAgree => self.modal.as_ref().is_some_and(Modal::can_agree),
            When::AcceptsWords => self.takes_words(),
            When::HasBanner => self.banners.shown().is_some(),
        }
    }

    fn is_read_only(&self) -> bool {
        App::is_read_only(self)
    }
}

impl App {
    /// The key context: where the keys go.
    #[must_use]
    pub fn key_context(&self) -> KeyContext {
        let Some(modal) = &self.modal else { return self.key_context_below() };
        match modal {
            Modal::Help { .. } => KeyContext::Help,
            Modal::Details { .. } | Modal::Receipt { .. } => KeyContext::Details,
            Modal::Confirm { .. } => KeyContext::Confirm,
            Modal::Words { .. } => KeyContext::Words,
            Modal::Palette { .. } => KeyContext::Palette,
            Modal::Choose { .. } | Modal::Contexts { .. } | Modal::Copy { .. } => KeyContext::Choose,
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

    /// A delivery that arrived is selected.
    #[must_use]
    pub fn has_delivered_selected(&self) -> bool {
        self.selected_arrived().is_some_and(Receipt::is_delivered)
    }

    /// A schedule or a failed delivery is selected.
    fn has_details(&self) -> bool {
        self.selected_row().is_some() || self.selected_arrived().is_some_and(|receipt| !receipt.is_delivered())
    }

    /// A line of the history is selected.
    #[must_use]
    pub fn has_history_selected(&self) -> bool {
        self.current().history.selected().is_some()
    }

    /// A memo is selected, and no change of it is being sent.
    fn can_edit(&self) -> bool {
        self.selected_memo().is_some_and(|memo| self.current().is_free(&memo.id.to_string()))
    }

    /// More than one delivery has arrived.
    fn has_several_arrived(&self) -> bool {
        self.current().arrivals().filter(|receipt| receipt.is_delivered()).count() > 1
    }

    /// The selection can be snoozed.
    fn can_snooze(&self) -> bool {
        self.selected_arrived().is_some() || self.can_edit() || self.has_marks()
    }

    /// A memo is selected that the scheduler holds, with no change pending.
    fn can_run(&self) -> bool {
        self.can_edit()
            && self.selected_memo().is_some_and(|memo| self.current().changes.get(&memo.id.to_string()).is_none())
    }

    /// There is a step to undo or redo that a read-only context allows.
    fn can_reverse(&self, direction: Direction) -> bool {
        let step = self.current().undo.next(direction);
        step.is_some_and(|step| !(self.is_read_only() && step.changes_schedules()))
    }

    /// The form edits a memo of this context.
    #[must_use]
    pub fn changes_a_memo(&self) -> bool {
        self.form.editing.is_some()
            || self.form.resumes.is_some_and(|id| self.current().list.get(&id.to_string()).is_some())
    }
}
