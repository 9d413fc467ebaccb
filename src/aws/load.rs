//! Reading the whole group, and again only what changed.
//!
//! A listing says which schedules there are and when each was last changed, but not when any is due: every row that is
//! new or changed costs a read of its own. So reads run while the next page is fetched, as many at once as the service
//! bears, and the rows that the person sees come first.
//!
//! A refresh overlaps writes. It must never let an older answer undo what a write has done meanwhile: the writer says
//! what it did ([`Loader::wrote`], [`Loader::forgot`]), and what was asked before that no longer counts.

mod memory;
mod pace;

use std::collections::{HashSet, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_scheduler::operation::list_schedules::ListSchedulesError;
use aws_sdk_scheduler::types::ScheduleSummary;
use chrono::{DateTime, Utc};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use super::client::Scheduler;
use super::error::{Operation, RequestKind};
use super::probe::is_test_schedule;
use super::schedule::instant;
use crate::failure::{Failure, FailureKind};
use crate::schedule::{Name, Schedule};
use memory::{Memory, Tick};
use pace::Pace;

/// How many schedules a page lists: the most that the service gives.
const PAGE: i32 = 100;
/// How many rows are told at once, at most.
const BATCH: usize = 100;
/// How often one question may be throttled, after all the SDK's own tries, before the refresh gives up.
const PATIENCE: u32 = 5;
/// The pause after a first throttle; it doubles with each.
const PAUSE: Duration = Duration::from_millis(500);

/// Reads the whole group, and again only what changed. It lives as long as the connection; clones share one memory,
/// so that a writer may speak to one while another refreshes.
#[derive(Debug, Clone)]
pub struct Loader {
    scheduler: Scheduler,
    memory: Arc<Mutex<Memory>>,
    /// Held by the refresh that is going on.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// What a refresh says while it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Load {
    /// Rows that are new or changed.
    Rows(Vec<Schedule>),
    /// How far it is.
    Progress {
        /// How many schedules were listed so far.
        listed: usize,
        /// How many of them had to be read, and were.
        read: usize,
    },
}

/// What a whole refresh found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// How many schedules there are.
    pub total: usize,
    /// How many of them were new or changed.
    pub changed: usize,
    /// Those that were there before, and are no more: fired, or called off elsewhere.
    pub gone: Vec<Name>,
}

impl Loader {
    fn new(scheduler: Scheduler) -> Self {
        let memory = Arc::new(Mutex::new(Memory::default()));
        Self { scheduler, memory, turn: Arc::default() }
    }

    /// Takes rows for known that were read in an earlier run, so that only what changed since is read.
    pub fn seed(&self, rows: impl IntoIterator<Item = (Name, DateTime<Utc>)>) {
        self.memory().seed(rows);
    }

    /// Hears that a write has put a schedule there, so that no answer to an earlier question undoes it.
    pub fn wrote(&self, name: &Name, modified: DateTime<Utc>) {
        self.memory().wrote(name, modified);
    }

    /// Hears that a write has found or made a schedule gone.
    pub fn forgot(&self, name: &Name) {
        self.memory().forgot(name);
    }

    /// Reads what is new or changed, `first` before all else, and tells it as it comes. One refresh goes on at a time;
    /// a second one waits for it. It may be dropped at any time: the next one goes on from what was told.
    ///
    /// # Errors
    /// When the service refuses or fails, or cannot be reached. What was told until then is true all the same, but
    /// nothing can be said of what is gone.
    pub async fn refresh(&self, first: &[Name], tell: impl FnMut(Load)) -> Result<Loaded, Failure> {
        let _turn = self.turn.lock().await;
        let began = self.memory().now();
        Refresh::new(self, first, began, tell).run().await
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // The memory is whole between any two of its methods, and none of them calls out.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer, to a question that was asked at a tick.
enum Answer {
    Page { asked: Tick, tries: u32, token: Option<String>, page: Result<Page, Failure> },
    Row { asked: Tick, tries: u32, name: Name, row: Result<Option<Schedule>, Failure> },
}

struct Page {
    rows: Vec<(Name, Option<DateTime<Utc>>)>,
    next: Option<String>,
}

type Asking = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// One refresh, from its first question to its last answer.
struct Refresh<'a, T> {
    loader: &'a Loader,
    tell: T,
    first: HashSet<&'a Name>,
    began: Tick,
    /// Names that are to be read; those that the person sees are at the front.
    queue: VecDeque<Name>,
    asking: FuturesUnordered<Asking>,
    reading: usize,
    pace: Pace,
    listed: HashSet<Name>,
    rows: Vec<Schedule>,
    changed: usize,
    gone: Vec<Name>,
}

impl<'a, T: FnMut(Load)> Refresh<'a, T> {
    fn new(loader: &'a Loader, first: &'a [Name], began: Tick, tell: T) -> Self {
        Self {
            loader,
            tell,
            first: first.iter().collect(),
            began,
            queue: VecDeque::new(),
            asking: FuturesUnordered::new(),
            reading: 0,
            pace: loader.memory().pace,
            listed: HashSet::new(),
            rows: Vec::new(),
            changed: 0,
            gone: Vec::new(),
        }
    }

    async fn run(mut self) -> Result<Loaded, Failure> {
        self.list(0, None);
        let mut outcome = self.until_answered().await;
        if outcome.is_ok() {
            // What the listing does not show, though a write put it there a moment ago, is asked for by name: a listing
            // may be a little behind.
            let missing = self.loader.memory().missing(&self.listed);
            self.gone.extend(missing.gone);
            self.queue.extend(missing.doubtful);
            self.ask_more();
            outcome = self.until_answered().await;
        }
        self.tell_rows();
        self.loader.memory().pace = self.pace;
        outcome?;
        let total = self.loader.memory().finish(self.began, &self.gone);
        Ok(Loaded { total, changed: self.changed, gone: self.gone })
    }

    /// Until no question is open.
    async fn until_answered(&mut self) -> Result<(), Failure> {
        while let Some(answer) = self.asking.next().await {
            self.take(answer)?;
            // An answer that is there already joins its batch; a service in this process always answers at once.
            while self.rows.len() < BATCH {
                self.ask_more();
                let Some(Some(answer)) = self.asking.next().now_or_never() else { break };
                self.take(answer)?;
            }
            self.ask_more();
            self.tell_rows();
            // Whoever shares this thread has a turn between any two batches.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    fn take(&mut self, answer: Answer) -> Result<(), Failure> {
        self.pace.heed(&self.loader.scheduler.0.throttles);
        match answer {
            Answer::Page { page: Ok(page), asked, .. } => {
                if page.next.is_some() {
                    self.list(0, page.next);
                }
                for (name, modified) in page.rows {
                    self.listed(name, modified, asked);
                }
            }
            Answer::Page { page: Err(failure), tries, token, .. } => {
                patience(failure, tries)?;
                self.list(tries + 1, token);
            }
            Answer::Row { row: Ok(row), name, asked, .. } => {
                self.reading -= 1;
                self.pace.ended(true);
                self.read(name, row, asked);
            }
            Answer::Row { row: Err(failure), name, tries, .. } => {
                self.reading -= 1;
                self.pace.ended(false);
                patience(failure, tries)?;
                self.ask(name, tries + 1);
            }
        }
        Ok(())
    }

    fn listed(&mut self, name: Name, modified: Option<DateTime<Utc>>, asked: Tick) {
        if !self.listed.insert(Name::clone(&name)) || !self.loader.memory().is_news(&name, modified, asked) {
            return;
        }
        if self.first.contains(&name) { self.queue.push_front(name) } else { self.queue.push_back(name) }
    }

    fn read(&mut self, name: Name, row: Option<Schedule>, asked: Tick) {
        let mut memory = self.loader.memory();
        if memory.was_touched(&name, asked) {
            return;
        }
        match row {
            Some(row) => {
                memory.read(&name, row.modified);
                self.changed += 1;
                self.rows.push(row);
            }
            // Listed, and gone since: a row only if it was one before.
            None => self.gone.extend(memory.knows(&name).then_some(name)),
        }
    }

    fn tell_rows(&mut self) {
        if !self.rows.is_empty() {
            (self.tell)(Load::Rows(std::mem::take(&mut self.rows)));
        }
        (self.tell)(Load::Progress { listed: self.listed.len(), read: self.changed });
    }

    /// Asks for as many rows as may be asked for at once.
    fn ask_more(&mut self) {
        while self.reading < self.pace.limit() {
            let Some(name) = self.queue.pop_front() else { return };
            self.ask(name, 0);
        }
    }

    fn ask(&mut self, name: Name, tries: u32) {
        self.reading += 1;
        let scheduler = self.loader.scheduler.clone();
        let loader = self.loader.clone();
        self.asking.push(Box::pin(async move {
            scheduler.pause(tries).await;
            let asked = loader.memory().now();
            let row = scheduler.get(&name).await;
            Answer::Row { asked, tries, name, row }
        }));
    }

    fn list(&mut self, tries: u32, token: Option<String>) {
        let scheduler = self.loader.scheduler.clone();
        let loader = self.loader.clone();
        self.asking.push(Box::pin(async move {
            scheduler.pause(tries).await;
            let asked = loader.memory().now();
            let page = scheduler.page(token.clone()).await;
            Answer::Page { asked, tries, token, page }
        }));
    }
}

/// Bears a throttle that the SDK's own tries did not overcome, some times; nothing else.
fn patience(failure: Failure, tries: u32) -> Result<(), Failure> {
    if failure.kind == FailureKind::Throttled && tries < PATIENCE { Ok(()) } else { Err(failure) }
}

impl Scheduler {
    /// A loader of the group. It lives as long as the connection.
    #[must_use]
    pub fn loader(&self) -> Loader {
        Loader::new(self.clone())
    }

    async fn pause(&self, tries: u32) {
        if let Some(doublings) = tries.checked_sub(1) {
            self.0.session.clock.sleep(PAUSE * 2_u32.pow(doublings)).await;
        }
    }

    async fn page(&self, token: Option<String>) -> Result<Page, Failure> {
        let context = self.context();
        let request = self.0.reads.list_schedules().group_name(&context.group).max_results(PAGE).set_next_token(token);
        match request.send().await {
            Ok(page) => {
                let rows = page.schedules().iter().map(summary);
                // What is tried and deleted at once is nothing to a person.
                let rows = rows.filter(|(name, _)| !is_test_schedule(name)).collect();
                Ok(Page { rows, next: page.next_token })
            }
            // No group: no schedules. It is made with the first one.
            Err(error) if error.as_service_error().is_some_and(ListSchedulesError::is_resource_not_found_exception) => {
                Ok(Page { rows: Vec::new(), next: None })
            }
            Err(error) => {
                // It has no resource type of its own: a policy must allow it on everything.
                let operation = Operation {
                    failed: "The schedules could not be listed",
                    action: "scheduler:ListSchedules",
                    resource: "*".to_owned(),
                    kind: RequestKind::Read,
                };
                Err(self.failure(&operation, &error))
            }
        }
    }
}

fn summary(summary: &ScheduleSummary) -> (Name, Option<DateTime<Utc>>) {
    (summary.name().unwrap_or_default().into(), summary.last_modification_date().and_then(instant))
}
