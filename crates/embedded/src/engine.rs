//! The half that fires: what is due is delivered, what fails is retried, and what keeps failing is buried.
//!
//! It must never know of requests, and never read a clock: each firing is told what time it is.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::definition::{ActionAfterCompletion, RetryPolicy};
use crate::store::{Attempt, DeadLetter, DueRow, Outcome, Store, StoreError};
use crate::target::{Delivery, ExecuteMemo, Invocation, Target, TargetError, context_time};
use crate::{Now, arn};

/// So many schedules are settled in one transaction: enough that a thousand due at once cost one sync, few enough
/// that other writers wait for milliseconds only.
const BATCH: usize = 1000;

/// The longest sleep. The wall clock may be stepped, and the monotonic one stands still while a laptop sleeps.
const LONGEST_SLEEP: TimeDelta = TimeDelta::seconds(60);

/// How long to leave a store alone that has just failed.
const AFTER_FAILURE: TimeDelta = TimeDelta::seconds(5);

/// The pause after the first failed attempt; each further one doubles it, to [`LONGEST_PAUSE`]. AWS documents
/// exponential back-off without figures: these are our choice. With them the default policy's 185 retries take
/// about three hours, and its 24 hours are never reached.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(1);
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// Fires what is due in a [`Store`].
#[derive(Clone)]
pub struct Engine {
    store: Store,
    target: Arc<dyn Target>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("store", &self.store).finish_non_exhaustive()
    }
}

/// What one firing did.
#[derive(Debug, Clone, PartialEq)]
pub struct Fired {
    /// What was delivered, in the order of the log.
    pub deliveries: Vec<Delivery>,
    /// How many deliveries were given up; see [`Store::dead_letters`].
    pub dead_letters: usize,
    /// When to fire again; `None` when nothing is pending.
    pub next: Option<DateTime<Utc>>,
}

impl Engine {
    /// An engine that delivers to executeMemo.
    #[must_use]
    pub fn new(store: Store) -> Engine {
        Engine::with_target(store, Arc::new(ExecuteMemo))
    }

    /// An engine that delivers everything to another target.
    #[must_use]
    pub fn with_target(store: Store, target: Arc<dyn Target>) -> Engine {
        Engine { store, target }
    }

    /// Delivers all that is due at `now`, and never anything before its time. A transaction for each batch: other
    /// engines on the same store, in this process or another, deliver the rest or nothing, never the same.
    ///
    /// # Errors
    /// When the store fails before anything was delivered. If it fails after that, what was delivered is answered,
    /// with `next` at `now`: firing again meets the error.
    pub fn fire(&self, now: DateTime<Utc>) -> Result<Fired, StoreError> {
        let mut fired = Fired { deliveries: Vec::new(), dead_letters: 0, next: None };
        loop {
            // Looking first keeps an idle engine from taking the write lock.
            let step = self.store.next_attempt().and_then(|next| match next {
                Some(next) if next <= now => self.fire_batch(now, &mut fired).map(|()| None),
                next => Ok(Some(next)),
            });
            match step {
                Ok(None) => {}
                Ok(Some(next)) => return Ok(Fired { next, ..fired }),
                Err(error) if fired.deliveries.is_empty() && fired.dead_letters == 0 => return Err(error),
                Err(error) => {
                    tracing::error!(%error, "the store failed between two batches");
                    return Ok(Fired { next: Some(now), ..fired });
                }
            }
        }
    }

    fn fire_batch(&self, now: DateTime<Utc>, fired: &mut Fired) -> Result<(), StoreError> {
        let mut deliveries = Vec::new();
        let mut dead_letters = 0;
        self.store.settle_due(now, BATCH, |row| {
            let outcome = self.attempt(row, now);
            match &outcome {
                Outcome::Delivered { line, .. } => deliveries.push(Delivery { log: line.clone() }),
                Outcome::Dead { .. } => dead_letters += 1,
                Outcome::Retry { .. } => {}
            }
            outcome
        })?;
        // Only now is it true.
        fired.deliveries.append(&mut deliveries);
        fired.dead_letters += dead_letters;
        Ok(())
    }

    /// Tries one delivery and says what becomes of its schedule.
    fn attempt(&self, row: &DueRow, now: DateTime<Utc>) -> Outcome {
        let schedule_arn = arn::schedule(&row.group, &row.name);
        let attempt = match &row.earlier {
            Some(earlier) => Attempt { count: earlier.count.saturating_add(1), ..earlier.clone() },
            None => Attempt { count: 1, first: now, execution_id: Uuid::new_v4().simple().to_string() },
        };
        let payload = payload(row, &schedule_arn, &attempt);
        let delete = row.definition.action_after_completion == ActionAfterCompletion::Delete;
        let result = self.target.deliver(&Invocation {
            target_arn: &row.definition.target.arn,
            payload: &payload,
            schedule_arn: &schedule_arn,
            scheduled_time: row.due,
            attempt: attempt.count,
            now,
        });
        match result {
            Ok(line) => Outcome::Delivered { line, delete },
            Err(error) => match retry_at(row.definition.target.retry_policy, &attempt, now) {
                Ok(at) => Outcome::Retry { attempt, at },
                Err(condition) => Outcome::Dead {
                    letter: dead_letter(row, &schedule_arn, &attempt, payload, &error, condition, now),
                    delete,
                },
            },
        }
    }

    /// Runs until dropped: fires, tells `sink` what was delivered or what went wrong, and sleeps until the next due
    /// moment by the host's clock, never for longer than a minute. Any write made through the same store wakes it at
    /// once. A write of another process does not, unless the host tells with
    /// [`Store::announce_foreign_change`]; without that it is met within the minute that is the service's own
    /// precision.
    ///
    /// `sleep_until` must return when the host's clock says so, however that clock was stepped in between.
    pub async fn run<S, F>(self, now: Now, sleep_until: S, mut sink: impl FnMut(Result<Vec<Delivery>, StoreError>))
    where
        S: Fn(DateTime<Utc>) -> F,
        F: Future<Output = ()>,
    {
        let mut changes = self.store.changes();
        loop {
            let moment = now();
            let longest = moment + LONGEST_SLEEP;
            let wake = match self.fire(moment) {
                Ok(fired) => {
                    if !fired.deliveries.is_empty() {
                        sink(Ok(fired.deliveries));
                    }
                    fired.next.map_or(longest, |next| next.min(longest))
                }
                Err(error) => {
                    sink(Err(error));
                    moment + AFTER_FAILURE
                }
            };
            let mut sleep = pin!(sleep_until(wake));
            // Whatever changed since this was last ready makes it ready at once, so nothing is slept through.
            let mut change = pin!(changes.changed());
            poll_fn(|context| {
                // The sender lives in the store that this engine holds, so `changed` cannot fail.
                let woken = change.as_mut().poll(context).is_ready() || sleep.as_mut().poll(context).is_ready();
                if woken { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        }
    }
}

/// The target's input with the context words replaced, as text, wherever they stand.
///
/// Without an input the service sends a notification of its own; so does this, in its form.
fn payload(row: &DueRow, schedule_arn: &str, attempt: &Attempt) -> String {
    let time = context_time(row.due);
    let Some(input) = &row.definition.target.input else {
        return json!({
            "version": "0",
            "id": attempt.execution_id,
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": arn::ACCOUNT,
            "time": time,
            "region": arn::REGION,
            "resources": [schedule_arn],
            "detail": "{}",
        })
        .to_string();
    };
    if !input.contains("<aws.scheduler.") {
        return input.clone();
    }
    input
        .replace("<aws.scheduler.schedule-arn>", schedule_arn)
        .replace("<aws.scheduler.scheduled-time>", &time)
        .replace("<aws.scheduler.execution-id>", &attempt.execution_id)
        .replace("<aws.scheduler.attempt-number>", &attempt.count.to_string())
}

/// When to try again, or which limit of the policy forbids it.
///
/// The age is counted from the first attempt, which is our choice: the service counts from when the schedule fired,
/// and here that may be long ago, because nothing ran. Counted so, such a one would get no retry at all.
fn retry_at(policy: RetryPolicy, attempt: &Attempt, now: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    if attempt.count > policy.maximum_retry_attempts {
        return Err("MaximumRetryAttempts");
    }
    let at = now + pause_after(attempt.count);
    let last = attempt.first + TimeDelta::seconds(i64::from(policy.maximum_event_age_in_seconds));
    if at > last { Err("MaximumEventAgeInSeconds") } else { Ok(at) }
}

/// 1, 2, 4, … 60 seconds.
fn pause_after(attempts: u32) -> TimeDelta {
    let doublings = attempts.saturating_sub(1).min(6);
    (FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE)
}

/// The record, with the attributes that the user guide names.
fn dead_letter(
    row: &DueRow,
    schedule_arn: &str,
    attempt: &Attempt,
    body: String,
    error: &TargetError,
    condition: &str,
    now: DateTime<Utc>,
) -> DeadLetter {
    let attributes = [
        ("ERROR_CODE", error.code.clone()),
        ("ERROR_MESSAGE", error.message.clone()),
        ("EXECUTION_ID", attempt.execution_id.clone()),
        ("EXHAUSTED_RETRY_CONDITION", condition.to_owned()),
        ("IS_PAYLOAD_TRUNCATED", "false".to_owned()),
        ("RETRY_ATTEMPTS", attempt.count.saturating_sub(1).to_string()),
        ("SCHEDULED_TIME", context_time(row.due)),
        ("SCHEDULE_ARN", schedule_arn.to_owned()),
        ("TARGET_ARN", row.definition.target.arn.clone()),
    ];
    DeadLetter {
        died: now,
        queue_arn: row.definition.target.dead_letter_queue().map(str::to_owned),
        body,
        attributes: attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}
