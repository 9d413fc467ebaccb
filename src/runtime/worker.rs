//! The worker: performs effects, with the scheduler and the disk.
//!
//! It lives on the worker thread and reports back with messages. It decides nothing that the state could decide. The
//! requests about deliveries are in `deliveries`.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::change_sender::{ChangeSender, Destination};
use super::clock::Clock;
use super::inbox::InboxSender;
use super::open_contexts::{OpenContext, OpenContexts, is_reading};
use super::opener::{Opened, Opener};
use super::session_arrivals::SessionArrivals;
use super::state_access::StateAccess;
use crate::app::Copied;
use crate::app::{Effect, Loaded, Msg, Request, Response, Ring, SystemEvent};
use crate::aws::{INPUT_LIMIT, Load, Scheduler, command, input_size};
use crate::context::{ContextId, ContextInfo, ContextSettings};
use crate::failure::Failure;
use crate::memo::{Memo, MemoId};
use crate::schedule::{Change, Name, Schedule};
use crate::state::{Mark, State};

/// Notifies outside the terminal (desktop, command) without waiting for it. Failures go to the inbox.
pub type Notifier = Box<dyn Fn(&Ring, &InboxSender) + Send>;

/// How many schedules one transaction of the cache takes.
const CACHE_BATCH: usize = 1000;

/// Performs effects.
pub struct Worker {
    opener: Box<dyn Opener>,
    pub(super) clock: Arc<dyn Clock>,
    inbox: InboxSender,
    notifier: Notifier,
    pub(super) state: StateAccess,
    contexts: OpenContexts,
    /// The names of the contexts that are being opened.
    opening: RefCell<HashSet<String>>,
    changes: ChangeSender,
    /// When this run began.
    pub(super) began: DateTime<Utc>,
    /// What is known of the deliveries of each context, where `state.db` cannot be used.
    pub(super) arrivals: RefCell<HashMap<ContextId, SessionArrivals>>,
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
            clock,
            state: StateAccess::new(state_dir, inbox.clone()),
            inbox,
            notifier,
            contexts: OpenContexts::default(),
            opening: RefCell::default(),
            changes: ChangeSender::default(),
            began,
            arrivals: RefCell::default(),
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
            Effect::SaveDraft(draft) => self.state.save_draft(draft),
            Effect::SaveAside(drafts) => self.state.save_aside(drafts),
            Effect::WriteAgain => self.write_again().await,
            Effect::JournalQueued(id, queued) => {
                self.with_journal(|state| self.changes.set_queued(state, &id, queued, self.clock.now()));
            }
            Effect::StopReading(id) => {
                if let Some(open) = self.contexts.for_reading(&id) {
                    open.stop_reading.notify_waiters();
                }
            }
            Effect::DropFromJournal(id, name) => self.with_journal(|state| self.changes.forget(state, &id, name)),
            Effect::Withdraw(id, names) => self.withdraw(&id, &names),
            Effect::Done(id, keys) => {
                self.mark(&id, &keys, Mark::Done);
                if let Some(open) = self.contexts.for_reading(&id) {
                    self.delete_dead_letters(&open, &keys).await;
                }
            }
            Effect::NotDone(id, keys) => self.mark(&id, &keys, Mark::NotDone),
            Effect::Ring(ring) => (self.notifier)(&ring, &self.inbox),
            Effect::Copy(_) | Effect::Mouse(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
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

    async fn start(&self, name: Option<String>) {
        let settings = match self.opener.settings() {
            Ok(settings) => settings,
            Err(mistakes) => return self.send_event(SystemEvent::NotConnected(name, mistakes)),
        };
        let name = name.unwrap_or_else(|| settings.chosen.clone());
        self.send_event(SystemEvent::Settings(settings));
        if self.state.is_missing() {
            if !self.state.exists() {
                self.send_event(SystemEvent::FirstStart);
            }
            let mut opening = pin!(self.open_state());
            if tokio::time::timeout(files::SAY_SO, &mut opening).await.is_err() {
                // Another process has it locked. The memos do not wait for that.
                tokio::join!(opening, self.open_named(name));
                return;
            }
        }
        self.open_named(name).await;
    }

    /// Opens the state. Contexts may be open already.
    async fn open_state(&self) {
        let before = self.state.get();
        let Some(state) = self.state.open().await else { return };
        if before.as_ref().is_some_and(|before| !before.is_to_read()) {
            // The file was gone, and another one begins: it gets the changes that are not confirmed.
            self.changes.forget_rows();
        }
        if before.is_none() {
            if let Some(Some(draft)) = self.state.reported(state.draft()) {
                self.send_event(SystemEvent::Draft(draft));
            }
            if let Some(aside) = self.state.reported(state.aside())
                && !aside.is_empty()
            {
                self.send_event(SystemEvent::Aside(aside));
            }
        }
        if state.is_to_read() {
            return;
        }
        for open in self.contexts.all() {
            self.adopt(&open, &state);
        }
        self.write_all(&state);
    }

    /// Changes the journal, in memory at least; a failure is reported.
    fn with_journal(&self, work: impl FnOnce(Option<&State>) -> Result<(), Failure>) {
        self.state.reported(work(self.state.to_write().as_deref()));
    }

    /// Writes what could not be written. Opens the state again if it is missing.
    async fn write_again(&self) {
        if self.state.is_missing() {
            self.open_state().await;
        } else if let Some(state) = self.state.get()
            && self.state.reported(state.try_write()).is_some()
        {
            self.write_all(&state);
        }
    }

    /// Writes what could not be written, and reports it if a failure was reported before.
    fn write_all(&self, state: &State) {
        let written = self.state.save_drafts_again(state);
        let written = written.and_then(|()| self.changes.write_rest(state, self.clock.now()));
        let written = written.and_then(|()| self.write_arrivals(state));
        if self.state.reported(written).is_some() {
            self.state.report_written();
        }
    }

    async fn open_named(&self, name: String) {
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
            Ok(Opened { scheduler, local, work, is_lost }) => {
                let info = self.context_info(name, &scheduler, local);
                self.connected(OpenContext::new(info, scheduler, settings, work, is_lost));
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
            Ok(settings)
                if self.contexts.named(&name).is_some_and(|open| open.settings != settings || open.is_lost()) =>
            {
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
        let Some(state) = self.state.get() else { return };
        if let Some(cached) = self.state.reported(state.cached(&open.info.id)) {
            open.loader.seed(cached.rows.iter().map(|row| (Name::clone(&row.name), row.modified)));
            self.respond(&open, Response::Cached { schedules: cached.rows, read_at: cached.read_at });
        }
        self.adopt(&open, &state);
    }

    /// Takes over the changes of processes that have died.
    fn adopt(&self, open: &OpenContext, state: &State) {
        // A read-only program leaves unconfirmed changes to one that may send them.
        if open.info.read_only || state.is_to_read() {
            return;
        }
        let Some(adopted) = self.state.reported(state.adopt(&open.info.id)) else { return };
        let newer = adopted.newer_failure(&open.info.name);
        newer.into_iter().chain(adopted.damaged).for_each(|failure| self.send_event(SystemEvent::Trouble(failure)));
        if !adopted.changes.is_empty() {
            self.respond(open, Response::Journalled(self.changes.adopt(&open.info.id, adopted.changes)));
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
        let state = self.state.to_write();
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
            self.state.reported(state.cache(&open.info.id, rows, gone, read_at));
        }
    }

    /// Records changes in the journal, before they are sent.
    fn record(&self, open: &OpenContext, changes: &[Change]) {
        self.with_journal(|state| self.changes.record(state, &open.info.id, changes, self.clock.now()));
    }

    async fn send(&self, open: &OpenContext, change: Change) {
        let state = self.state.to_write();
        let to = Destination {
            scheduler: &open.scheduler,
            loader: Some(&open.loader),
            state: state.as_deref(),
            clock: &*self.clock,
        };
        let disk_failed = |failure| self.send_event(SystemEvent::StateFailed(failure));
        let result = self.changes.send(&to, &change, disk_failed).await;
        self.respond(open, Response::Change(change, result));
    }

    /// Takes back the changes of these schedules that are still in the send queue.
    fn withdraw(&self, id: &ContextId, names: &[Name]) {
        let withdrawn = self.changes.withdraw(id, names);
        self.with_journal(|state| self.changes.remove(state, id, &withdrawn));
        self.inbox.send(Msg::Response(id.clone(), Response::Withdrawn(withdrawn)));
    }
}

/// The memo whose input takes the most room apart from its text. Its size leaves the limit for a text.
fn longest_empty_memo(now: DateTime<Utc>) -> Memo {
    let zone = when::zones::all().max_by_key(|name| name.len()).and_then(when::zones::parse).unwrap_or(when::Tz::UTC);
    Memo { id: MemoId::from_random([0; 16]), text: String::new(), due: when::Moment::at(now, zone) }
}
