//! The clock: the one place in the program that reads the machine's.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// The longest sleep at a stretch. The monotonic clock that timers run on stands still while a laptop sleeps, and the
/// wall clock can be stepped; whoever sleeps looks at the wall clock again after this long.
const LONGEST: Duration = Duration::from_mins(1);

/// A wall clock that can be waited for.
pub trait Clock: Send + Sync + Debug {
    /// What it shows.
    fn now(&self) -> DateTime<Utc>;

    /// Waits until it shows `at`, or for a minute: callers look at the time again, whichever it was.
    fn sleep_until(&self, at: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wall;

impl Clock for Wall {
    #[expect(clippy::disallowed_methods, reason = "this is the edge at which the clock is read")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let left = (at - self.now()).to_std().unwrap_or(Duration::ZERO).min(LONGEST);
        Box::pin(tokio::time::sleep(left))
    }
}

/// A clock that stands still until it is turned, for tests.
#[derive(Debug, Clone)]
pub struct Turned(watch::Sender<DateTime<Utc>>);

impl Turned {
    /// A clock that shows `at`.
    #[must_use]
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(watch::Sender::new(at))
    }

    /// Turns it on by so much.
    pub fn turn(&self, by: TimeDelta) {
        self.0.send_modify(|now| *now += by);
    }

    /// Sets it.
    pub fn set(&self, to: DateTime<Utc>) {
        self.0.send_replace(to);
    }
}

impl Clock for Turned {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    fn sleep_until(&self, at: DateTime<Utc>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut shown = self.0.subscribe();
        Box::pin(async move {
            // The sender lives in `self`, so the wait cannot fail.
            if shown.wait_for(|now| *now >= at).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}
