//! What durability costs: scheduling a memo, compared with a bare transaction on the same disk, and delivering a thousand
//! memos at once.
//!
//! The files are under `target`, on a real disk, so that a sync costs what it costs the program.

#![expect(clippy::expect_used, reason = "a benchmark whose setup fails must stop")]

#[path = "sample/memos.rs"]
mod memos;
#[path = "sample/scheduler.rs"]
mod scheduler;

use std::path::Path;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use chrono::TimeDelta;
use criterion::{BatchSize, Criterion, Throughput};
use embedded::{Engine, Service, Store};
use memos::memos;
use rusqlite::Connection;
use tempfile::TempDir;
use tickler::aws::{Encoded, encode};
use tickler::memo::Memo;
use tickler::runtime::clock::{Clock as _, SystemClock};
use tickler::schedule::{Change, ChangeOutcome};
use tokio::runtime::Runtime;

const AT_ONCE: u32 = 1000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args().without_plots();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    creating(&mut criterion, &runtime);
    firing(&mut criterion, &runtime);
    criterion.final_summary();
}

/// Each inserts one row into a file that every commit syncs: a bare insert, the embedded service alone, and the service
/// with the client.
fn creating(criterion: &mut Criterion, runtime: &Runtime) {
    let directory = directory();
    let mut group = criterion.benchmark_group("durable");
    group.throughput(Throughput::Elements(1));

    let raw = raw_table(&directory.path().join("raw.db"));
    let mut memos = some_memos();
    group.bench_function("a transaction of one row", |bencher| {
        bencher.iter_batched(|| encode(&next(&mut memos)), |row| insert(&raw, &row), BatchSize::SmallInput);
    });

    let answering = Store::open(&directory.path().join("answering.db")).expect("a store");
    let service = Service::new(answering, Arc::new(|| SystemClock.now()));
    let mut memos = some_memos();
    group.bench_function("a CreateSchedule answered", |bencher| {
        bencher.iter_batched(
            || create_schedule(&next(&mut memos)),
            |request| {
                let response = runtime.block_on(service.call(request)).expect("a response");
                assert!(response.status().is_success(), "the memo is a new one");
            },
            BatchSize::SmallInput,
        );
    });

    let store = Store::open(&directory.path().join("memos.db")).expect("a store");
    let scheduler = scheduler::client(&store);
    let mut memos = some_memos();
    group.bench_function("a memo scheduled", |bencher| {
        bencher.iter_batched(
            || Change::Create(next(&mut memos)),
            |write| {
                let written = runtime.block_on(scheduler.write(&write)).expect("a store that can be written");
                assert!(matches!(written, ChangeOutcome::Saved(_)), "the memo is a new one");
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

/// Delivers memos that are due at the same second, until the log on the disk has them all.
fn firing(criterion: &mut Criterion, runtime: &Runtime) {
    let mut group = criterion.benchmark_group("delivered");
    group.sample_size(10).throughput(Throughput::Elements(AT_ONCE.into()));
    let due = SystemClock.now() + TimeDelta::days(1);
    group.bench_function("1,000 memos due at one second", |bencher| {
        bencher.iter_batched(
            || {
                let directory = directory();
                let path = directory.path().join("memos.db");
                let memos = memos(0..AT_ONCE, due, TimeDelta::zero());
                runtime.block_on(scheduler::fill(&path, memos)).expect("a store with memos");
                (Engine::new(Store::open(&path).expect("the store that was filled")), directory)
            },
            |(engine, directory)| {
                let fired = engine.fire(due).expect("a store that can be written");
                assert_eq!(fired.deliveries.len(), AT_ONCE as usize);
                // Returned, so that the time does not include dropping them.
                (engine, directory)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// The request as the SDK sends it, without the signature, which the service ignores.
fn create_schedule(memo: &Memo) -> HttpRequest {
    let encoded = encode(memo);
    let body = serde_json::json!({
        "ActionAfterCompletion": "DELETE",
        "Description": encoded.description,
        "FlexibleTimeWindow": { "Mode": "OFF" },
        "GroupName": "default",
        "ScheduleExpression": encoded.expression,
        "ScheduleExpressionTimezone": encoded.zone,
        "Target": {
            "Arn": embedded::EXECUTE_MEMO_ARN,
            "Input": encoded.input,
            "RetryPolicy": { "MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 30 },
            "RoleArn": embedded::ROLE_ARN,
        },
    });
    let mut request = HttpRequest::new(SdkBody::from(body.to_string()));
    request.set_method("POST").expect("a method");
    request.set_uri(format!("https://scheduler/schedules/{}", encoded.name)).expect("an address");
    request
}

fn directory() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory under target")
}

fn some_memos() -> impl Iterator<Item = Memo> {
    memos(0..u32::MAX, SystemClock.now() + TimeDelta::days(1), TimeDelta::minutes(1))
}

fn next(memos: &mut impl Iterator<Item = Memo>) -> Memo {
    memos.next().expect("four thousand million are enough")
}

/// A minimal table that finds a row by its name, with the pragmas of the store.
fn raw_table(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("a database");
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             CREATE TABLE memos (name TEXT PRIMARY KEY, input TEXT NOT NULL) STRICT, WITHOUT ROWID;",
        )
        .expect("a table");
    connection
}

/// Inserts a row: a statement outside a transaction is a transaction of its own.
fn insert(connection: &Connection, row: &Encoded) {
    connection
        .prepare_cached("INSERT INTO memos (name, input) VALUES (?1, ?2)")
        .and_then(|mut insert| insert.execute((&row.name, &row.input)))
        .expect("a new name, and room on the disk");
}
