//! How long reading 10,000 memos takes: for the first time, again without changes, and from the cache.

#![expect(clippy::expect_used, reason = "a benchmark whose setup fails must stop")]

#[path = "sample/memos.rs"]
mod memos;
#[path = "sample/scheduler.rs"]
mod scheduler;

use std::path::Path;

use chrono::TimeDelta;
use criterion::{BatchSize, Criterion};
use embedded::Store;
use memos::memos;
use tickler::aws::{Load, Loaded, Loader};
use tickler::runtime::clock::{Clock as _, SystemClock};
use tickler::schedule::{Name, Schedule};
use tickler::state::State;
use tokio::runtime::Runtime;

const MANY: u32 = 10_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args().without_plots().sample_size(10);
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory under target");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let path = directory.path().join("memos.db");
    let year = memos(0..MANY, SystemClock.now() + TimeDelta::days(1), TimeDelta::minutes(52));
    runtime.block_on(scheduler::fill(&path, year)).expect("a store with memos");
    let store = Store::open(&path).expect("the store that was filled");
    let rows = refreshing(&mut criterion, &runtime, &store);
    reading_the_cache(&mut criterion, directory.path(), &store, &rows);
    criterion.final_summary();
}

/// Reads through the client and its connector, as the program does; returns the schedules.
fn refreshing(criterion: &mut Criterion, runtime: &Runtime, store: &Store) -> Vec<Schedule> {
    let scheduler = scheduler::client(store);
    criterion.bench_function("10,000 memos read for the first time", |bencher| {
        bencher.iter_batched(
            || scheduler.loader(),
            |loader| {
                let (loaded, rows) = runtime.block_on(refresh(&loader));
                assert_eq!(loaded.changed, MANY as usize);
                (loader, rows)
            },
            BatchSize::PerIteration,
        );
    });
    let (_, rows) = runtime.block_on(refresh(&scheduler.loader()));
    let known = || rows.iter().map(|row| (Name::clone(&row.name), row.modified));
    criterion.bench_function("10,000 memos read again, none changed", |bencher| {
        bencher.iter_batched(
            || {
                let loader = scheduler.loader();
                loader.seed(known());
                loader
            },
            |loader| {
                let (loaded, _) = runtime.block_on(refresh(&loader));
                assert_eq!(loaded.changed, 0);
                loader
            },
            BatchSize::PerIteration,
        );
    });
    rows
}

async fn refresh(loader: &Loader) -> (Loaded, Vec<Schedule>) {
    let mut rows = Vec::new();
    let collect = |load| {
        if let Load::Rows(more) = load {
            rows.extend(more);
        }
    };
    let whole = loader.refresh(&[], collect).await.expect("a store that can be read");
    assert_eq!(whole.total, MANY as usize);
    (whole, rows)
}

/// Reads the cache in `state.db`, which the next start shows first.
fn reading_the_cache(criterion: &mut Criterion, directory: &Path, store: &Store, rows: &[Schedule]) {
    let state = State::open(&directory.join("state")).expect("a state of the program");
    let context = scheduler::client(store).context().id.clone();
    state.cache(&context, rows, &[], Some(SystemClock.now())).expect("room on the disk");
    criterion.bench_function("10,000 memos as they were left", |bencher| {
        bencher.iter_with_large_drop(|| {
            let cached = state.cached(&context).expect("a state that can be read");
            assert_eq!(cached.rows.len(), rows.len());
            cached
        });
    });
}
