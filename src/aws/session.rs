//! The way to AWS or to the embedded scheduler: region, credentials, account and TLS.
//!
//! Whatever can be wrong before the first request is reported here, in words. The SDK reports a missing region, or a
//! profile that asks for an MFA code, late and unclearly. A failed attempt leaves nothing behind: the next one reads the
//! files again, because the SDK does not recover from credentials that failed to load.

mod network;
mod profile;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::identity::IdentityCache;
use aws_config::imds;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::future::ProvideCredentials as Providing;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use chrono::{DateTime, Utc};

use super::clock::SdkClock;
use super::context::LocalContext;
use super::error::{self, Operation, Signer};
use crate::context::Access;
use crate::failure::{Failure, FailureKind};
use profile::Profiles;

/// How long one try may take. Without a limit, a lost response would block for minutes.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long all tries may take together.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A credential process may ask the person something.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_mins(1);
/// Where there is no instance metadata service, requests to its address are lost in silence.
const METADATA_TIMEOUT: Duration = Duration::from_millis(500);

/// What the SDK uses of a machine: the profile files and the network.
#[derive(Debug, Clone)]
pub struct Machine {
    /// `~/.aws/config` and `~/.aws/credentials`, or their substitutes.
    pub profile_files: EnvConfigFiles,
    /// Sends the requests.
    pub http_client: SharedHttpClient,
}

impl Machine {
    /// This machine: the person's own files, and TLS, through a proxy if the environment names one.
    #[must_use]
    pub fn own() -> Self {
        Self { profile_files: EnvConfigFiles::default(), http_client: network::http_client() }
    }
}

/// How AWS or the embedded scheduler is reached, and by whom, before any context is known.
///
/// SDK clients are made from it; a client costs nothing until it is used.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) config: SdkConfig,
    pub(super) signer: Signer,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// When the first credentials expire, if they do.
    pub(super) expires: Option<DateTime<Utc>>,
    pub(super) clock: SdkClock,
}

impl Session {
    /// Opens a session from this machine.
    ///
    /// # Errors
    /// When there is no region, no profile of that name, no credentials or no network.
    pub async fn open(access: &Access, clock: SdkClock) -> Result<Self, Failure> {
        Self::open_from(&Machine::own(), access, clock).await
    }

    /// Opens a session from a given machine.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub async fn open_from(machine: &Machine, access: &Access, clock: SdkClock) -> Result<Self, Failure> {
        Self::open_checked(machine, access, clock, |_| Ok(())).await
    }

    /// Opens a session; `check_region` may refuse the region before anything is sent.
    pub(super) async fn open_checked(
        machine: &Machine,
        access: &Access,
        clock: SdkClock,
        check_region: impl FnOnce(&str) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let signer = resolve_signer(machine, access).await?;
        let region = resolve_region(machine, access).await?;
        check_region(region.as_ref())?;
        let operation = Operation::connecting();

        let chain = credentials(machine, access, &region, &clock).await;
        let first =
            chain.provide_credentials().await.map_err(|error| error::credentials(&signer, &operation, &error))?;
        let account = first.account_id().map(|account| account.as_str().to_owned());
        let expires = first.expiry().map(DateTime::from);

        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .profile_files(machine.profile_files.clone())
            .region(region.clone())
            .credentials_provider(Preloaded::new(first, chain))
            .identity_cache(IdentityCache::lazy().load_timeout(CREDENTIALS_TIMEOUT).build())
            .http_client(machine.http_client.clone())
            .time_source(clock.time_source.clone())
            .sleep_impl(clock.sleep_impl.clone());
        if let Some(profile) = &access.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(url) = &access.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let config = loader.load().await;
        let account = match account {
            Some(account) => account,
            None => caller_account(&config, &signer, &operation).await?,
        };
        Ok(Self { config, signer, account, region: region.to_string(), expires, clock })
    }

    /// A session with the embedded scheduler. Opens no connection and reads no file.
    pub(super) fn embedded(http: SharedHttpClient, local: &LocalContext, clock: SdkClock) -> Self {
        let credentials = Credentials::new("local", "local", None, None, "local");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(local.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .identity_cache(IdentityCache::no_cache())
            .http_client(http)
            .time_source(clock.time_source.clone())
            .sleep_impl(clock.sleep_impl.clone())
            .build();
        let (account, region) = (local.account.clone(), local.region.clone());
        Self { config, signer: Signer::Embedded, account, region, expires: None, clock }
    }

    /// The configuration of a client whose operations are quick: it retries soon and gives up soon.
    pub(super) fn client_config(&self) -> SdkConfig {
        self.config
            .to_builder()
            .retry_config(RetryConfig::standard())
            .timeout_config(timeouts(ATTEMPT_TIMEOUT, OPERATION_TIMEOUT))
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build()
    }
}

pub(super) fn timeouts(attempt: Duration, operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build()
}

/// Finds who signs the requests.
///
/// # Errors
/// When the profile does not exist, or needs something that the SDK does not support.
pub(super) async fn resolve_signer(machine: &Machine, access: &Access) -> Result<Signer, Failure> {
    let profiles = Profiles::load(&machine.profile_files, access.profile.as_deref()).await?;
    profiles.refuse_unsupported()?;
    Ok(profiles.signer())
}

/// Finds the region: the one in the settings, else in the environment, else in the profile. Never asks the instance
/// metadata service: where there is none, its silence costs seconds, and where there is one, a region that nobody chose
/// is a surprise.
pub(super) async fn resolve_region(machine: &Machine, access: &Access) -> Result<Region, Failure> {
    if let Some(region) = &access.region {
        return Ok(Region::new(region.clone()));
    }
    let mut profile = ProfileFileRegionProvider::builder()
        .configure(&ProviderConfig::without_region())
        .profile_files(machine.profile_files.clone());
    if let Some(name) = &access.profile {
        profile = profile.profile_name(name);
    }
    let chain = aws_config::meta::region::RegionProviderChain::first_try(
        aws_config::environment::EnvironmentVariableRegionProvider::new(),
    )
    .or_else(profile.build());
    chain.region().await.filter(|region| !region.as_ref().is_empty()).ok_or_else(|| {
        Failure::new(
            FailureKind::Settings,
            "No AWS region is set.",
            "Set one with --region or AWS_REGION, or in the profile.",
        )
    })
}

/// The credentials. A profile that was asked for by name comes before the keys in the environment, as in the AWS CLI;
/// otherwise memos would go to another account than the named one.
async fn credentials(
    machine: &Machine,
    access: &Access,
    region: &Region,
    clock: &SdkClock,
) -> SharedCredentialsProvider {
    let provider = ProviderConfig::without_region()
        .with_region(Some(region.clone()))
        .with_http_client(machine.http_client.clone())
        .with_time_source(clock.time_source.clone())
        .with_sleep_impl(clock.sleep_impl.clone())
        .with_behavior_version(Some(BehaviorVersion::latest()));
    if let Some(profile) = &access.profile {
        let named = ProfileFileCredentialsProvider::builder()
            .configure(&provider)
            .profile_files(machine.profile_files.clone())
            .profile_name(profile);
        return SharedCredentialsProvider::new(named.build());
    }
    let metadata = imds::Client::builder()
        .configure(&provider)
        .max_attempts(1)
        .connect_timeout(METADATA_TIMEOUT)
        .read_timeout(METADATA_TIMEOUT)
        .build();
    let chain = DefaultCredentialsChain::builder().configure(provider).imds_client(metadata);
    SharedCredentialsProvider::new(chain.build().await)
}

/// The account of credentials that do not contain it.
async fn caller_account(config: &SdkConfig, signer: &Signer, operation: &Operation<'_>) -> Result<String, Failure> {
    let sts = aws_sdk_sts::config::Builder::from(config)
        .retry_config(RetryConfig::standard())
        .timeout_config(timeouts(ATTEMPT_TIMEOUT, OPERATION_TIMEOUT))
        .build();
    let answer = aws_sdk_sts::Client::from_conf(sts)
        .get_caller_identity()
        .send()
        .await
        .map_err(|error| error::without_context(signer, operation, &error))?;
    answer
        .account
        .ok_or_else(|| Failure::new(FailureKind::Service, "AWS did not say whose credentials these are.", "Try again."))
}

/// Credentials that were loaded once, to learn the account. They are not loaded twice, because that might run a process
/// or ask the person to sign in.
#[derive(Debug)]
struct Preloaded {
    first: Mutex<Option<Credentials>>,
    chain: SharedCredentialsProvider,
}

impl Preloaded {
    fn new(first: Credentials, chain: SharedCredentialsProvider) -> Self {
        Self { first: Mutex::new(Some(first)), chain }
    }
}

impl ProvideCredentials for Preloaded {
    fn provide_credentials<'a>(&'a self) -> Providing<'a>
    where
        Self: 'a,
    {
        match self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(first) => Providing::ready(Ok(first)),
            None => self.chain.provide_credentials(),
        }
    }
}
