//! The only proof that a memo arrives: one that did.
//!
//! What the scheduler's role may do is checked by nobody until a schedule fires. So one is made, a minute ahead, and its
//! line in the log is waited for, with a patience that is said beforehand.

use std::time::Duration;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use chrono_tz::Tz;
use when::Moment;

use super::finding::{Finding, check};
use crate::aws::client::Scheduler;
use crate::failure::{Failure, FailureKind};
use crate::memo::{Memo, MemoId};
use crate::proof;
use crate::schedule::{Change, ChangeOutcome, Receipt};

/// How far ahead at least: a schedule that is made in the minute of its time may be late for it.
const AHEAD: TimeDelta = TimeDelta::minutes(1);
/// How long after its time it is waited for: a minute in which it fires, and what the log takes to show a line.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);
/// How often the log is read.
const PAUSE: Duration = Duration::from_secs(5);

/// How far a proof of delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProofProgress {
    /// When the memo is due.
    pub due: DateTime<Utc>,
    /// Until when it is waited for.
    pub until: DateTime<Utc>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// Schedules a memo a minute ahead and waits for its receipt. It is called off if none comes.
pub async fn prove_delivery(scheduler: &Scheduler, id: MemoId, zone: Tz, tell: impl Fn(ProofProgress)) -> Finding {
    match attempt(scheduler, id, zone, tell).await {
        Ok(finding) => finding,
        Err(failure) => Finding::failed(check::DELIVERY, failure),
    }
}

async fn attempt(
    scheduler: &Scheduler,
    id: MemoId,
    zone: Tz,
    tell: impl Fn(ProofProgress),
) -> Result<Finding, Failure> {
    if scheduler.context().log_group.is_none() {
        return Ok(Finding::skipped(check::DELIVERY, "there is no log that could prove it"));
    }
    let clock = &scheduler.0.session.clock;
    let due = whole_minute(clock.now() + AHEAD);
    let until = due + PATIENCE;
    let memo = Memo { id, text: "A test of tickler: memos arrive.".to_owned(), due: Moment::at(due, zone) };
    scheduler.write(&Change::Create(memo.clone())).await?;
    loop {
        let now = clock.now();
        let known = if now < due { None } else { receipt(scheduler, &memo, now).await? };
        if let Some(receipt) = known {
            return Ok(settled(scheduler, due, &receipt, zone));
        }
        if now >= until {
            return given_up(scheduler, memo).await;
        }
        tell(ProofProgress { due, until, now });
        clock.sleep(PAUSE).await;
    }
}

/// What is known of it by now.
async fn receipt(scheduler: &Scheduler, memo: &Memo, now: DateTime<Utc>) -> Result<Option<Receipt>, Failure> {
    let wanted = memo.delivery();
    match scheduler.receipts(wanted.scheduled - AHEAD, now + AHEAD).await {
        Ok(lines) => {
            let lines = lines.into_iter().filter(|line| line.delivery() == Some(wanted)).collect();
            Ok(proof::settle(lines).pop())
        }
        // A log begins with the first line in it; and what may pass may have passed at the next look.
        Err(failure) if failure.kind == FailureKind::NotFound || failure.kind.may_pass() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// A line of it in the log: either way, the function was called.
fn settled(scheduler: &Scheduler, due: DateTime<Utc>, receipt: &Receipt, zone: Tz) -> Finding {
    if let Some(error) = receipt.error() {
        let log = scheduler.context().log_group.as_deref().unwrap_or_default();
        return Finding::wrong(
            check::DELIVERY,
            format!("The function was called with a memo, and failed: {}.", error.trim_end_matches('.')),
            format!("Look at its log {log}. Lambda tries twice more, so that the memo may arrive all the same."),
        );
    }
    let at = receipt.at.with_timezone(&zone).format("%H:%M:%S");
    let after = (receipt.at - due).num_seconds().max(0);
    Finding::ok(check::DELIVERY, format!("A memo arrived at {at}, {after} s after its time."))
}

/// What is told by where the memo is now: still with the scheduler, or gone without a receipt.
async fn given_up(scheduler: &Scheduler, memo: Memo) -> Result<Finding, Failure> {
    let minutes = PATIENCE.num_minutes();
    let context = scheduler.context();
    let found = match scheduler.write(&Change::Cancel(memo)).await? {
        ChangeOutcome::AlreadyGone => {
            format!("The scheduler let go of a memo, but {minutes} minutes after its time the log has no line of it.")
        }
        _ => format!("{minutes} minutes after its time a memo was still with the scheduler. It was called off."),
    };
    let queue = match &context.dead_letter_arn {
        Some(_) => " If it lies in the dead-letter queue, its error stands there: open tickler to see it.",
        None => "",
    };
    let advice = format!(
        "Let the role {} allow lambda:InvokeFunction on {}, and see that the function writes to the log {}.{queue}",
        context.role_arn,
        context.target_arn,
        context.log_group.as_deref().unwrap_or_default(),
    );
    Ok(Finding::wrong(check::DELIVERY, found, advice))
}

/// The minute that is not before a time: a schedule fires within the minute that it names.
fn whole_minute(time: DateTime<Utc>) -> DateTime<Utc> {
    let minute = TimeDelta::minutes(1);
    match time.duration_trunc(minute) {
        Ok(begun) if begun == time => begun,
        Ok(begun) => begun + minute,
        // Only for a time that nanoseconds since 1970 cannot count to.
        Err(_) => time,
    }
}
