//! The worker: performs effects, with the scheduler and the disk.
//!
//! It lives on the worker thread and reports back with messages. It decides nothing that the state could decide. The
//! requests about deliveries are in `deliveries`.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::change_sender::{ChangeSender, Destination};
use super::clock::Clock;
use super::inbox::InboxSender;
use super::open_contexts::{OpenContext, OpenContexts, is_reading};
use super::opener::{Opened, Opener};
use super::session_arrivals::SessionArrivals;
use crate::app::Copied;
use crate::app::{Effect, Loaded, Msg, Request, Response, Ring, SystemEvent};
use crate::aws::{INPUT_LIMIT, Load, Scheduler, command, input_size};
use crate::context::{ContextId, ContextInfo, ContextSettings};
use crate::failure::Failure;
use crate::memo::{Memo, MemoId};
use crate::schedule::{Change, Name, Schedule};
use crate::state::State;

/// Notifies outside the terminal (desktop, command) without waiting for it. Failures go to the inbox.
pub type Notifier = Box<dyn Fn(&Ring, &InboxSender) + Send>;

/// How many schedules one transaction of the cache takes.
const CACHE_BATCH: usize = 1000;

/// Performs effects.
pub struct Worker {
    opener: Box<dyn Opener>,
    state_dir: PathBuf,
    pub(super) clock: Arc<dyn Clock>,
    inbox: InboxSender,
    notifier: Notifier,
    state: RefCell<Option<Rc<State>>>,
    contexts: OpenContexts,
    /// The names of the contexts that are being opened.
    opening: RefCell<HashSet<String>>,
    changes: ChangeSender,
    /// Stands in for the arrivals in `state.db` where it cannot be opened.
    pub(super) session: RefCell<SessionArrivals>,
}

impl Worker {
    /// A worker that keeps its state in `state_dir` and reports to `inbox`.
    #[must_use]
    pub fn new(
        opener: Box<dyn Opener>,
        state_dir: PathBuf,
        clock: Arc<dyn Clock>,
        inbox: InboxSender,
        notifier: Notifier,
    ) -> Self {
        let began = clock.now();
        Self {
            opener,
            state_dir,
            clock,
            inbox,
            notifier,
            state: RefCell::default(),
            contexts: OpenContexts::default(),
            opening: RefCell::default(),
            changes: ChangeSender::default(),
            session: RefCell::new(SessionArrivals::new(began)),
        }
    }

    /// Performs one effect, and returns when it is complete. Effects on the terminal are the event loop's.
    pub async fn perform(&self, effect: Effect) {
        match effect {
            Effect::Open(name) => self.start(name).await,
            Effect::ReadSettings => {
                self.read_settings();
            }
            Effect::Reopen(name) => self.reopen_if_changed(name).await,
            Effect::Request(id, request) => {
                let open = match request {
                    Request::Change(_) | Request::ChangeMany(_) | Request::Run(_) => self.contexts.for_changes(&id),
                    Request::Refresh(_)
                    | Request::Details(_)
                    | Request::Copy(_)
                    | Request::Arrived(_)
                    | Request::History => self.contexts.for_reading(&id),
                };
                if let Some(open) = open {
                    self.request(&open, request).await;
                }
            }
            Effect::SaveDraft(draft) => self.with_state(|state| state.save_draft(draft.as_ref())),
            Effect::SaveAside(drafts) => self.with_state(|state| state.save_aside(&drafts)),
            Effect::JournalQueued(id, queued) => {
                self.with_state(|state| self.changes.set_queued(state, &id, queued, self.clock.now()));
            }
            Effect::StopReading(id) => {
                if let Some(open) = self.contexts.for_reading(&id) {
                    open.stop_reading.notify_waiters();
                }
            }
            Effect::DropFromJournal(id, name) => self.with_state(|state| self.changes.forget(state, &id, name)),
            Effect::Withdraw(id, names) => self.withdraw(&id, &names),
            Effect::Done(id, keys) => {
                match self.state() {
                    Some(state) => {
                        self.ok_or_report(state.done(&id, &keys));
                    }
                    None => self.session.borrow_mut().mark_done(&keys),
                }
                let open = self.contexts.for_reading(&id);
                if let Some(open) = open {
                    self.delete_dead_letters(&open, &keys).await;
                }
            }
            Effect::NotDone(id, keys) => match self.state() {
                Some(state) => {
                    self.ok_or_report(state.take_back_done(&id, &keys));
                }
                None => self.session.borrow_mut().take_back_done(&keys),
            },
            Effect::Ring(ring) => (self.notifier)(&ring, &self.inbox),
            Effect::Copy(_) | Effect::Mouse(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }

    pub(super) fn state(&self) -> Option<Rc<State>> {
        self.state.borrow().clone()
    }

    pub(super) fn send_event(&self, event: SystemEvent) {
        self.inbox.send(Msg::System(event));
    }

    pub(super) fn respond(&self, open: &OpenContext, response: Response) {
        open.note_session(&response);
        if is_reading(&response) && !self.contexts.contains(open) {
            // The context was opened again after this reading began; another reading is in progress.
            return;
        }
        self.inbox.send(Msg::Response(open.info.id.clone(), response));
    }

    /// The value of a disk operation; a failure is reported, and the program goes on without the value.
    fn ok_or_report<T>(&self, result: Result<T, Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => {
                self.send_event(SystemEvent::Trouble(failure));
                None
            }
        }
    }

    /// Does something with the state, if it could be opened; a failure is reported.
    fn with_state(&self, work: impl FnOnce(&State) -> Result<(), Failure>) {
        if let Some(state) = self.state() {
            self.ok_or_report(work(&state));
        }
    }

    async fn start(&self, name: Option<String>) {
        let settings = match self.opener.settings() {
            Ok(settings) => settings,
            Err(mistakes) => return self.send_event(SystemEvent::NotConnected(name, mistakes)),
        };
        let name = name.unwrap_or_else(|| settings.chosen.clone());
        self.send_event(SystemEvent::Settings(settings));
        if self.state.borrow().is_none() {
            if !State::exists(&self.state_dir) {
                self.send_event(SystemEvent::FirstStart);
            }
            let state = self.ok_or_report(State::open(&self.state_dir));
            *self.state.borrow_mut() = state.map(Rc::new);
            if let Some(Some(draft)) = self.state().and_then(|state| self.ok_or_report(state.draft())) {
                self.send_event(SystemEvent::Draft(draft));
            }
            if let Some(aside) = self.state().and_then(|state| self.ok_or_report(state.aside()))
                && !aside.is_empty()
            {
                self.send_event(SystemEvent::Aside(aside));
            }
        }
        match (self.contexts.usable(&name), self.opener.context_settings(&name)) {
            (Some(open), Ok(settings)) if open.settings == settings => self.connected(open.reset()),
            (_, Ok(settings)) => self.open(name, settings).await,
            (_, Err(failures)) => self.send_event(SystemEvent::NotConnected(Some(name), failures)),
        }
    }

    async fn open(&self, name: String, settings: ContextSettings) {
        // A second call during the first asks for the same.
        if !self.opening.borrow_mut().insert(name.clone()) {
            return;
        }
        let opened = self.opener.open(Some(&name), self.inbox.clone()).await;
        self.opening.borrow_mut().remove(&name);
        match opened {
            Ok(Opened { scheduler, local, work }) => {
                let info = self.context_info(name, &scheduler, local);
                self.connected(OpenContext::new(info, scheduler, settings, work));
            }
            Err(failures) => self.send_event(SystemEvent::NotConnected(Some(name), failures)),
        }
    }

    /// Reads the settings again, and opens the context again if its settings changed. Mistakes in the settings are
    /// reported, and change nothing.
    async fn reopen_if_changed(&self, name: String) {
        if self.read_settings().is_none() {
            return;
        }
        match self.opener.context_settings(&name) {
            Ok(settings) if self.contexts.named(&name).is_some_and(|open| open.settings != settings) => {
                self.open(name, settings).await;
            }
            Ok(_) => {}
            Err(mistakes) => self.report_all(mistakes),
        }
    }

    /// Reads the settings of the screen again; `None` when there are mistakes in them.
    fn read_settings(&self) -> Option<()> {
        match self.opener.settings() {
            Ok(settings) => {
                self.send_event(SystemEvent::Settings(settings));
                Some(())
            }
            Err(mistakes) => {
                self.report_all(mistakes);
                None
            }
        }
    }

    fn report_all(&self, failures: Vec<Failure>) {
        for failure in failures {
            self.send_event(SystemEvent::Trouble(failure));
        }
    }

    fn context_info(&self, name: String, scheduler: &Scheduler, local: bool) -> ContextInfo {
        let context = scheduler.context();
        ContextInfo {
            id: context.id.clone(),
            name,
            account: context.account.clone(),
            region: context.region.clone(),
            group: context.group.clone(),
            read_only: context.read_only,
            local,
            memo_limit: INPUT_LIMIT.saturating_sub(input_size(&longest_empty_memo(self.clock.now()))),
        }
    }

    /// Responds at once with everything known of the context without a request. Nothing awaits here, so no other message
    /// comes in between.
    fn connected(&self, open: OpenContext) {
        let open = Rc::new(open);
        self.contexts.insert(Rc::clone(&open));
        self.send_event(SystemEvent::Connected(open.info.clone()));
        let Some(state) = self.state() else { return };
        if let Some(cached) = self.ok_or_report(state.cached(&open.info.id)) {
            open.loader.seed(cached.rows.iter().map(|row| (Name::clone(&row.name), row.modified)));
            self.respond(&open, Response::Cached { schedules: cached.rows, read_at: cached.read_at });
        }
        // A read-only program leaves unconfirmed changes to one that may send them.
        if !open.info.read_only
            && let Some(adopted) = self.ok_or_report(state.adopt(&open.info.id))
        {
            if let Some(failure) = adopted.newer_failure(&open.info.name) {
                self.send_event(SystemEvent::Trouble(failure));
            }
            if !adopted.changes.is_empty() {
                self.respond(&open, Response::Journalled(self.changes.adopt(&open.info.id, adopted.changes)));
            }
        }
    }

    async fn request(&self, open: &OpenContext, request: Request) {
        match request {
            Request::Refresh(first) => self.refresh(open, &first).await,
            Request::Change(change) => {
                self.record(open, std::slice::from_ref(&change));
                self.send(open, change).await;
            }
            Request::ChangeMany(changes) => {
                self.record(open, &changes);
                let id = &open.info.id;
                // The context may be opened again before the last change is sent.
                let send_one = async |change| {
                    if let Some(open) = self.contexts.for_changes(id) {
                        self.send(&open, change).await;
                    }
                };
                self.changes.send_many(id, changes, send_one).await;
            }
            Request::Run(memo) => {
                let result = open.scheduler.run_now(&memo).await;
                self.respond(open, Response::Ran(memo, result));
            }
            Request::Details(name) => {
                let details = open.scheduler.details(&name).await;
                self.respond(open, Response::Details(name, details));
            }
            Request::Copy(what) => {
                let context = open.scheduler.context();
                let text = match what {
                    Copied::Text(text) => text,
                    Copied::Arn(name) => context.schedule_arn(&name),
                    Copied::Command(memo) => command::create_schedule(&memo, context),
                };
                self.respond(open, Response::Copy(text));
            }
            Request::Arrived(awaited) => self.read_arrivals(open, awaited).await,
            Request::History => self.read_history(open).await,
        }
    }

    async fn refresh(&self, open: &OpenContext, first: &[Name]) {
        let began = self.clock.now();
        let state = self.state();
        // Schedules are shown at once, and cached in batches that are worth a transaction.
        let mut uncached = Vec::new();
        let refresh = open.loader.refresh(first, |load| match load {
            Load::Rows(rows) => {
                uncached.extend_from_slice(&rows);
                self.respond(open, Response::Read(rows));
                if uncached.len() >= CACHE_BATCH {
                    self.cache(state.as_deref(), open, &uncached, &[], None);
                    uncached.clear();
                }
            }
            Load::Progress { listed, read } => self.respond(open, Response::Progress { listed, read }),
        });
        let result = tokio::select! {
            biased;
            () = open.stop_reading.notified() => None,
            result = refresh => Some(result),
        };
        let Some(result) = result else {
            self.cache(state.as_deref(), open, &uncached, &[], None);
            return self.respond(open, Response::ReadingStopped);
        };
        // Even if nothing changed, the cache keeps the time of the reading.
        let gone = result.as_ref().map_or(&[][..], |loaded| &loaded.gone);
        if result.is_ok() || !uncached.is_empty() {
            let read_at = result.is_ok().then(|| self.clock.now());
            self.cache(state.as_deref(), open, &uncached, gone, read_at);
        }
        let loaded = result.map(|loaded| Loaded {
            total: loaded.total,
            changed: loaded.changed > 0 || !loaded.gone.is_empty(),
            gone: loaded.gone,
            took_ms: (self.clock.now() - began).num_milliseconds().max(0),
        });
        self.respond(open, Response::Loaded(loaded));
    }

    fn cache(
        &self,
        state: Option<&State>,
        open: &OpenContext,
        rows: &[Schedule],
        gone: &[Name],
        read_at: Option<DateTime<Utc>>,
    ) {
        if let Some(state) = state {
            self.ok_or_report(state.cache(&open.info.id, rows, gone, read_at));
        }
    }

    /// Records changes in the journal, before they are sent.
    fn record(&self, open: &OpenContext, changes: &[Change]) {
        self.with_state(|state| self.changes.record(state, &open.info.id, changes, self.clock.now()));
    }

    async fn send(&self, open: &OpenContext, change: Change) {
        let state = self.state();
        let to = Destination {
            scheduler: &open.scheduler,
            loader: Some(&open.loader),
            state: state.as_deref(),
            clock: &*self.clock,
        };
        let disk_failed = |failure| self.send_event(SystemEvent::Trouble(failure));
        let result = self.changes.send(&to, &change, disk_failed).await;
        self.respond(open, Response::Change(change, result));
    }

    /// Takes back the changes of these schedules that are still in the send queue.
    fn withdraw(&self, id: &ContextId, names: &[Name]) {
        let withdrawn = self.changes.withdraw(id, names);
        self.with_state(|state| self.changes.remove(state, id, &withdrawn));
        self.inbox.send(Msg::Response(id.clone(), Response::Withdrawn(withdrawn)));
    }
}

/// The memo whose input takes the most room apart from its text. Its size leaves the limit for a text.
fn longest_empty_memo(now: DateTime<Utc>) -> Memo {
    let zone = when::zones::all().max_by_key(|name| name.len()).and_then(when::zones::parse).unwrap_or(when::Tz::UTC);
    Memo { id: MemoId::from_random([0; 16]), text: String::new(), due: when::Moment::at(now, zone) }
}
