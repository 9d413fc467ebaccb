//! The connector that the SDK sends its requests to.
//!
//! Everything runs on the caller's thread: a read takes microseconds, and a write as long as a sync of the disk. Where
//! that matters, the host gives the SDK a thread of its own.

use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use chrono::{DateTime, Utc};

use crate::clock::Now;
use crate::store::Store;
use crate::wire::{ApiError, Dialect, Request};

/// Answers EventBridge Scheduler, Lambda `Invoke` and CloudWatch Logs `FilterLogEvents` from a [`Store`].
///
/// Never throttles. A failure of the store becomes an `InternalServerException` with the sentence of the
/// [`StoreError`](crate::StoreError).
#[derive(Clone)]
pub struct Service {
    pub(super) store: Store,
    now: Now,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Service {
    /// A service over a store, with the host's clock.
    #[must_use]
    pub fn new(store: Store, now: Now) -> Service {
        Service { store, now }
    }

    /// The client for an SDK configuration. Any credentials will do: the service does not check the signature.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }
}

impl HttpConnector for Service {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let response = match Request::read(&request) {
            Ok(request) => {
                let (dialect, response) = self.answer(&request);
                response.unwrap_or_else(|error| error.into_response(dialect))
            }
            Err(error) => ApiError::into_response(error, Dialect::Scheduler),
        };
        HttpConnectorFuture::ready(response.into_http())
    }
}

impl HttpClient for Service {
    /// Ignores the time-outs: the connector answers before it returns.
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
