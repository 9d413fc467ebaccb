//! Where a command works: the place that the settings choose, opened to ask and to change, and never to deliver.
//!
//! A command ends at once, so nobody would see what it delivered: the embedded engine is never started here. What a
//! change carries is written down before it is sent, and struck out when its end is known, as in the program: what a
//! killed command leaves behind is taken over by the next program. A failure ends the command, and its change: nothing
//! is sent again later that the person was told has failed.

use std::cell::Cell;
use std::collections::HashMap;
use std::future::pending;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::LocalBoxFuture;
use futures_util::{StreamExt as _, stream};
use when::Tz;

use super::error::{CommandError, CommandErrors};
use crate::aws::{Load, Machine, Scheduler, SdkClock};
use crate::cli::context_opener::{ContextOpener, local_context, store_path, system_zone};
use crate::config::{Config, Env, Flags, Paths};
use crate::context::ContextSettings;
use crate::failure::{Failure, FailureKind};
use crate::memo::MemoId;
use crate::preferences::Notifications;
use crate::runtime::clock::{Clock, SystemClock};
use crate::schedule::{Change, ChangeOutcome, Name, Receipt, Schedule};
use crate::state::State;
use uuid::Uuid;

/// How many requests are on their way at once.
pub(super) const MAX_CONCURRENT: usize = 16;
/// How many changes are written down in one transaction: as many may be under way when a command is killed.
const JOURNAL_BATCH: usize = 64;

/// What a command finds around it.
pub struct Environment {
    /// Where things are kept.
    pub paths: Paths,
    /// The variables that choose among the contexts.
    pub variables: Env,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The zone of the machine, where it is known.
    pub zone: Option<Tz>,
    /// Gives the identity of a new memo.
    pub new_id: Box<dyn Fn() -> MemoId>,
    /// LocalBoxFuture until the person asks for an end, with Ctrl-C; from the first time on that is for the command to heed.
    pub interrupted: Box<dyn Fn() -> LocalBoxFuture<'static, ()>>,
}

impl Environment {
    /// This machine, and this person's.
    #[must_use]
    pub fn own(paths: &Paths) -> Self {
        Self {
            paths: paths.clone(),
            variables: Env::read(|name| std::env::var_os(name)),
            clock: Arc::new(SystemClock),
            zone: system_zone(),
            new_id: Box::new(|| MemoId::from_random(*Uuid::new_v4().as_bytes())),
            interrupted: Box::new(|| Box::pin(interrupted())),
        }
    }
}

/// LocalBoxFuture for Ctrl-C.
async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "Ctrl-C cannot be listened to");
        pending::<()>().await;
    }
}

/// How far several changes have come.
#[derive(Debug, Default)]
pub(super) struct BatchResult {
    /// How many were sent: all, unless the person stopped it.
    pub begun: usize,
    /// How many of them nobody knows the end of.
    pub on_their_way: usize,
}

/// An open place.
pub(super) struct Session<'a> {
    pub environment: &'a Environment,
    pub scheduler: Scheduler,
    /// The zone that is meant where none is named.
    pub zone: Tz,
    /// What the vague words of a time mean.
    pub when: when::Settings,
    /// The store, of a place on this machine.
    pub local: Option<Local>,
    /// How a delivery makes itself heard.
    pub notifications: Notifications,
    /// What this machine remembers, or why it cannot.
    state: Result<State, Failure>,
}

/// A place on this machine.
pub(super) struct Local {
    pub path: PathBuf,
    pub store: embedded::Store,
}

impl<'a> Session<'a> {
    /// Opens the place that flags, environment and file choose.
    pub async fn open(flags: &Flags, environment: &'a Environment) -> Result<Self, CommandErrors> {
        let opener = ContextOpener::new(
            flags.clone(),
            environment.variables.clone(),
            environment.paths.clone(),
            Arc::clone(&environment.clock),
        );
        let mistaken = |mistakes: Vec<Failure>| mistakes.into_iter().map(CommandError::from).collect::<CommandErrors>();
        let Config { contexts, zone, when, preferences, .. } = opener.config().map_err(mistaken)?;
        let zone = zone.or(environment.zone).ok_or_else(|| {
            CommandError::from(Failure::new(
                FailureKind::Settings,
                "The time zone of this machine is not known.",
                format!("Name yours in {}: zone = \"Europe/Paris\".", environment.paths.config_file.display()),
            ))
        })?;
        let (scheduler, local) = match &contexts.chosen().settings {
            ContextSettings::Local { group, retry, read_only } => {
                let path = store_path(&environment.paths.data_dir);
                let store = embedded::Store::open(&path).map_err(|error| CommandError::from(disk(&error)))?;
                let now: embedded::Now = {
                    let clock = Arc::clone(&environment.clock);
                    Arc::new(move || clock.now())
                };
                let service = embedded::Service::new(store.clone(), now);
                let place = local_context(group.clone(), *retry, *read_only);
                let scheduler = Scheduler::local(service.http_client(), place, SdkClock::system());
                (scheduler, Some(Local { path, store }))
            }
            ContextSettings::Aws(settings) => {
                let machine = Machine::own();
                let connected = Scheduler::connect_from(&machine, settings, SdkClock::system()).await;
                (connected.map_err(CommandError::from)?, None)
            }
        };
        let notifications = preferences.notifications;
        Ok(Self {
            scheduler,
            zone,
            when,
            local,
            notifications,
            state: State::open(&environment.paths.state_dir),
            environment,
        })
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.environment.clock.now()
    }

    /// The schedules as they were last read, without asking anybody, and when that was.
    pub fn cached_schedules(&self) -> Result<(Vec<Schedule>, Option<DateTime<Utc>>), CommandError> {
        let cached = self.state()?.cached(&self.scheduler.context().id)?;
        Ok((in_order(cached.rows), cached.read_at))
    }

    /// The schedules as they are. What has not changed since it was last read is not read again.
    pub async fn schedules(&self) -> Result<Vec<Schedule>, CommandError> {
        let context = &self.scheduler.context().id;
        let loader = self.scheduler.loader();
        let mut rows: HashMap<Name, Schedule> = HashMap::new();
        // Without a memory everything is read, which takes longer.
        if let Some(cached) = self.logged(|state| state.cached(context)) {
            loader.seed(cached.rows.iter().map(|row| (Name::clone(&row.name), row.modified)));
            rows.extend(cached.rows.into_iter().map(|row| (Name::clone(&row.name), row)));
        }
        let mut changed = Vec::new();
        let found = loader
            .refresh(&[], |load| {
                if let Load::Rows(more) = load {
                    changed.extend(more);
                }
            })
            .await?;
        self.logged(|state| state.cache(context, &changed, &found.gone, Some(self.now())));
        rows.extend(changed.into_iter().map(|row| (Name::clone(&row.name), row)));
        for name in &found.gone {
            rows.remove(name);
        }
        Ok(in_order(rows.into_values()))
    }

    /// Makes a change.
    pub async fn apply(&self, write: &Change) -> Result<ChangeOutcome, CommandError> {
        let mut written = None;
        self.apply_all(std::slice::from_ref(write), |_, ended| written = Some(ended)).await?;
        written.unwrap_or_else(|| Err(CommandError::conflict("Nothing was changed.", "Run the command again.")))
    }

    /// Makes changes, several at once and in their order, and tells of each, by its place, how it ended. A change is in
    /// the journal before it is sent, and leaves it with its end, whichever that is.
    ///
    /// Several can be stopped: what was not sent by then is not, and what was is waited for, unless the person is tired
    /// of that too; then it stays in the journal.
    pub async fn apply_all(
        &self,
        writes: &[Change],
        mut tell: impl FnMut(usize, Result<ChangeOutcome, CommandError>),
    ) -> Result<BatchResult, CommandError> {
        let place = self.scheduler.context();
        if let (true, Some(first)) = (place.read_only, writes.first()) {
            // The client refuses before it sends: there is nothing to write down.
            return Ok(self.scheduler.write(first).await.map(|_| BatchResult::default())?);
        }
        let state = self.state()?;
        let mut sent = BatchResult { begun: writes.len(), ..BatchResult::default() };
        let mut interrupted: LocalBoxFuture<'_, ()> =
            if writes.len() > 1 { (self.environment.interrupted)() } else { Box::pin(pending()) };
        let stopped = Cell::new(false);
        for (number, batch) in writes.chunks(JOURNAL_BATCH).enumerate() {
            let mut journalled = state.journal(&place.id, batch, self.now())?;
            let begun = Cell::new(0);
            let each = batch.iter().enumerate().take_while(|_| !stopped.get()).map(async |(at, write)| {
                begun.set(at + 1);
                (at, write, self.scheduler.write(write).await)
            });
            let mut sending = stream::iter(each).buffer_unordered(MAX_CONCURRENT);
            let (mut there, mut gone, mut open) = (Vec::new(), Vec::new(), vec![true; batch.len()]);
            loop {
                let next = tokio::select! {
                    biased;
                    () = &mut interrupted => {
                        if stopped.replace(true) { break }
                        interrupted = (self.environment.interrupted)();
                        continue;
                    }
                    next = sending.next() => next,
                };
                let Some((at, write, written)) = next else { break };
                match (&written, write) {
                    (Ok(ChangeOutcome::Saved(saved)), Change::Create(memo) | Change::Update { after: memo, .. }) => {
                        there.push(Schedule::of(memo.clone(), saved.unwrap_or_else(|| self.now())));
                    }
                    (Ok(ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone), _) => gone.push(write.name()),
                    _ => {}
                }
                open[at] = false;
                tell(number * JOURNAL_BATCH + at, written.map_err(CommandError::from));
            }
            self.logged(|state| state.cache(&place.id, &there, &gone, None));
            // What is on its way still, stays: the next program makes the same changes again, which are made once.
            let mut each = open.iter().take(begun.get());
            journalled.retain(|_| !each.next().is_some_and(|open| *open));
            self.logged(|state| state.settle(&journalled));
            if stopped.get() {
                sent.begun = number * JOURNAL_BATCH + begun.get();
                sent.on_their_way = open.iter().take(begun.get()).filter(|open| **open).count();
                break;
            }
        }
        Ok(sent)
    }

    /// Takes note that the person has dealt with a delivery.
    pub fn mark_done(&self, receipt: &Receipt) -> Result<(), CommandError> {
        let (state, context) = (self.state()?, &self.scheduler.context().id);
        state.arrived(context, std::slice::from_ref(receipt), self.now())?;
        Ok(state.done(context, std::slice::from_ref(&receipt.key))?)
    }

    /// Whether what is scheduled here is delivered without anybody doing more for it.
    pub fn has_host(&self) -> Result<bool, CommandError> {
        match &self.local {
            Some(local) => Ok(embedded::HostLock::is_held(&local.path).map_err(|error| disk(&error))?),
            None => Ok(true),
        }
    }

    fn state(&self) -> Result<&State, CommandError> {
        self.state.as_ref().map_err(|failure| failure.clone().into())
    }

    /// Does something with the memory of this machine without which the command goes on all the same.
    fn logged<T>(&self, work: impl FnOnce(&State) -> Result<T, Failure>) -> Option<T> {
        let done = self.state.as_ref().map_err(Clone::clone).and_then(work);
        done.inspect_err(|failure| tracing::warn!(%failure, "this machine does not remember")).ok()
    }
}

/// The next one first; what has no time comes last.
fn in_order(rows: impl IntoIterator<Item = Schedule>) -> Vec<Schedule> {
    let mut rows: Vec<Schedule> = rows.into_iter().collect();
    rows.sort_by_cached_key(|row| (row.due().is_none(), row.due(), Name::clone(&row.name)));
    rows
}

pub(super) fn disk(error: &embedded::StoreError) -> Failure {
    Failure::new(FailureKind::Disk, error.to_string(), "")
}
