//! Carries out effects: the only place where the state of the program, the client and the disk meet.
//!
//! It lives on the service thread. Everything it learns goes back as messages; it decides nothing that the screen
//! could decide, and nothing here ever runs on the thread that draws.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use super::clock::Clock;
use super::deliveries::Arrivals;
use super::inbox::Tell;
use super::journal::Journal;
use super::open_contexts::{OpenContext, OpenContexts};
use super::send_queue::SendQueue;
use crate::app::Copied;
use crate::app::{Effect, Loaded, Msg, Request, Response, Ring, Settings, SystemEvent};
use crate::aws::{INPUT_LIMIT, Load, Scheduler, command, input_size};
use crate::context::{ContextId, ContextInfo, ContextSettings};
use crate::failure::Failure;
use crate::memo::{Draft, Memo, MemoId};
use crate::schedule::{Change, ChangeOutcome, Name, Schedule};
use crate::state::State;
use chrono::{DateTime, Utc};
use tokio::task::JoinSet;

/// A future that stays on its thread.
pub type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Opens the place where memos live. Whoever starts the program gives one: it alone knows which services there are.
pub trait Opener {
    /// The settings of the screen, from the command line, the environment and the file.
    ///
    /// # Errors
    /// Every mistake in them.
    fn settings(&self) -> Result<Settings, Vec<Failure>>;

    /// The current settings of the context with this name.
    ///
    /// # Errors
    /// Every mistake in the settings, or a context that does not exist.
    fn context_settings(&self, context: &str) -> Result<ContextSettings, Vec<Failure>>;

    /// Opens the context of that name, or else the one that was chosen. What goes on there by itself is told to `tell`.
    ///
    /// # Errors
    /// Why it cannot be opened.
    fn open<'a>(&'a self, context: Option<&'a str>, tell: Tell) -> Local<'a, Result<Opened, Vec<Failure>>>;
}

/// An open place.
#[derive(Debug)]
pub struct Opened {
    /// The client.
    pub scheduler: Scheduler,
    /// Whether it is the store embedded in this program.
    pub local: bool,
    /// What goes on there by itself; dropping it ends it.
    pub work: JoinSet<()>,
}

/// Makes itself heard beside the terminal, without waiting for it; what fails is told.
pub type Notify = Box<dyn Fn(&Ring, &Tell) + Send>;

/// How many rows are kept on disk in one transaction.
const CACHED_AT_ONCE: usize = 1000;

/// Carries out effects.
pub struct Worker {
    opener: Box<dyn Opener>,
    state_dir: PathBuf,
    pub(super) clock: Arc<dyn Clock>,
    tell: Tell,
    notify: Notify,
    state: RefCell<Option<Rc<State>>>,
    /// The places that were opened: also those that were left, where changes may still be under way.
    places: OpenContexts,
    /// The names of those that are being opened.
    opening: RefCell<HashSet<String>>,
    journal: Journal,
    /// Where the changes of many memos at once wait, in each context.
    lines: RefCell<HashMap<ContextId, Rc<SendQueue>>>,
    /// What has arrived, where the disk does not remember it.
    pub(super) arrivals: RefCell<Arrivals>,
}

impl Worker {
    /// A worker that keeps the state in `state_dir` and tells what it learns to `tell`.
    #[must_use]
    pub fn new(opener: Box<dyn Opener>, state_dir: PathBuf, clock: Arc<dyn Clock>, tell: Tell, notify: Notify) -> Self {
        let began = clock.now();
        Self {
            opener,
            state_dir,
            clock,
            tell,
            notify,
            state: RefCell::default(),
            places: OpenContexts::default(),
            opening: RefCell::default(),
            journal: Journal::default(),
            lines: RefCell::default(),
            arrivals: RefCell::new(Arrivals::since(began)),
        }
    }

    /// Carries out one effect to its end. Effects that concern the terminal are none of its business.
    pub async fn perform(&self, effect: Effect) {
        match effect {
            Effect::Open(name) => self.start(name).await,
            Effect::ReadSettings => {
                self.settings();
            }
            Effect::Reopen(name) => self.review(name).await,
            Effect::Request(context, ask) => {
                let changes = matches!(ask, Request::Change(_) | Request::ChangeMany(_) | Request::Run(_));
                if let Some(place) = self.places.of(&context, changes) {
                    self.ask(&place, ask).await;
                }
            }
            Effect::SaveDraft(draft) => self.save_draft(draft.as_ref()),
            Effect::JournalQueued(context, waits) => {
                self.note(|state| self.journal.wait(state, &context, waits, self.clock.now()));
            }
            Effect::StopReading(context) => {
                if let Some(place) = self.places.of(&context, false) {
                    place.stop_reading.notify_waiters();
                }
            }
            Effect::DropFromJournal(context, name) => self.note(|state| self.journal.give_up(state, &context, name)),
            Effect::Withdraw(context, names) => self.withdraw(&context, &names),
            Effect::Done(context, keys) => {
                match self.state() {
                    Some(state) => {
                        self.report(state.done(&context, &keys));
                    }
                    None => self.arrivals.borrow_mut().done.extend(keys.iter().cloned()),
                }
                let place = self.places.of(&context, false);
                if let Some(place) = place {
                    self.bury(&place, &keys).await;
                }
            }
            Effect::Ring(ring) => (self.notify)(&ring, &self.tell),
            Effect::Copy(_) | Effect::Mouse(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }

    pub(super) fn state(&self) -> Option<Rc<State>> {
        self.state.borrow().clone()
    }

    pub(super) fn settle(&self, settled: SystemEvent) {
        self.tell.tell(Msg::System(settled));
    }

    pub(super) fn answer(&self, place: &OpenContext, answer: Response) {
        place.note(&answer);
        if OpenContext::is_reading(&answer) && !self.places.holds(place) {
            // It was left, and opened again, since this reading began: another one is under way.
            return;
        }
        self.tell.tell(Msg::Response(place.here.id.clone(), answer));
    }

    /// A failure of the disk that stops nothing is said, and the value is gone without.
    fn report<T>(&self, result: Result<T, Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => {
                self.settle(SystemEvent::Trouble(failure));
                None
            }
        }
    }

    async fn start(&self, name: Option<String>) {
        let settings = match self.opener.settings() {
            Ok(settings) => settings,
            Err(mistakes) => return self.settle(SystemEvent::NotConnected(name, mistakes)),
        };
        let name = name.unwrap_or_else(|| settings.chosen.clone());
        self.settle(SystemEvent::Settings(settings));
        if self.state.borrow().is_none() {
            if !State::is_kept(&self.state_dir) {
                self.settle(SystemEvent::FirstStart);
            }
            let opened = self.report(State::open(&self.state_dir));
            *self.state.borrow_mut() = opened.map(Rc::new);
            if let Some(Some(draft)) = self.state().and_then(|state| self.report(state.draft())) {
                self.settle(SystemEvent::Draft(draft));
            }
        }
        match (self.places.healthy(&name), self.opener.context_settings(&name)) {
            // Its client is as good as a new one; what it has read was forgotten when it was left.
            (Some(place), Ok(settings)) if place.settings == settings => self.connected(place.anew()),
            (_, Ok(settings)) => self.open(name, settings).await,
            (_, Err(failures)) => self.settle(SystemEvent::NotConnected(Some(name), failures)),
        }
    }

    async fn open(&self, name: String, settings: ContextSettings) {
        // A second request while the first is under way asks for the same.
        if !self.opening.borrow_mut().insert(name.clone()) {
            return;
        }
        let opened = self.opener.open(Some(&name), self.tell.clone()).await;
        self.opening.borrow_mut().remove(&name);
        match opened {
            Ok(Opened { scheduler, local, work }) => {
                let here = self.here(name, &scheduler, local);
                self.connected(OpenContext::new(here, scheduler, settings, work));
            }
            Err(failures) => self.settle(SystemEvent::NotConnected(Some(name), failures)),
        }
    }

    /// Reads the settings again, and opens a place anew of which they say something else by now. Mistakes in them are
    /// told, and change nothing.
    async fn review(&self, name: String) {
        if !self.settings() {
            return;
        }
        match self.opener.context_settings(&name) {
            Ok(settings) if self.places.named(&name).is_some_and(|place| place.settings != settings) => {
                self.open(name, settings).await
            }
            Ok(_) => {}
            Err(mistakes) => mistakes.into_iter().for_each(|mistake| self.settle(SystemEvent::Trouble(mistake))),
        }
    }

    /// Reads the settings of the screen again; answers whether they could be.
    fn settings(&self) -> bool {
        let settings = self.opener.settings();
        let read = settings.is_ok();
        match settings {
            Ok(settings) => self.settle(SystemEvent::Settings(settings)),
            Err(mistakes) => mistakes.into_iter().for_each(|mistake| self.settle(SystemEvent::Trouble(mistake))),
        }
        read
    }

    fn here(&self, name: String, scheduler: &Scheduler, local: bool) -> ContextInfo {
        let place = scheduler.context();
        ContextInfo {
            id: place.id.clone(),
            name,
            account: place.account.clone(),
            region: place.region.clone(),
            group: place.group.clone(),
            read_only: place.read_only,
            local,
            memo_limit: INPUT_LIMIT.saturating_sub(input_size(&longest_empty_memo(self.clock.now()))),
        }
    }

    /// Everything that is known of the place without asking it is told at once: nothing awaits here, so that nothing
    /// comes in between.
    fn connected(&self, place: OpenContext) {
        let place = Rc::new(place);
        self.places.put(Rc::clone(&place));
        self.settle(SystemEvent::Connected(place.here.clone()));
        let Some(state) = self.state() else { return };
        if let Some(cached) = self.report(state.cached(&place.here.id)) {
            place.loader.seed(cached.rows.iter().map(|row| (Name::clone(&row.name), row.modified)));
            self.answer(&place, Response::Cached { schedules: cached.rows, read_at: cached.read_at });
        }
        // What is to be changed there is left to a program that may.
        if !place.here.read_only
            && let Some(adopted) = self.report(state.adopt(&place.here.id))
            && !adopted.is_empty()
        {
            self.answer(&place, Response::Journalled(self.journal.adopt(&place.here.id, adopted)));
        }
    }

    async fn ask(&self, place: &OpenContext, ask: Request) {
        match ask {
            Request::Refresh(first) => self.refresh(place, &first).await,
            Request::Change(write) => {
                self.keep(place, std::slice::from_ref(&write));
                self.write(place, write).await;
            }
            Request::ChangeMany(writes) => {
                self.keep(place, &writes);
                let context = &place.here.id;
                // The place may have been opened anew by the time it is the turn of the last.
                let send = async |write| {
                    if let Some(place) = self.places.of(context, true) {
                        self.write(&place, write).await;
                    }
                };
                self.line(context).send(writes, send).await;
            }
            Request::Run(memo) => {
                let result = place.scheduler.run_now(&memo, self.clock.now()).await;
                self.answer(place, Response::Ran(memo, result));
            }
            Request::Details(name) => {
                let details = place.scheduler.details(&name).await;
                self.answer(place, Response::Details(name, details));
            }
            Request::Copy(what) => {
                let here = place.scheduler.context();
                let text = match what {
                    Copied::Text(text) => text,
                    Copied::Arn(name) => here.schedule_arn(&name),
                    Copied::Command(memo) => command::create_schedule(&memo, here),
                };
                self.answer(place, Response::Copy(text));
            }
            Request::Arrived(awaited) => self.arrived(place, awaited).await,
            Request::History => self.history(place).await,
        }
    }

    async fn refresh(&self, place: &OpenContext, first: &[Name]) {
        let began = self.clock.now();
        let state = self.state();
        // What was read is shown at once, and kept when there is enough of it to be worth a transaction.
        let mut uncached = Vec::new();
        let refresh = place.loader.refresh(first, |load| match load {
            Load::Rows(rows) => {
                uncached.extend_from_slice(&rows);
                self.answer(place, Response::Read(rows));
                if uncached.len() >= CACHED_AT_ONCE {
                    self.cache(state.as_deref(), place, &uncached, &[], None);
                    uncached.clear();
                }
            }
            Load::Progress { listed, read } => self.answer(place, Response::Progress { listed, read }),
        });
        let result = tokio::select! {
            biased;
            () = place.stop_reading.notified() => None,
            result = refresh => Some(result),
        };
        let Some(result) = result else {
            self.cache(state.as_deref(), place, &uncached, &[], None);
            return self.answer(place, Response::ReadingStopped);
        };
        // Also when nothing changed: the time of the reading is kept with it.
        let gone = result.as_ref().map_or(&[][..], |loaded| &loaded.gone);
        if result.is_ok() || !uncached.is_empty() {
            let read_at = result.is_ok().then(|| self.clock.now());
            self.cache(state.as_deref(), place, &uncached, gone, read_at);
        }
        let loaded = result.map(|loaded| Loaded {
            total: loaded.total,
            changed: loaded.changed > 0 || !loaded.gone.is_empty(),
            gone: loaded.gone,
            took_ms: (self.clock.now() - began).num_milliseconds().max(0),
        });
        self.answer(place, Response::Loaded(loaded));
    }

    fn cache(
        &self,
        state: Option<&State>,
        place: &OpenContext,
        rows: &[Schedule],
        gone: &[Name],
        read_at: Option<DateTime<Utc>>,
    ) {
        if let Some(state) = state {
            self.report(state.cache(&place.here.id, rows, gone, read_at));
        }
    }

    /// Writes changes down that are about to be sent.
    fn keep(&self, place: &OpenContext, writes: &[Change]) {
        self.note(|state| self.journal.keep(state, &place.here.id, writes, self.clock.now()));
    }

    /// Makes a change, which is in the journal, and leaves it when the service has answered.
    async fn write(&self, place: &OpenContext, write: Change) {
        let result = place.scheduler.write(&write).await;
        if let Ok(written) = &result {
            self.made(place, &write, written);
            self.note(|state| self.journal.ended(state, &place.here.id, std::slice::from_ref(&write)));
        }
        self.answer(place, Response::Change(write, result));
    }

    /// What is known of the place is known with this change.
    fn made(&self, place: &OpenContext, write: &Change, written: &ChangeOutcome) {
        let (name, state) = (write.name(), self.state());
        match written {
            ChangeOutcome::Saved(at) => {
                let modified = at.unwrap_or_else(|| self.clock.now());
                place.loader.wrote(&name, modified);
                if let Change::Create(memo) | Change::Update { after: memo, .. } = write {
                    self.cache(state.as_deref(), place, &[Schedule::of(memo.clone(), modified)], &[], None);
                }
            }
            ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone => {
                place.loader.forgot(&name);
                self.cache(state.as_deref(), place, &[], std::slice::from_ref(&name), None);
            }
            ChangeOutcome::Differs(_) => {}
        }
    }

    /// Where changes of many memos wait in this context.
    fn line(&self, context: &ContextId) -> Rc<SendQueue> {
        Rc::clone(self.lines.borrow_mut().entry(context.clone()).or_default())
    }

    /// Takes back what waits there and was not sent.
    fn withdraw(&self, context: &ContextId, names: &[Name]) {
        let withdrawn = self.line(context).withdraw(names);
        self.note(|state| self.journal.ended(state, context, &withdrawn));
        self.tell.tell(Msg::Response(context.clone(), Response::Withdrawn(withdrawn)));
    }

    /// Does something with the memory of this machine, where there is one.
    fn note(&self, work: impl FnOnce(&State) -> Result<(), Failure>) {
        if let Some(state) = self.state() {
            self.report(work(&state));
        }
    }

    fn save_draft(&self, draft: Option<&Draft>) {
        if let Some(state) = self.state() {
            self.report(state.save_draft(draft));
        }
    }
}

/// The memo whose input, but for its text, takes the most room: by it the room for a text is reckoned.
fn longest_empty_memo(now: DateTime<Utc>) -> Memo {
    let zone = when::zones::all().max_by_key(|name| name.len()).and_then(when::zones::parse).unwrap_or(when::Tz::UTC);
    Memo { id: MemoId::from_random([0; 16]), text: String::new(), due: when::Moment::at(now, zone) }
}
