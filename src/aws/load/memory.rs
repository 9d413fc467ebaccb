//! What is known of a group, and what the writer changed while requests were open.
//!
//! Pure; does not read a clock. Time is a [`Tick`], the number of changes that the writer has made.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::pace::Pace;
use crate::schedule::Name;

/// The number of changes that the writer has made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Tick(u64);

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// When each known schedule was last modified.
    known: HashMap<Name, DateTime<Utc>>,
    /// The tick of the writer's last change to a schedule.
    touched: HashMap<Name, Tick>,
    now: Tick,
    /// When the last complete refresh began. A listing may lag behind changes since then.
    settled: Tick,
    /// The limit of concurrent reads, kept from one refresh to the next.
    pub(super) pace: Pace,
}

/// Known schedules that a listing lacks.
pub(super) struct Missing {
    pub(super) gone: Vec<Name>,
    /// Changed since the last complete refresh began, so the listing may lag.
    pub(super) doubtful: Vec<Name>,
}

impl Memory {
    pub(super) fn seed(&mut self, rows: impl IntoIterator<Item = (Name, DateTime<Utc>)>) {
        for (name, modified) in rows {
            self.known.entry(name).or_insert(modified);
        }
    }

    pub(super) fn wrote(&mut self, name: &Name, modified: DateTime<Utc>) {
        self.touch(name);
        self.known.insert(Name::clone(name), modified);
    }

    pub(super) fn forgot(&mut self, name: &Name) {
        self.touch(name);
        self.known.remove(name);
    }

    fn touch(&mut self, name: &Name) {
        self.now.0 += 1;
        self.touched.insert(Name::clone(name), self.now);
    }

    pub(super) fn now(&self) -> Tick {
        self.now
    }

    /// Whether the writer changed a schedule after a request was sent, so that the response is out of date.
    pub(super) fn was_touched(&self, name: &Name, sent: Tick) -> bool {
        self.touched.get(name).is_some_and(|tick| *tick > sent)
    }

    /// Whether a listed schedule has to be read.
    pub(super) fn is_news(&self, name: &Name, modified: Option<DateTime<Utc>>, sent: Tick) -> bool {
        let is_known = modified.is_some() && self.known.get(name) == modified.as_ref();
        !is_known && !self.was_touched(name, sent)
    }

    pub(super) fn knows(&self, name: &Name) -> bool {
        self.known.contains_key(name)
    }

    pub(super) fn read(&mut self, name: &Name, modified: DateTime<Utc>) {
        self.known.insert(Name::clone(name), modified);
    }

    /// The known schedules that are not listed.
    pub(super) fn missing(&self, listed: &HashSet<Name>) -> Missing {
        let unlisted = self.known.keys().filter(|name| !listed.contains(*name)).cloned();
        let (doubtful, gone) = unlisted.partition(|name| self.was_touched(name, self.settled));
        Missing { gone, doubtful }
    }

    /// Ends a complete refresh, and returns the number of schedules.
    pub(super) fn finish(&mut self, began: Tick, gone: &[Name]) -> usize {
        for name in gone {
            self.known.remove(name);
        }
        self.settled = began;
        self.touched.retain(|_, tick| *tick > began);
        self.known.len()
    }
}
