//! The open context of a command, to read and to change. Never to deliver.
//!
//! A command ends at once, so nobody would see a delivery: the engine of the embedded scheduler does not run here.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::pending;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use when::Tz;

use super::error::{CommandError, CommandErrors};
use super::parse_when::TimeReader;
use super::printer::Printer;
use crate::aws::{Load, Machine, Scheduler, SdkClock};
use crate::cli::context_opener::{
    ContextOpener, damaged_rows, local_context, open_store, store_failure, store_path, system_zone,
};
use crate::config::{Config, Env, Flags, Paths};
use crate::context::ContextSettings;
use crate::failure::{Failure, FailureKind};
use crate::memo::MemoId;
use crate::preferences::Notifications;
use crate::runtime::clock::{Clock, SystemClock};
use crate::schedule::{Name, Receipt, Schedule};
use crate::state::State;
use futures_util::future::LocalBoxFuture;

/// How many requests run at once.
pub(super) const MAX_CONCURRENT: usize = 16;

/// What a command needs from the machine and the person.
pub struct Environment {
    /// Where files are.
    pub paths: Paths,
    /// The environment variables that choose a context.
    pub variables: Env,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The time zone of the machine, if it is known.
    pub zone: Option<Tz>,
    /// Makes the id of a new memo.
    pub new_id: Box<dyn Fn() -> MemoId>,
    /// Waits for Ctrl-C. From the first call on, Ctrl-C no longer ends the process by itself.
    pub interrupted: Box<dyn Fn() -> LocalBoxFuture<'static, ()>>,
}

impl Environment {
    /// This machine and this person's variables.
    #[must_use]
    pub fn of_this_machine(paths: &Paths) -> Self {
        Self {
            paths: paths.clone(),
            variables: Env::read(|name| std::env::var_os(name)),
            clock: Arc::new(SystemClock),
            zone: system_zone(),
            new_id: Box::new(|| MemoId::from_random(*Uuid::new_v4().as_bytes())),
            interrupted: Box::new(|| Box::pin(ctrl_c())),
        }
    }
}

async fn ctrl_c() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "cannot listen for Ctrl-C");
        pending::<()>().await;
    }
}

/// The settings of a command. Nothing is opened yet.
pub(super) struct CommandSettings<'a> {
    pub environment: &'a Environment,
    /// The flags that choose the context.
    pub flags: &'a Flags,
    /// The zone of a time that names none.
    pub zone: Tz,
    config: Config,
}

impl<'a> CommandSettings<'a> {
    /// Reads what flags, environment variables and the settings file say.
    pub fn read(flags: &'a Flags, environment: &'a Environment) -> Result<Self, CommandErrors> {
        let Environment { paths, variables, clock, .. } = environment;
        let opener = ContextOpener::new(flags.clone(), variables.clone(), paths.clone(), Arc::clone(clock));
        let errors = |failures: Vec<Failure>| failures.into_iter().map(CommandError::from).collect::<CommandErrors>();
        let config = opener.config().map_err(errors)?;
        let zone = config.zone.or(environment.zone).ok_or_else(|| {
            CommandError::from(Failure::new(
                FailureKind::Settings,
                "The time zone of this machine is unknown.",
                format!("Set it in {}: zone = \"Europe/Paris\".", paths.config_file.display()),
            ))
        })?;
        Ok(Self { environment, flags, zone, config })
    }

    /// Reads times as the person writes them.
    pub fn times(&self) -> TimeReader<'_> {
        TimeReader { clock: &*self.environment.clock, zone: self.zone, when: &self.config.when }
    }
}

/// An open context.
pub(super) struct Session<'a> {
    pub environment: &'a Environment,
    /// The flags that chose it.
    pub flags: &'a Flags,
    pub scheduler: Scheduler,
    /// The zone of a time that names none.
    pub zone: Tz,
    /// How to read and write times.
    pub when: when::Settings,
    /// The store, if the context is on this machine.
    pub local: Option<LocalStore>,
    /// How the person wants to hear of a delivery.
    pub notifications: Notifications,
    /// The state of this machine, or why it cannot be opened.
    state: Result<State, Failure>,
}

/// The store of the embedded scheduler.
pub(super) struct LocalStore {
    pub path: PathBuf,
    pub store: embedded::Store,
}

/// Whether the memos of a context are delivered now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostState {
    Awake,
    /// The only host is this process, which is stopped.
    Stopped(u32),
    Missing,
}

impl<'a> Session<'a> {
    /// Opens the context that the settings choose. Warns of what is odd about the files.
    pub async fn open(settings: CommandSettings<'a>, printer: &mut Printer<'_, '_>) -> Result<Self, CommandErrors> {
        let CommandSettings { environment, flags, zone, config } = settings;
        let Config { contexts, when, preferences, .. } = config;
        let Environment { paths, clock, .. } = environment;
        let (scheduler, local) = match &contexts.chosen().settings {
            ContextSettings::Local { group, retry, read_only } => {
                let path = store_path(&paths.data_dir);
                let found = open_store(&path, *read_only).map_err(CommandError::from)?;
                let (store, read_only) = (found.store, found.read_only);
                if let Some(notice) = found.notice {
                    printer.warn("disk", &notice.what, &notice.advice);
                }
                let now: embedded::Now = {
                    let clock = Arc::clone(clock);
                    Arc::new(move || clock.now())
                };
                let service = embedded::Service::new(store.clone(), now);
                let context = local_context(group.clone(), *retry, read_only);
                let scheduler = Scheduler::local(service.http_client(), context, SdkClock::system());
                (scheduler, Some(LocalStore { path, store }))
            }
            ContextSettings::Aws(settings) => {
                let machine = Machine::own();
                let connected = Scheduler::connect_from(&machine, settings, SdkClock::system()).await;
                (connected.map_err(CommandError::from)?, None)
            }
        };
        let notifications = preferences.notifications;
        let printer = RefCell::new(printer);
        let say = |waiting: files::Waiting<'_>| printer.borrow_mut().warn("locked", &format!("{waiting}."), "");
        let state = State::open_saying(&paths.state_dir, say);
        Ok(Self { environment, flags, scheduler, zone, when, local, notifications, state })
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.environment.clock.now()
    }

    /// Reads times as the person writes them.
    pub fn times(&self) -> TimeReader<'_> {
        TimeReader { clock: &*self.environment.clock, zone: self.zone, when: &self.when }
    }

    /// The rows of the store on this machine that could not be read since the last call.
    pub fn damaged_rows(&self) -> Vec<Failure> {
        self.local.as_ref().map(|local| damaged_rows(&local.store)).unwrap_or_default()
    }

    /// The schedules from the cache, and when they were read. Sends no request.
    pub fn cached_schedules(&self) -> Result<(Vec<Schedule>, Option<DateTime<Utc>>), CommandError> {
        let cached = self.state()?.cached(&self.scheduler.context().id)?;
        Ok((sorted(cached.rows), cached.read_at))
    }

    /// The schedules as they are now. Reads only what changed after the cache was written.
    pub async fn schedules(&self) -> Result<Vec<Schedule>, CommandError> {
        let context = &self.scheduler.context().id;
        let loader = self.scheduler.loader();
        let mut schedules: HashMap<Name, Schedule> = HashMap::new();
        // Without a cache the loader reads everything, which takes longer.
        if let Some(cached) = self.try_state(|state| state.cached(context)) {
            loader.seed(cached.rows.iter().map(|schedule| (Name::clone(&schedule.name), schedule.modified)));
            schedules.extend(cached.rows.into_iter().map(|schedule| (Name::clone(&schedule.name), schedule)));
        }
        let mut changed = Vec::new();
        let found = loader
            .refresh(&[], |load| {
                if let Load::Rows(more) = load {
                    changed.extend(more);
                }
            })
            .await?;
        self.try_state(|state| state.cache(context, &changed, &found.gone, Some(self.now())));
        schedules.extend(changed.into_iter().map(|schedule| (Name::clone(&schedule.name), schedule)));
        for name in &found.gone {
            schedules.remove(name);
        }
        Ok(sorted(schedules.into_values()))
    }

    /// Marks a delivery as done.
    pub fn mark_done(&self, receipt: &Receipt) -> Result<(), CommandError> {
        let (state, context) = (self.state()?, &self.scheduler.context().id);
        state.arrived(context, std::slice::from_ref(receipt), self.now())?;
        Ok(state.done(context, std::slice::from_ref(&receipt.key))?)
    }

    /// What delivers the memos of this context: AWS, or an open host.
    pub fn host(&self) -> Result<HostState, CommandError> {
        let Some(local) = &self.local else { return Ok(HostState::Awake) };
        if !embedded::HostLock::is_held(&local.path).map_err(|error| disk(&error))? {
            return Ok(HostState::Missing);
        }
        Ok(embedded::HostLock::stopped_host(&local.path).map_or(HostState::Awake, HostState::Stopped))
    }

    /// The state of this machine, for a command that cannot go on without it.
    pub fn state(&self) -> Result<&State, CommandError> {
        self.state.as_ref().map_err(|failure| failure.clone().into())
    }

    /// The state of this machine, if it can be opened.
    pub fn open_state(&self) -> Option<&State> {
        self.state.as_ref().ok()
    }

    /// Uses the state of this machine where the command can go on without it. Logs a failure.
    pub fn try_state<T>(&self, work: impl FnOnce(&State) -> Result<T, Failure>) -> Option<T> {
        let done = self.state.as_ref().map_err(Clone::clone).and_then(work);
        done.inspect_err(|failure| tracing::warn!(%failure, "state.db cannot be used")).ok()
    }
}

/// Sorts by due time. Schedules without one come last.
fn sorted(schedules: impl IntoIterator<Item = Schedule>) -> Vec<Schedule> {
    let mut schedules: Vec<Schedule> = schedules.into_iter().collect();
    schedules.sort_by_cached_key(|schedule| (schedule.due().is_none(), schedule.due(), Name::clone(&schedule.name)));
    schedules
}

pub(super) fn disk(error: &embedded::StoreError) -> Failure {
    store_failure(error)
}
