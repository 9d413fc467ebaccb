//! The client against an independent EventBridge Scheduler: moto's server, on a free port of this machine.
//!
//! moto stores schedules but never fires them. These tests work around its differences from AWS: it validates almost
//! nothing, an unknown group is a different error, and an updated schedule has no state.

mod server;

use std::collections::HashSet;

use chrono::TimeDelta;
use tickler::aws::{Load, Scheduler, SdkClock};
use tickler::context::{Access, AwsSettings};
use tickler::failure::FailureKind;
use tickler::memo::{Memo, MemoId};
use tickler::schedule::{Body, Change, ChangeOutcome, Detail};

use crate::client::{memo, now};
use crate::wire::profiles::machine;
pub use server::Server;

/// moto's page size, whatever the request says.
const PAGE: u8 = 50;

/// A client over plain HTTP. The account is the one that moto's STS returns.
async fn connected(server: &Server) -> Scheduler {
    let keys = "[profile moto]\naws_access_key_id = moto\naws_secret_access_key = moto\n";
    let settings = AwsSettings {
        access: Access {
            profile: Some("moto".to_owned()),
            region: Some("eu-west-1".to_owned()),
            endpoint_url: Some(server.url()),
        },
        // moto fails with status 500 for an unknown group, so this uses the default one.
        group: "default".to_owned(),
        ..AwsSettings::new(
            "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo".parse().unwrap(),
            "arn:aws:iam::123456789012:role/tickler".parse().unwrap(),
        )
    };
    let machine = machine(keys, tickler::aws::Machine::own().http_client);
    Scheduler::connect_from(&machine, &settings, SdkClock::system()).await.unwrap()
}

#[tokio::test]
async fn one_memo_from_its_creation_to_its_end() {
    let server = Server::start();
    let scheduler = connected(&server).await;
    assert_eq!(scheduler.context().id.as_str(), "aws/123456789012/eu-west-1/default");

    let before = memo(1, "call mum <aws.scheduler.attempt-number>\nabout the train \u{1f686}", 200);
    let name = before.id.to_string().into();
    assert_eq!(scheduler.get(&name).await.unwrap(), None);
    assert!(matches!(scheduler.write(&Change::Create(before.clone())).await.unwrap(), ChangeOutcome::Saved(_)));
    let there = scheduler.get(&name).await.unwrap().unwrap();
    assert_eq!(there.body, Body::Memo(before.clone()));
    assert!(there.enabled);
    let details = scheduler.details(&name).await.unwrap().unwrap();
    assert!(details.0.contains(&("Zone".to_owned(), Detail::Text("Europe/Paris".to_owned()))));
    assert!(details.0.contains(&("Retries".to_owned(), Detail::Text("at most 30, for at most 3600 s".to_owned()))));

    let after = memo(1, "call dad", 400);
    let update = Change::Update { before: before.clone(), after: after.clone() };
    assert!(matches!(scheduler.write(&update).await.unwrap(), ChangeOutcome::Saved(_)));
    assert_eq!(scheduler.get(&name).await.unwrap().unwrap().memo(), Some(&after));

    assert_eq!(scheduler.write(&Change::Cancel(after.clone())).await.unwrap(), ChangeOutcome::Cancelled);
    assert_eq!(scheduler.get(&name).await.unwrap(), None);
    assert_eq!(scheduler.write(&Change::Cancel(after.clone())).await.unwrap(), ChangeOutcome::AlreadyGone);
    let update = Change::Update { before: after, after: before };
    assert_eq!(scheduler.write(&update).await.unwrap(), ChangeOutcome::AlreadyGone);
}

#[tokio::test]
async fn a_conflict_is_settled_by_the_schedule_that_exists() {
    let server = Server::start();
    let scheduler = connected(&server).await;
    let there = memo(1, "tea", 3);
    scheduler.write(&Change::Create(there.clone())).await.unwrap();
    assert!(
        matches!(scheduler.write(&Change::Create(there.clone())).await.unwrap(), ChangeOutcome::Saved(_)),
        "the same again"
    );

    let other = memo(1, "coffee", 3);
    let ChangeOutcome::Differs(other_one) = scheduler.write(&Change::Create(other.clone())).await.unwrap() else {
        panic!("another memo stands there");
    };
    assert_eq!(other_one.memo(), Some(&there));
    let stale = Change::Update { before: other, after: memo(1, "soup", 5) };
    assert!(matches!(scheduler.write(&stale).await.unwrap(), ChangeOutcome::Differs(_)));
    assert_eq!(scheduler.get(&there.id.to_string().into()).await.unwrap().unwrap().memo(), Some(&there));
}

#[tokio::test]
async fn a_list_over_several_pages() {
    let server = Server::start();
    let scheduler = connected(&server).await;
    let memos: Vec<Memo> =
        (0..2 * PAGE + 20).map(|number| memo(number, &format!("memo {number}"), i64::from(number) + 1)).collect();
    for memo in &memos {
        scheduler.write(&Change::Create(memo.clone())).await.unwrap();
    }
    let loader = scheduler.loader();
    let mut read = Vec::new();
    let mut keep = |load| {
        if let Load::Rows(rows) = load {
            read.extend(rows.iter().filter_map(|row| row.memo().cloned()));
        }
    };
    let found = loader.refresh(&[], &mut keep).await.unwrap();
    assert_eq!((found.total, found.changed), (memos.len(), memos.len()));
    let found = loader.refresh(&[], &mut keep).await.unwrap();
    assert_eq!((found.total, found.changed), (memos.len(), 0), "nothing changed");
    let texts = |memos: &[Memo]| memos.iter().map(|memo| memo.text.clone()).collect::<HashSet<_>>();
    assert_eq!(texts(&read), texts(&memos));
    assert_eq!(read.len(), memos.len(), "each once");

    scheduler.write(&Change::Cancel(memos[3].clone())).await.unwrap();
    let found = loader.refresh(&[], |_| ()).await.unwrap();
    assert_eq!(found.gone, [memos[3].id.to_string().into()]);
}

#[tokio::test]
async fn a_missing_log_and_a_missing_function() {
    let server = Server::start();
    let scheduler = connected(&server).await;
    let failure = scheduler.receipts(now() - TimeDelta::hours(1), now()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::NotFound);
    let failure = scheduler.run_now(&Memo { id: MemoId::from_random([9; 16]), ..memo(9, "tea", 3) }).await;
    assert_eq!(failure.unwrap_err().kind, FailureKind::NotFound);
}

#[tokio::test]
async fn a_server_that_is_gone_is_offline() {
    let server = Server::start();
    let scheduler = connected(&server).await;
    drop(server);
    let failure = scheduler.write(&Change::Create(memo(1, "tea", 3))).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Offline, "{failure}");
}
