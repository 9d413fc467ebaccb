//! How the reading of the schedule group goes: its progress, its age, and when it is due again.

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::message::Loaded;
use crate::failure::Failure;

/// The state of reading.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// While a reading runs: how many schedules are listed, and how many of the changed ones are read.
    pub progress: Option<(usize, usize)>,
    /// Whether the group was read completely at least once.
    pub whole: bool,
    /// When the cached schedules on the screen were read.
    pub cached_at: Option<DateTime<Utc>>,
    /// Why the last reading failed.
    pub failure: Option<Failure>,
    /// Whether the person stopped the first reading.
    pub stopped: bool,
    /// Whether another reading follows the one that runs.
    again: bool,
    /// When the next reading is due.
    next: Option<DateTime<Utc>>,
    /// How many readings in a row found nothing new.
    quiet: u32,
}

/// The shortest pause between two automatic readings, in milliseconds. The longest is a setting.
const SHORTEST: i64 = 10_000;

/// The longest pause before a failed reading is retried, where tickler does not read automatically.
const LONGEST: TimeDelta = TimeDelta::seconds(60);

/// A reading that lists more than this takes a while: it is more than one page.
const MANY: usize = 200;

impl Reading {
    /// Begins a reading; `false` if one runs already, and another follows it.
    pub fn begin(&mut self) -> bool {
        let free = self.progress.is_none();
        if free {
            self.progress = Some((0, 0));
            self.next = None;
            self.stopped = false;
        } else {
            self.again = true;
        }
        free
    }

    /// Makes the next reading due now.
    pub fn request(&mut self, now: DateTime<Utc>) {
        if self.progress.is_some() {
            self.again = true;
        } else {
            self.next = Some(now);
        }
    }

    /// Records the end of a reading. The next one is due after `longest` at the latest; without `longest`, only a failed
    /// reading is repeated.
    pub fn end(&mut self, result: &Result<Loaded, Failure>, longest: Option<TimeDelta>, now: DateTime<Utc>) {
        self.progress = None;
        let took = match result {
            Ok(loaded) => {
                self.whole = true;
                self.cached_at = None;
                self.failure = None;
                self.quiet = if loaded.changed { 0 } else { self.quiet + 1 };
                loaded.took_ms
            }
            Err(failure) => {
                self.failure = Some(failure.clone());
                self.quiet += 1;
                0
            }
        };
        // Twenty times the duration keeps the reading under a twentieth of the service's attention. A quiet group, or a
        // network that is down, is asked less and less often.
        let most = longest.unwrap_or(LONGEST).num_milliseconds();
        let pause = (SHORTEST.min(most).max(took * 20) << self.quiet.min(3)).min(most.max(took * 20));
        self.next = (longest.is_some() || result.is_err()).then(|| now + TimeDelta::milliseconds(pause));
        if std::mem::take(&mut self.again) {
            self.next = Some(now);
        }
    }

    /// Whether the reading takes long enough for the person to want to stop it.
    #[must_use]
    pub fn is_long(&self) -> bool {
        !self.whole && self.progress.is_some_and(|(listed, _)| listed >= MANY)
    }

    /// Records that the person stopped the reading. The next one waits until the person asks for it.
    pub fn stop(&mut self) {
        (self.progress, self.next, self.again) = (None, None, false);
        self.stopped = true;
    }

    /// When the next reading is due.
    #[must_use]
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.next
    }
}
