//! The worker thread: it receives effects, performs them concurrently, and sends the results as messages.
//!
//! It also listens to signals.

use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinError, JoinSet, LocalSet};

use super::clock::Clock;
use super::inbox::{InboxSender, Incoming};
use super::opener::Opener;
use super::signals;
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
    let watcher =
        tokio::task::spawn_local(signals::watch(inbox.clone(), SHUTDOWN_TIMEOUT + Duration::from_millis(500)));
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
        | Effect::WriteAgain
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
