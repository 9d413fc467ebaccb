//! How late the embedded engine delivers, by the clock of the machine and on a disk of yours.
//!
//! ```sh
//! cargo run --release --example lateness -- target/lateness
//! ```
//!
//! Schedules fall due at whole seconds, so a hundred single memos take a hundred seconds; then a thousand fall due at
//! one second. What is measured is the time from the due second until the host hears of a delivery, which is when its
//! line of the log is on the disk.
//!
//! No figure makes it fail. A memo that comes early, twice, or not at all does.

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

/// Measures how late the embedded engine delivers
#[derive(Debug, Parser)]
struct Arguments {
    /// A directory on the disk to measure on; what is put there is taken away again
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// How many memos come due one at a time, a second apart
    #[arg(long, value_name = "N", default_value_t = 100)]
    single: u32,
    /// How many memos come due at one second
    #[arg(long, value_name = "N", default_value_t = 1000)]
    together: u32,
}

/// How long before the first memo is due the store is begun to be filled.
const AHEAD: TimeDelta = TimeDelta::seconds(5);

/// How long after the last memo is due those that have not come are given up.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);

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
    // As the program has it: the engine shares its thread with everything else that concerns the service.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    println!("{:<18} {:>6} {:>10} {:>10} {:>10}", "milliseconds late", "memos", "p50", "p99", "most");
    for (how, count, step) in [
        ("one at a time", arguments.single, TimeDelta::seconds(1)),
        ("at one second", arguments.together, TimeDelta::zero()),
    ] {
        let directory = tempfile::tempdir_in(&arguments.directory)?;
        let due = SystemClock.now() + AHEAD;
        let memos: Vec<Memo> = memos(0..count, due, step).collect();
        let late = runtime.block_on(deliver(&directory.path().join("memos.db"), &memos))?;
        let [p50, p99, most] = [50, 99, 100].map(|percent| milliseconds(percentile(&late, percent)));
        println!("{how:<18} {count:>6} {p50:>10.2} {p99:>10.2} {most:>10.2}");
    }
    Ok(())
}

/// Runs an engine over these memos until all were delivered; answers how late each was, the least first.
async fn deliver(path: &Path, memos: &[Memo]) -> Result<Vec<TimeDelta>, Box<dyn Error>> {
    scheduler::fill(path, memos.iter().cloned()).await?;
    let dues = || memos.iter().map(|memo| memo.due.instant);
    let (Some(first), Some(last)) = (dues().min(), dues().max()) else { return Ok(Vec::new()) };
    if SystemClock.now() >= first {
        return Err("the first memo was due before all were scheduled; build with --release, or ask for fewer".into());
    }
    let store = Store::open(path)?;
    let heard = hear(&store, memos.len(), last + PATIENCE).await?;
    let receipts = scheduler::client(&store).receipts(first - TimeDelta::hours(1), SystemClock.now()).await?;
    prove(memos, &receipts)?;
    let mut late = memos
        .iter()
        .map(|memo| match heard.get(&memo.id.to_string()) {
            Some(at) if *at >= memo.due.instant => Ok(*at - memo.due.instant),
            Some(at) => Err(format!("“{}” was due at {} and was heard at {at}", memo.text, memo.due.instant).into()),
            None => Err(format!("“{}” was never heard", memo.text).into()),
        })
        .collect::<Result<Vec<TimeDelta>, Box<dyn Error>>>()?;
    late.sort_unstable();
    Ok(late)
}

/// Runs the engine until it has told of so many deliveries; answers when it told of each memo, by its id.
async fn hear(
    store: &Store,
    count: usize,
    until: DateTime<Utc>,
) -> Result<HashMap<String, DateTime<Utc>>, Box<dyn Error>> {
    let (tell, mut told) = unbounded_channel();
    let sink = move |fired| {
        // Nobody listens any more once all have come.
        let _ = tell.send((SystemClock.now(), fired));
    };
    let sleep_until = |at| async move { SystemClock.sleep_until(at).await };
    let engine = Engine::new(store.clone()).run(Arc::new(|| SystemClock.now()), sleep_until, sink);
    let listen = async {
        let mut heard = HashMap::new();
        while heard.len() < count
            && let Some((at, fired)) = told.recv().await
        {
            let deliveries: Vec<embedded::Delivery> = fired?;
            heard.extend(deliveries.into_iter().filter_map(|delivery| Some((delivery.log.id?, at))));
        }
        Ok::<_, embedded::StoreError>(heard)
    };
    let left = (until - SystemClock.now()).to_std().unwrap_or(Duration::ZERO);
    tokio::select! {
        () = engine => Err("the engine stopped".into()),
        heard = tokio::time::timeout(left, listen) => match heard {
            Ok(heard) => Ok(heard?),
            Err(_) => Err(format!("not all of the {count} memos were delivered by {until}").into()),
        },
    }
}

/// That the log holds each memo once, for its own time, and none that was delivered before it.
fn prove(memos: &[Memo], receipts: &[Receipt]) -> Result<(), String> {
    let mut waited: HashMap<_, _> = memos.iter().map(|memo| (memo.delivery(), memo)).collect();
    for receipt in receipts {
        let memo = receipt.delivery().and_then(|delivery| waited.remove(&delivery));
        let memo = memo.ok_or_else(|| format!("“{}” was delivered twice, or for another time", receipt.text))?;
        if receipt.at < memo.due.instant {
            return Err(format!("“{}” was delivered early, at {}", memo.text, receipt.at));
        }
    }
    match waited.values().next() {
        Some(memo) => Err(format!("{} memos are not in the log; one of them is “{}”", waited.len(), memo.text)),
        None => Ok(()),
    }
}

/// The least value that so many of a hundred do not exceed.
fn percentile(sorted: &[TimeDelta], percent: usize) -> TimeDelta {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

fn milliseconds(late: TimeDelta) -> f64 {
    late.as_seconds_f64() * 1000.0
}
