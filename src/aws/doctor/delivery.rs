//! Tests a delivery with a real memo.
//!
//! Nobody checks what the scheduler's role may do until a schedule fires. So a memo is scheduled a minute ahead, and its
//! line in the log is awaited, for a time that the person knows beforehand.

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

/// The least time ahead. A schedule that is created within its own minute may be too late.
const AHEAD: TimeDelta = TimeDelta::minutes(1);
/// How long to wait after the memo is due: it fires within a minute, and the log takes a while to show a line.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);
/// How often the log is read.
const PAUSE: Duration = Duration::from_secs(5);

/// The progress of a delivery test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProofProgress {
    /// When the memo is due.
    pub due: DateTime<Utc>,
    /// When the test gives up.
    pub until: DateTime<Utc>,
    /// The time now.
    pub now: DateTime<Utc>,
}

/// Schedules a memo a minute ahead and waits for its receipt. Cancels the memo if none comes.
pub async fn prove_delivery(scheduler: &Scheduler, id: MemoId, zone: Tz, report: impl Fn(ProofProgress)) -> Finding {
    match attempt(scheduler, id, zone, report).await {
        Ok(finding) => finding,
        Err(failure) => Finding::failed(check::DELIVERY, failure),
    }
}

async fn attempt(
    scheduler: &Scheduler,
    id: MemoId,
    zone: Tz,
    report: impl Fn(ProofProgress),
) -> Result<Finding, Failure> {
    if scheduler.context().log_group.is_none() {
        return Ok(Finding::skipped(check::DELIVERY, "there is no log to prove it"));
    }
    let clock = &scheduler.0.session.clock;
    let due = whole_minute(clock.now() + AHEAD);
    let until = due + PATIENCE;
    let memo = Memo { id, text: "A test by tickler: memos arrive.".to_owned(), due: Moment::at(due, zone) };
    scheduler.write(&Change::Create(memo.clone())).await?;
    loop {
        let now = clock.now();
        let known = if now < due { None } else { receipt(scheduler, &memo, now).await? };
        if let Some(receipt) = known {
            return Ok(received(scheduler, due, &receipt, zone));
        }
        if now >= until {
            return timed_out(scheduler, memo).await;
        }
        report(ProofProgress { due, until, now });
        clock.sleep(PAUSE).await;
    }
}

/// The receipt of the memo, if there is one yet.
async fn receipt(scheduler: &Scheduler, memo: &Memo, now: DateTime<Utc>) -> Result<Option<Receipt>, Failure> {
    let wanted = memo.delivery();
    match scheduler.receipts(wanted.scheduled - AHEAD, now + AHEAD).await {
        Ok(lines) => {
            let lines = lines.into_iter().filter(|line| line.delivery() == Some(wanted)).collect();
            Ok(proof::settle(lines).pop())
        }
        // The log group may not exist before its first line, and some failures pass by themselves.
        Err(failure) if failure.kind == FailureKind::NotFound || failure.kind.may_pass() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The finding for a receipt: the function was invoked.
fn received(scheduler: &Scheduler, due: DateTime<Utc>, receipt: &Receipt, zone: Tz) -> Finding {
    if let Some(error) = receipt.error() {
        let log = scheduler.context().log_group.as_deref().unwrap_or_default();
        return Finding::wrong(
            check::DELIVERY,
            format!("The function was invoked with a memo, and failed: {}.", error.trim_end_matches('.')),
            format!("Check its log {log}. Lambda tries twice more, so the memo may still arrive."),
        );
    }
    let at = receipt.at.with_timezone(&zone).format("%H:%M:%S");
    let after = (receipt.at - due).num_seconds().max(0);
    Finding::ok(check::DELIVERY, format!("A memo arrived at {at}, {after} s after it was due."))
}

/// The finding without a receipt: the schedule is still there, or gone.
async fn timed_out(scheduler: &Scheduler, memo: Memo) -> Result<Finding, Failure> {
    let minutes = PATIENCE.num_minutes();
    let context = scheduler.context();
    let found = match scheduler.write(&Change::Cancel(memo)).await? {
        ChangeOutcome::AlreadyGone => {
            format!(
                "The schedule of a memo is gone, but {minutes} minutes after it was due the log has no line for it."
            )
        }
        ChangeOutcome::Cancelled | ChangeOutcome::Saved(_) | ChangeOutcome::Differs(_) => {
            format!("{minutes} minutes after it was due, a memo was still scheduled. It was cancelled.")
        }
    };
    let queue = match &context.dead_letter_arn {
        Some(_) => " If it is in the dead-letter queue, open tickler to see its error.",
        None => "",
    };
    let advice = format!(
        "Check that the role {} allows lambda:InvokeFunction on {}, and that the function writes to the log {}.{queue}",
        context.role_arn,
        context.target_arn,
        context.log_group.as_deref().unwrap_or_default(),
    );
    Ok(Finding::wrong(check::DELIVERY, found, advice))
}

/// The first full minute at or after a time; a schedule fires within its minute.
fn whole_minute(time: DateTime<Utc>) -> DateTime<Utc> {
    let minute = TimeDelta::minutes(1);
    match time.duration_trunc(minute) {
        Ok(begun) if begun == time => begun,
        Ok(begun) => begun + minute,
        // Only for a time beyond the range of nanoseconds since 1970.
        Err(_) => time,
    }
}
