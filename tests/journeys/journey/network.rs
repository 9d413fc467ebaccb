//! The way from the program to its places: a network that can be cut, that loses answers, and whose far end can be AWS.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use futures_util::future::LocalBoxFuture;
use tickler::app::Settings;
use tickler::aws::{LocalContext, Scheduler, SdkClock};
use tickler::config::{self, Env, Flags, Mistake};
use tickler::context::{Access, AwsSettings, ContextSettings, RetryPolicy};
use tickler::failure::{Failure, FailureKind};
use tickler::runtime::clock::{Clock, ManualClock};
use tickler::runtime::inbox::InboxSender;
use tickler::runtime::opener::{Opened, Opener};

use tokio::task::JoinSet;

use super::super::far::{self, Aws};
use super::Work;
use super::work::{self, Gate};

/// A way to the embedded service that can be cut.
#[derive(Debug, Clone, Default)]
pub struct Network {
    pub cut: Arc<AtomicBool>,
    pub deaf: Arc<AtomicBool>,
    pub far: Arc<AtomicBool>,
    pub cut_once_open: Arc<AtomicBool>,
    pub expired: Arc<AtomicBool>,
    pub gate: Gate,
    pub aws: Aws,
}

#[derive(Debug)]
struct Way {
    network: Network,
    service: SharedHttpClient,
}

#[derive(Debug)]
struct WayConnector {
    network: Network,
    service: SharedHttpConnector,
}

impl HttpClient for Way {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let service = self.service.http_connector(settings, components);
        SharedHttpConnector::new(WayConnector { network: self.network.clone(), service })
    }
}

impl HttpConnector for WayConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let refused =
            |why: &str| ConnectorError::io(std::io::Error::new(std::io::ErrorKind::ConnectionReset, why).into());
        if self.network.cut.load(Ordering::SeqCst) {
            return HttpConnectorFuture::ready(Err(refused("the network is cut")));
        }
        if self.network.expired.load(Ordering::SeqCst) {
            return HttpConnectorFuture::ready(Ok(work::session_expired()));
        }
        if self.network.gate.holds(&request) {
            let (gate, service) = (self.network.gate.clone(), self.service.clone());
            return HttpConnectorFuture::new(async move {
                if gate.behind.load(Ordering::SeqCst) {
                    let answer = service.call(request).await;
                    gate.pass().await;
                    return answer;
                }
                gate.pass().await;
                service.call(request).await
            });
        }
        if let Some(answer) = self.network.aws.answer(&request) {
            return answer;
        }
        let copy = request.try_clone().unwrap();
        let answer = self.network.aws.with_lines(&copy, self.service.call(request));
        if self.network.deaf.load(Ordering::SeqCst) {
            return HttpConnectorFuture::new(async move {
                drop(answer.await);
                Err(refused("the answer is lost"))
            });
        }
        answer
    }
}

pub struct TestOpener {
    pub store: embedded::Store,
    pub clock: ManualClock,
    pub network: Network,
    pub zone: when::Tz,
    pub work: Option<Work>,
    pub read_only: bool,
    /// The text of the settings file, so far as it concerns the screen.
    pub settings: Rc<RefCell<String>>,
}

#[derive(Debug)]
struct ClockOfTheSdk(ManualClock);

impl TimeSource for ClockOfTheSdk {
    fn now(&self) -> std::time::SystemTime {
        self.0.now().into()
    }
}

impl TestOpener {
    fn mistakes(&self) -> Result<(), Vec<Failure>> {
        if self.work.as_ref().is_some_and(Work::is_mistaken) {
            return Err(vec![Failure::new(FailureKind::Settings, "config.toml:3:1: “zz” is not a key.", "")]);
        }
        Ok(())
    }
}

impl Opener for TestOpener {
    fn settings(&self) -> Result<Settings, Vec<Failure>> {
        self.mistakes()?;
        let file = (Path::new("config.toml"), &**self.settings.borrow());
        let config = config::resolve(&Flags::default(), &Env::default(), Some(file)).map_err(|mistakes| {
            let failure = |mistake: &Mistake| Failure::new(FailureKind::Settings, mistake.to_string(), "");
            mistakes.iter().map(failure).collect::<Vec<_>>()
        })?;
        let home = if self.network.far.load(Ordering::SeqCst) { "far" } else { "local" };
        Ok(Settings {
            zone: self.zone,
            when: config.when,
            preferences: config.preferences,
            keys: config.keys,
            contexts: std::iter::once(home).chain(self.work.iter().map(|_| "work")).map(str::to_owned).collect(),
            chosen: home.to_owned(),
        })
    }

    fn context_settings(&self, context: &str) -> Result<ContextSettings, Vec<Failure>> {
        self.mistakes()?;
        let work = self.work.as_ref().filter(|_| context == "work");
        Ok(work.map_or_else(|| ContextSettings::local(RetryPolicy::default()), Work::context_settings))
    }

    fn open<'a>(
        &'a self,
        context: Option<&'a str>,
        _inbox: InboxSender,
    ) -> LocalBoxFuture<'a, Result<Opened, Vec<Failure>>> {
        Box::pin(async move {
            if let (Some("work"), Some(work)) = (context, &self.work) {
                return work.open(&self.clock, self.read_only).await;
            }
            if self.network.cut.load(Ordering::SeqCst) {
                return Err(vec![Failure::new(FailureKind::Offline, "The network is cut.", "Mend it.")]);
            }
            let far = self.network.far.load(Ordering::SeqCst);
            let scheduler = if far {
                far_client(&self.store, &self.clock, self.network.clone()).await
            } else {
                let place = LocalContext { read_only: self.read_only, ..crate::client::local_context() };
                client_of(&self.store, &self.clock, self.network.clone(), place)
            };
            self.network.cut.fetch_or(self.network.cut_once_open.swap(false, Ordering::SeqCst), Ordering::SeqCst);
            Ok(Opened { scheduler, local: !far, work: JoinSet::new() })
        })
    }
}

/// A client of the embedded service, by a way that can be cut.
pub fn client(store: &embedded::Store, clock: &ManualClock, network: Network) -> Scheduler {
    client_of(store, clock, network, crate::client::local_context())
}

pub fn client_of(store: &embedded::Store, clock: &ManualClock, network: Network, place: LocalContext) -> Scheduler {
    Scheduler::local(way(store, clock, network), place, sdk_clock(clock))
}

/// A client of it as if it were AWS.
async fn far_client(store: &embedded::Store, clock: &ManualClock, network: Network) -> Scheduler {
    let keys = format!(
        "[profile far]\naws_access_key_id = A\naws_secret_access_key = b\naws_account_id = {}\nregion = {}\n",
        embedded::ACCOUNT,
        embedded::REGION
    );
    let machine = crate::wire::profiles::machine(&keys, way(store, clock, network));
    let local = crate::client::local_context();
    let settings = AwsSettings {
        name: "far".to_owned(),
        access: Access { profile: Some("far".to_owned()), ..Access::default() },
        dead_letter_arn: Some(far::QUEUE.parse().unwrap()),
        log_group: Some(local.log_group),
        ..AwsSettings::new(local.target_arn, local.role_arn)
    };
    Scheduler::connect_from(&machine, &settings, sdk_clock(clock)).await.unwrap()
}

fn way(store: &embedded::Store, clock: &ManualClock, network: Network) -> SharedHttpClient {
    let clock = clock.clone();
    let service = embedded::Service::new(store.clone(), Arc::new(move || clock.now())).http_client();
    SharedHttpClient::new(Way { network, service })
}

fn sdk_clock(clock: &ManualClock) -> SdkClock {
    SdkClock {
        time_source: SharedTimeSource::new(ClockOfTheSdk(clock.clone())),
        sleep_impl: SharedAsyncSleep::new(TokioSleep::new()),
    }
}
