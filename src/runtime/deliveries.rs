//! Reads what was delivered and what failed, from the delivery log and the dead-letter queue, and deletes the dead letters
//! that the person is done with. Whatever becomes of `state.db`, a delivery is shown, and heard once.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::open_contexts::OpenContext;
use super::session_arrivals::News;
use super::worker::Worker;
use crate::app::{Arrived, Log, Response, SystemEvent};
use crate::aws::DeadLetter;
use crate::context::ContextId;
use crate::failure::Failure;
use crate::proof;
use crate::schedule::Receipt;
use crate::state::{Mark, State};

/// How far before the last reading the log is read again, since its lines may come late.
const LOG_LAG: TimeDelta = TimeDelta::minutes(10);

/// How far back the log is read when a context in AWS is opened for the first time.
const FIRST_READING: TimeDelta = TimeDelta::hours(1);

/// The steps in which the history is read, newest first; after them follows the rest of the log.
const HISTORY_STEPS: [TimeDelta; 3] = [TimeDelta::days(1), TimeDelta::days(7), TimeDelta::days(30)];

/// How much the clocks of the log and of this machine may differ.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(1);

impl Worker {
    /// Responds with what was delivered and what failed since the last reading, and everything not done. The dead-letter
    /// queue takes seconds to read, so the first response comes from the log alone.
    pub(super) async fn read_arrivals(&self, open: &OpenContext, awaited: Option<DateTime<Utc>>) {
        let receipts = match self.read_log(open, awaited).await {
            Ok(receipts) => receipts,
            Err(failure) => return self.respond(open, Response::Arrived(Err(failure))),
        };
        let arrived = self.arrivals(open, receipts.clone(), None).await;
        self.respond(open, Response::Arrived(Ok(arrived)));
        if open.scheduler.context().dead_letter_arn.is_none() {
            return;
        }
        let queue_failure = match open.scheduler.dead_letters().await {
            Ok(letters) => {
                *open.dead_letters.borrow_mut() = by_key(letters);
                None
            }
            Err(failure) => Some(failure),
        };
        let arrived = self.arrivals(open, receipts, queue_failure).await;
        self.respond(open, Response::Arrived(Ok(arrived)));
    }

    /// The receipts in the log since the last reading, or since `awaited`, the earliest delivery that has no receipt yet.
    async fn read_log(&self, open: &OpenContext, awaited: Option<DateTime<Utc>>) -> Result<Vec<Receipt>, Failure> {
        let now = self.clock.now();
        let read_until = self.state.get().map(|state| self.state.reported(state.read_until(&open.info.id, now)));
        let since = match read_until {
            // The clock may have been set back after the last reading.
            Some(Some(Some(until))) => until.min(now) - LOG_LAG,
            Some(Some(None)) if open.info.local => DateTime::UNIX_EPOCH,
            Some(Some(None)) => now - FIRST_READING,
            // Without a state nobody knows which earlier deliveries are done; they are in the history.
            Some(None) | None => self.began - CLOCK_SKEW,
        };
        let since = awaited.map_or(since, |awaited| since.min(awaited - CLOCK_SKEW));
        open.scheduler.receipts(since, now + CLOCK_SKEW).await
    }

    /// What these receipts and the dead letters add up to. Deletes the dead letters of failures that are done already,
    /// such as those that a crash left behind.
    async fn arrivals(&self, open: &OpenContext, mut receipts: Vec<Receipt>, queue: Option<Failure>) -> Arrived {
        receipts.extend(open.dead_letters.borrow().values().flatten().map(|letter| letter.receipt.clone()));
        let read = proof::settle(receipts);
        let is_shown = |receipt: &&Receipt| !receipt.by_hand && (receipt.is_delivered() || receipt.is_lost());
        let shown: Vec<Receipt> = read.iter().filter(is_shown).cloned().collect();
        // A failed delivery that succeeded after all, by hand or on another attempt, needs no attention.
        let delivered_after_all: Vec<String> = read
            .iter()
            .filter(|receipt| receipt.is_delivered())
            .filter_map(|receipt| Some(proof::lost_key(receipt.delivery()?)))
            .collect();
        let News { undone, fresh } = self.news(&open.info.id, &shown, &delivered_after_all);
        let is_done = |key: &&String| !undone.iter().any(|receipt| receipt.key == **key);
        let done_failures: Vec<String> = shown
            .iter()
            .filter(|receipt| receipt.is_lost())
            .map(|receipt| &receipt.key)
            .filter(is_done)
            .cloned()
            .collect();
        self.delete_dead_letters(open, &done_failures).await;
        Arrived { undone, read, fresh, queue }
    }

    /// What is new, by `state.db`; or by what this process remembers, if `state.db` cannot be written. What cannot be
    /// written is written later.
    fn news(&self, context: &ContextId, shown: &[Receipt], done: &[String]) -> News {
        let now = self.clock.now();
        let mut contexts = self.arrivals.borrow_mut();
        let session = contexts.entry(context.clone()).or_default();
        if let Some(state) = self.state.to_write() {
            let written = state.record(context, &session.to_write(shown, done, Some(now)), now);
            if let Some((new, kept)) = self.state.reported(written) {
                self.report_damaged(kept.damaged);
                return session.written(shown, &new, kept.not_done);
            }
        }
        let mut kept = self.state.get().and_then(|state| self.state.reported(state.kept_of(context, shown)));
        self.report_damaged(kept.iter_mut().flat_map(|kept| std::mem::take(&mut kept.damaged)).collect());
        session.remember(shown, done, kept)
    }

    fn report_damaged(&self, damaged: Vec<Failure>) {
        for failure in damaged {
            self.send_event(SystemEvent::Trouble(failure));
        }
    }

    /// Records whether the person is done with these receipts, now or once `state.db` can be written.
    pub(super) fn mark(&self, context: &ContextId, keys: &[String], mark: Mark) {
        let mut contexts = self.arrivals.borrow_mut();
        let session = contexts.entry(context.clone()).or_default();
        session.mark(keys, mark);
        let Some(state) = self.state.to_write() else { return };
        if self.state.reported(state.mark(context, keys, mark)).is_some() {
            session.wrote_marks(keys);
        }
    }

    /// Writes the receipts that could not be written, in every context.
    pub(super) fn write_arrivals(&self, state: &State) -> Result<(), Failure> {
        let now = self.clock.now();
        for (context, session) in &mut *self.arrivals.borrow_mut() {
            if session.is_unwritten() {
                let (new, kept) = state.record(context, &session.to_write(&[], &[], None), now)?;
                self.report_damaged(kept.damaged);
                session.written(&[], &new, kept.not_done);
            }
        }
        Ok(())
    }

    /// Deletes the dead letters of these failures from the queue.
    pub(super) async fn delete_dead_letters(&self, open: &OpenContext, keys: &[String]) {
        if open.info.read_only {
            return;
        }
        for key in keys {
            let letters = open.dead_letters.borrow_mut().remove(key).unwrap_or_default();
            for letter in letters {
                if let Err(failure) = open.scheduler.delete_dead_letter(&letter).await
                    && retry_delete(open, &letter).await.is_none()
                {
                    self.send_event(SystemEvent::Trouble(failure));
                }
            }
        }
    }

    /// Responds with the history, as far back as the log goes: the newest part first, then step by step the rest.
    pub(super) async fn read_history(&self, open: &OpenContext) {
        let now = self.clock.now();
        let letters: Vec<Receipt> =
            open.dead_letters.borrow().values().flatten().map(|letter| letter.receipt.clone()).collect();
        let (mut receipts, mut until) = (letters, now + CLOCK_SKEW);
        let steps = HISTORY_STEPS.iter().filter(|_| !open.info.local).map(|step| Some(now - *step));
        for since in steps.chain([None]) {
            match open.scheduler.receipts(since.unwrap_or(DateTime::UNIX_EPOCH), until).await {
                Ok(part) => receipts.extend(part),
                Err(failure) => return self.respond(open, Response::History(Err(failure))),
            }
            let mut settled = proof::settle(receipts.clone());
            settled.retain(|receipt| since.is_none_or(|since| receipt.at >= since));
            settled.reverse();
            self.respond(open, Response::History(Ok(Log { lines: settled, since })));
            // Both ends of a range are included in it.
            until = since.unwrap_or(until) - TimeDelta::milliseconds(1);
        }
    }
}

/// Receives a dead letter once more and deletes it: its receipt handle is void if another process has received it in the
/// meantime. `None` if that fails, too.
async fn retry_delete(open: &OpenContext, letter: &DeadLetter) -> Option<()> {
    let letters = open.scheduler.dead_letters().await.ok()?;
    let same = |other: &&DeadLetter| other.receipt.key == letter.receipt.key;
    match letters.iter().find(same) {
        Some(received) => open.scheduler.delete_dead_letter(received).await.ok(),
        None => Some(()),
    }
}

/// Dead letters by the key of their failure.
fn by_key(letters: Vec<DeadLetter>) -> HashMap<String, Vec<DeadLetter>> {
    let mut by_key: HashMap<String, Vec<DeadLetter>> = HashMap::new();
    for letter in letters {
        let key = letter.receipt.delivery().map_or_else(|| letter.receipt.key.clone(), proof::lost_key);
        by_key.entry(key).or_default().push(letter);
    }
    by_key
}
