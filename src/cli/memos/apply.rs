//! Makes changes, with the same engine and the same sender as the program.
//!
//! If a command is killed, the next program finishes its changes. If a change fails, it leaves the journal: nothing is sent
//! later that the person was told has failed.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::pending;

use futures_util::future::LocalBoxFuture;

use super::error::CommandError;
use super::session::Session;
use crate::app::context::pending::Initiator;
use crate::app::{ContextState, Effect, Request, Response};
use crate::context::ContextInfo;
use crate::failure::Failure;
use crate::runtime::change_sender::{ChangeSender, Destination};
use crate::schedule::{Change, ChangeOutcome, Name};

/// How many changes one transaction writes to the journal. As many may be in doubt if a command is killed.
const JOURNAL_BATCH: usize = 64;

/// How far a batch of changes got.
#[derive(Debug, Default)]
pub(super) struct BatchResult {
    /// How many changes were sent: all, unless the person stopped the command.
    pub sent: usize,
    /// How many of these are in doubt.
    pub in_doubt: usize,
}

impl BatchResult {
    /// What to tell the person who stopped the batch.
    pub fn hint(&self) -> &'static str {
        match self.in_doubt {
            0 => "",
            _ => {
                "tickler does not know whether the last changes were made. The next one to open this context finishes them."
            }
        }
    }
}

impl Session<'_> {
    /// Makes one change.
    pub async fn apply(&self, change: &Change) -> Result<ChangeOutcome, CommandError> {
        let mut outcome = None;
        self.apply_all(std::slice::from_ref(change), |_, result| outcome = Some(result)).await?;
        outcome.unwrap_or_else(|| Err(CommandError::conflict("Nothing was changed.", "Run the command again.")))
    }

    /// Makes changes of different schedules, several at once, and reports each result with the index of its change.
    ///
    /// Ctrl-C stops a batch: it sends nothing more, and waits for what was sent. After a second Ctrl-C it does not wait,
    /// and the journal keeps what is in doubt.
    pub async fn apply_all(
        &self,
        changes: &[Change],
        report: impl FnMut(usize, Result<ChangeOutcome, CommandError>),
    ) -> Result<BatchResult, CommandError> {
        if let (true, Some(first)) = (self.scheduler.context().read_only, changes.first()) {
            // The client refuses before it sends, so nothing needs to be journalled.
            return Ok(self.scheduler.write(first).await.map(|_| BatchResult::default())?);
        }
        let batch = Batch::new(self, report);
        let mut interrupted: LocalBoxFuture<'_, ()> =
            if changes.len() > 1 { (self.environment.interrupted)() } else { Box::pin(pending()) };
        let mut result = BatchResult::default();
        for (number, chunk) in changes.chunks(JOURNAL_BATCH).enumerate() {
            let mut sending = Box::pin(batch.make(number * JOURNAL_BATCH, chunk));
            let mut withdrawn = None;
            loop {
                tokio::select! {
                    biased;
                    () = &mut interrupted => {
                        if withdrawn.is_some() { break }
                        withdrawn = Some(batch.withdraw(chunk)?);
                        interrupted = (self.environment.interrupted)();
                    }
                    made = &mut sending => {
                        made?;
                        break;
                    }
                }
            }
            result.sent += chunk.len() - withdrawn.unwrap_or_default();
            result.in_doubt = batch.in_doubt();
            if withdrawn.is_some() {
                break;
            }
        }
        Ok(result)
    }
}

/// The changes of a command.
struct Batch<'s, F> {
    session: &'s Session<'s>,
    engine: RefCell<ContextState>,
    sender: ChangeSender,
    report: RefCell<F>,
}

impl<'s, F: FnMut(usize, Result<ChangeOutcome, CommandError>)> Batch<'s, F> {
    fn new(session: &'s Session<'s>, report: F) -> Self {
        let context = session.scheduler.context();
        let info = ContextInfo {
            id: context.id.clone(),
            name: context.name.clone(),
            account: context.account.clone(),
            region: context.region.clone(),
            group: context.group.clone(),
            read_only: context.read_only,
            local: session.local.is_some(),
            memo_limit: usize::MAX,
        };
        Self {
            session,
            engine: RefCell::new(ContextState::new(info)),
            sender: ChangeSender::default(),
            report: RefCell::new(report),
        }
    }

    /// Journals these changes in one transaction, and sends them. The first has this index.
    async fn make(&self, first: usize, changes: &[Change]) -> Result<(), CommandError> {
        let (session, context) = (self.session, &self.session.scheduler.context().id);
        let indices: HashMap<Name, usize> =
            (first..).zip(changes).map(|(index, change)| (change.name(), index)).collect();
        let mut requested = Vec::new();
        for change in changes {
            let reaction = self.engine.borrow_mut().submit(change, Initiator::Person, session.now());
            requested.extend(reaction.effects.into_iter().filter_map(requested_change));
        }
        self.sender.record(Some(session.state()?), context, &requested, session.now())?;
        let send_one = async |change: Change| {
            let result = self.send(&change).await;
            if let Some(index) = indices.get(&change.name()) {
                (self.report.borrow_mut())(*index, result.map_err(CommandError::from));
            }
        };
        self.sender.send_many(context, requested, send_one).await;
        Ok(())
    }

    async fn send(&self, change: &Change) -> Result<ChangeOutcome, Failure> {
        let session = self.session;
        let state = session.open_state();
        let clock = &*session.environment.clock;
        let to = Destination { scheduler: &session.scheduler, loader: None, state, clock };
        let disk_failed = |failure: Failure| tracing::warn!(%failure, "state.db cannot be written");
        let result = self.sender.send(&to, change, disk_failed).await;
        let mut engine = self.engine.borrow_mut();
        engine.on_response(Response::Change(change.clone(), result.clone()), session.now());
        // The program would retry a failed change. A command tells the person, and ends.
        engine.drop_change(&change.name());
        if result.is_err() {
            session.try_state(|state| self.sender.forget(Some(state), engine.id(), change.name()));
        }
        result
    }

    /// Takes back the changes that are not in flight yet; returns how many.
    fn withdraw(&self, changes: &[Change]) -> Result<usize, CommandError> {
        let context = &self.session.scheduler.context().id;
        let names: Vec<Name> = changes.iter().map(Change::name).collect();
        let withdrawn = self.sender.withdraw(context, &names);
        self.sender.remove(Some(self.session.state()?), context, &withdrawn)?;
        let count = withdrawn.len();
        self.engine.borrow_mut().on_response(Response::Withdrawn(withdrawn), self.session.now());
        Ok(count)
    }

    fn in_doubt(&self) -> usize {
        self.engine.borrow().changes.unsent()
    }
}

fn requested_change(effect: Effect) -> Option<Change> {
    if let Effect::Request(_, Request::Change(change)) = effect { Some(change) } else { None }
}
