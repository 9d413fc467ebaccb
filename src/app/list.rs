//! The schedules of the group, in the order in which they are due.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::schedule::{Name, Scheduled};

/// The place of a schedule in the order: what is due first comes first, what names no moment comes last.
type Rank = (i64, Name);

/// The schedules that are known, by name and by rank.
#[derive(Debug, Clone, Default)]
pub struct List {
    rows: HashMap<Name, Scheduled>,
    order: BTreeSet<Rank>,
}

fn rank(row: &Scheduled) -> Rank {
    (row.due().map_or(i64::MAX, |due| due.timestamp_millis()), Name::clone(&row.name))
}

impl List {
    /// Puts a schedule in, or in the place of the one with its name.
    pub fn put(&mut self, row: Scheduled) {
        let place = rank(&row);
        if let Some(old) = self.rows.insert(Name::clone(&row.name), row) {
            let old = rank(&old);
            if old == place {
                return;
            }
            self.order.remove(&old);
        }
        self.order.insert(place);
    }

    /// Takes a schedule out.
    pub fn remove(&mut self, name: &str) -> Option<Scheduled> {
        let old = self.rows.remove(name)?;
        self.order.remove(&rank(&old));
        Some(old)
    }

    /// The schedule of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Scheduled> {
        self.rows.get(name)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All of them, in order.
    #[must_use = "an iterator does nothing by itself"]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Scheduled> {
        self.order.iter().filter_map(|(_, name)| self.rows.get(name))
    }

    /// The one at this place, counted from 0.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&Scheduled> {
        self.iter().nth(index)
    }

    /// The place of the schedule of that name, counted from 0.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        let place = rank(self.rows.get(name)?);
        Some(self.order.range(..place).count())
    }

    /// When the next one is due, after `now`.
    #[must_use]
    pub fn next_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.iter().filter_map(Scheduled::due).find(|due| *due > now)
    }

    /// Those that are due at `now` or before, the earliest first.
    pub fn due(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Scheduled> {
        self.iter().take_while(move |row| row.due().is_some_and(|due| due <= now))
    }
}
