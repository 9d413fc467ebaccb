//! Opens a context as the settings describe it: the embedded scheduler with its engine, or AWS.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use when::Tz;

use crate::app::{Msg, Settings, StoreEvent, SystemEvent};
use crate::arn::Arn;
use crate::aws::{LocalContext, Scheduler, SdkClock};
use crate::config::{self, Config, Env, Flags, Paths};
use crate::context::{AwsSettings, ContextId, ContextSettings, RetryPolicy};
use crate::failure::{Failure, FailureKind};
use crate::runtime::clock::Clock;
use crate::runtime::inbox::InboxSender;
use crate::runtime::opener::{Hosting, Opened, Opener};
use tokio::task::JoinSet;

/// How often to check whether another process changed the store. SQLite sends no event, and the check is one read of
/// shared memory.
const POLL: Duration = Duration::from_secs(4);

/// The time zone of the person: `TZ`, or else the setting of the machine.
#[must_use]
pub fn system_zone() -> Option<Tz> {
    match std::env::var("TZ").ok().as_deref().map(|name| name.trim_start_matches(':')) {
        // The path of a file gives no name. Any other unknown value must not fall back to another zone.
        Some(name) if !name.is_empty() && !name.starts_with('/') => when::zones::parse(name),
        _ => when::zones::parse(&iana_time_zone::get_timezone().ok()?),
    }
}

/// The host locks of this process.
#[derive(Debug, Clone, Default)]
pub(super) struct HostLocks(Arc<Mutex<Vec<Weak<embedded::HostLock>>>>);

impl HostLocks {
    fn add(&self, lock: &Arc<embedded::HostLock>) {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|lock| lock.strong_count() > 0);
        locks.push(Arc::downgrade(lock));
    }

    /// Releases the locks, or takes them again. Never waits: the terminal thread calls it.
    pub fn switch(&self, hosting: Hosting) {
        let locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for lock in locks.iter().filter_map(Weak::upgrade) {
            match hosting {
                Hosting::Paused => log_lock_error(lock.pause()),
                Hosting::Resumed => match lock.try_resume() {
                    Ok(true) => {}
                    Ok(false) => drop(std::thread::spawn(move || log_lock_error(lock.resume()))),
                    Err(error) => log_lock_error(Err(error)),
                },
            }
        }
    }
}

/// The lock only tells others that memos ring here, so the program goes on without it.
fn log_lock_error(result: Result<(), embedded::StoreError>) {
    if let Err(error) = result {
        tracing::warn!(%error, "cannot release the host lock, or take it again");
    }
}

/// Opens contexts by flags, environment variables and the settings file.
pub struct ContextOpener {
    flags: Flags,
    variables: Env,
    paths: Paths,
    clock: Arc<dyn Clock>,
    hosts: HostLocks,
    /// Notices to report when the first context is opened.
    notices: RefCell<Vec<Failure>>,
}

impl ContextOpener {
    /// An opener for these settings.
    #[must_use]
    pub fn new(flags: Flags, variables: Env, paths: Paths, clock: Arc<dyn Clock>) -> Self {
        Self { flags, variables, paths, clock, hosts: HostLocks::default(), notices: RefCell::default() }
    }

    /// The host locks of the contexts that it opens.
    #[must_use]
    pub(super) fn hosts(&self) -> HostLocks {
        self.hosts.clone()
    }

    /// Reports this notice, too, when the first context is opened.
    pub(super) fn with_notice(mut self, notice: Failure) -> Self {
        self.notices.get_mut().push(notice);
        self
    }

    /// Reads all settings.
    ///
    /// # Errors
    /// Every error in them, with its origin.
    pub(super) fn config(&self) -> Result<Config, Vec<Failure>> {
        let path = &self.paths.config_file;
        let text = config::read_text(path).map_err(|failure| vec![failure])?;
        let file = text.as_deref().map(|text| (path.as_path(), text));
        config::resolve(&self.flags, &self.variables, file).map_err(|mistakes| {
            mistakes.iter().map(|mistake| Failure::new(FailureKind::Settings, mistake.to_string(), "")).collect()
        })
    }
}

impl Opener for ContextOpener {
    fn settings(&self) -> Result<Settings, Vec<Failure>> {
        let config = self.config()?;
        let Some(zone) = config.zone.or_else(system_zone) else {
            return Err(vec![Failure::new(
                FailureKind::Settings,
                "The time zone of this machine is unknown.",
                format!("Set it in {}: zone = \"Europe/Paris\".", self.paths.config_file.display()),
            )]);
        };
        let Config { contexts, preferences, when, keys, .. } = config;
        let chosen = contexts.chosen().name.clone();
        let contexts = contexts.names().map(str::to_owned).collect();
        Ok(Settings { zone, when, preferences, keys, contexts, chosen })
    }

    fn context_settings(&self, context: &str) -> Result<ContextSettings, Vec<Failure>> {
        let Config { contexts, .. } = self.config()?;
        let context = contexts.get(context).ok_or_else(|| vec![no_such_context(context)])?;
        Ok(context.settings.clone())
    }

    fn open<'a>(
        &'a self,
        context: Option<&'a str>,
        tell: InboxSender,
    ) -> LocalBoxFuture<'a, Result<Opened, Vec<Failure>>> {
        Box::pin(async move {
            for notice in self.notices.take() {
                tell.send(Msg::System(SystemEvent::Trouble(notice)));
            }
            let Config { contexts, .. } = self.config()?;
            let context = match context {
                Some(name) => contexts.get(name).ok_or_else(|| vec![no_such_context(name)])?,
                None => contexts.chosen(),
            };
            match &context.settings {
                ContextSettings::Local { group, retry, read_only } => {
                    let local = local_context(group.clone(), *retry, *read_only);
                    open_local(&store_path(&self.paths.data_dir), local, &self.clock, &self.hosts, tell)
                        .map_err(|failure| vec![failure])
                }
                ContextSettings::Aws(settings) => open_aws(settings).await.map_err(|failure| vec![failure]),
            }
        })
    }
}

/// The file changed after tickler listed its contexts.
fn no_such_context(name: &str) -> Failure {
    Failure::new(
        FailureKind::Settings,
        format!("The settings no longer have a context “{name}”."),
        "Choose another one, or add it again.",
    )
}

async fn open_aws(settings: &AwsSettings) -> Result<Opened, Failure> {
    let scheduler = Scheduler::connect(settings, SdkClock::system()).await?;
    Ok(Opened { scheduler, local: false, work: JoinSet::new(), is_lost: Box::new(|| false) })
}

/// Opens the embedded scheduler over the store at `path`, and starts its engine. A read-only context has no engine,
/// because firing changes the store.
fn open_local(
    path: &Path,
    context: LocalContext,
    clock: &Arc<dyn Clock>,
    hosts: &HostLocks,
    tell: InboxSender,
) -> Result<Opened, Failure> {
    let LocalStore { store, notice, read_only } = open_store(path, context.read_only)?;
    if let Some(notice) = notice {
        tell.send(Msg::System(SystemEvent::Trouble(notice)));
    }
    let now: embedded::Now = {
        let clock = Arc::clone(clock);
        Arc::new(move || clock.now())
    };
    let service = embedded::Service::new(store.clone(), Arc::clone(&now));
    let scheduler = Scheduler::local(service.http_client(), LocalContext { read_only, ..context }, SdkClock::system());
    let context = scheduler.context().id.clone();
    let mut work = JoinSet::new();
    if !read_only {
        // The memos do not wait for the lock, which only tells others that they ring here.
        match embedded::HostLock::try_hold(path) {
            Ok(Some(host)) => drop(work.spawn_local(hold(host, hosts.clone()))),
            Ok(None) => drop(work.spawn_local(wait_for_host_lock(path.to_owned(), hosts.clone(), tell.clone()))),
            Err(error) => report(&error, &tell),
        }
        work.spawn_local(run_engine(store.clone(), now, Arc::clone(clock), context.clone(), tell.clone()));
    }
    work.spawn_local(watch_store(store.clone(), context, tell));
    let is_lost = Box::new(move || store.check_place().is_err());
    Ok(Opened { scheduler, local: true, work, is_lost })
}

/// The store of a context on this machine.
pub(super) struct LocalStore {
    pub store: embedded::Store,
    /// A notice about the store for the person.
    pub notice: Option<Failure>,
    /// Whether it can only be read.
    pub read_only: bool,
}

/// Opens the store at `path`. One that cannot be written, such as somebody else's, is opened to read. A read-only context
/// changes nothing of an existing store, not even its permissions.
pub(super) fn open_store(path: &Path, read_only: bool) -> Result<LocalStore, Failure> {
    if read_only && path.exists() {
        let store = embedded::Store::open_to_read(path).map_err(|error| store_failure(&error))?;
        return Ok(LocalStore { store, notice: None, read_only });
    }
    let shown = path.display();
    match embedded::Store::open(path) {
        Ok(store) => {
            let notice = store.replaces_lost().then(|| {
                Failure::new(
                    FailureKind::Disk,
                    format!("There was a store at {shown}, and its file is gone. A new, empty one begins there."),
                    "If you miss memos: quit tickler, put the file back, and start again.",
                )
            });
            Ok(LocalStore { store, notice, read_only })
        }
        Err(error) => {
            let Some(store) = cannot_be_written(&error).then(|| embedded::Store::open_to_read(path).ok()).flatten()
            else {
                return Err(store_failure(&error));
            };
            let what =
                format!("{shown} cannot be written, so its memos can be read and not changed, and do not ring here.");
            let advice = "Make the file and its directory writable, or use --read-only.";
            Ok(LocalStore { store, notice: Some(Failure::new(FailureKind::Disk, what, advice)), read_only: true })
        }
    }
}

/// Whether a store might be read that could not be opened to be written.
fn cannot_be_written(error: &embedded::StoreError) -> bool {
    use embedded::StoreError;
    matches!(error, StoreError::ReadOnly { .. } | StoreError::CannotOpen { .. } | StoreError::CannotCreate { .. })
}

/// The rows of the store that could not be read since the last call.
pub(super) fn damaged_rows(store: &embedded::Store) -> Vec<Failure> {
    let failure = |row: String| {
        Failure::new(
            FailureKind::Disk,
            format!("{row}."),
            "Schedule the memo again, or restore the file from a backup.",
        )
    };
    store.take_damaged().into_iter().map(failure).collect()
}

/// An error of the store as a failure.
pub(super) fn store_failure(error: &embedded::StoreError) -> Failure {
    Failure::new(FailureKind::Disk, error.to_string(), "")
}

/// A context in the embedded scheduler, with its own function and role.
#[must_use]
pub fn local_context(group: String, retry: RetryPolicy, read_only: bool) -> LocalContext {
    LocalContext {
        account: embedded::ACCOUNT.to_owned(),
        region: embedded::REGION.to_owned(),
        target_arn: embedded_arn("lambda", embedded::REGION, "function:executeMemo"),
        role_arn: embedded_arn("iam", "", "role/embedded-scheduler"),
        log_group: embedded::LOG_GROUP.to_owned(),
        group,
        retry,
        read_only,
    }
}

fn embedded_arn(service: &str, region: &str, resource: &str) -> Arn {
    Arn {
        partition: "aws".to_owned(),
        service: service.to_owned(),
        region: region.to_owned(),
        account: embedded::ACCOUNT.to_owned(),
        resource: resource.to_owned(),
    }
}

/// Holds the host lock until the context is closed.
async fn hold(host: embedded::HostLock, hosts: HostLocks) {
    let host = Arc::new(host);
    hosts.add(&host);
    std::future::pending::<()>().await;
    drop(host);
}

/// Waits for the host lock on a thread of its own, and then holds it.
async fn wait_for_host_lock(path: PathBuf, hosts: HostLocks, tell: InboxSender) {
    let say = {
        let tell = tell.clone();
        move |waiting: files::Waiting<'_>| tell.send(Msg::System(SystemEvent::Waiting(format!("{waiting}."))))
    };
    match tokio::task::spawn_blocking(move || embedded::HostLock::wait(&path, say)).await {
        Ok(Ok(host)) => hold(host, hosts).await,
        Ok(Err(error)) => report(&error, &tell),
        Err(error) => tracing::error!(%error, "no thread waits for the host lock"),
    }
}

fn report(error: &embedded::StoreError, tell: &InboxSender) {
    tell.send(Msg::System(SystemEvent::Trouble(store_failure(error))));
}

/// Runs the engine.
async fn run_engine(
    store: embedded::Store,
    now: embedded::Now,
    clock: Arc<dyn Clock>,
    context: ContextId,
    tell: InboxSender,
) {
    let mut reported: Option<Failure> = None;
    let sink = |fired: Result<Vec<embedded::Delivery>, embedded::StoreError>| {
        let failure = fired.as_ref().err().map(store_failure);
        if failure != reported {
            // Each failure is reported once, and so is its end.
            let over = reported.take().map(SystemEvent::TroubleOver);
            let begun = failure.clone().map(SystemEvent::Trouble);
            over.into_iter().chain(begun).for_each(|event| tell.send(Msg::System(event)));
            reported = failure;
        }
        if fired.is_ok_and(|deliveries| !deliveries.is_empty()) {
            tell.send(Msg::StoreChanged(context.clone(), StoreEvent::Delivered));
        }
    };
    embedded::Engine::new(store).run(now, |at| sleep(Arc::clone(&clock), at), sink).await;
}

async fn sleep(clock: Arc<dyn Clock>, at: chrono::DateTime<chrono::Utc>) {
    clock.sleep_until(at).await;
}

/// Reports changes of the store by other processes, and a store whose file is gone.
async fn watch_store(store: embedded::Store, context: ContextId, tell: InboxSender) {
    let (mut known, mut is_lost) = (None, false);
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for failure in damaged_rows(&store) {
            tell.send(Msg::System(SystemEvent::Trouble(failure)));
        }
        match store.data_version() {
            Ok(version) => {
                is_lost = false;
                if known.replace(version).is_some_and(|known| known != version) {
                    store.announce_foreign_change();
                    tell.send(Msg::StoreChanged(context.clone(), StoreEvent::Elsewhere));
                }
            }
            Err(error @ embedded::StoreError::Lost(_)) => {
                if !std::mem::replace(&mut is_lost, true) {
                    report(&error, &tell);
                }
            }
            Err(error) => tracing::warn!(%error, "cannot check whether the store changed"),
        }
    }
}

/// The path of the embedded scheduler's store.
pub(super) fn store_path(data_dir: &Path) -> PathBuf {
    data_dir.join("memos.db")
}

#[cfg(test)]
mod tests {
    use crate::context::RetryPolicy;

    #[test]
    fn the_arns_of_the_local_context_are_those_of_the_embedded_scheduler() {
        let context = super::local_context("tickler".to_owned(), RetryPolicy::default(), false);
        assert_eq!(context.target_arn.to_string(), embedded::EXECUTE_MEMO_ARN);
        assert_eq!(context.role_arn.to_string(), embedded::ROLE_ARN);
    }
}
