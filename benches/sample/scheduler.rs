//! The program's own client over an embedded store on disk, with the clock of the machine.
//!
//! Does not depend on what is measured.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use embedded::{Service, Store};
use tickler::aws::{Scheduler, SdkClock};
use tickler::cli::local_context;
use tickler::context::{AwsSettings, RetryPolicy};
use tickler::memo::Memo;
use tickler::runtime::clock::{Clock as _, SystemClock};
use tickler::schedule::{Change, ChangeOutcome};

/// The client that the program uses, over this store.
pub fn client(store: &Store) -> Scheduler {
    let service = Service::new(store.clone(), Arc::new(|| SystemClock.now()));
    let context = local_context(AwsSettings::DEFAULT_GROUP.to_owned(), RetryPolicy::default(), false);
    Scheduler::local(service.http_client(), context, SdkClock::system())
}

/// Schedules memos in the store at `path`, and closes it. It syncs the file once, at the end, so that the next measurement
/// does not wait for this.
///
/// # Errors
/// When the store cannot be opened or written, or holds one of the memos already.
pub async fn fill(path: &Path, memos: impl Iterator<Item = Memo>) -> Result<(), Box<dyn Error>> {
    let store = Store::open(path)?;
    store.forgo_syncing()?;
    let scheduler = client(&store);
    for memo in memos {
        let id = memo.id;
        if !matches!(scheduler.write(&Change::Create(memo)).await?, ChangeOutcome::Saved(_)) {
            return Err(format!("the store {} holds the memo {id} already", path.display()).into());
        }
    }
    // In this order: opening and closing a file that SQLite has open would lose its locks.
    drop((scheduler, store));
    Ok(File::open(path)?.sync_all()?)
}
