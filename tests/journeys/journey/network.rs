//! The network between the program and its contexts: it can be cut, and it can lose responses.

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

use super::fake_aws::{self, FakeAws};
use super::work::{self, Gate, WorkContext};

/// The state of a network.
#[derive(Debug, Clone, Default)]
pub struct Network {
    pub cut: Arc<AtomicBool>,
    pub loses_responses: Arc<AtomicBool>,
    /// The context is in AWS.
    pub remote: Arc<AtomicBool>,
    pub cut_after_opening: Arc<AtomicBool>,
    pub session_expired: Arc<AtomicBool>,
    pub gate: Gate,
    pub aws: FakeAws,
}

/// An HTTP client that sends requests through a network.
#[derive(Debug)]
struct NetworkClient {
    network: Network,
    service: SharedHttpClient,
}

#[derive(Debug)]
struct NetworkConnector {
    network: Network,
    service: SharedHttpConnector,
}

impl HttpClient for NetworkClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let service = self.service.http_connector(settings, components);
        SharedHttpConnector::new(NetworkConnector { network: self.network.clone(), service })
    }
}

impl HttpConnector for NetworkConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let broken =
            |why: &str| ConnectorError::io(std::io::Error::new(std::io::ErrorKind::ConnectionReset, why).into());
        if self.network.cut.load(Ordering::SeqCst) {
            return HttpConnectorFuture::ready(Err(broken("the network is cut")));
        }
        if self.network.session_expired.load(Ordering::SeqCst) {
            return HttpConnectorFuture::ready(Ok(work::expired_token()));
        }
        if self.network.gate.holds(&request) {
            let (gate, service) = (self.network.gate.clone(), self.service.clone());
            return HttpConnectorFuture::new(async move {
                if gate.holds_responses.load(Ordering::SeqCst) {
                    let response = service.call(request).await;
                    gate.wait_until_open().await;
                    return response;
                }
                gate.wait_until_open().await;
                service.call(request).await
            });
        }
        if let Some(response) = self.network.aws.respond(&request) {
            return response;
        }
        let copy = request.try_clone().unwrap();
        let response = self.network.aws.with_log_lines(&copy, self.service.call(request));
        if self.network.loses_responses.load(Ordering::SeqCst) {
            return HttpConnectorFuture::new(async move {
                drop(response.await);
                Err(broken("the response is lost"))
            });
        }
        response
    }
}

/// Opens the contexts of a journey.
pub struct TestOpener {
    pub store: embedded::Store,
    pub clock: ManualClock,
    pub network: Network,
    pub zone: when::Tz,
    pub work: Option<WorkContext>,
    pub read_only: bool,
    /// The settings file.
    pub settings: Rc<RefCell<String>>,
}

/// A [`ManualClock`] for the SDK.
#[derive(Debug)]
struct SdkTimeSource(ManualClock);

impl TimeSource for SdkTimeSource {
    fn now(&self) -> std::time::SystemTime {
        self.0.now().into()
    }
}

impl TestOpener {
    fn check_config(&self) -> Result<(), Vec<Failure>> {
        if self.work.as_ref().is_some_and(WorkContext::has_config_error) {
            return Err(vec![Failure::new(FailureKind::Settings, "config.toml:3:1: “zz” is not a key.", "")]);
        }
        Ok(())
    }
}

impl Opener for TestOpener {
    fn settings(&self) -> Result<Settings, Vec<Failure>> {
        self.check_config()?;
        let file = (Path::new("config.toml"), &**self.settings.borrow());
        let config = config::resolve(&Flags::default(), &Env::default(), Some(file)).map_err(|mistakes| {
            let failure = |mistake: &Mistake| Failure::new(FailureKind::Settings, mistake.to_string(), "");
            mistakes.iter().map(failure).collect::<Vec<_>>()
        })?;
        let first = if self.network.remote.load(Ordering::SeqCst) { "far" } else { "local" };
        Ok(Settings {
            zone: self.zone,
            when: config.when,
            preferences: config.preferences,
            keys: config.keys,
            contexts: std::iter::once(first).chain(self.work.iter().map(|_| "work")).map(str::to_owned).collect(),
            chosen: first.to_owned(),
        })
    }

    fn context_settings(&self, context: &str) -> Result<ContextSettings, Vec<Failure>> {
        self.check_config()?;
        let work = self.work.as_ref().filter(|_| context == "work");
        Ok(work.map_or_else(|| ContextSettings::local(RetryPolicy::default()), WorkContext::context_settings))
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
            let remote = self.network.remote.load(Ordering::SeqCst);
            let scheduler = if remote {
                aws_client(&self.store, &self.clock, self.network.clone()).await
            } else {
                let context = LocalContext { read_only: self.read_only, ..crate::client::local_context() };
                client_of(&self.store, &self.clock, self.network.clone(), context)
            };
            self.network.cut.fetch_or(self.network.cut_after_opening.swap(false, Ordering::SeqCst), Ordering::SeqCst);
            Ok(Opened { scheduler, local: !remote, work: JoinSet::new(), is_lost: Box::new(|| false) })
        })
    }
}

/// A client of the embedded scheduler through a network.
pub fn client(store: &embedded::Store, clock: &ManualClock, network: Network) -> Scheduler {
    client_of(store, clock, network, crate::client::local_context())
}

/// Such a client with another context.
pub fn client_of(store: &embedded::Store, clock: &ManualClock, network: Network, context: LocalContext) -> Scheduler {
    Scheduler::local(http_client(store, clock, network), context, sdk_clock(clock))
}

/// A client that takes the embedded scheduler for AWS.
async fn aws_client(store: &embedded::Store, clock: &ManualClock, network: Network) -> Scheduler {
    let keys = format!(
        "[profile far]\naws_access_key_id = A\naws_secret_access_key = b\naws_account_id = {}\nregion = {}\n",
        embedded::ACCOUNT,
        embedded::REGION
    );
    let machine = crate::wire::profiles::machine(&keys, http_client(store, clock, network));
    let local = crate::client::local_context();
    let settings = AwsSettings {
        name: "far".to_owned(),
        access: Access { profile: Some("far".to_owned()), ..Access::default() },
        dead_letter_arn: Some(fake_aws::QUEUE_ARN.parse().unwrap()),
        log_group: Some(local.log_group),
        ..AwsSettings::new(local.target_arn, local.role_arn)
    };
    Scheduler::connect_from(&machine, &settings, sdk_clock(clock)).await.unwrap()
}

fn http_client(store: &embedded::Store, clock: &ManualClock, network: Network) -> SharedHttpClient {
    let clock = clock.clone();
    let service = embedded::Service::new(store.clone(), Arc::new(move || clock.now())).http_client();
    SharedHttpClient::new(NetworkClient { network, service })
}

fn sdk_clock(clock: &ManualClock) -> SdkClock {
    SdkClock {
        time_source: SharedTimeSource::new(SdkTimeSource(clock.clone())),
        sleep_impl: SharedAsyncSleep::new(TokioSleep::new()),
    }
}
