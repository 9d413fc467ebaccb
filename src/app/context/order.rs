//! The order of a list: by what, and in which direction.

use std::cmp::Ordering;

use crate::schedule::{Body, Name, Schedule};

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By due time.
    #[default]
    Due,
    /// By the time of the last change, or of the creation; schedulers do not tell which.
    Changed,
    /// By text.
    Text,
    /// By zone, then by due time.
    Zone,
}

impl Sort {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Changed => "changed",
            Self::Text => "text",
            Self::Zone => "zone",
        }
    }

    /// The next one, in a ring.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Due => Self::Changed,
            Self::Changed => Self::Text,
            Self::Text => Self::Zone,
            Self::Zone => Self::Due,
        }
    }
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// By what.
    pub by: Sort,
    /// Whether the order is reversed.
    pub down: bool,
}

impl Order {
    /// The rank of a schedule.
    pub(in crate::app) fn rank(self, row: &Schedule) -> Rank {
        let due = row.due().map_or(i64::MAX, |due| due.timestamp_millis());
        let key = match self.by {
            Sort::Due => Key::Time(due),
            Sort::Changed => Key::Time(row.modified.timestamp_millis()),
            Sort::Text => Key::Words(match &row.body {
                Body::Memo(memo) => memo.first_line().to_lowercase(),
                Body::Foreign(_) => row.name.to_lowercase(),
            }),
            Sort::Zone => match &row.body {
                Body::Memo(memo) => Key::Zone(memo.due.zone.name().into(), due),
                Body::Foreign(foreign) => Key::Zone(foreign.zone.as_str().into(), due),
            },
        };
        Rank { key, name: Name::clone(&row.name), down: self.down }
    }
}

/// The rank of a schedule in an order. No two are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Rank {
    key: Key,
    pub(in crate::app) name: Name,
    down: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Time(i64),
    Words(String),
    Zone(Box<str>, i64),
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        let up = self.key.cmp(&other.key);
        // What is equal stays in one order, whichever end comes first.
        if self.down { up.reverse() } else { up }.then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
