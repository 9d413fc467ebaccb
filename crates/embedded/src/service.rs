//! The half that answers: an HTTP client for the AWS SDK that never leaves the process.
//!
//! Everything runs inline, on the caller's thread: a read takes microseconds and a write as long as a sync of the
//! disk. The host gives the SDK a thread of its own where that matters. It must never fire anything.

mod groups;
mod lambda;
mod logs;
mod route;
mod schedules;
mod tags;

use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use chrono::{DateTime, Utc};

use crate::Now;
use crate::store::Store;
use crate::wire::{ApiError, Dialect, Request};

/// Answers EventBridge Scheduler, Lambda `Invoke` and CloudWatch Logs `FilterLogEvents` from a [`Store`].
///
/// It never throttles, so `ThrottlingException` is never answered. A store that fails is an
/// `InternalServerException` whose message is the [`StoreError`](crate::StoreError)'s sentence.
#[derive(Clone)]
pub struct Service {
    store: Store,
    now: Now,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Service {
    /// A service over a store, by the host's clock.
    #[must_use]
    pub fn new(store: Store, now: Now) -> Service {
        Service { store, now }
    }

    /// The client to give to an SDK configuration. Requests are signed as for AWS, with whatever credentials; the
    /// signature is not looked at.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }
}

impl HttpConnector for Service {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let response = match Request::read(&request) {
            Ok(request) => {
                let (dialect, answer) = self.answer(&request);
                answer.unwrap_or_else(|error| error.into_response(dialect))
            }
            Err(error) => ApiError::into_response(error, Dialect::Scheduler),
        };
        HttpConnectorFuture::ready(response.into_http())
    }
}

impl HttpClient for Service {
    /// Time-outs are no concern of a connector that answers before it returns.
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
