//! Sends changes.
//!
//! A change is in the journal before it is sent, and leaves it with its outcome, as on the screen. If a command is
//! killed, the next program finishes its changes. If a change fails, it leaves the journal too: nothing is sent later
//! that the person was told has failed.

use std::cell::Cell;
use std::future::pending;

use futures_util::{StreamExt as _, stream};

use super::error::CommandError;
use super::session::{MAX_CONCURRENT, Session};
use crate::schedule::{Change, ChangeOutcome, Schedule};
use futures_util::future::LocalBoxFuture;

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

    /// Makes changes in their order, several at once, and reports each result with the index of its change.
    ///
    /// Ctrl-C stops a batch: it sends nothing more, and waits for what was sent. After a second Ctrl-C it does not wait,
    /// and the journal keeps what is in doubt.
    pub async fn apply_all(
        &self,
        changes: &[Change],
        mut report: impl FnMut(usize, Result<ChangeOutcome, CommandError>),
    ) -> Result<BatchResult, CommandError> {
        let context = self.scheduler.context();
        if let (true, Some(first)) = (context.read_only, changes.first()) {
            // The client refuses before it sends, so nothing needs to be journalled.
            return Ok(self.scheduler.write(first).await.map(|_| BatchResult::default())?);
        }
        let state = self.state()?;
        let mut result = BatchResult { sent: changes.len(), ..BatchResult::default() };
        let mut interrupted: LocalBoxFuture<'_, ()> =
            if changes.len() > 1 { (self.environment.interrupted)() } else { Box::pin(pending()) };
        let stopped = Cell::new(false);
        for (number, batch) in changes.chunks(JOURNAL_BATCH).enumerate() {
            let mut journalled = state.journal(&context.id, batch, self.now())?;
            let sent = Cell::new(0);
            let requests = batch.iter().enumerate().take_while(|_| !stopped.get()).map(async |(index, change)| {
                sent.set(index + 1);
                (index, change, self.scheduler.write(change).await)
            });
            let mut responses = stream::iter(requests).buffer_unordered(MAX_CONCURRENT);
            let (mut saved, mut gone, mut in_doubt) = (Vec::new(), Vec::new(), vec![true; batch.len()]);
            loop {
                let next = tokio::select! {
                    biased;
                    () = &mut interrupted => {
                        if stopped.replace(true) { break }
                        interrupted = (self.environment.interrupted)();
                        continue;
                    }
                    next = responses.next() => next,
                };
                let Some((index, change, outcome)) = next else { break };
                match (&outcome, change) {
                    (Ok(ChangeOutcome::Saved(at)), Change::Create(memo) | Change::Update { after: memo, .. }) => {
                        saved.push(Schedule::of(memo.clone(), at.unwrap_or_else(|| self.now())));
                    }
                    (Ok(ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone), _) => gone.push(change.name()),
                    _ => {}
                }
                in_doubt[index] = false;
                report(number * JOURNAL_BATCH + index, outcome.map_err(CommandError::from));
            }
            self.try_state(|state| state.cache(&context.id, &saved, &gone, None));
            // The journal keeps what is in doubt. The next program sends these changes again; each takes effect once.
            let mut each = in_doubt.iter().take(sent.get());
            journalled.retain(|_| !each.next().is_some_and(|in_doubt| *in_doubt));
            self.try_state(|state| state.settle(&journalled));
            if stopped.get() {
                result.sent = number * JOURNAL_BATCH + sent.get();
                result.in_doubt = in_doubt.iter().take(sent.get()).filter(|in_doubt| **in_doubt).count();
                break;
            }
        }
        Ok(result)
    }
}
