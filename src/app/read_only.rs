//! Read-only contexts: a key that would change something answers with a banner.

use crate::keymap::{Action, FormAction};

use super::model::App;

impl App {
    /// Whether the current context is read-only.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.here().is_some_and(|here| here.read_only)
    }

    /// Refuses an action that changes schedules, with a banner. Marking a delivery as done changes only this machine's
    /// state, so it is allowed.
    pub(super) fn refuses(&mut self, action: Action) -> bool {
        let submits = action == Action::Form(FormAction::Advance) && self.advance_submits();
        (action.changes() || submits) && self.refuse_to_change()
    }

    /// Shows a banner and returns `true` if the context is read-only.
    pub(super) fn refuse_to_change(&mut self) -> bool {
        let Some(here) = self.here().filter(|here| here.read_only) else { return false };
        self.banners.warn(format!(
            "{} is read-only. To change it, start tickler without --read-only, and without read_only in its settings.",
            here.name
        ));
        true
    }
}
