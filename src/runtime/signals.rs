//! Signals, and the end of the terminal: what the system asks of the program while it has the screen.
//!
//! Runs on the worker thread. The terminal thread cannot wait for signals: a draw blocks in a terminal that has stopped
//! reading. It does what a signal asks, though, since first it has to give the terminal back.

use std::time::Duration;

use super::inbox::{InboxSender, Incoming, Signal};
use super::own_process::end_by;
use crate::app::Msg;

/// Passes signals on, and ends the program when one asks for it or the terminal is gone. The event loop has `grace` for it.
#[cfg(unix)]
pub async fn watch(inbox: InboxSender, grace: Duration) {
    let end = tokio::select! {
        never = pass_on(&inbox) => match never {},
        end = end_requested() => end,
    };
    match end {
        Some(signal) => {
            inbox.deliver(Incoming::Signal(Signal::End(signal)));
        }
        None => inbox.send(Msg::QuitAsked),
    }
    end_if_stuck(end, grace).await;
}

/// Ends the program when a signal asks for it. The event loop has `grace` for it.
#[cfg(not(unix))]
pub async fn watch(inbox: InboxSender, grace: Duration) {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    inbox.send(Msg::QuitAsked);
    end_if_stuck(None, grace).await;
}

/// The event loop now ends the program, as after a key. If it cannot, because it is stuck in a terminal that neither reads
/// nor writes, the program ends here; the journal has the changes in flight.
async fn end_if_stuck(signal: Option<i32>, grace: Duration) {
    tokio::time::sleep(grace).await;
    super::terminal::try_give_back();
    if let Some(signal) = signal {
        end_by(signal);
    }
    std::process::exit(1);
}

/// Passes on the signals that do not end the program.
#[cfg(unix)]
async fn pass_on(inbox: &InboxSender) -> std::convert::Infallible {
    use tokio::signal::unix::{Signal as Signals, SignalKind, signal};

    let listen = |kind| signal(kind).inspect_err(|error| tracing::warn!(%error, "cannot listen to a signal")).ok();
    let next = async |signals: &mut Option<Signals>| match signals {
        Some(signals) => signals.recv().await,
        None => std::future::pending().await,
    };
    let mut resizes = listen(SignalKind::window_change());
    let mut stops = listen(SignalKind::from_raw(signal_hook::consts::SIGTSTP));
    let mut continues = listen(SignalKind::from_raw(signal_hook::consts::SIGCONT));
    // The size may have changed since it was read.
    let mut asked = Signal::Resized;
    loop {
        inbox.deliver(Incoming::Signal(asked));
        asked = tokio::select! {
            _ = next(&mut resizes) => Signal::Resized,
            _ = next(&mut stops) => Signal::Suspend,
            _ = next(&mut continues) => Signal::Continued,
        };
    }
}

/// Waits until the program has to end, and returns the signal that has to end it; `None` when it ends as after a key.
#[cfg(unix)]
async fn end_requested() -> Option<i32> {
    use signal_hook::consts::{SIGABRT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

    tokio::select! {
        () = wait_for(SIGTERM) => None,
        () = wait_for(SIGHUP) => None,
        () = wait_for(SIGINT) => None,
        () = terminal_hangup() => None,
        () = wait_for(SIGQUIT) => Some(SIGQUIT),
        () = wait_for(SIGUSR1) => Some(SIGUSR1),
        () = wait_for(SIGUSR2) => Some(SIGUSR2),
        () = wait_for(SIGABRT) => Some(SIGABRT),
    }
}

#[cfg(unix)]
async fn wait_for(kind: i32) {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::from_raw(kind)) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "cannot listen to a signal");
            std::future::pending::<()>().await;
        }
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
