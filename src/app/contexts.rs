//! Switching contexts. A context that the person has left stays in the map: its responses settle its changes, its changes are
//! retried, and the store on this machine keeps delivering. Only the form goes along to the next context.

use chrono::{DateTime, Utc};

use super::context::reading::Reading;
use super::context::state::ContextState;
use super::form::state::Form;
use super::message::Effect;
use super::modal::Modal;
use super::model::{App, ConnectionState, RECONNECT_PAUSE};
use super::view::{Focus, View};
use crate::context::ContextInfo;
use crate::failure::{Failure, FailureKind};

impl App {
    /// Whether there is another context.
    #[must_use]
    pub fn has_contexts(&self) -> bool {
        self.settings.contexts.len() > 1
    }

    /// The name of the context that the person wants, once it is known.
    #[must_use]
    pub fn wanted(&self) -> Option<&str> {
        self.connection.wanted.as_deref()
    }

    /// Asks which context to switch to. The settings are read again, because they may name a new one.
    pub(super) fn ask_context(&mut self) -> Vec<Effect> {
        self.modal = Some(Modal::Contexts { names: Vec::new(), selected: 0 });
        self.offer_contexts();
        vec![Effect::ReadSettings]
    }

    /// Lists the contexts in the open question, if there is one.
    pub(super) fn offer_contexts(&mut self) {
        if let Some(Modal::Contexts { names, selected }) = &mut self.modal {
            let highlighted = names.get(*selected).cloned().or_else(|| self.connection.wanted.clone());
            names.clone_from(&self.settings.contexts);
            *selected = names.iter().position(|name| Some(name) == highlighted.as_ref()).unwrap_or(0);
        }
    }

    /// The person picked the context with this number, counted from 0, or the highlighted one.
    pub(super) fn pick_context(&mut self, index: Option<usize>, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Contexts { names, selected }) = &self.modal else { return Vec::new() };
        let name = names.get(index.unwrap_or(*selected)).cloned();
        if name.is_none() && index.is_some() {
            return Vec::new();
        }
        self.modal = None;
        name.map_or_else(Vec::new, |name| self.switch_context(name, now))
    }

    fn switch_context(&mut self, name: String, now: DateTime<Utc>) -> Vec<Effect> {
        if self.connection.wanted.as_ref() == Some(&name) {
            return match self.connection.state {
                ConnectionState::Closed(_) => self.open_again(),
                ConnectionState::Open(_) => vec![Effect::Reopen(name)],
                ConnectionState::Opening => Vec::new(),
            };
        }
        self.leave();
        self.connection.wanted = Some(name);
        if !self.form.is_empty() {
            self.draft_changed(now);
        }
        self.open_again()
    }

    /// Opens the context that the person wants.
    pub(super) fn open_again(&mut self) -> Vec<Effect> {
        if self.here().is_none() {
            self.connection.state = ConnectionState::Opening;
        }
        self.connection.retry_at = None;
        vec![Effect::Open(self.connection.wanted.clone())]
    }

    /// Leaves the current context: it is not watched any more, and the screen starts afresh.
    fn leave(&mut self) {
        let order = self.current().list.order();
        self.current_mut().watched = false;
        self.connection.state = ConnectionState::Opening;
        self.no_context = ContextState::placeholder();
        self.no_context.list.sort(order);
        self.list_view = self.list_view.afresh();
        self.view = View::Pending;
        self.focus = Focus::List;
        self.modal = self.modal.take().filter(|modal| matches!(modal, Modal::Help { .. } | Modal::Contexts { .. }));
        self.banners.forget_news();
        if self.form.is_untouched_change() {
            self.form = Form::new(self.settings.zone);
        } else {
            self.form.leave_its_memo();
        }
        self.draft.aside.iter_mut().for_each(Form::leave_its_memo);
    }

    /// A context was opened.
    pub(super) fn connected(&mut self, info: ContextInfo, now: DateTime<Utc>) -> Vec<Effect> {
        let id = info.id.clone();
        let is_wanted = self.connection.wanted.as_ref().is_none_or(|wanted| *wanted == info.name);
        if !is_wanted {
            // The person has switched meanwhile. The context may have changes from the last run.
            self.contexts.entry(id).or_insert_with(|| ContextState::new(info));
            return Vec::new();
        }
        self.connection.wanted = Some(info.name.clone());
        if self.current_id() == Some(&id) {
            // Opened again: the list stays while it is read again.
            let context = self.current_mut();
            context.info = info;
            context.reading = Reading::default();
            context.changes.retry_now(now);
        } else {
            if self.here().is_some() {
                // The name leads to another account now, after another sign-on.
                self.leave();
            }
            let order = self.current().list.order();
            let mut context = match self.contexts.remove(&id) {
                Some(known) => known.reopened(info, now),
                None => ContextState::new(info),
            };
            context.list.sort(order);
            context.sift(self.list_view.filter.sieve(now, self.settings.zone));
            self.contexts.insert(id.clone(), context);
            self.connection.state = ConnectionState::Open(id);
        }
        let refresh = self.settings.preferences.refresh;
        let first = self.visible_names();
        let context = self.current_mut();
        (context.watched, context.refresh) = (true, refresh);
        let receipts = context.read_receipts(now);
        std::iter::once(receipts).chain(context.read_group(first)).collect()
    }

    /// A context could not be opened.
    pub(super) fn not_connected(&mut self, name: Option<&str>, failures: Vec<Failure>, now: DateTime<Utc>) {
        let is_wanted = name.is_none_or(|name| self.wanted().is_none_or(|wanted| wanted == name));
        if !is_wanted {
            return;
        }
        if self.here().is_some() {
            // It was to be opened again: the screen stays as it is.
            for failure in &failures {
                self.banners.fail(failure);
            }
            return;
        }
        // A store that is locked or on a full disk may be usable again, and its memos have to ring.
        let passes = failures.iter().all(|failure| failure.kind.may_pass() || failure.kind == FailureKind::Disk);
        self.connection.retry_at = passes.then_some(now + RECONNECT_PAUSE);
        self.connection.state = ConnectionState::Closed(failures);
    }
}
