//! A bad network in front of the embedded scheduler. What it does to a request follows from a seed.
//!
//! A request arrives before the client gives up on it, or never. A request that took effect long after its timeout could
//! undo a later change, and no client could prevent it, because the service has no conditional update.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use embedded::Service;

/// Reproducible random numbers from a seed: `SplitMix64`.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A duration below a bound.
    fn wait(&mut self, bound: Duration) -> Duration {
        bound.mul_f64(f64::from(u32::try_from(self.below(1000)).unwrap()) / 1000.0)
    }
}

/// The fate of one request.
#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    /// The response is late; the request arrived at once.
    Slow(Duration),
    /// The service refuses the request.
    Throttled,
    Quota,
    Failed,
    /// The request takes effect, and the service reports a failure.
    FailedAfter,
    /// The connection breaks, before or after the request takes effect.
    ResetBefore,
    ResetAfter,
    Refused,
    /// The request is repeated on the way; the response is the second one's.
    Twice,
    /// No response, whether the request takes effect or not.
    LostBefore,
    LostAfter,
}

/// The network, and the service behind it.
#[derive(Debug, Clone)]
pub struct Network {
    service: Service,
    random: Arc<Mutex<Random>>,
    /// The percentage of requests with a fault.
    percent: u64,
    /// Whether the network is good now.
    mended: Arc<AtomicBool>,
}

impl Network {
    pub fn new(service: Service, random: Random, percent: u64) -> Self {
        Self { service, random: Arc::new(Mutex::new(random)), percent, mended: Arc::default() }
    }

    /// Ends all faults.
    pub fn mend(&self) {
        self.mended.store(true, Ordering::SeqCst);
    }

    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    /// The delay and the fate of a request.
    fn fate(&self) -> (Duration, Fault) {
        let mut random = self.random.lock().unwrap();
        let delay = Duration::from_millis(1) + random.wait(Duration::from_millis(50));
        if !random.chance(self.percent) || self.mended.load(Ordering::SeqCst) {
            return (delay, Fault::None);
        }
        let fault = match random.below(11) {
            0 => Fault::Slow(random.wait(Duration::from_secs(8))),
            1 => Fault::Throttled,
            2 => Fault::Quota,
            3 => Fault::Failed,
            4 => Fault::FailedAfter,
            5 => Fault::ResetBefore,
            6 => Fault::ResetAfter,
            7 => Fault::Refused,
            8 => Fault::Twice,
            9 => Fault::LostBefore,
            _ => Fault::LostAfter,
        };
        (delay, fault)
    }
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (delay, fault) = self.fate();
        let service = self.service.clone();
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(delay).await;
            call_with_fault(fault, &service, request).await
        })
    }
}

async fn call_with_fault(
    fault: Fault,
    service: &Service,
    request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let arrived = !matches!(
        fault,
        Fault::Throttled | Fault::Quota | Fault::Failed | Fault::ResetBefore | Fault::Refused | Fault::LostBefore
    );
    if matches!(fault, Fault::Twice) {
        let again = request.try_clone().expect("a body in memory can be cloned");
        service.call(again).await?;
    }
    let response = if arrived { Some(service.call(request).await?) } else { None };
    match fault {
        Fault::Slow(wait) => tokio::time::sleep(wait).await,
        Fault::Throttled => return Ok(error(429, "ThrottlingException")),
        Fault::Quota => return Ok(error(402, "ServiceQuotaExceededException")),
        Fault::Failed | Fault::FailedAfter => return Ok(error(500, "InternalServerException")),
        Fault::ResetBefore | Fault::ResetAfter => return Err(broken(io::ErrorKind::ConnectionReset)),
        Fault::Refused => return Err(broken(io::ErrorKind::ConnectionRefused)),
        Fault::LostBefore | Fault::LostAfter => std::future::pending().await,
        Fault::None | Fault::Twice => (),
    }
    Ok(response.expect("only a request that arrived has a response"))
}

fn error(status: u16, code: &'static str) -> HttpResponse {
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(r#"{"Message":"a fault"}"#));
    response.headers_mut().insert("x-amzn-errortype", code);
    response
}

fn broken(kind: io::ErrorKind) -> ConnectorError {
    ConnectorError::io(io::Error::from(kind).into())
}

impl HttpClient for Network {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
