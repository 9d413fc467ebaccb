//! Places in which nothing is changed: a key that would change something answers with a sentence, and nothing begins.

use crate::keymap::Action;

use super::form::Field;
use super::model::App;

impl App {
    /// Nothing is changed here.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.here().is_some_and(|here| here.read_only)
    }

    /// Whether the action is refused, because it leads to a change where there is to be none; it is said, too. That
    /// something has arrived and is done with is this machine's own memory, and no change.
    pub(super) fn refuses(&mut self, action: Action) -> bool {
        let submits = action == Action::Advance && self.form.focus == Field::Zone;
        (action.changes() || submits) && self.refuse_to_change()
    }

    /// Says that nothing is changed here, where that is so.
    pub(super) fn refuse_to_change(&mut self) -> bool {
        let Some(here) = self.here().filter(|here| here.read_only) else { return false };
        self.banners.warn(format!(
            "{} is read-only: nothing is changed there. To change it, start tickler without --read-only, and with no \
             read_only in its settings.",
            here.name
        ));
        true
    }
}
