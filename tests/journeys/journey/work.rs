//! A second place for memos, far away, whose answers can be held up on their way.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use chrono::TimeDelta;
use tickler::aws::{Load, LocalContext};
use tickler::context::{ContextSettings, RetryPolicy};
use tickler::failure::{Failure, FailureKind};
use tickler::memo::{Memo, MemoId};
use tickler::runtime::clock::{Clock as _, ManualClock};
use tickler::runtime::opener::Opened;
use tickler::schedule::Change;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::Journey;
use super::network::{Network, client_of};

/// The place.
#[derive(Debug, Clone)]
pub struct Work {
    store: embedded::Store,
    pub(super) network: Network,
    /// There are no credentials for it.
    locked: Arc<AtomicBool>,
    /// How often it was opened.
    opened: Arc<AtomicUsize>,
    settings: Arc<Mutex<Settings>>,
}

/// What the settings say of it.
#[derive(Debug, Clone)]
struct Settings {
    group: String,
    read_only: bool,
    /// There is a mistake in the file.
    mistaken: bool,
}

impl Work {
    pub(super) fn new(path: &Path) -> Self {
        let network = Network::default();
        network.far.store(true, Ordering::SeqCst);
        let settings = Settings { group: Self::local_context().group, read_only: false, mistaken: false };
        Self {
            store: embedded::Store::open(path).unwrap(),
            network,
            locked: Arc::default(),
            opened: Arc::default(),
            settings: Arc::new(Mutex::new(settings)),
        }
    }

    fn local_context() -> LocalContext {
        LocalContext {
            account: "123456789012".to_owned(),
            region: "eu-west-1".to_owned(),
            group: "team".to_owned(),
            ..crate::client::local_context()
        }
    }

    pub(super) fn engine(&self) -> embedded::Engine {
        embedded::Engine::new(self.store.clone())
    }

    pub(super) async fn open(&self, clock: &ManualClock, read_only: bool) -> Result<Opened, Vec<Failure>> {
        if !self.network.gate.singles.load(Ordering::SeqCst) {
            self.network.gate.pass().await;
        }
        if self.network.cut.load(Ordering::SeqCst) {
            return Err(vec![Failure::new(FailureKind::Offline, "The network is cut.", "Mend it.")]);
        }
        if self.locked.load(Ordering::SeqCst) {
            return Err(vec![Failure::new(FailureKind::Expired, "The session has expired.", "Sign in again.")]);
        }
        // A new session has new credentials.
        self.network.expired.store(false, Ordering::SeqCst);
        self.opened.fetch_add(1, Ordering::SeqCst);
        let settings = self.settings.lock().unwrap().clone();
        let place =
            LocalContext { read_only: read_only || settings.read_only, group: settings.group, ..Self::local_context() };
        let scheduler = client_of(&self.store, clock, self.network.clone(), place);
        Ok(Opened { scheduler, local: false, work: JoinSet::new() })
    }

    pub(super) fn context_settings(&self) -> ContextSettings {
        let Settings { group, read_only, .. } = self.settings.lock().unwrap().clone();
        ContextSettings::Local { group, retry: RetryPolicy::default(), read_only }
    }

    pub(super) fn is_mistaken(&self) -> bool {
        self.settings.lock().unwrap().mistaken
    }

    /// The settings say another group of it.
    pub fn set_group(&self, group: &str) {
        group.clone_into(&mut self.settings.lock().unwrap().group);
    }

    /// The settings say whether it is read-only.
    pub fn set_read_only(&self, read_only: bool) {
        self.settings.lock().unwrap().read_only = read_only;
    }

    /// The file of the settings has a mistake, or none any more.
    pub fn set_mistaken(&self, mistaken: bool) {
        self.settings.lock().unwrap().mistaken = mistaken;
    }

    /// What is asked of it from here on is held up on its way.
    pub fn hold_up(&self) {
        self.network.gate.shut.store(true, Ordering::SeqCst);
    }

    /// What is asked of it from here on is carried out, and its answers are held up.
    pub fn hold_answers(&self) {
        self.network.gate.behind.store(true, Ordering::SeqCst);
        self.hold_up();
    }

    /// What is asked of it for a single schedule is held up on its way; lists come through.
    pub fn hold_single_readings(&self) {
        self.network.gate.singles.store(true, Ordering::SeqCst);
        self.hold_up();
    }

    /// Nothing more is held up. What was, is on its way still: it is let go, or it dies with the program.
    pub fn hold_no_more(&self) {
        self.network.gate.shut.store(false, Ordering::SeqCst);
        self.network.gate.waiting.store(0, Ordering::SeqCst);
    }

    pub fn cut(&self) {
        self.network.cut.store(true, Ordering::SeqCst);
    }

    pub fn mend(&self) {
        self.network.cut.store(false, Ordering::SeqCst);
    }

    /// The session expires: only another one is of use.
    pub fn expire(&self) {
        self.network.expired.store(true, Ordering::SeqCst);
    }

    pub fn times_opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    /// Whether it is without credentials from here on.
    pub fn lock(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }
}

impl Journey {
    /// How many schedules there are in the other place.
    pub fn scheduled_at_work(&self) -> usize {
        let work = self.work.as_ref().unwrap();
        let loader = client_of(&work.store, &self.clock, Network::default(), Work::local_context()).loader();
        self.tokio.block_on(loader.refresh(&[], |_| {})).unwrap().total
    }

    /// So many memos are scheduled in the other place, one for each of the coming days.
    pub fn schedule_at_work(&self, count: u8) {
        let work = self.work.as_ref().unwrap();
        let client = client_of(&work.store, &self.clock, Network::default(), Work::local_context());
        for number in 1..=count {
            let due = when::Moment::at(self.clock.now() + TimeDelta::days(number.into()), self.zone);
            let memo = Memo { id: MemoId::from_random([number; 16]), text: format!("memo {number}"), due };
            self.tokio.block_on(client.write(&Change::Create(memo))).unwrap();
        }
    }

    /// Somebody else calls everything off that is scheduled in the other place.
    pub fn call_off_at_work(&self) {
        let work = self.work.as_ref().unwrap();
        let client = client_of(&work.store, &self.clock, Network::default(), Work::local_context());
        let mut names = Vec::new();
        let note = |load| match load {
            Load::Rows(rows) => names.extend(rows.into_iter().map(|row| row.name)),
            Load::Progress { .. } => {}
        };
        self.tokio.block_on(client.loader().refresh(&[], note)).unwrap();
        for name in names {
            self.tokio.block_on(client.write(&Change::CancelForeign(name))).unwrap();
        }
    }

    pub fn work(&self) -> &Work {
        self.work.as_ref().unwrap()
    }

    /// Time goes by, a little.
    pub fn a_while(&mut self) -> &mut Self {
        self.pass(TimeDelta::minutes(2))
    }
}

/// Where what is on its way is held up, and counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate {
    shut: Arc<AtomicBool>,
    /// What comes to it has been where it was going, and is on its way back.
    pub(super) behind: Arc<AtomicBool>,
    /// Only what is asked of a single schedule comes to it.
    singles: Arc<AtomicBool>,
    waiting: Arc<AtomicUsize>,
    changed: Arc<Notify>,
}

impl Gate {
    pub fn is_shut(&self) -> bool {
        self.shut.load(Ordering::SeqCst)
    }

    /// Whether this has to wait at it.
    pub fn holds(&self, request: &HttpRequest) -> bool {
        let is_single = || request.method() == "GET" && request.uri().contains("/schedules/");
        self.is_shut() && (!self.singles.load(Ordering::SeqCst) || is_single())
    }

    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Waits at the gate while it is shut.
    pub async fn pass(&self) {
        if !self.is_shut() {
            return;
        }
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
        while self.is_shut() {
            self.changed.notified().await;
        }
    }

    /// Waits until more than so many wait.
    pub async fn more_than(&self, before: usize) {
        while self.waiting() <= before {
            self.changed.notified().await;
        }
    }

    pub fn open(&self) {
        self.shut.store(false, Ordering::SeqCst);
        self.singles.store(false, Ordering::SeqCst);
        self.waiting.store(0, Ordering::SeqCst);
        self.changed.notify_waiters();
    }
}

/// What AWS answers to credentials whose session has ended.
pub(super) fn session_expired() -> HttpResponse {
    let mut response = HttpResponse::new(403.try_into().unwrap(), SdkBody::from("{}"));
    response.headers_mut().insert("x-amzn-errortype", "ExpiredTokenException");
    response
}
