//! `tickler list --watch`: what is pending, and what becomes of it, for as long as somebody looks.
//!
//! It is the one command that may deliver: what it delivers it shows, so for a place on this machine it is a host, and
//! runs the engine. It sleeps until something is to be told: the next text that changes, a change of the store, the next
//! look at AWS. The screen is drawn anew; in plain lines (for a screen reader, or a program) only what happened is told.

mod screen;
mod tracker;

use std::future::pending;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use tokio::sync::watch::Receiver;
use tokio::time::{Interval, MissedTickBehavior};

use super::error::{CommandError, CommandErrors};
use super::output::{MemoOutput, state};
use super::session::{Local, Session, disk};
use super::streams::{PipeState, Streams, quoted};
use crate::cli::notify;
use crate::countdown;
use crate::preferences::Notifications;
use screen::Screen;
use tracker::Tracker;

/// How often a store is asked whether another process has changed it: SQLite has no event for it, and the question is
/// one read of shared memory.
const LOOK: Duration = Duration::from_secs(4);
/// How often AWS is asked what there is.
const REFRESH: TimeDelta = TimeDelta::seconds(60);
/// How often it is asked while something is due, or gone and not proved.
const REFRESH_SOON: TimeDelta = TimeDelta::seconds(15);

/// How what is seen is told.
pub(super) enum WatchFormat {
    /// Drawn anew, on a screen of its own.
    Drawn,
    /// In sentences.
    Sentences,
    /// In lines of fields.
    Lines,
    /// A JSON object a line.
    Json,
}

/// Watches until it is asked to end, or nobody reads any more.
pub(super) async fn watch(
    telling: WatchFormat,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    let troubles = BackgroundErrors::default();
    let host = deliver(session, &troubles)?;
    let mut screen = match telling {
        WatchFormat::Drawn => Some(Screen::take_over(session, streams)?),
        _ => None,
    };
    let ended = tokio::select! {
        () = host => Ok(()),
        ended = follow(&telling, session, streams, screen.as_mut(), &troubles) => ended,
    };
    if screen.is_some() {
        screen::give_back(streams)?;
    }
    Ok(ended?)
}

/// What goes wrong where things are delivered, and where they are notified of, which is on threads of their own.
#[derive(Clone, Default)]
struct BackgroundErrors {
    untold: Arc<Mutex<Vec<CommandError>>>,
    more: Arc<Notify>,
}

impl BackgroundErrors {
    fn add(&self, trouble: impl Into<CommandError>) {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner).push(trouble.into());
        self.more.notify_one();
    }

    fn take(&self) -> Vec<CommandError> {
        std::mem::take(&mut *self.untold.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Delivers what comes due in a place on this machine, for as long as it is polled.
fn deliver<'d>(
    session: &'d Session<'_>,
    troubles: &'d BackgroundErrors,
) -> Result<impl Future<Output = ()> + 'd, CommandError> {
    let host = match &session.local {
        Some(local) if !session.scheduler.context().read_only => {
            Some((local.store.clone(), embedded::HostLock::hold(&local.path).map_err(|error| disk(&error))?))
        }
        _ => None,
    };
    let clock = Arc::clone(&session.environment.clock);
    Ok(async move {
        let Some((store, held)) = host else { return pending().await };
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
                troubles.add(disk(&error));
            }
        };
        embedded::Engine::new(store).run(now, sleep, sink).await;
        drop(held);
    })
}

/// Looks, tells, and waits for the next thing, again and again.
async fn follow(
    telling: &WatchFormat,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
    mut screen: Option<&mut Screen>,
    troubles: &BackgroundErrors,
) -> Result<(), CommandError> {
    let mut end = pin!(asked_to_end());
    let mut resized = Resized::listen();
    let mut changes = session.local.as_ref().map(Changes::of).transpose()?;
    let mut seen = Tracker::since(session.now());
    let mut look = true;
    loop {
        let mut failed = troubles.take();
        if look && let Err(error) = seen.look(session).await {
            // Without a first look there is nothing to go on from.
            if seen.looked_at.is_none() {
                return Err(error);
            }
            failed.push(error);
        }
        let now = session.now();
        let happened = seen.happened(session, now);
        ring(&happened, session, streams, troubles);
        let read = match &mut screen {
            Some(screen) => screen.draw(&seen, &happened, &failed, session, streams)?,
            None => tell(telling, &happened, &failed, session, streams)?,
        };
        if read == PipeState::Closed {
            return Ok(());
        }
        let looked = seen.looked_at.unwrap_or(now);
        let next_look = session.local.is_none().then(|| looked + if seen.awaits(now) { REFRESH_SOON } else { REFRESH });
        let next_text = seen.next_change(now, screen.is_some());
        let wake = next_look.into_iter().chain(next_text).min();
        look = tokio::select! {
            () = &mut end => return Ok(()),
            () = changed(&mut changes) => true,
            () = resized.next() => false,
            () = troubles.more.notified() => false,
            () = until(session, wake) => next_look.is_some_and(|at| at <= session.now()),
        };
    }
}

async fn until(session: &Session<'_>, wake: Option<DateTime<Utc>>) {
    match wake {
        Some(at) => session.environment.clock.sleep_until(at).await,
        None => pending().await,
    }
}

/// Tells what happened, each in a line.
fn tell(
    telling: &WatchFormat,
    happened: &[MemoOutput],
    failed: &[CommandError],
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<PipeState, CommandError> {
    let json = matches!(telling, WatchFormat::Json);
    for error in failed {
        streams.complain(json, error);
    }
    let mut text = String::new();
    for row in happened {
        match telling {
            WatchFormat::Json => {
                text.push_str(&serde_json::to_string(row).map_err(|error| CommandError::output(&error))?);
            }
            WatchFormat::Lines => text.push_str(&row.tsv()),
            WatchFormat::Sentences | WatchFormat::Drawn => text.push_str(&sentence(row, session)),
        }
        text.push('\n');
    }
    streams.try_print(&text)
}

/// What became of a memo, in a sentence.
fn sentence(row: &MemoOutput, session: &Session<'_>) -> String {
    let memo = quoted(&row.memo);
    let now = session.now();
    let clock = session.when.hours.seconds(now.with_timezone(&session.zone).time());
    match row.state {
        state::PENDING | state::DUE | state::LATE => {
            let distance = row.instant().map(|due| countdown::text(due, now)).unwrap_or_default();
            let state = if row.state == state::PENDING { "" } else { &format!("{}: ", row.state) };
            format!("{state}{memo}, due {}, {distance}.", row.words(session.when.hours))
        }
        state::DELIVERED => format!("{clock} {memo} was delivered, due {}.", row.words(session.when.hours)),
        other => format!("{clock} {memo}: {other}."),
    }
}

/// Makes itself heard where something was delivered.
fn ring(happened: &[MemoOutput], session: &Session<'_>, streams: &mut Streams<'_>, troubles: &BackgroundErrors) {
    let delivered = happened.iter().filter(|row| row.state == state::DELIVERED);
    let first_line = |row: &MemoOutput| row.memo.lines().next().unwrap_or_default().to_owned();
    let texts = Notifications::texts(delivered.map(first_line).collect(), Vec::new());
    let by = &session.notifications;
    if by.bell && !texts.is_empty() && streams.errors_are_terminal {
        streams.bell();
    }
    for text in texts {
        if let (Some(note), true) = (by.terminal, streams.errors_are_terminal) {
            streams.notify(note, &text);
        }
        let troubles = troubles.clone();
        notify::show(by, &text, move |failure| troubles.add(failure));
    }
}

/// The changes of a store, by this process and by others.
struct Changes<'d> {
    local: &'d Local,
    own: Receiver<u64>,
    version: i64,
    /// It goes on while others are waited for, which would else begin the wait anew each time.
    looks: Interval,
}

impl<'d> Changes<'d> {
    fn of(local: &'d Local) -> Result<Self, CommandError> {
        let version = local.store.data_version().map_err(|error| CommandError::from(disk(&error)))?;
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self { local, own: local.store.changes(), version, looks })
    }

    async fn next(&mut self) {
        loop {
            tokio::select! {
                changed = self.own.changed() => match changed {
                    Ok(()) => return,
                    Err(_) => return pending().await,
                },
                _ = self.looks.tick() => match self.local.store.data_version() {
                    Ok(version) if version != self.version => {
                        self.version = version;
                        // The engine hears of it too, and this waits for it no second time.
                        self.local.store.announce_foreign_change();
                        self.own.mark_unchanged();
                        return;
                    }
                    Ok(_) => {}
                    Err(error) => tracing::warn!(%error, "the store does not say whether it changed"),
                },
            }
        }
    }
}

async fn changed(changes: &mut Option<Changes<'_>>) {
    match changes {
        Some(changes) => changes.next().await,
        None => pending().await,
    }
}

/// LocalBoxFuture until the system asks this process to end.
#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::SignalKind;

    tokio::select! {
        () = signalled(SignalKind::terminate()) => {}
        () = signalled(SignalKind::hangup()) => {}
        () = signalled(SignalKind::interrupt()) => {}
    }
}

#[cfg(unix)]
async fn signalled(kind: tokio::signal::unix::SignalKind) {
    match tokio::signal::unix::signal(kind) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "a signal cannot be listened to");
            pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        pending::<()>().await;
    }
}

/// The changes of the terminal's size, where the system tells of them.
struct Resized {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

impl Resized {
    #[cfg(unix)]
    fn listen() -> Self {
        Self { signals: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::window_change()).ok() }
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        match &mut self.signals {
            Some(signals) => {
                signals.recv().await;
            }
            None => pending().await,
        }
    }

    #[cfg(not(unix))]
    fn listen() -> Self {
        Self {}
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        pending().await
    }
}
