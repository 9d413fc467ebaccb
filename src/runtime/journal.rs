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

/// The entries of each schedule, in the order in which they are sent. What cannot be written to the outbox is kept here, and
/// written later.
#[derive(Default)]
pub(super) struct Journal {
    entries: RefCell<HashMap<(ContextId, Name), VecDeque<Entry>>>,
    /// The rows that could not be removed.
    settled: RefCell<Vec<RowId>>,
}

struct Entry {
    change: Change,
    /// Its row, once it is written.
    row: Option<RowId>,
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
        state: Option<&State>,
        context: &ContextId,
        changes: &[Change],
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let new: Vec<Change> = changes.iter().filter(|change| !self.contains(context, change)).cloned().collect();
        let (rows, inserted) = insert(state, context, &new, now);
        let mut rows = rows.into_iter();
        let mut removed = Vec::new();
        let mut journal = self.entries.borrow_mut();
        for change in changes {
            let entries = journal.entry((context.clone(), change.name())).or_default();
            if let Some(at) = entries.iter().position(|entry| entry.change == *change) {
                removed.extend(entries.drain(..at).filter_map(|entry| entry.row));
                entries.iter_mut().take(1).for_each(|entry| entry.position = Position::InFlight);
            } else {
                removed.extend(entries.drain(..).filter_map(|entry| entry.row));
                let entry = |row| Entry { change: change.clone(), row, position: Position::InFlight };
                entries.extend(rows.next().map(entry));
            }
        }
        inserted.and(self.delete(state, removed))
    }

    /// Replaces the queued change of each of these schedules; `None` removes it.
    pub fn set_queued(
        &self,
        state: Option<&State>,
        context: &ContextId,
        queued: Vec<(Name, Option<Change>)>,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let key = |name: &Name| (context.clone(), Name::clone(name));
        let is_queued = |entry: &&Entry| entry.position == Position::Queued;
        let mut replacements = queued;
        replacements.retain(|(name, change)| {
            let journal = self.entries.borrow();
            let entries = journal.get(&key(name)).into_iter().flatten();
            !entries.filter(is_queued).map(|entry| &entry.change).eq(change)
        });
        let new: Vec<Change> = replacements.iter().filter_map(|(_, change)| change.clone()).collect();
        let (rows, inserted) = insert(state, context, &new, now);
        let mut rows = rows.into_iter();
        let mut removed = Vec::new();
        let mut journal = self.entries.borrow_mut();
        for (name, change) in replacements {
            let entries = journal.entry(key(&name)).or_default();
            removed.extend(entries.iter().filter(is_queued).filter_map(|entry| entry.row));
            entries.retain(|entry| entry.position == Position::InFlight);
            entries.extend(
                change.and_then(|change| Some(Entry { change, row: rows.next()?, position: Position::Queued })),
            );
        }
        inserted.and(self.delete(state, removed))
    }

    /// Writes what could not be written: entries without a row, and the removal of rows.
    pub fn write_rest(&self, state: &State, now: DateTime<Utc>) -> Result<(), Failure> {
        for ((context, _), entries) in self.entries.borrow_mut().iter_mut() {
            let Some(first) = entries.iter().position(|entry| entry.row.is_none()) else { continue };
            // The rows of a schedule are in the order of its changes.
            for entry in entries.iter_mut().skip(first) {
                let row = state.journal(context, std::slice::from_ref(&entry.change), now)?.pop();
                self.settled.borrow_mut().extend(std::mem::replace(&mut entry.row, row));
            }
        }
        self.delete(Some(state), Vec::new())
    }

    /// Forgets the rows, because their file is gone: all entries have to be written into another one.
    pub fn forget_rows(&self) {
        self.settled.take();
        self.entries.borrow_mut().values_mut().flatten().for_each(|entry| entry.row = None);
    }

    /// Takes over the rows of instances that have ended; returns their changes.
    pub fn adopt(&self, context: &ContextId, rows: Vec<Journalled>) -> Vec<Change> {
        let mut journal = self.entries.borrow_mut();
        let add = |Journalled { row, change, .. }: Journalled| {
            let entry = Entry { change: change.clone(), row: Some(row), position: Position::Queued };
            journal.entry((context.clone(), change.name())).or_default().push_back(entry);
            change
        };
        rows.into_iter().map(add).collect()
    }

    /// Removes changes that the scheduler has confirmed, or that were withdrawn. A change queued after one stays.
    pub fn remove(&self, state: Option<&State>, context: &ContextId, changes: &[Change]) -> Result<(), Failure> {
        let mut removed = Vec::new();
        for change in changes {
            let mut journal = self.entries.borrow_mut();
            let key = (context.clone(), change.name());
            let Some(entries) = journal.get_mut(&key) else { continue };
            removed.extend(entries.pop_front_if(|first| first.change == *change).and_then(|entry| entry.row));
            if entries.is_empty() {
                journal.remove(&key);
            }
        }
        self.delete(state, removed)
    }

    /// Removes every change of this schedule.
    pub fn remove_all(&self, state: Option<&State>, context: &ContextId, name: Name) -> Result<(), Failure> {
        let entries = self.entries.borrow_mut().remove(&(context.clone(), name));
        self.delete(state, entries.into_iter().flatten().filter_map(|entry| entry.row).collect())
    }

    /// Removes rows, and those that could not be removed before.
    fn delete(&self, state: Option<&State>, rows: Vec<RowId>) -> Result<(), Failure> {
        let mut settled = self.settled.borrow_mut();
        settled.extend(rows);
        if let (Some(state), false) = (state, settled.is_empty()) {
            state.settle(&settled)?;
            settled.clear();
        }
        Ok(())
    }

    fn contains(&self, context: &ContextId, change: &Change) -> bool {
        let journal = self.entries.borrow();
        let entries = journal.get(&(context.clone(), change.name()));
        entries.is_some_and(|entries| entries.iter().any(|entry| entry.change == *change))
    }
}

/// The row of each change, as far as the outbox could be written.
fn insert(
    state: Option<&State>,
    context: &ContextId,
    changes: &[Change],
    now: DateTime<Utc>,
) -> (Vec<Option<RowId>>, Result<(), Failure>) {
    let written = match state {
        Some(state) if !changes.is_empty() => state.journal(context, changes, now),
        Some(_) | None => Ok(Vec::new()),
    };
    let (rows, result) = written.map_or_else(|failure| (Vec::new(), Err(failure)), |rows| (rows, Ok(())));
    let unwritten = changes.len() - rows.len();
    (rows.into_iter().map(Some).chain(std::iter::repeat_n(None, unwritten)).collect(), result)
}
