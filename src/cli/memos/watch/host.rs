//! The engine of the embedded scheduler, for a context on this machine.

use std::future::pending;
use std::sync::Arc;

use embedded::HostLock;

use super::background_errors::BackgroundErrors;
use crate::cli::memos::error::CommandError;
use crate::cli::memos::session::{Session, disk};

/// Takes the host lock. In AWS, and in a read-only context, there is none.
pub(super) fn hold(session: &Session<'_>) -> Result<Option<HostLock>, CommandError> {
    match &session.local {
        Some(local) if !session.scheduler.context().read_only => {
            Ok(Some(HostLock::hold(&local.path).map_err(|error| disk(&error))?))
        }
        Some(_) | None => Ok(None),
    }
}

/// Delivers memos while it is polled. In AWS, and in a read-only context, it does nothing.
pub(super) async fn run_host(session: &Session<'_>, host: Option<&HostLock>, errors: &BackgroundErrors) {
    let (Some(local), Some(_)) = (&session.local, host) else { return pending().await };
    let clock = Arc::clone(&session.environment.clock);
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
    embedded::Engine::new(local.store.clone()).run(now, sleep, sink).await;
}
