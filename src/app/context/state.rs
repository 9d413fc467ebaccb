//! A context as a value: its list, its changes, what has arrived, its history and its reading.
//!
//! Pure. A context does not know whether it is the current one, and never assumes that it is the only one on the screen.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::batch::Batch;
use super::history::History;
use super::list::List;
use super::pending::{PendingChanges, Stage};
use super::reading::Reading;
use super::undo::Undo;
use crate::app::filter::Sieve;
use crate::app::message::{Effect, Request};
use crate::context::{ContextId, ContextInfo};
use crate::failure::Failure;
use crate::memo::Delivery;
use crate::schedule::{Change, Name, Receipt, Schedule};

/// A context.
#[derive(Debug)]
pub struct ContextState {
    /// Which context this is.
    pub info: ContextInfo,
    /// The schedules of its group.
    pub list: List,
    /// The changes that the scheduler has not confirmed.
    pub changes: PendingChanges,
    /// Changes of many memos at once.
    pub batches: Vec<Batch>,
    /// The deliveries, and final failures, that are not done yet, oldest first.
    pub arrived: Vec<Receipt>,
    /// The filter of the list and of what has arrived; `None` if everything passes.
    sieve: Option<Sieve>,
    /// How many memos have arrived while another context was the current one.
    pub unseen: usize,
    /// The deliveries that failed and are retried, each with its last failure.
    pub failing: HashMap<Delivery, Receipt>,
    /// The history.
    pub history: History,
    /// How the reading of the group goes.
    pub reading: Reading,
    /// Whether the context is read automatically, and its receipts with it.
    pub watched: bool,
    /// The longest pause between two automatic readings; `None` reads only on request.
    pub refresh: Option<TimeDelta>,
    /// The memos that are being run now.
    pub(in crate::app) running: HashSet<Name>,
    pub(in crate::app) undo: Undo,
    pub(super) receipts: ReceiptPolling,
}

/// When receipts are read.
#[derive(Debug, Default)]
pub(super) struct ReceiptPolling {
    /// Whether a reading runs.
    pub(super) reading: bool,
    /// When they were read last.
    pub(super) last: Option<DateTime<Utc>>,
    /// Until when they are read because a memo that was due is gone.
    pub(super) until: Option<DateTime<Utc>>,
    /// The last failure that the person was told of.
    pub(super) told: Option<Failure>,
}

impl ContextState {
    /// A context that was just opened.
    #[must_use]
    pub fn new(info: ContextInfo) -> Self {
        Self {
            info,
            list: List::default(),
            changes: PendingChanges::default(),
            batches: Vec::new(),
            arrived: Vec::new(),
            sieve: None,
            unseen: 0,
            failing: HashMap::new(),
            history: History::default(),
            reading: Reading::default(),
            watched: false,
            refresh: None,
            running: HashSet::new(),
            undo: Undo::default(),
            receipts: ReceiptPolling::default(),
        }
    }

    /// Stands in where no context is open. It holds nothing.
    #[must_use]
    pub fn placeholder() -> Self {
        Self::new(ContextInfo {
            id: ContextId::new(""),
            name: String::new(),
            account: String::new(),
            region: String::new(),
            group: String::new(),
            read_only: true,
            local: false,
            memo_limit: usize::MAX,
        })
    }

    /// The context, opened again: everything that was read is read again, and every change of the person stays.
    #[must_use]
    pub fn reopened(self, info: ContextInfo, now: DateTime<Utc>) -> Self {
        let mut list = List::default();
        for pending in self.changes.iter() {
            if let Change::Create(memo) | Change::Update { after: memo, .. } | Change::Cancel(memo) = pending.latest() {
                list.put(Schedule::of(memo.clone(), now));
            }
        }
        let Self { changes, batches, refresh, running, undo, .. } = self;
        Self { list, changes, batches, refresh, running, undo, ..Self::new(info) }
    }

    /// The context's identity.
    #[must_use]
    pub fn id(&self) -> &ContextId {
        &self.info.id
    }

    /// The deliveries that are not done yet and pass the filter, oldest first.
    #[must_use = "an iterator does nothing by itself"]
    pub fn arrivals(&self) -> impl Iterator<Item = &Receipt> {
        self.arrived.iter().filter(|receipt| self.sieve.as_ref().is_none_or(|sieve| sieve.lets_arrival(receipt)))
    }

    /// Sets the filter of the list and of what has arrived.
    pub(in crate::app) fn sift(&mut self, sieve: Sieve) {
        self.list.sift(sieve.clone());
        self.sieve = Some(sieve).filter(|sieve| !sieve.lets_all());
    }

    pub(super) fn request(&self, request: Request) -> Effect {
        Effect::Request(self.info.id.clone(), request)
    }

    pub(super) fn drop_from_journal(&self, name: &Name) -> Effect {
        Effect::DropFromJournal(self.info.id.clone(), Name::clone(name))
    }

    /// Reads the group again, these schedules first; `None` if a reading runs already, and another follows it.
    pub fn read_group(&mut self, first: Vec<Name>) -> Option<Effect> {
        self.reading.begin().then(|| self.request(Request::Refresh(first)))
    }

    /// Reads the history; `None` if a reading runs already, and another follows it.
    pub fn read_history(&mut self) -> Option<Effect> {
        self.history.begin().then(|| self.request(Request::History))
    }

    /// The last failure of the delivery that this schedule waits for, where the delivery is retried.
    #[must_use]
    pub fn failure_of(&self, schedule: &Schedule) -> Option<&Receipt> {
        self.failing.get(&schedule.memo()?.delivery())
    }

    /// The memo's schedule is not being run, and no change of it is on its way.
    #[must_use]
    pub fn is_free(&self, name: &str) -> bool {
        !self.running.contains(name) && self.changes.get(name).is_none_or(|pending| pending.stage != Stage::Sending)
    }

    /// When this context has something to do next by itself.
    #[must_use]
    pub fn next_wake(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let polling = [self.reading.next(), self.next_receipts(now)].into_iter().flatten().filter(|_| self.watched);
        polling.chain(self.changes.next_retry()).min()
    }
}
