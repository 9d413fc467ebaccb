//! What is known of a group, and what the writer did to it while questions were open.
//!
//! Pure: it asks nobody and reads no clock. Time here is a [`Tick`]: how many changes the writer had made.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::pace::Pace;
use crate::schedule::Name;

/// How many changes the writer had made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Tick(u64);

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// When each schedule was last changed, as far as it was read or written.
    known: HashMap<Name, DateTime<Utc>>,
    /// The writer's last change of a name.
    touched: HashMap<Name, Tick>,
    now: Tick,
    /// When the last whole refresh began: what was written since may be missing from a listing that is behind.
    settled: Tick,
    /// How many reads at once the service bears, as far as was learnt.
    pub(super) pace: Pace,
}

/// What a listing does not show though it was known.
pub(super) struct Missing {
    pub(super) gone: Vec<Name>,
    /// Written since the last whole refresh began, so that the listing may be behind.
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

    /// Whether the writer changed a name after a question was asked, so that its answer no longer counts.
    pub(super) fn was_touched(&self, name: &Name, asked: Tick) -> bool {
        self.touched.get(name).is_some_and(|tick| *tick > asked)
    }

    /// Whether a listed row must be read.
    pub(super) fn is_news(&self, name: &Name, modified: Option<DateTime<Utc>>, asked: Tick) -> bool {
        let is_known = modified.is_some() && self.known.get(name) == modified.as_ref();
        !is_known && !self.was_touched(name, asked)
    }

    pub(super) fn knows(&self, name: &Name) -> bool {
        self.known.contains_key(name)
    }

    pub(super) fn read(&mut self, name: &Name, modified: DateTime<Utc>) {
        self.known.insert(Name::clone(name), modified);
    }

    /// What is known, and not listed.
    pub(super) fn missing(&self, listed: &HashSet<Name>) -> Missing {
        let unlisted = self.known.keys().filter(|name| !listed.contains(*name)).cloned();
        let (doubtful, gone) = unlisted.partition(|name| self.was_touched(name, self.settled));
        Missing { gone, doubtful }
    }

    /// A refresh ends that read everything; says how many schedules there are.
    pub(super) fn finish(&mut self, began: Tick, gone: &[Name]) -> usize {
        for name in gone {
            self.known.remove(name);
        }
        self.settled = began;
        self.touched.retain(|_, tick| *tick > began);
        self.known.len()
    }
}
