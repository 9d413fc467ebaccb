//! Opens a context as the settings describe it: the embedded scheduler with its engine, or AWS.

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

    /// Releases the locks, or takes them again.
    pub fn switch(&self, hosting: Hosting) {
        let locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for lock in locks.iter().filter_map(Weak::upgrade) {
            let switched = match hosting {
                Hosting::Paused => lock.pause(),
                Hosting::Resumed => lock.resume(),
            };
            if let Err(error) = switched {
                tracing::warn!(%error, ?hosting, "cannot switch the host lock");
            }
        }
    }
}

/// Opens contexts by flags, environment variables and the settings file.
pub struct ContextOpener {
    flags: Flags,
    variables: Env,
    paths: Paths,
    clock: Arc<dyn Clock>,
    hosts: HostLocks,
}

impl ContextOpener {
    /// An opener for these settings.
    #[must_use]
    pub fn new(flags: Flags, variables: Env, paths: Paths, clock: Arc<dyn Clock>) -> Self {
        Self { flags, variables, paths, clock, hosts: HostLocks::default() }
    }

    /// The host locks of the contexts that it opens.
    #[must_use]
    pub(super) fn hosts(&self) -> HostLocks {
        self.hosts.clone()
    }

    /// Reads all settings.
    ///
    /// # Errors
    /// Every error in them, with its origin.
    pub(super) fn config(&self) -> Result<Config, Vec<Failure>> {
        let path = &self.paths.config_file;
        let text = match std::fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                return Err(vec![Failure::new(
                    FailureKind::Settings,
                    format!("The settings in {} cannot be read: {error}.", path.display()),
                    "Make the file readable, or move it away.",
                )]);
            }
        };
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
    Ok(Opened { scheduler, local: false, work: JoinSet::new() })
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
    let disk = |error: embedded::StoreError| Failure::new(FailureKind::Disk, error.to_string(), "");
    let store = embedded::Store::open(path).map_err(disk)?;
    let now: embedded::Now = {
        let clock = Arc::clone(clock);
        Arc::new(move || clock.now())
    };
    let service = embedded::Service::new(store.clone(), Arc::clone(&now));
    let scheduler = Scheduler::local(service.http_client(), context, SdkClock::system());
    let context = scheduler.context().id.clone();
    let mut work = JoinSet::new();
    if !scheduler.context().read_only {
        let host = Arc::new(embedded::HostLock::hold(path).map_err(disk)?);
        hosts.add(&host);
        work.spawn_local(run_engine(store.clone(), host, now, Arc::clone(clock), context.clone(), tell.clone()));
    }
    work.spawn_local(watch_store(store, context, tell));
    Ok(Opened { scheduler, local: true, work })
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

/// Runs the engine while holding the host lock.
async fn run_engine(
    store: embedded::Store,
    host: Arc<embedded::HostLock>,
    now: embedded::Now,
    clock: Arc<dyn Clock>,
    context: ContextId,
    tell: InboxSender,
) {
    let sink = |fired: Result<Vec<embedded::Delivery>, embedded::StoreError>| {
        let msg = match fired {
            Ok(_) => Msg::StoreChanged(context.clone(), StoreEvent::Delivered),
            Err(error) => Msg::System(SystemEvent::Trouble(Failure::new(FailureKind::Disk, error.to_string(), ""))),
        };
        tell.send(msg);
    };
    embedded::Engine::new(store).run(now, |at| sleep(Arc::clone(&clock), at), sink).await;
    drop(host);
}

async fn sleep(clock: Arc<dyn Clock>, at: chrono::DateTime<chrono::Utc>) {
    clock.sleep_until(at).await;
}

/// Reports changes of the store by other processes.
async fn watch_store(store: embedded::Store, context: ContextId, tell: InboxSender) {
    let mut known = None;
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match store.data_version() {
            Ok(version) => {
                if known.replace(version).is_some_and(|known| known != version) {
                    store.announce_foreign_change();
                    tell.send(Msg::StoreChanged(context.clone(), StoreEvent::Elsewhere));
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
