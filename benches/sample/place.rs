//! A store on disk with the program's own client in front of it, by the clock of the machine.
//!
//! It must never know what is measured.

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
    let place = local_context(AwsSettings::DEFAULT_GROUP.to_owned(), RetryPolicy::default(), false);
    Scheduler::local(service.http_client(), place, SdkClock::system())
}

/// Schedules memos in the store at `path`, and closes it. The disk is waited for once, at the end, so that whatever is
/// measured next does not wait for this.
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
    // In this order: a file that SQLite has open must not be opened and closed beside it, for its locks would be lost.
    drop((scheduler, store));
    Ok(File::open(path)?.sync_all()?)
}
