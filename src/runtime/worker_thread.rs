//! The worker thread: it receives effects, performs them concurrently, and sends the results as messages.
//!
//! It also watches for signals and for the end of the terminal. The terminal thread cannot: a draw blocks in a terminal
//! that has stopped reading, and so may a read from a terminal that has gone.

use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinError, JoinSet, LocalSet};

use super::clock::Clock;
use super::inbox::{InboxSender, Incoming};
use super::opener::Opener;
use super::worker::{Notifier, Worker};
use crate::app::{Effect, Msg, Request, SystemEvent};
use crate::failure::{Failure, FailureKind};

/// How long the program waits at its end for changes in flight.
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// The worker thread, as the event loop sees it.
#[derive(Debug)]
pub struct WorkerThread {
    /// Takes effects. Dropping it ends the thread, after the changes in flight.
    pub effects: UnboundedSender<Effect>,
    /// The thread.
    pub thread: JoinHandle<()>,
}

impl WorkerThread {
    /// Starts the thread. It calls `opener` there, and reports its own end to `inbox`.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start<O: Opener + 'static>(
        opener: impl FnOnce() -> O + Send + 'static,
        state_dir: std::path::PathBuf,
        clock: Arc<dyn Clock>,
        notifier: Notifier,
        inbox: InboxSender,
    ) -> std::io::Result<Self> {
        let (sender, effects) = unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("worker".into()).spawn(move || {
            let report_end = ReportEnd(inbox.clone());
            let worker = Worker::new(Box::new(opener()), state_dir, clock, inbox.clone(), notifier);
            runtime.block_on(LocalSet::new().run_until(serve(worker, effects, inbox)));
            drop(report_end);
        })?;
        Ok(Self { effects: sender, thread })
    }
}

/// Reports the end of the thread when it is dropped, even after a panic.
struct ReportEnd(InboxSender);

impl Drop for ReportEnd {
    fn drop(&mut self) {
        self.0.deliver(Incoming::WorkerEnded);
    }
}

async fn serve(worker: Worker, mut effects: UnboundedReceiver<Effect>, inbox: InboxSender) {
    let worker = Rc::new(worker);
    let watcher = tokio::task::spawn_local(quit_when_asked(inbox.clone()));
    let (mut awaited_at_end, mut others) = (JoinSet::new(), JoinSet::new());
    loop {
        tokio::select! {
            effect = effects.recv() => {
                let Some(effect) = effect else { break };
                let is_awaited = is_awaited_at_end(&effect);
                let worker = Rc::clone(&worker);
                let task = async move { worker.perform(effect).await };
                if is_awaited { awaited_at_end.spawn_local(task) } else { others.spawn_local(task) };
            }
            Some(result) = awaited_at_end.join_next() => report_panic(&inbox, result),
            Some(result) = others.join_next() => report_panic(&inbox, result),
        }
    }
    watcher.abort();
    let drain = async { while awaited_at_end.join_next().await.is_some() {} };
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, drain).await.is_err() {
        tracing::info!(left = awaited_at_end.len(), "changes are still in flight; the next start sends them again");
    }
}

/// Whether the program waits for this effect before it ends, because its result would otherwise be lost or unclear.
fn is_awaited_at_end(effect: &Effect) -> bool {
    match effect {
        Effect::Request(_, request) => match request {
            Request::Change(_) | Request::ChangeMany(_) => true,
            Request::Refresh(_)
            | Request::Run(_)
            | Request::Details(_)
            | Request::Copy(_)
            | Request::Arrived(_)
            | Request::History => false,
        },
        Effect::JournalQueued(..)
        | Effect::SaveDraft(_)
        | Effect::SaveAside(_)
        | Effect::DropFromJournal(..)
        | Effect::Withdraw(..)
        | Effect::Done(..)
        | Effect::NotDone(..)
        | Effect::Ring(_) => true,
        Effect::Open(_)
        | Effect::ReadSettings
        | Effect::Reopen(_)
        | Effect::StopReading(_)
        | Effect::Copy(_)
        | Effect::Mouse(_)
        | Effect::Redraw
        | Effect::Suspend
        | Effect::Quit => false,
    }
}

/// Shows a panic of a task as a failure.
fn report_panic(inbox: &InboxSender, result: Result<(), JoinError>) {
    if let Err(error) = result {
        tracing::error!(%error, "a task panicked");
        let failure = Failure::new(
            FailureKind::Service,
            "tickler hit an internal error.",
            "Refresh to see the current state. The log file has the details.",
        );
        inbox.send(Msg::System(SystemEvent::Trouble(failure)));
    }
}

/// Ends the program when a signal asks for it or the terminal is gone.
async fn quit_when_asked(inbox: InboxSender) {
    signal_or_hangup().await;
    inbox.send(Msg::QuitAsked);
    // The event loop now ends the program, as after a key. If it cannot, because it is stuck in a terminal that neither
    // reads nor writes, the program ends here; the journal has the changes in flight.
    tokio::time::sleep(SHUTDOWN_TIMEOUT + Duration::from_millis(500)).await;
    super::terminal::try_give_back();
    std::process::exit(1);
}

#[cfg(unix)]
async fn signal_or_hangup() {
    use tokio::signal::unix::{SignalKind, signal};

    let wait = async |kind: SignalKind| match signal(kind) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "cannot listen to a signal");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::hangup()) => {}
        () = wait(SignalKind::interrupt()) => {}
        () = terminal_hangup() => {}
    }
}

/// Waits until the other end of the terminal is closed. The system reports a hang-up even where SIGHUP is ignored. A
/// thread of its own waits for it, since the keyboard thread alone may read standard input.
#[cfg(unix)]
async fn terminal_hangup() {
    use rustix::event::{PollFd, PollFlags, poll};

    let (sender, hung_up) = tokio::sync::oneshot::channel();
    let wait = move || {
        let input = std::io::stdin();
        loop {
            // With no flags, poll reports only a hang-up or an error.
            match poll(&mut [PollFd::new(&input, PollFlags::empty())], None) {
                Err(rustix::io::Errno::INTR) | Ok(0) => {}
                Ok(_) => return sender.send(()).unwrap_or(()),
                Err(error) => return tracing::warn!(%error, "cannot watch for the end of the terminal"),
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("hang-up".into()).spawn(wait) {
        tracing::warn!(%error, "cannot watch for the end of the terminal");
    }
    if hung_up.await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(not(unix))]
async fn signal_or_hangup() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
