//! Measures how late the engine of the embedded scheduler delivers, on this machine's clock and a disk of your choice.
//!
//! ```sh
//! cargo run --release --example lateness -- target/lateness
//! ```
//!
//! Schedules are due at whole seconds, so a hundred single memos take a hundred seconds. After that a thousand memos are
//! due in the same second. The lateness is the time from the due second until the engine reports the delivery, when its
//! line of the log is on the disk.
//!
//! No lateness is a failure. A memo that is delivered early, twice or never is.

#[path = "../benches/sample/memos.rs"]
mod memos;
#[path = "../benches/sample/scheduler.rs"]
mod scheduler;

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use embedded::{Engine, Store};
use memos::memos;
use tickler::memo::Memo;
use tickler::runtime::clock::{Clock as _, SystemClock};
use tickler::schedule::Receipt;
use tokio::sync::mpsc::unbounded_channel;

/// Measures how late the embedded scheduler delivers
#[derive(Debug, Parser)]
struct Arguments {
    /// A directory on the disk to measure. Temporary files in it are deleted
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// How many memos are due one at a time, a second apart
    #[arg(long, value_name = "N", default_value_t = 100)]
    single: u32,
    /// How many memos are due in the same second
    #[arg(long, value_name = "N", default_value_t = 1000)]
    together: u32,
}

/// How much time filling the store gets before the first memo is due.
const FILL_TIME: TimeDelta = TimeDelta::seconds(5);

/// How long to wait for deliveries after the last memo is due.
const TIMEOUT: TimeDelta = TimeDelta::seconds(30);

fn main() -> ExitCode {
    match measure(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lateness: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(&arguments.directory)?;
    // As in the program, the engine shares one thread with the scheduler.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    println!("{:<18} {:>6} {:>10} {:>10} {:>10}", "milliseconds late", "memos", "p50", "p99", "most");
    for (how, count, step) in [
        ("one at a time", arguments.single, TimeDelta::seconds(1)),
        ("in one second", arguments.together, TimeDelta::zero()),
    ] {
        let directory = tempfile::tempdir_in(&arguments.directory)?;
        let due = SystemClock.now() + FILL_TIME;
        let memos: Vec<Memo> = memos(0..count, due, step).collect();
        let late = runtime.block_on(deliver(&directory.path().join("memos.db"), &memos))?;
        let [p50, p99, most] = [50, 99, 100].map(|percent| milliseconds(percentile(&late, percent)));
        println!("{how:<18} {count:>6} {p50:>10.2} {p99:>10.2} {most:>10.2}");
    }
    Ok(())
}

/// Runs an engine until all memos are delivered. Returns how late each one was, in ascending order.
async fn deliver(path: &Path, memos: &[Memo]) -> Result<Vec<TimeDelta>, Box<dyn Error>> {
    scheduler::fill(path, memos.iter().cloned()).await?;
    let dues = || memos.iter().map(|memo| memo.due.instant);
    let (Some(first), Some(last)) = (dues().min(), dues().max()) else { return Ok(Vec::new()) };
    if SystemClock.now() >= first {
        return Err("the first memo was due before all were scheduled: build with --release, or ask for fewer".into());
    }
    let store = Store::open(path)?;
    let reported = wait_for_reports(&store, memos.len(), last + TIMEOUT).await?;
    let receipts = scheduler::client(&store).receipts(first - TimeDelta::hours(1), SystemClock.now()).await?;
    check_log(memos, &receipts)?;
    let mut late = memos
        .iter()
        .map(|memo| match reported.get(&memo.id.to_string()) {
            Some(at) if *at >= memo.due.instant => Ok(*at - memo.due.instant),
            Some(at) => Err(format!("“{}” was due at {} and delivered at {at}", memo.text, memo.due.instant).into()),
            None => Err(format!("“{}” was never delivered", memo.text).into()),
        })
        .collect::<Result<Vec<TimeDelta>, Box<dyn Error>>>()?;
    late.sort_unstable();
    Ok(late)
}

/// Runs the engine until it has reported `count` deliveries. Returns the time of each report, by the id of the memo.
async fn wait_for_reports(
    store: &Store,
    count: usize,
    until: DateTime<Utc>,
) -> Result<HashMap<String, DateTime<Utc>>, Box<dyn Error>> {
    let (sender, mut receiver) = unbounded_channel();
    let sink = move |fired| {
        // The receiver is gone after the last report.
        let _ = sender.send((SystemClock.now(), fired));
    };
    let sleep_until = |at| async move { SystemClock.sleep_until(at).await };
    let engine = Engine::new(store.clone()).run(Arc::new(|| SystemClock.now()), sleep_until, sink);
    let listen = async {
        let mut reported = HashMap::new();
        while reported.len() < count
            && let Some((at, fired)) = receiver.recv().await
        {
            let deliveries: Vec<embedded::Delivery> = fired?;
            reported.extend(deliveries.into_iter().filter_map(|delivery| Some((delivery.log.id?, at))));
        }
        Ok::<_, embedded::StoreError>(reported)
    };
    let left = (until - SystemClock.now()).to_std().unwrap_or(Duration::ZERO);
    tokio::select! {
        () = engine => Err("the engine stopped".into()),
        reported = tokio::time::timeout(left, listen) => match reported {
            Ok(reported) => Ok(reported?),
            Err(_) => Err(format!("not all of the {count} memos were delivered by {until}").into()),
        },
    }
}

/// Checks that the log has each memo once, with its scheduled time, and none delivered early.
fn check_log(memos: &[Memo], receipts: &[Receipt]) -> Result<(), String> {
    let mut missing: HashMap<_, _> = memos.iter().map(|memo| (memo.delivery(), memo)).collect();
    for receipt in receipts {
        let memo = receipt.delivery().and_then(|delivery| missing.remove(&delivery));
        let memo = memo.ok_or_else(|| format!("“{}” was delivered twice, or for another time", receipt.text))?;
        if receipt.at < memo.due.instant {
            return Err(format!("“{}” was delivered early, at {}", memo.text, receipt.at));
        }
    }
    match missing.values().next() {
        Some(memo) => Err(format!("{} memos are not in the log; one of them is “{}”", missing.len(), memo.text)),
        None => Ok(()),
    }
}

/// The smallest value that `percent` of the values do not exceed.
fn percentile(sorted: &[TimeDelta], percent: usize) -> TimeDelta {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

fn milliseconds(late: TimeDelta) -> f64 {
    late.as_seconds_f64() * 1000.0
}
