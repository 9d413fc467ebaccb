//! The way to the network: TLS, through the proxy that the environment names, if it names one.
//!
//! `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case, mean what they mean to the AWS CLI. The
//! client that the SDK makes by itself reads none of them. It must never know what is sent.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// The way from this machine.
pub(super) fn own() -> SharedHttpClient {
    SharedHttpClient::new(Network { proxy: ProxyConfig::from_env(), connectors: Mutex::default() })
}

/// How long to wait for a connection, and for an answer.
type Patience = (Option<Duration>, Option<Duration>);

/// A client that keeps its connections: they belong to the connector, of which there is one for each patience.
#[derive(Debug)]
struct Network {
    proxy: ProxyConfig,
    connectors: Mutex<HashMap<Patience, SharedHttpConnector>>,
}

impl HttpClient for Network {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let patience = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        connectors.entry(patience).or_insert_with(|| self.connector(settings, components)).clone()
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
