//! Actions of the whole program.

use chrono::{DateTime, Utc};

use crate::app::message::Effect;
use crate::app::modal::Modal;
use crate::app::modal::Scroll;
use crate::app::model::App;
use crate::app::view::View;
use crate::failure::FailureKind;
use crate::keymap::ProgramAction;

impl App {
    pub(super) fn act_on_program(&mut self, action: ProgramAction, now: DateTime<Utc>) -> Vec<Effect> {
        match action {
            ProgramAction::Contexts => self.ask_context(),
            ProgramAction::Palette => {
                self.open_palette();
                Vec::new()
            }
            ProgramAction::Refresh => self.refresh_all(now),
            ProgramAction::Dismiss => {
                self.banners.dismiss();
                Vec::new()
            }
            ProgramAction::Help => {
                self.modal = Some(Modal::Help { scroll: Scroll::default() });
                Vec::new()
            }
            ProgramAction::Redraw => vec![Effect::Redraw],
            ProgramAction::Suspend => vec![Effect::Suspend],
            ProgramAction::Quit => self.quit(),
        }
    }

    fn refresh_all(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let failure = self.current().reading.failure.as_ref().map(|failure| failure.kind);
        self.current_mut().changes.retry_now(now);
        if self.here().is_none() || failure.is_some_and(FailureKind::wants_a_new_session) {
            return self.open_again();
        }
        let mut effects: Vec<Effect> = self.connection.wanted.clone().map(Effect::Reopen).into_iter().collect();
        effects.extend(self.refresh());
        effects.push(self.current_mut().read_receipts(now));
        if self.view == View::History {
            effects.extend(self.show(View::History));
        }
        effects
    }

    pub(in crate::app) fn quit(&mut self) -> Vec<Effect> {
        if std::mem::replace(&mut self.ending, true) {
            return vec![Effect::Quit];
        }
        let unwritten = self.state_trouble.is_some().then_some(Effect::WriteAgain);
        self.save_drafts().into_iter().chain(unwritten).chain([Effect::Quit]).collect()
    }
}
