//! Reading the whole group while it changes, and while the service throttles.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use chrono::TimeDelta;
use embedded::{Service, Store};
use proptest::prelude::*;
use tickler::aws::{Load, Loader, Scheduler, SdkClock};
use tickler::memo::Memo;
use tickler::schedule::{Change, Name};

use crate::campaign;
use crate::client::{local_context, memo, now};

/// More than a page, so that a listing takes several requests.
const MEMOS: u8 = 130;

/// A service whose clock advances with each request, so that no two changes have the same time.
fn service() -> Service {
    let requests = AtomicUsize::new(0);
    let clock =
        move || now() + TimeDelta::milliseconds(i64::try_from(requests.fetch_add(1, Ordering::Relaxed)).unwrap());
    Service::new(Store::in_memory().unwrap(), Arc::new(clock))
}

fn name(memo: &Memo) -> Name {
    memo.id.to_string().into()
}

/// The service, with another client: before each request, one of its changes is made.
#[derive(Debug, Clone)]
struct WithOtherClient {
    service: Service,
    changes: Arc<Mutex<VecDeque<HttpRequest>>>,
}

impl HttpConnector for WithOtherClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let change = self.changes.lock().unwrap().pop_front();
        let service = self.service.clone();
        HttpConnectorFuture::new(async move {
            if let Some(change) = change {
                service.call(change).await?;
            }
            service.call(request).await
        })
    }
}

impl HttpClient for WithOtherClient {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// A request that deletes a schedule, without a client.
fn deletion(memo: &Memo) -> HttpRequest {
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_method("DELETE").unwrap();
    request
        .set_uri(format!("https://scheduler.local-1.amazonaws.com/schedules/{}?groupName=tickler", memo.id))
        .unwrap();
    request
}

/// A request that creates one, likewise.
fn creation(memo: &Memo) -> HttpRequest {
    let encoded = tickler::aws::encode(memo);
    let body = serde_json::json!({
        "GroupName": "tickler",
        "ScheduleExpression": encoded.expression,
        "ScheduleExpressionTimezone": encoded.zone,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": embedded::EXECUTE_MEMO_ARN, "RoleArn": embedded::ROLE_ARN, "Input": encoded.input},
    });
    let mut request = HttpRequest::new(SdkBody::from(body.to_string()));
    request.set_method("POST").unwrap();
    request.set_uri(format!("https://scheduler.local-1.amazonaws.com/schedules/{}", memo.id)).unwrap();
    request
}

/// The rows of a screen.
#[derive(Default)]
struct View(HashMap<Name, Memo>);

impl View {
    /// Refreshes, and returns the reported rows.
    async fn refresh(&mut self, loader: &Loader) -> Vec<Name> {
        let mut reported = Vec::new();
        let refresh = loader.refresh(&[], |load| {
            if let Load::Rows(rows) = load {
                for row in rows {
                    reported.push(Name::clone(&row.name));
                    self.0.insert(Name::clone(&row.name), row.memo().unwrap().clone());
                }
            }
        });
        for name in refresh.await.unwrap().gone {
            assert!(self.0.remove(&name).is_some(), "only a reported row can go");
        }
        reported
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(campaign::size(12, 200)))]

    #[test]
    fn during_other_changes_each_row_is_reported_once_and_none_is_missed(
        other_changes in proptest::collection::vec((any::<bool>(), 0..u8::MAX), 0..80),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let service = service();
            let direct = Scheduler::local(service.http_client(), local_context(), SdkClock::system());
            let mut touched = HashSet::new();
            let changes = other_changes.iter().map(|(creates, number)| {
                let memo = memo(*number, "tea", i64::from(*number) + 1);
                touched.insert(name(&memo));
                if *creates { creation(&memo) } else { deletion(&memo) }
            });
            let busy = WithOtherClient { service: service.clone(), changes: Arc::new(Mutex::new(changes.collect())) };
            for number in 0..MEMOS {
                direct.write(&Change::Create(memo(number, "tea", i64::from(number) + 1))).await.unwrap();
            }
            let client = Scheduler::local(
                SharedHttpClient::new(busy),
                local_context(),
                SdkClock::system(),
            );
            let loader = client.loader();
            let mut view = View::default();
            let reported = view.refresh(&loader).await;
            prop_assert_eq!(reported.iter().collect::<HashSet<_>>().len(), reported.len(), "each once");
            for number in 0..MEMOS {
                let name = name(&memo(number, "", 0));
                prop_assert!(touched.contains(&name) || view.0.contains_key(&name), "{} was missed", name);
            }
            // The other client's remaining changes; then nothing changes any more.
            while !view.refresh(&loader).await.is_empty() {}
            let mut truth = View::default();
            truth.refresh(&direct.loader()).await;
            prop_assert_eq!(view.0, truth.0);
            Ok(())
        })?;
    }
}

/// The service with listings that lag: they still show the empty group.
#[derive(Debug, Clone)]
struct LaggingListings(Service);

impl HttpConnector for LaggingListings {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if request.uri().contains("/schedules?") {
            let empty = HttpResponse::new(200.try_into().unwrap(), SdkBody::from(r#"{"Schedules":[]}"#));
            return HttpConnectorFuture::ready(Ok(empty));
        }
        self.0.call(request)
    }
}

impl HttpClient for LaggingListings {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

#[tokio::test]
async fn a_listing_that_lags_does_not_remove_a_new_memo() {
    let client =
        Scheduler::local(SharedHttpClient::new(LaggingListings(service())), local_context(), SdkClock::system());
    let loader = client.loader();
    let memo = memo(1, "tea", 3);
    client.write(&Change::Create(memo.clone())).await.unwrap();
    loader.wrote(&name(&memo), now());
    let found = loader.refresh(&[], |_| ()).await.unwrap();
    assert_eq!((found.total, found.gone), (1, Vec::new()), "a missing schedule is read by its name");

    client.write(&Change::Cancel(memo.clone())).await.unwrap();
    let found = loader.refresh(&[], |_| ()).await.unwrap();
    assert_eq!((found.total, found.gone), (0, vec![name(&memo)]), "a deleted schedule is reported");
}

/// A service that throttles more than a given number of concurrent requests.
#[derive(Debug, Clone)]
struct Throttling {
    service: Service,
    at_once: Arc<AtomicUsize>,
    throttled: Arc<AtomicUsize>,
}

impl Throttling {
    const LIMIT: usize = 3;
}

impl HttpConnector for Throttling {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let throttling = self.clone();
        HttpConnectorFuture::new(async move {
            let too_many = throttling.at_once.fetch_add(1, Ordering::Relaxed) >= Self::LIMIT;
            tokio::time::sleep(Duration::from_millis(50)).await;
            throttling.at_once.fetch_sub(1, Ordering::Relaxed);
            if too_many {
                throttling.throttled.fetch_add(1, Ordering::Relaxed);
                let mut response = HttpResponse::new(429.try_into().unwrap(), SdkBody::from("{}"));
                response.headers_mut().insert("x-amzn-errortype", "ThrottlingException");
                return Ok(response);
            }
            throttling.service.call(request).await
        })
    }
}

impl HttpClient for Throttling {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_throttles_gets_fewer_requests_at_once() {
    const MANY: u8 = 250;
    let service = service();
    let direct = Scheduler::local(service.http_client(), local_context(), SdkClock::system());
    for number in 0..MANY {
        direct.write(&Change::Create(memo(number, "tea", i64::from(number) + 1))).await.unwrap();
    }
    let throttling = Throttling { service, at_once: Arc::default(), throttled: Arc::default() };
    let throttled = Arc::clone(&throttling.throttled);
    let client = Scheduler::local(SharedHttpClient::new(throttling), local_context(), SdkClock::system());
    let mut view = View::default();
    assert_eq!(view.refresh(&client.loader()).await.len(), usize::from(MANY));
    let throttled = throttled.load(Ordering::Relaxed);
    // The SDK's pauses are random: about 50 throttles, and about 170 without a lower limit.
    assert!((1..110).contains(&throttled), "throttled {throttled} times");
}

#[tokio::test]
async fn schedules_on_the_screen_are_read_first() {
    let scheduler = crate::client::scheduler();
    for number in 0..MEMOS {
        scheduler.write(&Change::Create(memo(number, "tea", i64::from(number) + 1))).await.unwrap();
    }
    let seen: Vec<Name> = [90, 91, 92].iter().map(|number| name(&memo(*number, "", 0))).collect();
    let mut first: Vec<Name> = Vec::new();
    let keep = |load| {
        if let Load::Rows(rows) = load
            && first.is_empty()
        {
            first.extend(rows.into_iter().map(|row| row.name));
        }
    };
    scheduler.loader().refresh(&seen, keep).await.unwrap();
    let among_the_first: HashSet<&Name> = first.iter().take(16).collect();
    assert!(seen.iter().all(|name| among_the_first.contains(name)), "{seen:?} are not among the first of {first:?}");
}

#[tokio::test]
async fn schedules_that_an_earlier_run_read_are_not_read_again() {
    let scheduler = crate::client::scheduler();
    let memos: Vec<Memo> = (0..3).map(|number| memo(number, "tea", i64::from(number) + 1)).collect();
    for memo in &memos {
        scheduler.write(&Change::Create(memo.clone())).await.unwrap();
    }
    let there = scheduler.get(&name(&memos[0])).await.unwrap().unwrap();
    let loader = scheduler.loader();
    let fired: Name = "fired-meanwhile".into();
    loader.seed([
        (there.name, there.modified),
        (Name::clone(&fired), now()),
        (name(&memos[1]), now() - TimeDelta::days(1)),
    ]);
    let mut view = View(HashMap::from([(Name::clone(&fired), memos[0].clone())]));
    let mut reported = view.refresh(&loader).await;
    reported.sort();
    assert_eq!(reported, [name(&memos[1]), name(&memos[2])], "the one that changed and the one that is new");
    assert!(!view.0.contains_key(&fired));
}
