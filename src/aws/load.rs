//! Reads the whole group, and later only what changed.
//!
//! A listing has the name of each schedule and when it was last modified, but not when it is due, so each new or modified
//! schedule costs a read. Reads run while the next page is fetched, as many at once as the service allows, and the
//! schedules on the screen come first.
//!
//! A refresh overlaps writes, and an older response must not undo a newer write. So the writer reports what it did
//! ([`Loader::wrote`], [`Loader::forgot`]), and responses to earlier requests for that schedule are dropped.

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

/// How many schedules a page lists: the most that the service allows.
const PAGE: i32 = 100;
/// How many rows are reported at once, at most.
const BATCH: usize = 100;
/// How often one request may be throttled, on top of the SDK's retries, before the refresh gives up.
const MAX_THROTTLES: u32 = 5;
/// The pause after the first throttle; it doubles with each further one.
const PAUSE: Duration = Duration::from_millis(500);

/// Reads the whole group, and later only what changed. Lives as long as the connection. Clones share one memory, so a
/// writer can report to one clone while another refreshes.
#[derive(Debug, Clone)]
pub struct Loader {
    scheduler: Scheduler,
    memory: Arc<Mutex<Memory>>,
    /// Held by the running refresh.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// What a refresh reports while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Load {
    /// New or modified schedules.
    Rows(Vec<Schedule>),
    /// How far the refresh is.
    Progress {
        /// The number of schedules listed so far.
        listed: usize,
        /// The number of schedules read so far.
        read: usize,
    },
}

/// The result of a complete refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The number of schedules.
    pub total: usize,
    /// The number of new or modified schedules.
    pub changed: usize,
    /// The schedules that are gone: fired, or cancelled elsewhere.
    pub gone: Vec<Name>,
}

impl Loader {
    fn new(scheduler: Scheduler) -> Self {
        let memory = Arc::new(Mutex::new(Memory::default()));
        Self { scheduler, memory, turn: Arc::default() }
    }

    /// Takes over schedules that an earlier run read, so that only later changes are read.
    pub fn seed(&self, rows: impl IntoIterator<Item = (Name, DateTime<Utc>)>) {
        self.memory().seed(rows);
    }

    /// Notes that a write has saved a schedule. Responses to earlier requests for it are dropped.
    pub fn wrote(&self, name: &Name, modified: DateTime<Utc>) {
        self.memory().wrote(name, modified);
    }

    /// Notes that a write has deleted a schedule, or found it gone.
    pub fn forgot(&self, name: &Name) {
        self.memory().forgot(name);
    }

    /// Reads what is new or modified, the schedules in `first` before all others, and reports it as it comes. One refresh
    /// runs at a time; another waits for it. It may be dropped at any time: the next one continues from what was
    /// reported.
    ///
    /// # Errors
    /// When the service refuses or fails, or cannot be reached. What was reported until then holds, but it is not known
    /// which schedules are gone.
    pub async fn refresh(&self, first: &[Name], report: impl FnMut(Load)) -> Result<Loaded, Failure> {
        let _turn = self.turn.lock().await;
        let began = self.memory().now();
        Refresh::new(self, first, began, report).run().await
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // No method of the memory panics halfway or calls other code, so a poisoned lock is still consistent.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A response to a request that was sent at a tick.
enum Response {
    Page { sent: Tick, tries: u32, token: Option<String>, page: Result<Page, Failure> },
    Row { sent: Tick, tries: u32, name: Name, row: Result<Option<Schedule>, Failure> },
}

struct Page {
    rows: Vec<(Name, Option<DateTime<Utc>>)>,
    next: Option<String>,
}

type Pending = Pin<Box<dyn Future<Output = Response> + Send>>;

/// One refresh, from its first request to its last response.
struct Refresh<'a, T> {
    loader: &'a Loader,
    report: T,
    first: HashSet<&'a Name>,
    began: Tick,
    /// The schedules to read; those on the screen are at the front.
    queue: VecDeque<Name>,
    pending: FuturesUnordered<Pending>,
    reading: usize,
    pace: Pace,
    listed: HashSet<Name>,
    rows: Vec<Schedule>,
    changed: usize,
    gone: Vec<Name>,
}

impl<'a, T: FnMut(Load)> Refresh<'a, T> {
    fn new(loader: &'a Loader, first: &'a [Name], began: Tick, report: T) -> Self {
        Self {
            loader,
            report,
            first: first.iter().collect(),
            began,
            queue: VecDeque::new(),
            pending: FuturesUnordered::new(),
            reading: 0,
            pace: loader.memory().pace,
            listed: HashSet::new(),
            rows: Vec::new(),
            changed: 0,
            gone: Vec::new(),
        }
    }

    async fn run(mut self) -> Result<Loaded, Failure> {
        self.send_list(0, None);
        let mut outcome = self.drain().await;
        if outcome.is_ok() {
            // The listing may lag. A schedule that was written a moment ago and is not listed is read by name.
            let missing = self.loader.memory().missing(&self.listed);
            self.gone.extend(missing.gone);
            self.queue.extend(missing.doubtful);
            self.read_more();
            outcome = self.drain().await;
        }
        self.report_rows();
        self.loader.memory().pace = self.pace;
        outcome?;
        let total = self.loader.memory().finish(self.began, &self.gone);
        Ok(Loaded { total, changed: self.changed, gone: self.gone })
    }

    /// Runs until no request is open.
    async fn drain(&mut self) -> Result<(), Failure> {
        while let Some(response) = self.pending.next().await {
            self.take(response)?;
            // Responses that are there already join the batch; a service in this process always responds at once.
            while self.rows.len() < BATCH {
                self.read_more();
                let Some(Some(response)) = self.pending.next().now_or_never() else { break };
                self.take(response)?;
            }
            self.read_more();
            self.report_rows();
            // Other tasks on this thread get a turn between two batches.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    fn take(&mut self, response: Response) -> Result<(), Failure> {
        self.pace.update(&self.loader.scheduler.0.throttles);
        match response {
            Response::Page { page: Ok(page), sent, .. } => {
                if page.next.is_some() {
                    self.send_list(0, page.next);
                }
                for (name, modified) in page.rows {
                    self.listed(name, modified, sent);
                }
            }
            Response::Page { page: Err(failure), tries, token, .. } => {
                tolerate(failure, tries)?;
                self.send_list(tries + 1, token);
            }
            Response::Row { row: Ok(row), name, sent, .. } => {
                self.reading -= 1;
                self.pace.ended(true);
                self.read(name, row, sent);
            }
            Response::Row { row: Err(failure), name, tries, .. } => {
                self.reading -= 1;
                self.pace.ended(false);
                tolerate(failure, tries)?;
                self.send_read(name, tries + 1);
            }
        }
        Ok(())
    }

    fn listed(&mut self, name: Name, modified: Option<DateTime<Utc>>, sent: Tick) {
        if !self.listed.insert(Name::clone(&name)) || !self.loader.memory().is_news(&name, modified, sent) {
            return;
        }
        if self.first.contains(&name) { self.queue.push_front(name) } else { self.queue.push_back(name) }
    }

    fn read(&mut self, name: Name, row: Option<Schedule>, sent: Tick) {
        let mut memory = self.loader.memory();
        if memory.was_touched(&name, sent) {
            return;
        }
        match row {
            Some(row) => {
                memory.read(&name, row.modified);
                self.changed += 1;
                self.rows.push(row);
            }
            // Listed, and gone since. It counts as gone only if it was known.
            None => self.gone.extend(memory.knows(&name).then_some(name)),
        }
    }

    fn report_rows(&mut self) {
        if !self.rows.is_empty() {
            (self.report)(Load::Rows(std::mem::take(&mut self.rows)));
        }
        (self.report)(Load::Progress { listed: self.listed.len(), read: self.changed });
    }

    /// Starts as many reads as the limit allows.
    fn read_more(&mut self) {
        while self.reading < self.pace.limit() {
            let Some(name) = self.queue.pop_front() else { return };
            self.send_read(name, 0);
        }
    }

    fn send_read(&mut self, name: Name, tries: u32) {
        self.reading += 1;
        let scheduler = self.loader.scheduler.clone();
        let loader = self.loader.clone();
        self.pending.push(Box::pin(async move {
            scheduler.pause(tries).await;
            let sent = loader.memory().now();
            let row = scheduler.get(&name).await;
            Response::Row { sent, tries, name, row }
        }));
    }

    fn send_list(&mut self, tries: u32, token: Option<String>) {
        let scheduler = self.loader.scheduler.clone();
        let loader = self.loader.clone();
        self.pending.push(Box::pin(async move {
            scheduler.pause(tries).await;
            let sent = loader.memory().now();
            let page = scheduler.page(token.clone()).await;
            Response::Page { sent, tries, token, page }
        }));
    }
}

/// Tolerates a throttle that outlasted the SDK's retries, a few times, and no other failure.
fn tolerate(failure: Failure, tries: u32) -> Result<(), Failure> {
    if failure.kind == FailureKind::Throttled && tries < MAX_THROTTLES { Ok(()) } else { Err(failure) }
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
                // Test schedules are not shown.
                let rows = rows.filter(|(name, _)| !is_test_schedule(name)).collect();
                Ok(Page { rows, next: page.next_token })
            }
            // No group, so no schedules. The first schedule creates the group.
            Err(error) if error.as_service_error().is_some_and(ListSchedulesError::is_resource_not_found_exception) => {
                Ok(Page { rows: Vec::new(), next: None })
            }
            Err(error) => {
                // This action has no resource type: a policy must allow it on everything.
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
