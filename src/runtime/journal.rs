//! What is in the journal of this process: for each schedule the change that is on its way, and what waits behind it.
//!
//! Each of them is a row of the outbox. It must never know how a change is sent, or what it comes to.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};

use crate::context::ContextId;
use crate::failure::Failure;
use crate::schedule::{Change, Name};
use crate::state::{Journalled, RowId, State};

/// The rows of each schedule, in the order in which they are to be made.
#[derive(Default)]
pub(super) struct Journal(RefCell<HashMap<(ContextId, Name), VecDeque<Entry>>>);

/// A row.
struct Entry {
    write: Change,
    row: RowId,
    /// Whether it has its turn, and does not wait.
    sent: bool,
}

impl Journal {
    /// Writes changes down that are about to be sent, unless they are there already. One that waited has its turn now;
    /// what was before it, or else everything that was there of its schedule, is struck out.
    pub fn keep(
        &self,
        state: &State,
        context: &ContextId,
        writes: &[Change],
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let fresh: Vec<Change> =
            writes.iter().filter(|write| self.place_of(context, write).is_none()).cloned().collect();
        let mut rows = journal(state, context, &fresh, now)?.into_iter();
        let mut older = Vec::new();
        let mut known_of = self.0.borrow_mut();
        for write in writes {
            let known = known_of.entry((context.clone(), write.name())).or_default();
            if let Some(at) = known.iter().position(|entry| entry.write == *write) {
                older.extend(known.drain(..at).map(|entry| entry.row));
                known.iter_mut().take(1).for_each(|entry| entry.sent = true);
            } else {
                older.extend(known.drain(..).map(|entry| entry.row));
                known.extend(rows.next().map(|row| Entry { write: write.clone(), row, sent: true }));
            }
        }
        settle(state, &older)
    }

    /// What waits behind the change of each of these schedules is this now, or nothing.
    pub fn wait(
        &self,
        state: &State,
        context: &ContextId,
        waits: Vec<(Name, Option<Change>)>,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let key = |name: &Name| (context.clone(), Name::clone(name));
        let mut changed = waits;
        changed.retain(|(name, write)| {
            let journal = self.0.borrow();
            let entries = journal.get(&key(name)).into_iter().flatten();
            !entries.filter(|entry| !entry.sent).map(|entry| &entry.write).eq(write)
        });
        let fresh: Vec<Change> = changed.iter().filter_map(|(_, write)| write.clone()).collect();
        let mut rows = journal(state, context, &fresh, now)?.into_iter();
        let mut older = Vec::new();
        let mut known_of = self.0.borrow_mut();
        for (name, write) in changed {
            let known = known_of.entry(key(&name)).or_default();
            older.extend(known.iter().filter(|entry| !entry.sent).map(|entry| entry.row));
            known.retain(|entry| entry.sent);
            known.extend(write.and_then(|write| Some(Entry { write, row: rows.next()?, sent: false })));
        }
        settle(state, &older)
    }

    /// Takes note of what was taken over from instances that have ended; answers what was to be written.
    pub fn adopt(&self, context: &ContextId, adopted: Vec<Journalled>) -> Vec<Change> {
        let mut known_of = self.0.borrow_mut();
        let note = |Journalled { row, write, .. }: Journalled| {
            let entry = Entry { write: write.clone(), row, sent: false };
            known_of.entry((context.clone(), write.name())).or_default().push_back(entry);
            write
        };
        adopted.into_iter().map(note).collect()
    }

    /// These changes have ended, or will not be sent: each is struck out, and what waits behind it stays.
    pub fn ended(&self, state: &State, context: &ContextId, writes: &[Change]) -> Result<(), Failure> {
        let mut known_of = self.0.borrow_mut();
        let mut rows = Vec::new();
        for write in writes {
            let key = (context.clone(), write.name());
            let Some(known) = known_of.get_mut(&key) else { continue };
            rows.extend(known.pop_front_if(|first| first.write == *write).map(|entry| entry.row));
            if known.is_empty() {
                known_of.remove(&key);
            }
        }
        settle(state, &rows)
    }

    /// Strikes out everything of this schedule.
    pub fn give_up(&self, state: &State, context: &ContextId, name: Name) -> Result<(), Failure> {
        let known = self.0.borrow_mut().remove(&(context.clone(), name));
        let rows: Vec<RowId> = known.into_iter().flatten().map(|entry| entry.row).collect();
        settle(state, &rows)
    }

    fn place_of(&self, context: &ContextId, write: &Change) -> Option<usize> {
        let journal = self.0.borrow();
        journal.get(&(context.clone(), write.name()))?.iter().position(|entry| entry.write == *write)
    }
}

/// Writes these down; the row of each.
fn journal(state: &State, context: &ContextId, writes: &[Change], now: DateTime<Utc>) -> Result<Vec<RowId>, Failure> {
    if writes.is_empty() { Ok(Vec::new()) } else { state.journal(context, writes, now) }
}

fn settle(state: &State, rows: &[RowId]) -> Result<(), Failure> {
    if rows.is_empty() { Ok(()) } else { state.settle(rows) }
}
