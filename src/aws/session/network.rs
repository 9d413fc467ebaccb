//! The HTTP client: TLS, through a proxy if the environment names one.
//!
//! `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case, mean what they mean to the AWS CLI.
//! The SDK's default client reads none of them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// The HTTP client of this machine.
pub(super) fn http_client() -> SharedHttpClient {
    SharedHttpClient::new(Network { proxy: ProxyConfig::from_env(), connectors: Mutex::default() })
}

/// The connect timeout and the read timeout.
type Timeouts = (Option<Duration>, Option<Duration>);

/// A client that reuses its connections. They belong to a connector, and each pair of timeouts has its own.
#[derive(Debug)]
struct Network {
    proxy: ProxyConfig,
    connectors: Mutex<HashMap<Timeouts, SharedHttpConnector>>,
}

impl HttpClient for Network {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let timeouts = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        connectors.entry(timeouts).or_insert_with(|| self.connector(settings, components)).clone()
    }
}

impl Network {
    fn connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let mut builder = Connector::builder().proxy_config(self.proxy.clone()).connector_settings(settings.clone());
        builder.set_sleep_impl(components.sleep_impl());
        let tls = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        SharedHttpConnector::new(builder.tls_provider(tls).build())
    }
}
