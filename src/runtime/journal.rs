//! The journal of this process: for each schedule the change in flight, and the change queued after it. Each is a row of
//! the outbox.
//!
//! Does not depend on how a change is sent or on its outcome.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};

use crate::context::ContextId;
use crate::failure::Failure;
use crate::schedule::{Change, Name};
use crate::state::{Journalled, RowId, State};

/// The entries of each schedule, in the order in which they are sent.
#[derive(Default)]
pub(super) struct Journal(RefCell<HashMap<(ContextId, Name), VecDeque<Entry>>>);

struct Entry {
    change: Change,
    row: RowId,
    position: Position,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    InFlight,
    Queued,
}

impl Journal {
    /// Records changes that are about to be sent. A change that is already in the journal goes from queued to in flight.
    /// The entries before it are removed; for a new change, all entries of its schedule are.
    pub fn record(
        &self,
        state: &State,
        context: &ContextId,
        changes: &[Change],
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let new: Vec<Change> = changes.iter().filter(|change| !self.contains(context, change)).cloned().collect();
        let mut rows = insert(state, context, &new, now)?.into_iter();
        let mut removed = Vec::new();
        let mut journal = self.0.borrow_mut();
        for change in changes {
            let entries = journal.entry((context.clone(), change.name())).or_default();
            if let Some(at) = entries.iter().position(|entry| entry.change == *change) {
                removed.extend(entries.drain(..at).map(|entry| entry.row));
                entries.iter_mut().take(1).for_each(|entry| entry.position = Position::InFlight);
            } else {
                removed.extend(entries.drain(..).map(|entry| entry.row));
                let entry = |row| Entry { change: change.clone(), row, position: Position::InFlight };
                entries.extend(rows.next().map(entry));
            }
        }
        delete(state, &removed)
    }

    /// Replaces the queued change of each of these schedules; `None` removes it.
    pub fn set_queued(
        &self,
        state: &State,
        context: &ContextId,
        queued: Vec<(Name, Option<Change>)>,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let key = |name: &Name| (context.clone(), Name::clone(name));
        let is_queued = |entry: &&Entry| entry.position == Position::Queued;
        let mut replacements = queued;
        replacements.retain(|(name, change)| {
            let journal = self.0.borrow();
            let entries = journal.get(&key(name)).into_iter().flatten();
            !entries.filter(is_queued).map(|entry| &entry.change).eq(change)
        });
        let new: Vec<Change> = replacements.iter().filter_map(|(_, change)| change.clone()).collect();
        let mut rows = insert(state, context, &new, now)?.into_iter();
        let mut removed = Vec::new();
        let mut journal = self.0.borrow_mut();
        for (name, change) in replacements {
            let entries = journal.entry(key(&name)).or_default();
            removed.extend(entries.iter().filter(is_queued).map(|entry| entry.row));
            entries.retain(|entry| entry.position == Position::InFlight);
            entries.extend(
                change.and_then(|change| Some(Entry { change, row: rows.next()?, position: Position::Queued })),
            );
        }
        delete(state, &removed)
    }

    /// Takes over the rows of instances that have ended; returns their changes.
    pub fn adopt(&self, context: &ContextId, rows: Vec<Journalled>) -> Vec<Change> {
        let mut journal = self.0.borrow_mut();
        let add = |Journalled { row, change, .. }: Journalled| {
            let entry = Entry { change: change.clone(), row, position: Position::Queued };
            journal.entry((context.clone(), change.name())).or_default().push_back(entry);
            change
        };
        rows.into_iter().map(add).collect()
    }

    /// Removes changes that the scheduler has confirmed, or that were withdrawn. A change queued after one stays.
    pub fn remove(&self, state: &State, context: &ContextId, changes: &[Change]) -> Result<(), Failure> {
        let mut journal = self.0.borrow_mut();
        let mut removed = Vec::new();
        for change in changes {
            let key = (context.clone(), change.name());
            let Some(entries) = journal.get_mut(&key) else { continue };
            removed.extend(entries.pop_front_if(|first| first.change == *change).map(|entry| entry.row));
            if entries.is_empty() {
                journal.remove(&key);
            }
        }
        delete(state, &removed)
    }

    /// Removes every change of this schedule.
    pub fn remove_all(&self, state: &State, context: &ContextId, name: Name) -> Result<(), Failure> {
        let entries = self.0.borrow_mut().remove(&(context.clone(), name));
        let removed: Vec<RowId> = entries.into_iter().flatten().map(|entry| entry.row).collect();
        delete(state, &removed)
    }

    fn contains(&self, context: &ContextId, change: &Change) -> bool {
        let journal = self.0.borrow();
        let entries = journal.get(&(context.clone(), change.name()));
        entries.is_some_and(|entries| entries.iter().any(|entry| entry.change == *change))
    }
}

fn insert(state: &State, context: &ContextId, changes: &[Change], now: DateTime<Utc>) -> Result<Vec<RowId>, Failure> {
    if changes.is_empty() { Ok(Vec::new()) } else { state.journal(context, changes, now) }
}

fn delete(state: &State, rows: &[RowId]) -> Result<(), Failure> {
    if rows.is_empty() { Ok(()) } else { state.settle(rows) }
}
