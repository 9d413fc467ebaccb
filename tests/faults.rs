//! A thousand bad networks: no memo is lost or duplicated without a report.
//!
//! Each run creates, edits and cancels a few memos through a network that delays, throttles, breaks, repeats and loses
//! requests, while the list refreshes. Time is virtual, and everything follows from the seed:
//! `TICKLER_FAULT_SEED=7 cargo test --test main faults` repeats run 7.

mod network;
mod program;

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use chrono::TimeDelta;
use embedded::{Service, Store};
use tickler::aws::{Load, Loaded, Loader, Scheduler, SdkClock};
use tickler::failure::Failure;
use tickler::memo::{Memo, MemoId};
use tickler::schedule::{Body, Change, ChangeOutcome, Name};
use tokio::time::Instant;
use when::{Moment, Tz};

use crate::campaign;
use crate::client::{local_context, now};
use network::{Network, Random};

/// The number of changes in a run.
const WRITES: usize = 6;
/// The most memos at once.
const MEMOS: u8 = 3;
/// How often a change is sent before it counts as failed.
const TRIES: u32 = 5;

#[test]
fn no_memo_is_lost_or_duplicated_without_a_report() {
    for_each_seed(campaign::size(250, 4_000), |seed| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(Simulation::new(seed).run());
    });
}

/// Runs this many seeds, or the requested one. A failure names its seed.
fn for_each_seed(runs: u64, run: impl Fn(u64) + Sync) {
    let seeds: Vec<u64> = match std::env::var("TICKLER_FAULT_SEED") {
        Ok(seed) => vec![seed.parse().expect("a seed is a number")],
        Err(_) => (0..runs).collect(),
    };
    let run_one = |seed: u64| {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| run(seed))) {
            eprintln!("Seed {seed} failed: TICKLER_FAULT_SEED={seed} repeats it.");
            std::panic::resume_unwind(panic);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for share in 0..threads {
            let mine = seeds.iter().skip(share).step_by(threads);
            let run_one = &run_one;
            scope.spawn(move || mine.for_each(|seed| run_one(*seed)));
        }
    });
}

/// A clock that follows tokio's virtual time.
#[derive(Debug, Clone, Copy)]
struct VirtualTime(Instant);

impl TimeSource for VirtualTime {
    fn now(&self) -> SystemTime {
        SystemTime::from(now()) + self.0.elapsed()
    }
}

/// What the person knows about one memo.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    /// Certain: no memo, or this one.
    Certain(Option<Memo>),
    /// A change failed, and the person saw it: any of these is possible.
    AnyOf(Vec<Option<Memo>>),
}

impl Known {
    fn possible(&self) -> Vec<Option<Memo>> {
        match self {
            Self::Certain(one) => vec![one.clone()],
            Self::AnyOf(several) => several.clone(),
        }
    }
}

struct Simulation {
    random: RefCell<Random>,
    /// A client behind the bad network.
    client: Scheduler,
    loader: Loader,
    /// A client with a good network: for the actual state, and for changes elsewhere.
    truth: Scheduler,
    known: RefCell<HashMap<MemoId, Known>>,
    /// The rows on the screen.
    view: RefCell<HashMap<Name, Memo>>,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let time = VirtualTime(Instant::now());
        let service = Service::new(Store::in_memory().unwrap(), Arc::new(move || time.now().into()));
        let clock =
            SdkClock { time_source: SharedTimeSource::new(time), sleep_impl: SharedAsyncSleep::new(TokioSleep::new()) };
        let percent = [10, 30, 60][usize::try_from(random.below(3)).unwrap()];
        let network = Network::new(service.clone(), Random::new(!seed), percent);
        let client = Scheduler::local(network.http_client(), local_context(), clock.clone());
        Self {
            random: RefCell::new(random),
            loader: client.loader(),
            client,
            truth: Scheduler::local(service.http_client(), local_context(), clock),
            known: RefCell::default(),
            view: RefCell::default(),
        }
    }

    async fn run(self) {
        tokio::join!(self.writes(), self.refreshes());
        // A successful refresh shows the actual state, whatever was lost before.
        self.refresh().await;
        let mut shown: Vec<Memo> = self.view.borrow().values().cloned().collect();
        let mut there = self.everything().await;
        shown.sort_by_key(|memo| memo.id);
        there.sort_by_key(|memo| memo.id);
        assert_eq!(shown, there, "the screen shows the actual state");
        for memo in &there {
            assert!(self.known.borrow().contains_key(&memo.id), "unexpected {memo:?}");
        }
        for (id, known) in self.known.take() {
            let actual = there.iter().find(|memo| memo.id == id).cloned();
            assert!(known.possible().contains(&actual), "the state is {actual:?}, but the person knows {known:?}");
        }
    }

    fn random(&self, bound: u64) -> u64 {
        self.random.borrow_mut().below(bound)
    }

    async fn writes(&self) {
        for number in 0..WRITES {
            let pause = self.random(3000);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            let id = MemoId::from_random([u8::try_from(self.random(u64::from(MEMOS))).unwrap(); 16]);
            let there = self.known_memo(id).await;
            let text = format!("version {number}");
            let due = Moment::at(
                now() + TimeDelta::days(1) + TimeDelta::minutes(i64::try_from(number).unwrap()),
                Tz::Europe__Paris,
            );
            let after = Memo { id, text, due };
            match (there, self.random(10)) {
                (None, _) => self.write(Change::Create(after)).await,
                (Some(there), 0..4) => self.write(Change::Cancel(there)).await,
                (Some(there), 4) => self.change_elsewhere(there, after).await,
                (Some(before), _) => self.write(Change::Update { before, after }).await,
            }
        }
    }

    /// What the person knows. After a failure, they look at the actual state.
    async fn known_memo(&self, id: MemoId) -> Option<Memo> {
        let known = self.known.borrow().get(&id).cloned().unwrap_or(Known::Certain(None));
        match known {
            Known::Certain(memo) => {
                assert_eq!(
                    self.view.borrow().get(&*id.to_string()),
                    memo.as_ref(),
                    "the screen shows what the person knows"
                );
                memo
            }
            Known::AnyOf(several) => {
                let actual = self.actual(id).await;
                assert!(
                    several.contains(&actual),
                    "the state is {actual:?}, but the person expects one of {several:?}"
                );
                self.show(id, actual.clone());
                actual
            }
        }
    }

    /// Makes a change as tickler does: retries while the failure may pass, then reports it.
    async fn write(&self, write: Change) {
        let id: MemoId = write.name().parse().unwrap();
        let mut pause = Duration::from_secs(1);
        let mut outcome = self.client.write(&write).await;
        for _ in 1..TRIES {
            match &outcome {
                Err(failure) if failure.kind.may_pass() => tokio::time::sleep(pause).await,
                _ => break,
            }
            pause *= 2;
            outcome = self.client.write(&write).await;
        }
        let wanted = match &write {
            Change::Create(memo) | Change::Update { after: memo, .. } => Some(memo.clone()),
            Change::Cancel(_) | Change::CancelForeign(_) => None,
        };
        match outcome {
            Ok(ChangeOutcome::Saved(_)) => self.show(id, wanted),
            Ok(ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone) => self.show(id, None),
            Ok(ChangeOutcome::Differs(there)) => self.show(id, there.memo().cloned()),
            Err(failure) => {
                assert!(failure.kind.may_pass(), "no fault is final: {failure}");
                let mut possible = self.known.borrow().get(&id).map_or(vec![None], Known::possible);
                possible.push(wanted);
                self.known.borrow_mut().insert(id, Known::AnyOf(possible));
            }
        }
    }

    /// The memo is changed elsewhere; the client's next change must not undo that.
    async fn change_elsewhere(&self, before: Memo, theirs: Memo) {
        let change = Change::Update { before: before.clone(), after: theirs.clone() };
        assert!(matches!(self.truth.write(&change).await, Ok(ChangeOutcome::Saved(_))));
        let id = theirs.id;
        self.known.borrow_mut().insert(id, Known::AnyOf(vec![Some(theirs.clone())]));
        let mine = Memo { text: "mine".to_owned(), ..before.clone() };
        if let Ok(written) = self.client.write(&Change::Update { before, after: mine }).await {
            let ChangeOutcome::Differs(there) = written else { panic!("{theirs:?} was overwritten: {written:?}") };
            assert_eq!(there.memo(), Some(&theirs));
            self.show(id, Some(theirs));
        }
    }

    /// The person sees the current state, and the loader notes it.
    fn show(&self, id: MemoId, memo: Option<Memo>) {
        let name: Name = id.to_string().into();
        if let Some(memo) = &memo {
            self.loader.wrote(&name, now());
            self.view.borrow_mut().insert(name, memo.clone());
        } else {
            self.loader.forgot(&name);
            self.view.borrow_mut().remove(&name);
        }
        self.known.borrow_mut().insert(id, Known::Certain(memo));
    }

    async fn refreshes(&self) {
        for _ in 0..2 {
            let pause = self.random(4000);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            self.refresh().await;
        }
    }

    /// Refreshes until it succeeds.
    async fn refresh(&self) {
        loop {
            match self.refresh_once().await {
                Ok(_) => return,
                Err(failure) => assert!(failure.kind.may_pass(), "no fault is final: {failure}"),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn refresh_once(&self) -> Result<Loaded, Failure> {
        let refresh = self.loader.refresh(&[], |load| {
            if let Load::Rows(rows) = load {
                for row in rows {
                    let Body::Memo(memo) = row.body else { panic!("unexpected {row:?}") };
                    self.view.borrow_mut().insert(row.name, memo);
                }
            }
        });
        let loaded = refresh.await?;
        for name in &loaded.gone {
            self.view.borrow_mut().remove(name);
        }
        Ok(loaded)
    }

    async fn actual(&self, id: MemoId) -> Option<Memo> {
        self.truth.get(&id.to_string().into()).await.unwrap()?.memo().cloned()
    }

    /// All memos.
    async fn everything(&self) -> Vec<Memo> {
        let mut there = Vec::new();
        let all = self.truth.loader();
        let keep = |load| {
            if let Load::Rows(rows) = load {
                there.extend(rows.iter().map(|row| row.memo().unwrap().clone()));
            }
        };
        all.refresh(&[], keep).await.unwrap();
        there
    }
}
