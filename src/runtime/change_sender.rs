//! Sends changes. A change is in the journal before it is sent, and leaves it when the scheduler has confirmed it; of many
//! changes, a limited number is in flight at a time.
//!
//! The program and the command line use the same sender. Does not depend on who asked for a change, or on what the person
//! learns of its outcome.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use chrono::{DateTime, Utc};

use super::clock::Clock;
use super::journal::Journal;
use super::send_queue::SendQueue;
use crate::aws::{Loader, Scheduler};
use crate::context::ContextId;
use crate::failure::Failure;
use crate::schedule::{Change, ChangeOutcome, Name, Schedule};
use crate::state::{Journalled, State};

/// Where a change goes, and what learns of its outcome.
pub struct Destination<'a> {
    /// The client of the context.
    pub scheduler: &'a Scheduler,
    /// The loader, which need not read again what this change made.
    pub loader: Option<&'a Loader>,
    /// The state of this machine, if it can be opened.
    pub state: Option<&'a State>,
    /// The clock.
    pub clock: &'a dyn Clock,
}

/// Sends changes, and keeps the journal of this process.
#[derive(Default)]
pub struct ChangeSender {
    journal: Journal,
    queues: RefCell<HashMap<ContextId, Rc<SendQueue>>>,
}

impl ChangeSender {
    /// Records changes in the journal, before they are sent.
    ///
    /// # Errors
    /// If the journal cannot be written. [`ChangeSender::write_rest`] tries again, as after every other failure here.
    pub fn record(
        &self,
        state: Option<&State>,
        context: &ContextId,
        changes: &[Change],
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        self.journal.record(state, context, changes, now)
    }

    /// Replaces the queued change of each of these schedules; `None` removes it.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn set_queued(
        &self,
        state: Option<&State>,
        context: &ContextId,
        queued: Vec<(Name, Option<Change>)>,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        self.journal.set_queued(state, context, queued, now)
    }

    /// Takes over the journal of processes that have died; returns their changes.
    pub fn adopt(&self, context: &ContextId, rows: Vec<Journalled>) -> Vec<Change> {
        self.journal.adopt(context, rows)
    }

    /// Writes what could not be written to the journal.
    ///
    /// # Errors
    /// If the journal still cannot be written.
    pub fn write_rest(&self, state: &State, now: DateTime<Utc>) -> Result<(), Failure> {
        self.journal.write_rest(state, now)
    }

    /// The file of the journal is gone: the next [`ChangeSender::write_rest`] writes all of it into another one.
    pub fn forget_rows(&self) {
        self.journal.forget_rows();
    }

    /// Removes every change of this schedule from the journal.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn forget(&self, state: Option<&State>, context: &ContextId, name: Name) -> Result<(), Failure> {
        self.journal.remove_all(state, context, name)
    }

    /// Sends a change that is in the journal. A confirmed change leaves the journal and goes into the cache; `disk_failed`
    /// learns why, if one of these cannot be written.
    ///
    /// # Errors
    /// Why the scheduler did not make the change. It stays in the journal.
    pub async fn send(
        &self,
        to: &Destination<'_>,
        change: &Change,
        disk_failed: impl Fn(Failure),
    ) -> Result<ChangeOutcome, Failure> {
        let outcome = to.scheduler.write(change).await?;
        let context = &to.scheduler.context().id;
        let (mut saved, mut gone) = (Vec::new(), Vec::new());
        match (&outcome, change) {
            (ChangeOutcome::Saved(at), Change::Create(memo) | Change::Update { after: memo, .. }) => {
                let modified = at.unwrap_or_else(|| to.clock.now());
                to.loader.inspect(|loader| loader.wrote(&change.name(), modified));
                saved.push(Schedule::of(memo.clone(), modified));
            }
            (ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone, _) => {
                to.loader.inspect(|loader| loader.forgot(&change.name()));
                gone.push(change.name());
            }
            (ChangeOutcome::Saved(_), Change::Cancel(_) | Change::CancelForeign(_))
            | (ChangeOutcome::Differs(_), _) => {}
        }
        let cached = match to.state {
            Some(state) if !(saved.is_empty() && gone.is_empty()) => state.cache(context, &saved, &gone, None),
            Some(_) | None => Ok(()),
        };
        let removed = self.journal.remove(to.state, context, std::slice::from_ref(change));
        cached.err().into_iter().chain(removed.err()).for_each(disk_failed);
        Ok(outcome)
    }

    /// Passes each change to `send_one` in its turn, a limited number of one context at a time.
    pub async fn send_many(&self, context: &ContextId, changes: Vec<Change>, send_one: impl AsyncFn(Change)) {
        self.queue(context).send(changes, send_one).await;
    }

    /// Takes back the changes of these schedules that are not in flight yet, and returns them. They stay in the journal
    /// until [`ChangeSender::remove`].
    pub fn withdraw(&self, context: &ContextId, names: &[Name]) -> Vec<Change> {
        self.queue(context).withdraw(names)
    }

    /// Removes changes from the journal.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn remove(&self, state: Option<&State>, context: &ContextId, changes: &[Change]) -> Result<(), Failure> {
        self.journal.remove(state, context, changes)
    }

    fn queue(&self, context: &ContextId) -> Rc<SendQueue> {
        Rc::clone(self.queues.borrow_mut().entry(context.clone()).or_default())
    }
}
