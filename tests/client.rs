//! The client against the embedded scheduler: every call, without a network.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use embedded::{Service, Store};
use tickler::aws::{Load, LocalContext, Scheduler, SdkClock};
use tickler::context::{AwsSettings, RetryPolicy};
use tickler::memo::{Memo, MemoId};
use tickler::schedule::{Body, Change, ChangeOutcome};
use when::Moment;

/// The embedded scheduler with a stopped clock, and a client of it.
pub fn scheduler() -> Scheduler {
    let service = Service::new(Store::in_memory().unwrap(), Arc::new(now));
    Scheduler::local(service.http_client(), local_context(), SdkClock::system())
}

pub fn local_context() -> LocalContext {
    tickler::cli::local_context(AwsSettings::DEFAULT_GROUP.to_owned(), RetryPolicy::default(), false)
}

pub fn now() -> DateTime<Utc> {
    "2026-11-23T14:10:00Z".parse().unwrap()
}

pub fn memo(number: u8, text: &str, minutes: i64) -> Memo {
    let due = Moment::at(now() + TimeDelta::minutes(minutes), when::Tz::Europe__Paris);
    Memo { id: MemoId::from_random([number; 16]), text: text.to_owned(), due }
}

#[tokio::test]
async fn a_memo_is_scheduled_read_edited_and_cancelled() {
    let scheduler = scheduler();
    let before = memo(1, "tea <aws.scheduler.attempt-number>\n\u{1f375}", 3);
    let name = before.id.to_string().into();
    assert!(matches!(scheduler.write(&Change::Create(before.clone())).await.unwrap(), ChangeOutcome::Saved(Some(_))));
    let there = scheduler.get(&name).await.unwrap().unwrap();
    assert_eq!(there.body, Body::Memo(before.clone()));

    let after = Memo { text: "coffee".to_owned(), ..memo(1, "", 30) };
    let update = Change::Update { before: before.clone(), after: after.clone() };
    assert!(matches!(scheduler.write(&update).await.unwrap(), ChangeOutcome::Saved(_)));
    assert_eq!(scheduler.get(&name).await.unwrap().unwrap().memo(), Some(&after));
    assert!(matches!(scheduler.write(&update).await.unwrap(), ChangeOutcome::Saved(_)), "the same change again");
    let stale = Change::Update { before, after: memo(1, "other", 5) };
    assert!(matches!(scheduler.write(&stale).await.unwrap(), ChangeOutcome::Differs(_)));

    assert_eq!(scheduler.write(&Change::Cancel(after.clone())).await.unwrap(), ChangeOutcome::Cancelled);
    assert_eq!(scheduler.write(&Change::Cancel(after)).await.unwrap(), ChangeOutcome::AlreadyGone);
    assert_eq!(scheduler.get(&name).await.unwrap(), None);
}

#[tokio::test]
async fn the_receipt_of_a_memo_that_was_run_now_proves_no_scheduled_delivery() {
    let scheduler = scheduler();
    let memo = memo(1, "tea", 3);
    scheduler.write(&Change::Create(memo.clone())).await.unwrap();
    scheduler.run_now(&memo).await.unwrap();
    let receipts = scheduler.receipts(now() - TimeDelta::hours(1), now() + TimeDelta::hours(1)).await.unwrap();
    assert_eq!(receipts.len(), 1);
    assert_eq!((receipts[0].id, receipts[0].text.as_str(), receipts[0].by_hand), (Some(memo.id), "tea", true));
    assert_eq!(receipts[0].scheduled, Some(memo.due.instant), "the history keeps the time for which it was scheduled");
    assert_eq!(receipts[0].delivery(), None);
}

#[tokio::test]
async fn a_refresh_reads_everything_and_then_only_changes() {
    let scheduler = scheduler();
    for number in 0..=250 {
        scheduler.write(&Change::Create(memo(number, "tea", i64::from(number) + 1))).await.unwrap();
    }
    let loader = scheduler.loader();
    let mut rows = 0;
    let mut count = |load| {
        if let Load::Rows(batch) = load {
            rows += batch.len();
        }
    };
    let found = loader.refresh(&[], &mut count).await.unwrap();
    assert_eq!((found.total, found.changed, found.gone.len()), (251, 251, 0));
    let found = loader.refresh(&[], &mut count).await.unwrap();
    assert_eq!((found.total, found.changed, found.gone.len()), (251, 0, 0));
    scheduler.write(&Change::Cancel(memo(7, "tea", 8))).await.unwrap();
    scheduler.write(&Change::Create(memo(255, "new", 3))).await.unwrap();
    let found = loader.refresh(&[], &mut count).await.unwrap();
    assert_eq!((found.total, found.changed), (251, 1));
    assert_eq!(found.gone, [memo(7, "", 0).id.to_string().into()]);
    assert_eq!(rows, 252);
}
