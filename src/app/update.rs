//! [`App::update`], the one function that changes the state.

use chrono::{DateTime, Utc};

use super::context::notice::Reaction;
use super::message::{Effect, Msg, Response, StoreEvent, SystemEvent};
use super::modal::Modal;
use super::model::App;
use super::state_trouble::StateTrouble;
use super::view::Focus;
use crate::context::ContextId;
use crate::failure::Failure;

impl App {
    /// Takes in a message at the time `now`, and returns what to do.
    pub fn update(&mut self, msg: Msg, now: DateTime<Utc>) -> Vec<Effect> {
        // After a suspend, a key can arrive before the wake at which a change expires.
        let mut effects = self.retry(now);
        effects.extend(match msg {
            Msg::Key(key) => {
                if let Some(action) = self.settings.keys.action(self, &key) {
                    self.act(action, now)
                } else {
                    self.unbound(&key, now);
                    Vec::new()
                }
            }
            Msg::Paste(text) => self.paste(&text, now),
            Msg::PasteOfKeys(text) => self.paste_as_draft(&text, now),
            Msg::Clicked(target) => self.touch(target, now),
            Msg::Scrolled(lines) => self.scroll(lines, now),
            Msg::Measured(end) => {
                if let Some(modal) = &mut self.modal {
                    modal.measured(end);
                }
                Vec::new()
            }
            Msg::Resized(columns, rows) => {
                self.size = (columns, rows);
                Vec::new()
            }
            Msg::Wake => Vec::new(),
            Msg::QuitAsked => self.quit(),
            Msg::System(event) => self.on_system_event(event, now),
            Msg::Response(context, response) => self.on_response(&context, response, now),
            Msg::StoreChanged(context, event) => self.on_store_event(&context, event, now),
        });
        effects.extend(self.woken(now));
        effects
    }

    fn on_system_event(&mut self, event: SystemEvent, now: DateTime<Utc>) -> Vec<Effect> {
        match event {
            SystemEvent::Settings(settings) => {
                self.form.set_zone(settings.zone);
                self.draft.aside.iter_mut().for_each(|kept| kept.set_zone(settings.zone));
                let mouse = Effect::Mouse(settings.preferences.screen.mouse);
                self.connection.wanted.get_or_insert_with(|| settings.chosen.clone());
                self.settings = settings;
                for context in self.contexts.values_mut() {
                    context.refresh = self.settings.preferences.refresh;
                }
                self.offer_contexts();
                vec![mouse]
            }
            SystemEvent::FirstStart => {
                self.beginning.first_start = true;
                Vec::new()
            }
            SystemEvent::Draft(draft) => {
                self.take_draft(&draft);
                Vec::new()
            }
            SystemEvent::Aside(drafts) => {
                self.take_drafts_aside(&drafts);
                Vec::new()
            }
            SystemEvent::Trouble(failure) => {
                self.banners.fail(&failure);
                Vec::new()
            }
            SystemEvent::GivenToTmux(text, result) => {
                self.given_to_tmux(&text, result, now);
                Vec::new()
            }
            SystemEvent::TroubleOver(failure) => {
                self.banners.retract(&failure.to_string());
                Vec::new()
            }
            SystemEvent::StateFailed(failure) => {
                self.state_failed(&failure, now);
                Vec::new()
            }
            SystemEvent::StateWorks => {
                self.state_works(now);
                Vec::new()
            }
            SystemEvent::Waiting(sentence) => {
                self.banners.hint(sentence, now);
                Vec::new()
            }
            SystemEvent::NotConnected(name, failures) => {
                self.not_connected(name.as_deref(), failures, now);
                Vec::new()
            }
            SystemEvent::Connected(info) => self.connected(info, now),
        }
    }

    /// The state of this machine cannot be read or written.
    fn state_failed(&mut self, failure: &Failure, now: DateTime<Utc>) {
        if let Some(trouble) = &mut self.state_trouble {
            let before = trouble.sentence.clone();
            if trouble.failed_again(failure, now) {
                self.banners.retract(&before);
                self.banners.warn(trouble.sentence.clone());
            }
        } else {
            let trouble = StateTrouble::new(failure, now);
            self.banners.warn(trouble.sentence.clone());
            self.state_trouble = Some(trouble);
        }
    }

    /// Everything is written now.
    fn state_works(&mut self, now: DateTime<Utc>) {
        if let Some(trouble) = self.state_trouble.take() {
            self.banners.retract(&trouble.sentence);
            self.banners.say("The disk works again, and everything is recorded.", now);
        }
    }

    fn on_response(&mut self, id: &ContextId, response: Response, now: DateTime<Utc>) -> Vec<Effect> {
        let is_current = self.current_id() == Some(id);
        match response {
            Response::Details(name, details) => {
                if let Some(Modal::Details { name: shown, known, .. }) = &mut self.modal
                    && *shown == name
                    && is_current
                {
                    *known = Some(details);
                }
                Vec::new()
            }
            Response::Copy(text) if is_current => self.clip(text, now),
            response => {
                let adds_only =
                    matches!(response, Response::Cached { .. } | Response::Read(_) | Response::Progress { .. });
                // Finding the line takes a while in a long list, so only where a line may go.
                let was_at = if is_current && !adds_only { self.selected_line() } else { None };
                let Some(context) = self.contexts.get_mut(id) else { return Vec::new() };
                let reaction = context.on_response(response, now);
                if is_current {
                    self.follow_list(was_at);
                }
                let effects = self.react(id, reaction, now);
                self.choose_focus();
                effects
            }
        }
    }

    /// After a change of the list: while the first reading runs, the selection waits at its head; then it stays with its
    /// memo.
    fn follow_list(&mut self, was_at: Option<usize>) {
        if self.list_view.moved || self.current().reading.whole || self.selected_arrived().is_some() {
            self.keep_selection(was_at);
        } else if self.lines() > 0 {
            self.select_line(0);
        }
    }

    fn on_store_event(&mut self, id: &ContextId, event: StoreEvent, now: DateTime<Utc>) -> Vec<Effect> {
        self.contexts.get_mut(id).map(|context| context.on_store_event(event, now)).into_iter().collect()
    }

    /// Tells the person what there is to tell; returns what to do.
    pub(super) fn react(&mut self, id: &ContextId, reaction: Reaction, now: DateTime<Utc>) -> Vec<Effect> {
        let Reaction { mut effects, notices } = reaction;
        for notice in notices {
            effects.extend(self.announce(id, notice, now));
        }
        effects
    }

    /// The first list decides where the person begins: in the list, or in the form if the list is empty. A key that was
    /// pressed before has decided already.
    pub(super) fn choose_focus(&mut self) {
        if self.beginning.settled {
            return;
        }
        let context = self.current();
        if self.lines() > 0 {
            self.beginning.settled = true;
            self.keep_selection(None);
        } else if context.reading.whole && !context.reads_receipts() {
            self.beginning.settled = true;
            if !self.is_read_only() {
                self.focus = Focus::Form;
            }
        }
    }
}
