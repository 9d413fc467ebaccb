//! Fills a store with memos, to look at tickler, or measure it, with many of them.
//!
//! ```sh
//! cargo run --release --example seed -- /tmp/many 10000
//! XDG_DATA_HOME=/tmp/many XDG_STATE_HOME=/tmp/many tickler
//! ```
//!
//! The memos are the same every time. They are due from this time tomorrow on, spread over a year, so that no countdown
//! shows seconds. `--due-within-an-hour` adds some that do.

#[path = "../benches/sample/memos.rs"]
mod memos;
#[path = "../benches/sample/scheduler.rs"]
mod scheduler;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DurationRound as _, TimeDelta};
use clap::Parser;
use memos::memos;
use tickler::runtime::clock::{Clock as _, SystemClock};

/// Fills a store with memos
#[derive(Debug, Parser)]
struct Arguments {
    /// How many of the memos are due within an hour
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1000))]
    due_within_an_hour: u32,
    /// The directory for the store. Set `XDG_DATA_HOME` to it for tickler
    #[arg(value_name = "DIR")]
    data_home: PathBuf,
    /// How many memos to create
    count: u32,
}

fn main() -> ExitCode {
    match seed(&Arguments::parse()) {
        Ok(done) => {
            println!("{done}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("seed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Fills the store. Returns a sentence about it.
fn seed(arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let Arguments { due_within_an_hour: soon, data_home, count } = arguments;
    if soon > count {
        return Err(format!("{soon} of {count} memos cannot be due within an hour: ask for fewer").into());
    }
    let path = data_home.join("tickler/memos.db");
    if path.try_exists()? {
        return Err(format!("there is already a store at {}: choose another directory", path.display()).into());
    }
    let now = SystemClock.now();
    // Both ends of the hour stay free, so a single memo is due in the middle.
    let step = TimeDelta::seconds(3600 / (i64::from(*soon) + 1));
    let first = memos(0..*soon, now + step, step);
    // Due at whole minutes, like the memos of a person.
    let minute = TimeDelta::minutes(1);
    let step = TimeDelta::minutes(365 * 24 * 60 / i64::from((*count - *soon).max(1))).max(minute);
    let rest = memos(*soon..*count, now.duration_trunc(minute)? + TimeDelta::days(1), step);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(scheduler::fill(&path, first.chain(rest)))?;
    Ok(format!("{count} memos are in {}, {soon} of them due within the hour.", path.display()))
}
