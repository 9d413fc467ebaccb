//! The proof: a memo a minute ahead, and its line in the delivery log. Nothing else shows that the role may call the
//! function, and that the function may publish.

use std::time::Duration;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use uuid::Uuid;
use when::{Moment, Tz};

use crate::aws::{Scheduler, SdkClock};
use crate::cli::ground::World;
use crate::cli::talk::{Stop, Talk};
use crate::failure::{Failure, FailureKind};
use crate::memo::{Memo, MemoId};
use crate::schedule::Write;

/// How far ahead the memo is at least. Its time is a full minute: whether seconds count is not documented.
const AHEAD: TimeDelta = TimeDelta::seconds(30);
/// How long after its time the receipt is awaited: the scheduler may take a minute, and the log some seconds.
const PATIENCE: TimeDelta = TimeDelta::minutes(4);
/// How long to wait between two looks into the log.
const PAUSE: Duration = Duration::from_secs(5);

/// Schedules a memo, and waits until the log says that it was delivered.
pub(super) async fn deliver(scheduler: &Scheduler, world: &World, talk: &mut dyn Talk) -> Result<(), Stop> {
    let due = first_minute(world.clock.now() + AHEAD);
    let until = due + PATIENCE;
    let memo = Memo {
        id: MemoId::from_random(Uuid::new_v4().into_bytes()),
        text: "This is a test of tickler: AWS delivers your memos.".to_owned(),
        due: Moment::at(due, Tz::UTC),
    };
    scheduler.write(&Write::Create(memo.clone())).await?;
    talk.say(&format!(
        "A test memo is due at {} UTC; its delivery is awaited until {} UTC at the latest …",
        due.format("%H:%M"),
        until.format("%H:%M")
    ));
    sleep_until(&world.clock, due).await;
    let mut error = None;
    while world.clock.now() < until {
        // What was delivered a little early by another clock counts too.
        match scheduler.receipts(due - TimeDelta::minutes(1), until).await {
            Ok(receipts) => {
                let ours: Vec<_> =
                    receipts.iter().filter(|receipt| receipt.delivery() == Some(memo.delivery())).collect();
                if let Some(receipt) = ours.iter().find(|receipt| receipt.is_delivered()) {
                    talk.say(&format!("  ✓ delivered at {} UTC. All is set up.", receipt.at.format("%H:%M:%S")));
                    return Ok(());
                }
                error = ours.iter().rev().find_map(|receipt| receipt.error()).map(str::to_owned).or(error);
                if ours.iter().any(|receipt| receipt.is_lost()) {
                    break;
                }
            }
            // The log may be a little behind the stack.
            Err(failure) if failure.kind.may_pass() || failure.kind == FailureKind::NotFound => {}
            Err(failure) => return Err(failure.into()),
        }
        world.clock.sleep(PAUSE).await;
    }
    let because = error.map_or_else(
        || "the log does not say that it was delivered".to_owned(),
        |error| format!("executeMemo failed: {}", error.trim_end_matches('.')),
    );
    Err(Stop::Failed(Failure::new(
        FailureKind::NotFound,
        format!(
            "All is set up, but the delivery of the test memo is not confirmed: it was due at {} UTC, and {because}.",
            due.format("%H:%M")
        ),
        "Run `tickler doctor` to see what is wrong.",
    )))
}

async fn sleep_until(clock: &SdkClock, at: DateTime<Utc>) {
    if let Ok(left) = (at - clock.now()).to_std() {
        clock.sleep(left).await;
    }
}

/// The first full minute from then on.
fn first_minute(from: DateTime<Utc>) -> DateTime<Utc> {
    from.duration_trunc(TimeDelta::minutes(1))
        .map_or(from, |minute| if minute < from { minute + TimeDelta::minutes(1) } else { minute })
}

#[cfg(test)]
mod tests {
    use super::first_minute;

    #[test]
    fn the_first_full_minute() {
        for (from, to) in [("14:10:00Z", "14:10:00Z"), ("14:10:00.001Z", "14:11:00Z"), ("14:59:59Z", "15:00:00Z")] {
            let at = |time: &str| format!("2026-11-23T{time}").parse::<chrono::DateTime<chrono::Utc>>().unwrap();
            assert_eq!(first_minute(at(from)), at(to));
        }
    }
}
