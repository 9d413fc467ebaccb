//! The service thread: effects come in, are carried out side by side, and what they bring goes out as messages.
//!
//! Signals and the end of the terminal are watched here and not on the thread that draws, because a draw into a
//! terminal that has stopped reading blocks, and so may a read from one that has gone.

use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinSet, LocalSet};

use super::clock::Clock;
use super::inbox::{Incoming, Tell};
use super::worker::{Notify, Opener, Worker};
use crate::app::{Effect, Msg, Request, SystemEvent};
use crate::failure::{Failure, FailureKind};

/// How long the end waits for changes that are on their way.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// The other end of the service thread.
#[derive(Debug)]
pub struct Service {
    /// Effects to be carried out. Dropping it ends the thread, once the changes under way are through.
    pub effects: UnboundedSender<Effect>,
    /// The thread.
    pub thread: JoinHandle<()>,
}

impl Service {
    /// Starts the thread, which tells `tell` what it learns, and of its end. `opener` is made on it.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn start<O: Opener + 'static>(
        opener: impl FnOnce() -> O + Send + 'static,
        state_dir: std::path::PathBuf,
        clock: Arc<dyn Clock>,
        notify: Notify,
        tell: Tell,
    ) -> std::io::Result<Self> {
        let (effects, todo) = unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("service".into()).spawn(move || {
            let end = End(tell.clone());
            let worker = Worker::new(Box::new(opener()), state_dir, clock, tell.clone(), notify);
            runtime.block_on(LocalSet::new().run_until(serve(worker, todo, tell)));
            drop(end);
        })?;
        Ok(Self { effects, thread })
    }
}

/// Tells of the end of the thread, also when it panics.
struct End(Tell);

impl Drop for End {
    fn drop(&mut self) {
        self.0.put(Incoming::ServiceEnded);
    }
}

async fn serve(worker: Worker, mut todo: UnboundedReceiver<Effect>, tell: Tell) {
    let worker = Rc::new(worker);
    let watch = tokio::task::spawn_local(watch(tell.clone()));
    let (mut changes, mut rest) = (JoinSet::new(), JoinSet::new());
    loop {
        tokio::select! {
            effect = todo.recv() => {
                let Some(effect) = effect else { break };
                let is_change = is_change(&effect);
                let worker = Rc::clone(&worker);
                let task = async move { worker.perform(effect).await };
                if is_change { changes.spawn_local(task) } else { rest.spawn_local(task) };
            }
            Some(ended) = changes.join_next() => said(&tell, ended),
            Some(ended) = rest.join_next() => said(&tell, ended),
        }
    }
    watch.abort();
    let drained = tokio::time::timeout(PATIENCE, async { while changes.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::info!(
            left = changes.len(),
            "changes are still on their way; they are kept and sent at the next start"
        );
    }
}

/// What the end waits for: whatever would be lost or left open without it.
fn is_change(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Request(_, Request::Change(_) | Request::ChangeMany(_))
            | Effect::JournalQueued(..)
            | Effect::SaveDraft(_)
            | Effect::DropFromJournal(..)
            | Effect::Withdraw(..)
            | Effect::Done(..)
            | Effect::Ring(_)
    )
}

/// A task that panicked is a failure like any other.
fn said(tell: &Tell, ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a task did not end well");
        let failure = Failure::new(
            FailureKind::Service,
            "Something in tickler itself went wrong while it spoke to the service.",
            "Read everything again; the log file says more.",
        );
        tell.tell(Msg::System(SystemEvent::Trouble(failure)));
    }
}

/// Ends the program when it is asked to from outside, or when its terminal has gone.
async fn watch(tell: Tell) {
    asked_to_end().await;
    tell.tell(Msg::QuitAsked);
    // The screen ends the program as it would by key. When it cannot, because it is stuck in a terminal that neither
    // reads nor writes any more, the program ends here; the journal holds whatever was on its way.
    tokio::time::sleep(PATIENCE + Duration::from_millis(500)).await;
    super::terminal::give_back_if_it_can();
    std::process::exit(1);
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};

    let wait = async |kind: SignalKind| match signal(kind) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "a signal cannot be listened to");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::hangup()) => {}
        () = wait(SignalKind::interrupt()) => {}
        () = terminal_gone() => {}
    }
}

/// Waits until nobody is at the other end of the terminal. The system tells of that even where SIGHUP is ignored; a read
/// would return at once for ever. A thread of its own sleeps on it, since nothing else may wait for standard input here.
#[cfg(unix)]
async fn terminal_gone() {
    use rustix::event::{PollFd, PollFlags, poll};

    let (gone, told) = tokio::sync::oneshot::channel();
    let wait = move || {
        let input = std::io::stdin();
        loop {
            // No event is asked for: a hang-up and an error are always told.
            match poll(&mut [PollFd::new(&input, PollFlags::empty())], None) {
                Err(rustix::io::Errno::INTR) | Ok(0) => {}
                Ok(_) => return gone.send(()).unwrap_or(()),
                Err(error) => return tracing::warn!(%error, "the end of the terminal cannot be watched"),
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("hang-up".into()).spawn(wait) {
        tracing::warn!(%error, "the end of the terminal cannot be watched");
    }
    if told.await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
