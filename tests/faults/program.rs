//! The whole program on a bad network, with a person who does not wait for responses and a machine that loses power: in
//! the end each memo is as the last key made it, exactly once.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource as _};
use chrono::TimeDelta;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use embedded::{Service, Store};
use futures_util::future::LocalBoxFuture;
use tempfile::TempDir;
use tickler::app::context::pending::PendingChange;
use tickler::app::{App, Effect, Msg, Settings};
use tickler::aws::{Load, Scheduler, SdkClock};
use tickler::context::{ContextSettings, RetryPolicy};
use tickler::failure::Failure;
use tickler::memo::Memo;
use tickler::runtime::clock::{Clock as _, ManualClock};
use tickler::runtime::inbox::{Inbox, InboxSender, Incoming};
use tickler::runtime::opener::{Opened, Opener};
use tickler::runtime::worker::Worker;
use tickler::schedule::{Change, Name};
use tokio::task::{JoinSet, LocalSet};
use tokio::time::Instant;

use super::network::{Network, Random};
use super::{VirtualTime, for_each_seed};
use crate::campaign;
use crate::client::{local_context, now};

/// The number of actions in a run.
const KEYS: u64 = 14;
/// The step of virtual time.
const SLICE: Duration = Duration::from_millis(100);

#[test]
fn the_last_key_wins_whatever_fails_or_dies() {
    for_each_seed(campaign::size(50, 800), |seed| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        LocalSet::new().block_on(&runtime, Simulation::new(seed).run());
    });
}

/// Opens the context, behind the bad network.
struct TestOpener {
    network: Network,
    time: VirtualTime,
}

impl TestOpener {
    fn client(&self) -> Scheduler {
        Scheduler::local(self.network.http_client(), local_context(), clock(self.time))
    }
}

fn clock(time: VirtualTime) -> SdkClock {
    SdkClock { time_source: SharedTimeSource::new(time), sleep_impl: SharedAsyncSleep::new(TokioSleep::new()) }
}

impl Opener for TestOpener {
    fn settings(&self) -> Result<Settings, Vec<Failure>> {
        let mut settings = App::new(0, when::Tz::Europe__Paris, (0, 0)).settings;
        settings.contexts = vec!["far".to_owned()];
        settings.chosen.clone_from(&settings.contexts[0]);
        Ok(settings)
    }

    fn context_settings(&self, _: &str) -> Result<ContextSettings, Vec<Failure>> {
        Ok(ContextSettings::local(RetryPolicy::default()))
    }

    fn open<'a>(&'a self, _: Option<&'a str>, _: InboxSender) -> LocalBoxFuture<'a, Result<Opened, Vec<Failure>>> {
        Box::pin(async {
            Ok(Opened { scheduler: self.client(), local: false, work: JoinSet::new(), is_lost: Box::new(|| false) })
        })
    }
}

/// A running program.
struct Program {
    app: App,
    worker: Rc<Worker>,
    inbox: Inbox,
    tasks: JoinSet<()>,
}

struct Simulation {
    random: Random,
    service: Service,
    network: Network,
    time: VirtualTime,
    clock: ManualClock,
    dir: TempDir,
    /// What the person wants: each memo as it should be, or no memo.
    wanted: BTreeMap<Name, Option<Memo>>,
    memos: u64,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let time = VirtualTime(Instant::now());
        let service = Service::new(Store::in_memory().unwrap(), Arc::new(move || time.now().into()));
        let percent = [10, 30, 60][usize::try_from(random.below(3)).unwrap()];
        Self {
            network: Network::new(service.clone(), Random::new(!seed), percent),
            random,
            service,
            time,
            clock: ManualClock::new(now()),
            dir: tempfile::tempdir().unwrap(),
            wanted: BTreeMap::new(),
            memos: 0,
        }
    }

    async fn run(mut self) {
        let mut program = self.start().await;
        for _ in 0..KEYS {
            let pause = Duration::from_millis(self.random.below(2500));
            self.wait(&mut program, pause).await;
            if self.random.chance(15) {
                // Power failure: requests on their way take effect, or do not.
                drop(program);
                program = self.start().await;
            }
            self.press(&mut program);
        }
        self.network.mend();
        for _ in 0..40 {
            if program.app.unsent() == 0 {
                break;
            }
            self.wait(&mut program, Duration::from_secs(10)).await;
        }
        assert_eq!(program.app.unsent(), 0, "every change is confirmed");
        let wanted: HashMap<Name, Memo> =
            self.wanted.iter().filter_map(|(name, memo)| Some((Name::clone(name), memo.clone()?))).collect();
        let there = self.everything().await;
        let lines = |memos: &HashMap<Name, Memo>| {
            let mut lines: Vec<String> =
                memos.values().map(|memo| format!("{} {}", memo.text, memo.due.instant)).collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(&there), lines(&wanted));
    }

    async fn start(&mut self) -> Program {
        let (sender, inbox) = Inbox::new();
        let opener = TestOpener { network: self.network.clone(), time: self.time };
        let state = self.dir.path().join("state");
        let worker = Worker::new(Box::new(opener), state, Arc::new(self.clock.clone()), sender, Box::new(|_, _| {}));
        let seed = u128::from(self.random.below(u64::MAX));
        let app = App::new(seed, when::Tz::Europe__Paris, (100, 30));
        let mut program = Program { app, worker: Rc::new(worker), inbox, tasks: JoinSet::new() };
        program.perform(App::start());
        self.wait(&mut program, SLICE).await;
        program
    }

    /// Lets time pass, and delivers what arrives meanwhile.
    async fn wait(&self, program: &mut Program, time: Duration) {
        let until = Instant::now() + time;
        loop {
            tokio::time::sleep(SLICE).await;
            self.clock.set(now() + TimeDelta::from_std(self.time.0.elapsed()).unwrap());
            program.handle_messages(&self.clock);
            if Instant::now() >= until {
                return;
            }
        }
    }

    fn press(&mut self, program: &mut Program) {
        let (at, before) = (&self.clock, program.wanted());
        // With no pending memos, the form has the focus.
        program.press_key(at, KeyCode::Esc, KeyModifiers::NONE);
        match self.random.below(12) {
            0..3 if self.memos < 4 => {
                self.memos += 1;
                program.press_key(at, KeyCode::Char('a'), KeyModifiers::NONE);
                program.send(at, Msg::Paste(format!("memo {} tomorrow 9:00", self.memos)));
                program.press_key(at, KeyCode::Char('s'), KeyModifiers::CONTROL);
            }
            0..5 => program.type_keys(at, "x"),
            5 | 6 => program.type_keys(at, "u"),
            7 => program.type_keys(at, "U"),
            8 => program.type_keys(at, "j"),
            9 => program.type_keys(at, "k"),
            10 => program.type_keys(at, "xu"),
            // Answers a question, if there is one; otherwise 1 shows the view that is shown already.
            _ => program.type_keys(at, "s1"),
        }
        // Only the changes of this key: other pending changes are not what the person wants.
        for (name, wanted) in program.wanted() {
            if before.get(&name) != Some(&wanted) {
                self.wanted.insert(name, wanted);
            }
        }
    }

    /// The actual state.
    async fn everything(&self) -> HashMap<Name, Memo> {
        let there = RefCell::new(HashMap::new());
        let truth = Scheduler::local(self.service.http_client(), local_context(), clock(self.time)).loader();
        let keep = |load| {
            if let Load::Rows(rows) = load {
                there
                    .borrow_mut()
                    .extend(rows.into_iter().map(|row| (Name::clone(&row.name), row.memo().unwrap().clone())));
            }
        };
        truth.refresh(&[], keep).await.unwrap();
        there.into_inner()
    }
}

impl Program {
    /// The result of the pending changes, in order.
    fn wanted(&self) -> BTreeMap<Name, Option<Memo>> {
        let last = self.app.current().changes.iter().map(PendingChange::latest);
        let wanted = |write: &Change| match write {
            Change::Create(memo) | Change::Update { after: memo, .. } => Some(memo.clone()),
            Change::Cancel(_) | Change::CancelForeign(_) => None,
        };
        last.map(|write| (write.name(), wanted(write))).collect()
    }

    fn type_keys(&mut self, at: &ManualClock, keys: &str) {
        for key in keys.chars() {
            self.press_key(at, KeyCode::Char(key), KeyModifiers::NONE);
        }
    }

    fn press_key(&mut self, at: &ManualClock, code: KeyCode, modifiers: KeyModifiers) {
        self.send(at, Msg::Key(KeyEvent::new(code, modifiers)));
    }

    fn send(&mut self, at: &ManualClock, msg: Msg) {
        let effects = self.app.update(msg, at.now());
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let worker = Rc::clone(&self.worker);
            self.tasks.spawn_local(async move { worker.perform(effect).await });
        }
    }

    fn handle_messages(&mut self, at: &ManualClock) {
        while let Some(Incoming::Message(msg)) = self.inbox.take() {
            self.send(at, msg);
        }
        self.send(at, Msg::Wake);
        while let Some(ended) = self.tasks.try_join_next() {
            ended.unwrap();
        }
    }
}
