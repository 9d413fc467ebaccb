//! Signals: the end of the process, and a new size of the terminal.

use std::future::pending;

/// Waits until the system asks this process to end.
#[cfg(unix)]
pub(super) async fn end_requested() {
    use tokio::signal::unix::SignalKind;

    tokio::select! {
        () = signal(SignalKind::terminate()) => {}
        () = signal(SignalKind::hangup()) => {}
        () = signal(SignalKind::interrupt()) => {}
    }
}

#[cfg(unix)]
async fn signal(kind: tokio::signal::unix::SignalKind) {
    match tokio::signal::unix::signal(kind) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "cannot listen for a signal");
            pending::<()>().await;
        }
    }
}

/// Waits until the system asks this process to end.
#[cfg(not(unix))]
pub(super) async fn end_requested() {
    if tokio::signal::ctrl_c().await.is_err() {
        pending::<()>().await;
    }
}

/// Changes of the terminal's size, if the system reports them.
pub(super) struct Resizes {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

impl Resizes {
    #[cfg(unix)]
    pub fn listen() -> Self {
        Self { signals: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::window_change()).ok() }
    }

    /// Waits for the next change.
    #[cfg(unix)]
    pub async fn next(&mut self) {
        match &mut self.signals {
            Some(signals) => {
                signals.recv().await;
            }
            None => pending().await,
        }
    }

    #[cfg(not(unix))]
    pub fn listen() -> Self {
        Self {}
    }

    /// Waits for the next change.
    #[cfg(not(unix))]
    pub async fn next(&mut self) {
        pending().await
    }
}
