//! The engine: delivers what is due, retries what fails, and turns what keeps failing into dead letters.
//!
//! Does not depend on requests, and does not read a clock: the caller passes the time.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::arn;
use crate::clock::Now;
use crate::definition::{ActionAfterCompletion, RetryPolicy};
use crate::store::{Attempts, DeadLetter, DueSchedule, Outcome, Store, StoreError};
use crate::target::{Delivery, ExecuteMemo, Invocation, Target, TargetError, context_time};

/// How many schedules one transaction settles: a thousand that are due at once cost one sync, and other writers wait for
/// milliseconds only.
const BATCH: usize = 1000;

/// The longest sleep. The wall clock can be set, and the monotonic clock stops while a laptop sleeps.
const LONGEST_SLEEP: TimeDelta = TimeDelta::seconds(60);

/// The pause after a failure of the store.
const PAUSE_AFTER_FAILURE: TimeDelta = TimeDelta::seconds(5);

/// The pause after the first failed attempt. It doubles with each attempt, up to [`LONGEST_PAUSE`]. AWS documents
/// exponential back-off without figures: these are our choice. With them the 185 retries of the default policy take
/// about three hours, less than its 24 hours.
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

/// The result of [`Engine::fire`].
#[derive(Debug, Clone, PartialEq)]
pub struct Fired {
    /// The deliveries, in the order of the log.
    pub deliveries: Vec<Delivery>,
    /// How many deliveries failed for good; see [`Store::dead_letters`].
    pub dead_letters: usize,
    /// When to fire again; `None` if nothing is pending.
    pub next: Option<DateTime<Utc>>,
}

impl Engine {
    /// An engine that delivers to `executeMemo`.
    #[must_use]
    pub fn new(store: Store) -> Engine {
        Engine::with_target(store, Arc::new(ExecuteMemo))
    }

    /// An engine that delivers everything to another target.
    #[must_use]
    pub fn with_target(store: Store, target: Arc<dyn Target>) -> Engine {
        Engine { store, target }
    }

    /// Delivers everything that is due at `now`, in one transaction for each batch. Another engine on the same store, in
    /// this process or another, never delivers the same.
    ///
    /// # Errors
    /// When the store fails before the first delivery. If it fails later, this returns what was delivered, with `next`
    /// at `now`: the next call then returns the error.
    pub fn fire(&self, now: DateTime<Utc>) -> Result<Fired, StoreError> {
        let mut fired = Fired { deliveries: Vec::new(), dead_letters: 0, next: None };
        loop {
            // Looks first, so that an idle engine does not take the write lock.
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
        self.store.settle_due(now, BATCH, |schedule| {
            let outcome = self.attempt(schedule, now);
            match &outcome {
                Outcome::Delivered { line, .. } => deliveries.push(Delivery { log: line.clone() }),
                Outcome::Dead { .. } => dead_letters += 1,
                Outcome::Retry { .. } => {}
            }
            outcome
        })?;
        // Only the commit makes it true.
        fired.deliveries.append(&mut deliveries);
        fired.dead_letters += dead_letters;
        Ok(())
    }

    /// Makes one attempt and returns its outcome.
    fn attempt(&self, schedule: &DueSchedule, now: DateTime<Utc>) -> Outcome {
        let schedule_arn = arn::schedule(&schedule.group, &schedule.name);
        let attempts = match &schedule.failed {
            Some(failed) => Attempts { count: failed.count.saturating_add(1), ..failed.clone() },
            None => Attempts { count: 1, first: now, execution_id: Uuid::new_v4().simple().to_string() },
        };
        let payload = payload(schedule, &schedule_arn, &attempts);
        let delete = schedule.definition.action_after_completion == ActionAfterCompletion::Delete;
        let result = self.target.deliver(&Invocation {
            target_arn: &schedule.definition.target.arn,
            payload: &payload,
            schedule_arn: &schedule_arn,
            scheduled_time: schedule.due,
            attempt: attempts.count,
            now,
        });
        match result {
            Ok(line) => Outcome::Delivered { line, delete },
            Err(error) => match retry_at(schedule.definition.target.retry_policy, &attempts, now) {
                Ok(at) => Outcome::Retry { attempts, at },
                Err(condition) => Outcome::Dead {
                    letter: dead_letter(schedule, &schedule_arn, &attempts, payload, &error, condition, now),
                    delete,
                },
            },
        }
    }

    /// Runs until dropped: fires, passes the deliveries or the error to `sink` (after an error the deliveries may be none),
    /// and sleeps until something is due by the
    /// host's clock, for a minute at most. A write through the same store wakes it at once. It notices a write of another
    /// process when the host calls [`Store::announce_foreign_change`], or else within a minute, which is the service's own
    /// precision.
    ///
    /// `sleep_until` must return at the time of the host's clock, even if that clock is set meanwhile.
    pub async fn run<S, F>(self, now: Now, sleep_until: S, mut sink: impl FnMut(Result<Vec<Delivery>, StoreError>))
    where
        S: Fn(DateTime<Utc>) -> F,
        F: Future<Output = ()>,
    {
        let mut changes = self.store.changes();
        let mut has_failed = false;
        loop {
            let moment = now();
            let longest = moment + LONGEST_SLEEP;
            let wake = match self.fire(moment) {
                Ok(fired) => {
                    if !fired.deliveries.is_empty() || has_failed {
                        sink(Ok(fired.deliveries));
                    }
                    has_failed = false;
                    fired.next.map_or(longest, |next| next.min(longest))
                }
                Err(error) => {
                    sink(Err(error));
                    has_failed = true;
                    moment + PAUSE_AFTER_FAILURE
                }
            };
            let mut sleep = pin!(sleep_until(wake));
            // A change since the last one makes this ready at once, so the engine does not sleep through it.
            let mut change = pin!(changes.changed());
            poll_fn(|context| {
                // This engine holds the store with the sender, so `changed` cannot fail.
                let woken = change.as_mut().poll(context).is_ready() || sleep.as_mut().poll(context).is_ready();
                if woken { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        }
    }
}

/// The target's input with its context attributes replaced, as text, everywhere.
///
/// Without an input, this is the notification that the service sends.
fn payload(schedule: &DueSchedule, schedule_arn: &str, attempts: &Attempts) -> String {
    let time = context_time(schedule.due);
    let Some(input) = &schedule.definition.target.input else {
        return json!({
            "version": "0",
            "id": attempts.execution_id,
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
        .replace("<aws.scheduler.execution-id>", &attempts.execution_id)
        .replace("<aws.scheduler.attempt-number>", &attempts.count.to_string())
}

/// When to retry, or which limit of the policy forbids it.
///
/// The age counts from the first attempt, which is our choice. The service counts from when the schedule fires; here
/// that may be long ago, because no engine ran, and then there would be no retry at all.
fn retry_at(policy: RetryPolicy, attempts: &Attempts, now: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    if attempts.count > policy.maximum_retry_attempts {
        return Err("MaximumRetryAttempts");
    }
    let at = now + pause_after(attempts.count);
    let last = attempts.first + TimeDelta::seconds(i64::from(policy.maximum_event_age_in_seconds));
    if at > last { Err("MaximumEventAgeInSeconds") } else { Ok(at) }
}

/// 1, 2, 4, … 60 seconds.
fn pause_after(attempts: u32) -> TimeDelta {
    let doublings = attempts.saturating_sub(1).min(6);
    (FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE)
}

/// The dead letter, with the attributes in the user guide.
fn dead_letter(
    schedule: &DueSchedule,
    schedule_arn: &str,
    attempts: &Attempts,
    body: String,
    error: &TargetError,
    condition: &str,
    now: DateTime<Utc>,
) -> DeadLetter {
    let attributes = [
        ("ERROR_CODE", error.code.clone()),
        ("ERROR_MESSAGE", error.message.clone()),
        ("EXECUTION_ID", attempts.execution_id.clone()),
        ("EXHAUSTED_RETRY_CONDITION", condition.to_owned()),
        ("IS_PAYLOAD_TRUNCATED", "false".to_owned()),
        ("RETRY_ATTEMPTS", attempts.count.saturating_sub(1).to_string()),
        ("SCHEDULED_TIME", context_time(schedule.due)),
        ("SCHEDULE_ARN", schedule_arn.to_owned()),
        ("TARGET_ARN", schedule.definition.target.arn.clone()),
    ];
    DeadLetter {
        died: now,
        queue_arn: schedule.definition.target.dead_letter_queue().map(str::to_owned),
        body,
        attributes: attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}
