//! Signals: the end of the process, a stop and its end, and a new size of the terminal.

use std::future::pending;

/// What a signal asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// End, as Ctrl-C asks.
    End,
    /// End by this signal, so that the parent process sees it.
    EndBy(i32),
    /// Stop, until the shell continues the process.
    Suspend,
    /// The process goes on after a stop.
    Continued,
    /// The terminal has another size.
    Resized,
}

/// The signals to this process.
pub(super) struct Signals {
    #[cfg(unix)]
    listening: Vec<(Asked, tokio::signal::unix::Signal)>,
}

impl Signals {
    /// Starts to listen. From then on, these signals have no effect of their own.
    #[cfg(unix)]
    pub fn listen() -> Self {
        use signal_hook::consts::{
            SIGABRT, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH,
        };
        use tokio::signal::unix::{SignalKind, signal};

        let ends = [SIGTERM, SIGHUP, SIGINT].map(|number| (Asked::End, number));
        let ends_by = [SIGQUIT, SIGABRT, SIGUSR1, SIGUSR2].map(|number| (Asked::EndBy(number), number));
        let others = [(Asked::Suspend, SIGTSTP), (Asked::Continued, SIGCONT), (Asked::Resized, SIGWINCH)];
        let listen = |(asked, number)| {
            let listening = signal(SignalKind::from_raw(number));
            let warn = |error: &std::io::Error| tracing::warn!(%error, number, "cannot listen for a signal");
            Some((asked, listening.inspect_err(warn).ok()?))
        };
        Self { listening: ends.into_iter().chain(ends_by).chain(others).filter_map(listen).collect() }
    }

    /// Waits for the next signal.
    #[cfg(unix)]
    pub async fn next(&mut self) -> Asked {
        if self.listening.is_empty() {
            return pending().await;
        }
        let next = self.listening.iter_mut().map(|(asked, signals)| {
            let asked = *asked;
            Box::pin(async move {
                match signals.recv().await {
                    Some(()) => asked,
                    None => pending().await,
                }
            })
        });
        futures_util::future::select_all(next).await.0
    }

    #[cfg(not(unix))]
    pub fn listen() -> Self {
        Self {}
    }

    /// Waits for Ctrl-C.
    #[cfg(not(unix))]
    pub async fn next(&mut self) -> Asked {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Asked::End,
            Err(_) => pending().await,
        }
    }
}

/// Waits until nobody reads standard output any more. A write would notice that too, but the next one may be hours away.
#[cfg(unix)]
pub(super) async fn reader_gone() {
    use rustix::event::{PollFd, PollFlags, poll};

    let (sender, gone) = tokio::sync::oneshot::channel();
    let wait = move || {
        let output = std::io::stdout();
        loop {
            // With no flags, poll reports only a hang-up or an error.
            match poll(&mut [PollFd::new(&output, PollFlags::empty())], None) {
                Err(rustix::io::Errno::INTR) | Ok(0) => {}
                Ok(_) => return sender.send(()).unwrap_or(()),
                Err(error) => return tracing::warn!(%error, "cannot watch for the end of the reader"),
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("reader".into()).spawn(wait) {
        tracing::warn!(%error, "cannot watch for the end of the reader");
    }
    if gone.await.is_err() {
        pending::<()>().await;
    }
}

/// Never ends: only the next write notices.
#[cfg(not(unix))]
pub(super) async fn reader_gone() {
    pending().await
}
