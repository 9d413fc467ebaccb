//! `tickler list --watch`: shows pending memos and what happens to them, until it is stopped.
//!
//! For a context on this machine it is a host: it runs the engine, and shows what the engine delivers. No other command
//! delivers. The loop sleeps until a visible text changes, the store changes, or the next refresh from AWS is due; until a
//! signal comes, or nobody reads any more. While it is stopped it is not a host, and the shell has the
//! terminal.

mod background_errors;
mod host;
mod lines;
mod ring;
mod screen;
mod signals;
mod store_changes;
mod tracker;

use std::future::pending;
use std::pin::pin;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::{CommandError, CommandErrors};
use super::printer::{PipeState, Printer};
use super::session::{Session, disk};
use crate::runtime::own_process::{end_by, stop};
use background_errors::BackgroundErrors;
use host::{Host, run_host};
pub(super) use lines::LineFormat;
use lines::print_lines;
use ring::ring;
use screen::{Screen, enter_screen, leave_screen};
use signals::{Asked, Signals, reader_gone};
use store_changes::StoreChanges;
use tracker::Tracker;

/// How often to read schedules from AWS.
const REFRESH: TimeDelta = TimeDelta::seconds(60);
/// How often to read them while a memo is due, or gone without a receipt.
const REFRESH_SOON: TimeDelta = TimeDelta::seconds(15);

/// How to show what happens.
pub(super) enum WatchFormat {
    /// A table that is redrawn on the alternate screen.
    Screen,
    /// A line for each event.
    Lines(LineFormat),
}

/// Where to show what happens.
enum Display {
    Screen(Screen),
    Lines(LineFormat),
}

/// How the watching ends.
enum End {
    /// As Ctrl-C ends it, or because nobody reads.
    Asked,
    /// By this signal.
    Signal(i32),
}

/// Watches until the process is asked to end, or nobody reads the output.
pub(super) async fn watch(
    format: WatchFormat,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let background_errors = BackgroundErrors::default();
    let host = Host::default();
    let delivering = run_host(session, &host, &background_errors);
    let mut display = match format {
        WatchFormat::Screen => Display::Screen(Screen::enter(session, printer)?),
        WatchFormat::Lines(format) => Display::Lines(format),
    };
    let ended = tokio::select! {
        () = delivering => Ok(End::Asked),
        ended = follow(&mut display, session, &host, printer, &background_errors) => ended,
    };
    if let Display::Screen(_) = display {
        leave_screen(printer)?;
    }
    if let End::Signal(signal) = ended? {
        end_by(signal);
    }
    Ok(())
}

/// Stops until the shell continues the process. Meanwhile it is not a host, and the shell has the terminal.
fn suspend(display: &Display, host: &Host, printer: &mut Printer<'_, '_>) -> Result<(), CommandError> {
    if let Display::Screen(_) = display {
        leave_screen(printer)?;
    }
    let locked = |error| CommandError::from(disk(&error));
    host.pause().map_err(locked)?;
    let stopped = stop();
    host.resume().map_err(locked)?;
    stopped.map_err(|error| CommandError::output(&error))
}

/// The loop: reads, shows what changed, and waits.
async fn follow(
    display: &mut Display,
    session: &Session<'_>,
    host: &Host,
    printer: &mut Printer<'_, '_>,
    background_errors: &BackgroundErrors,
) -> Result<End, CommandError> {
    let mut signals = Signals::listen();
    let is_piped = matches!(display, Display::Lines(_));
    let mut unread = pin!(async { if is_piped { reader_gone().await } else { pending().await } });
    let mut store_changes =
        session.local.as_ref().map(|local| StoreChanges::of(local, background_errors)).transpose()?;
    let mut tracker = Tracker::new(session.now());
    let mut refresh = true;
    loop {
        let mut errors = background_errors.take();
        if refresh && let Err(error) = tracker.refresh(session).await {
            // The first refresh has to succeed. After that, old data is better than none.
            if tracker.refreshed_at.is_none() {
                return Err(error);
            }
            errors.push(error);
        }
        let now = session.now();
        let events = tracker.take_events(session, now);
        ring(&events, session, printer, background_errors);
        let pipe = match display {
            Display::Screen(screen) => screen.draw(&tracker, &events, &errors, session, printer)?,
            Display::Lines(format) => print_lines(*format, &events, &errors, session, printer)?,
        };
        if pipe == PipeState::Closed {
            return Ok(End::Asked);
        }
        let refreshed_at = tracker.refreshed_at.unwrap_or(now);
        let interval = if tracker.expects_news(now) { REFRESH_SOON } else { REFRESH };
        let next_refresh = session.local.is_none().then(|| refreshed_at + interval);
        let next_text = match display {
            Display::Screen(_) => tracker.next_text_change(now),
            Display::Lines(_) => tracker.next_state_change(now),
        };
        let wake = next_refresh.into_iter().chain(next_text).min();
        refresh = tokio::select! {
            asked = signals.next() => match asked {
                Asked::End => return Ok(End::Asked),
                Asked::EndBy(signal) => return Ok(End::Signal(signal)),
                Asked::Resized => false,
                Asked::Suspend => {
                    suspend(display, host, printer)?;
                    take_screen(display, printer)?;
                    true
                }
                Asked::Continued => {
                    take_screen(display, printer)?;
                    true
                }
            },
            () = &mut unread => return Ok(End::Asked),
            () = next_change(&mut store_changes) => true,
            () = background_errors.added() => false,
            () = sleep_until(session, wake) => next_refresh.is_some_and(|at| at <= session.now()),
        };
    }
}

/// Takes the terminal over after a stop.
fn take_screen(display: &Display, printer: &mut Printer<'_, '_>) -> Result<(), CommandError> {
    match display {
        Display::Screen(_) => enter_screen(printer),
        Display::Lines(_) => Ok(()),
    }
}

async fn sleep_until(session: &Session<'_>, wake: Option<DateTime<Utc>>) {
    match wake {
        Some(at) => session.environment.clock.sleep_until(at).await,
        None => pending().await,
    }
}

async fn next_change(changes: &mut Option<StoreChanges<'_>>) {
    match changes {
        Some(changes) => changes.next().await,
        None => pending().await,
    }
}
