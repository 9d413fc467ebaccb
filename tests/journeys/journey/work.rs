//! A second context, `work`, in AWS. A test can hold its requests and their responses.

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

/// The context.
#[derive(Debug, Clone)]
pub struct WorkContext {
    store: embedded::Store,
    pub(super) network: Network,
    /// There are no valid credentials.
    signed_out: Arc<AtomicBool>,
    /// How often the context was opened.
    opened: Arc<AtomicUsize>,
    settings: Arc<Mutex<Settings>>,
}

/// The settings of the context.
#[derive(Debug, Clone)]
struct Settings {
    group: String,
    read_only: bool,
    /// The file has an error.
    has_error: bool,
}

impl WorkContext {
    pub(super) fn new(path: &Path) -> Self {
        let network = Network::default();
        network.remote.store(true, Ordering::SeqCst);
        let settings = Settings { group: Self::local_context().group, read_only: false, has_error: false };
        Self {
            store: embedded::Store::open(path).unwrap(),
            network,
            signed_out: Arc::default(),
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
        if !self.network.gate.single_reads_only.load(Ordering::SeqCst) {
            self.network.gate.wait_until_open().await;
        }
        if self.network.cut.load(Ordering::SeqCst) {
            return Err(vec![Failure::new(FailureKind::Offline, "The network is cut.", "Mend it.")]);
        }
        if self.signed_out.load(Ordering::SeqCst) {
            return Err(vec![Failure::new(FailureKind::Expired, "The session has expired.", "Sign in again.")]);
        }
        // A new session has new credentials.
        self.network.session_expired.store(false, Ordering::SeqCst);
        self.opened.fetch_add(1, Ordering::SeqCst);
        let settings = self.settings.lock().unwrap().clone();
        let context =
            LocalContext { read_only: read_only || settings.read_only, group: settings.group, ..Self::local_context() };
        let scheduler = client_of(&self.store, clock, self.network.clone(), context);
        Ok(Opened { scheduler, local: false, work: JoinSet::new(), is_lost: Box::new(|| false) })
    }

    pub(super) fn context_settings(&self) -> ContextSettings {
        let Settings { group, read_only, .. } = self.settings.lock().unwrap().clone();
        ContextSettings::Local { group, retry: RetryPolicy::default(), read_only }
    }

    pub(super) fn has_config_error(&self) -> bool {
        self.settings.lock().unwrap().has_error
    }

    /// Changes the group in the settings.
    pub fn set_group(&self, group: &str) {
        group.clone_into(&mut self.settings.lock().unwrap().group);
    }

    /// Sets in the settings whether the context is read-only.
    pub fn set_read_only(&self, read_only: bool) {
        self.settings.lock().unwrap().read_only = read_only;
    }

    /// Sets whether the settings file has an error.
    pub fn set_config_error(&self, has_error: bool) {
        self.settings.lock().unwrap().has_error = has_error;
    }

    /// Holds all requests from now on.
    pub fn hold_requests(&self) {
        self.network.gate.shut.store(true, Ordering::SeqCst);
    }

    /// Lets requests through from now on, and holds their responses.
    pub fn hold_responses(&self) {
        self.network.gate.holds_responses.store(true, Ordering::SeqCst);
        self.hold_requests();
    }

    /// Holds requests that read a single schedule; lets lists through.
    pub fn hold_single_reads(&self) {
        self.network.gate.single_reads_only.store(true, Ordering::SeqCst);
        self.hold_requests();
    }

    /// Holds no new requests. The held ones wait until they are released, or end with the program.
    pub fn stop_holding(&self) {
        self.network.gate.shut.store(false, Ordering::SeqCst);
        self.network.gate.waiting.store(0, Ordering::SeqCst);
    }

    pub fn cut_network(&self) {
        self.network.cut.store(true, Ordering::SeqCst);
    }

    pub fn restore_network(&self) {
        self.network.cut.store(false, Ordering::SeqCst);
    }

    /// Expires the session. The context has to be opened again.
    pub fn expire_session(&self) {
        self.network.session_expired.store(true, Ordering::SeqCst);
    }

    pub fn times_opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    /// Sets whether the credentials are invalid.
    pub fn set_signed_out(&self, signed_out: bool) {
        self.signed_out.store(signed_out, Ordering::SeqCst);
    }
}

impl Journey {
    /// The number of schedules in `work`.
    pub fn scheduled_in_work(&self) -> usize {
        let work = self.work.as_ref().unwrap();
        let loader = client_of(&work.store, &self.clock, Network::default(), WorkContext::local_context()).loader();
        self.tokio.block_on(loader.refresh(&[], |_| {})).unwrap().total
    }

    /// Schedules this many memos in `work`, one for each of the next days.
    pub fn schedule_in_work(&self, count: u8) {
        let work = self.work.as_ref().unwrap();
        let client = client_of(&work.store, &self.clock, Network::default(), WorkContext::local_context());
        for number in 1..=count {
            let due = when::Moment::at(self.clock.now() + TimeDelta::days(number.into()), self.zone);
            let memo = Memo { id: MemoId::from_random([number; 16]), text: format!("memo {number}"), due };
            self.tokio.block_on(client.write(&Change::Create(memo))).unwrap();
        }
    }

    /// Another client cancels everything in `work`.
    pub fn cancel_all_in_work(&self) {
        let work = self.work.as_ref().unwrap();
        let client = client_of(&work.store, &self.clock, Network::default(), WorkContext::local_context());
        let mut names = Vec::new();
        let collect = |load| match load {
            Load::Rows(rows) => names.extend(rows.into_iter().map(|row| row.name)),
            Load::Progress { .. } => {}
        };
        self.tokio.block_on(client.loader().refresh(&[], collect)).unwrap();
        for name in names {
            self.tokio.block_on(client.write(&Change::CancelForeign(name))).unwrap();
        }
    }

    pub fn work(&self) -> &WorkContext {
        self.work.as_ref().unwrap()
    }

    /// Waits long enough for a retry.
    pub fn wait_two_minutes(&mut self) -> &mut Self {
        self.wait(TimeDelta::minutes(2))
    }
}

/// Holds requests or their responses, and counts them.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate {
    shut: Arc<AtomicBool>,
    /// Responses are held, not requests.
    pub(super) holds_responses: Arc<AtomicBool>,
    /// Only requests that read a single schedule are held.
    single_reads_only: Arc<AtomicBool>,
    waiting: Arc<AtomicUsize>,
    changed: Arc<Notify>,
}

impl Gate {
    pub fn is_shut(&self) -> bool {
        self.shut.load(Ordering::SeqCst)
    }

    /// Whether this request is held.
    pub fn holds(&self, request: &HttpRequest) -> bool {
        let is_single = || request.method() == "GET" && request.uri().contains("/schedules/");
        self.is_shut() && (!self.single_reads_only.load(Ordering::SeqCst) || is_single())
    }

    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Waits while the gate is shut.
    pub async fn wait_until_open(&self) {
        if !self.is_shut() {
            return;
        }
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
        while self.is_shut() {
            self.changed.notified().await;
        }
    }

    /// Waits until more than this number are held.
    pub async fn wait_for_more_than(&self, before: usize) {
        while self.waiting() <= before {
            self.changed.notified().await;
        }
    }

    pub fn open(&self) {
        self.shut.store(false, Ordering::SeqCst);
        self.single_reads_only.store(false, Ordering::SeqCst);
        self.waiting.store(0, Ordering::SeqCst);
        self.changed.notify_waiters();
    }
}

/// The response of AWS to expired credentials.
pub(super) fn expired_token() -> HttpResponse {
    let mut response = HttpResponse::new(403.try_into().unwrap(), SdkBody::from("{}"));
    response.headers_mut().insert("x-amzn-errortype", "ExpiredTokenException");
    response
}
