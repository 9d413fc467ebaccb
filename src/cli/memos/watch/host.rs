//! The engine of the embedded scheduler, for a context on this machine.

use std::future::pending;
use std::sync::Arc;

use super::background_errors::BackgroundErrors;
use crate::cli::memos::error::CommandError;
use crate::cli::memos::session::{Session, disk};

/// A future that delivers memos while it is polled. In AWS, and in a read-only context, it does nothing.
pub(super) fn run_host<'s>(
    session: &'s Session<'_>,
    errors: &'s BackgroundErrors,
) -> Result<impl Future<Output = ()> + 's, CommandError> {
    let host = match &session.local {
        Some(local) if !session.scheduler.context().read_only => {
            Some((local.store.clone(), embedded::HostLock::hold(&local.path).map_err(|error| disk(&error))?))
        }
        Some(_) | None => None,
    };
    let clock = Arc::clone(&session.environment.clock);
    Ok(async move {
        let Some((store, lock)) = host else { return pending().await };
        let now: embedded::Now = {
            let clock = Arc::clone(&clock);
            Arc::new(move || clock.now())
        };
        let sleep = |at| {
            let clock = Arc::clone(&clock);
            async move { clock.sleep_until(at).await }
        };
        let sink = |fired: Result<Vec<embedded::Delivery>, embedded::StoreError>| {
            if let Err(error) = fired {
                errors.add(disk(&error));
            }
        };
        embedded::Engine::new(store).run(now, sleep, sink).await;
        drop(lock);
    })
}
