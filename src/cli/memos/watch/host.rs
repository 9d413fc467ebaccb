//! The engine of the embedded scheduler, for a context on this machine.

use std::cell::RefCell;
use std::future::pending;
use std::path::Path;
use std::sync::Arc;

use embedded::{HostLock, StoreError};

use super::background_errors::BackgroundErrors;
use crate::cli::memos::error::CommandError;
use crate::cli::memos::session::{Session, disk};

/// The host lock, as soon as this process has it.
#[derive(Default)]
pub(super) struct Host(RefCell<Option<HostLock>>);

impl Host {
    /// Releases the lock before the process stops.
    pub fn pause(&self) -> Result<(), StoreError> {
        self.0.borrow().as_ref().map_or(Ok(()), HostLock::pause)
    }

    /// Takes the lock again after [`Host::pause`].
    pub fn resume(&self) -> Result<(), StoreError> {
        self.0.borrow().as_ref().map_or(Ok(()), HostLock::resume)
    }
}

/// A future that delivers memos while it is polled. In AWS, and in a read-only context, it does nothing.
///
/// The memos do not wait for the host lock, which only tells others that they ring here.
pub(super) fn run_host<'s>(
    session: &'s Session<'_>,
    host: &'s Host,
    errors: &'s BackgroundErrors,
) -> impl Future<Output = ()> + 's {
    let local = session.local.as_ref().filter(|_| !session.scheduler.context().read_only);
    let lock = local.map(|local| HostLock::try_hold(&local.path));
    let clock = Arc::clone(&session.environment.clock);
    async move {
        let (Some(local), Some(lock)) = (local, lock) else { return pending().await };
        let now: embedded::Now = {
            let clock = Arc::clone(&clock);
            Arc::new(move || clock.now())
        };
        let sleep = |at| {
            let clock = Arc::clone(&clock);
            async move { clock.sleep_until(at).await }
        };
        let mut reported = None;
        let sink = |fired: Result<Vec<embedded::Delivery>, StoreError>| {
            let failure = fired.err().map(|error| disk(&error));
            if failure != reported {
                failure.clone().into_iter().for_each(|failure| errors.add(failure));
                reported = failure;
            }
        };
        let engine = embedded::Engine::new(local.store.clone()).run(now, sleep, sink);
        tokio::join!(engine, hold(lock, host, &local.path, errors));
    }
}

/// Holds the host lock, as soon as it can be had.
async fn hold(lock: Result<Option<HostLock>, StoreError>, host: &Host, path: &Path, errors: &BackgroundErrors) {
    let held = match lock {
        Ok(Some(lock)) => Ok(lock),
        Ok(None) => {
            let (path, say) = (path.to_owned(), errors.clone());
            let say = move |waiting: files::Waiting<'_>| {
                say.add(CommandError::warning("locked", format!("{waiting}."), ""));
            };
            match tokio::task::spawn_blocking(move || HostLock::wait(&path, say)).await {
                Ok(waited) => waited,
                Err(error) => return tracing::error!(%error, "no thread waits for the host lock"),
            }
        }
        Err(error) => Err(error),
    };
    match held {
        Ok(lock) => {
            host.0.replace(Some(lock));
            pending::<()>().await;
        }
        Err(error) => errors.add(disk(&error)),
    }
}
