//! How the reading of the group goes: its progress, its age, and when it is due again.

use chrono::{DateTime, TimeDelta, Utc};

use crate::failure::Failure;

use super::Loaded;

/// The state of reading.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// How many schedules were listed, and how many of the changed ones read, while it is under way.
    pub progress: Option<(usize, usize)>,
    /// Whether the group was read whole at least once.
    pub whole: bool,
    /// What is shown is from the disk, read at that time.
    pub cached_at: Option<DateTime<Utc>>,
    /// Why it could not be read the last time.
    pub failure: Option<Failure>,
    /// The person has stopped it before the group was read whole.
    pub stopped: bool,
    /// It has to be read again as soon as the reading under way has ended.
    again: bool,
    /// When it is read again by itself.
    next: Option<DateTime<Utc>>,
    /// How many readings in a row brought nothing new.
    quiet: u32,
}

/// The shortest pause between two readings by itself, in milliseconds; the longest is the person's.
const SHORTEST: i64 = 10_000;

/// The longest pause before what failed is tried again, where nothing else is read by itself.
const LONGEST: TimeDelta = TimeDelta::seconds(60);

/// How many schedules are listed by a reading that takes a while: more than one page of them.
const MANY: usize = 200;

impl Reading {
    /// Whether a reading is to be begun now; if one is under way, another follows it.
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

    /// A reading has ended. It is repeated by itself, `longest` after it at the latest; with none, only what failed is
    /// tried again. Answers whether another one was asked for meanwhile.
    pub fn ended(&mut self, result: &Result<Loaded, Failure>, longest: Option<TimeDelta>, now: DateTime<Utc>) -> bool {
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
        // Twenty times the time that it took keeps the reading under a twentieth of the service's attention; a quiet
        // group, or a network that is down, is asked less and less often.
        let most = longest.unwrap_or(LONGEST).num_milliseconds();
        let pause = (SHORTEST.min(most).max(took * 20) << self.quiet.min(3)).min(most.max(took * 20));
        self.next = (longest.is_some() || result.is_err()).then(|| now + TimeDelta::milliseconds(pause));
        std::mem::take(&mut self.again)
    }

    /// Whether it takes long enough that somebody may want to stop it.
    #[must_use]
    pub fn is_long(&self) -> bool {
        !self.whole && self.progress.is_some_and(|(listed, _)| listed >= MANY)
    }

    /// It was stopped: nothing is read until somebody asks for it.
    pub fn was_stopped(&mut self) {
        (self.progress, self.next, self.again) = (None, None, false);
        self.stopped = true;
    }

    /// When it is read again by itself.
    #[must_use]
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.next
    }
}
