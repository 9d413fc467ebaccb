//! The way to a place: region, credentials, account and TLS for AWS; a connector for the embedded service.
//!
//! Everything that can be said before the first request is said here, in words: what the SDK itself reports of a
//! missing region or a profile that wants a code comes late and reads like a riddle. A failed attempt leaves nothing
//! behind: the next one starts from the files again, since the SDK does not recover from a failed load of credentials.

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
use aws_sdk_scheduler::config::retry::RetryPartition;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use chrono::{DateTime, Utc};

use super::error::{self, Asked, Signer};
use super::load::Throttles;
use super::{Context, Inner, LocalContext, Scheduler, SdkClock};
use crate::context::ContextId;
use crate::context::{Access, AwsSettings};
use crate::failure::{Failure, FailureKind};
use profile::Profiles;

/// No answer to one try within this time: try again. Without it, an answer that never comes hangs for minutes.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// No answer after all tries within this time: give up and say so.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A function answers when it has run. It is never run twice for one key, so there is one try.
const INVOKE_TIMEOUT: Duration = Duration::from_mins(1);
/// A credential process may ask the person something.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_mins(1);
/// Where there is no instance metadata service, its address swallows what is sent to it.
const METADATA_TIMEOUT: Duration = Duration::from_millis(500);

/// What the SDK finds on the machine: the profile files, and the way to the network.
#[derive(Debug, Clone)]
pub struct Machine {
    /// `~/.aws/config` and `~/.aws/credentials`, or what stands for them.
    pub profile_files: EnvConfigFiles,
    /// How requests are sent.
    pub http_client: SharedHttpClient,
}

impl Machine {
    /// This machine: the person's own files, and TLS, through a proxy where the environment names one.
    #[must_use]
    pub fn own() -> Self {
        Self { profile_files: EnvConfigFiles::default(), http_client: network::own() }
    }
}

/// AWS, or the embedded service, before any place in it is known: how it is reached, and by whom.
///
/// What clients are made of; making one costs nothing until it is used.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) config: SdkConfig,
    pub(super) signer: Signer,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// Until when the credentials are good that it began with; none where they say no end.
    pub(super) expires: Option<DateTime<Utc>>,
    pub(super) clock: SdkClock,
}

impl Session {
    /// AWS, as it is reached from this machine.
    ///
    /// # Errors
    /// When there is no region, no profile of that name, no credentials or no way to the network.
    pub async fn open(access: &Access, clock: SdkClock) -> Result<Self, Failure> {
        Self::open_from(&Machine::own(), access, clock).await
    }

    /// AWS, as it is reached from a machine.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub async fn open_from(machine: &Machine, access: &Access, clock: SdkClock) -> Result<Self, Failure> {
        Self::open_in(machine, access, clock, |_| Ok(())).await
    }

    /// AWS, as it is reached from a machine, in a region that is looked at before anything is sent.
    async fn open_in(
        machine: &Machine,
        access: &Access,
        clock: SdkClock,
        refuse: impl FnOnce(&str) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let signer = signer(machine, access).await?;
        let region = region(machine, access).await?;
        refuse(region.as_ref())?;
        let asked = Asked::connecting();

        let chain = credentials(machine, access, &region, &clock).await;
        let first = chain.provide_credentials().await.map_err(|error| error::credentials(&signer, &asked, &error))?;
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
            None => caller_account(&config, &signer, &asked).await?,
        };
        Ok(Self { config, signer, account, region: region.to_string(), expires, clock })
    }

    /// The embedded service. It opens no connection and reads no file.
    fn embedded(http: SharedHttpClient, local: &LocalContext, clock: SdkClock) -> Self {
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

    /// How a client of a service whose operations are quick is to wait: try again soon, and give up soon.
    pub(super) fn quick(&self) -> SdkConfig {
        self.config
            .to_builder()
            .retry_config(RetryConfig::standard())
            .timeout_config(timeouts(ATTEMPT_TIMEOUT, OPERATION_TIMEOUT))
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build()
    }
}

impl Scheduler {
    /// A client of the embedded service. It opens no connection and reads no file.
    #[must_use]
    pub fn local(http: SharedHttpClient, local: LocalContext, clock: SdkClock) -> Self {
        let session = Session::embedded(http, &local, clock);
        let context = Context {
            id: ContextId::new(&format!("local/{}", local.group)),
            name: "local".to_owned(),
            account: local.account,
            region: local.region,
            group: local.group,
            target_arn: local.target_arn,
            role_arn: local.role_arn,
            dead_letter_arn: None,
            log_group: Some(local.log_group),
            retry: local.retry,
            read_only: local.read_only,
        };
        Self::over(session, context)
    }

    /// A client of AWS, with what is found on this machine.
    ///
    /// # Errors
    /// When there is no region, no profile of that name, no credentials or no way to the network.
    pub async fn connect(settings: &AwsSettings, clock: SdkClock) -> Result<Self, Failure> {
        Self::connect_from(&Machine::own(), settings, clock).await
    }

    /// A client of AWS, with what is found on a machine.
    ///
    /// # Errors
    /// As [`Scheduler::connect`].
    pub async fn connect_from(machine: &Machine, settings: &AwsSettings, clock: SdkClock) -> Result<Self, Failure> {
        let refuse = |region: &str| refuse_another_region(settings, region);
        let session = Session::open_in(machine, &settings.access, clock, refuse).await?;
        let context = context(settings, &session);
        Ok(Self::over(session, context))
    }

    /// A client of the place that the settings name, in an AWS that is reached already.
    ///
    /// # Errors
    /// When the target is in another region.
    pub fn at(session: Session, settings: &AwsSettings) -> Result<Self, Failure> {
        refuse_another_region(settings, &session.region)?;
        let context = context(settings, &session);
        Ok(Self::over(session, context))
    }

    /// The clients over one configuration.
    fn over(session: Session, context: Context) -> Self {
        let throttles = Throttles::default();
        let quick = session.quick();
        let scheduler = |partition: &'static str| {
            aws_sdk_scheduler::config::Builder::from(&quick).retry_partition(RetryPartition::custom(partition).build())
        };
        let lambda = aws_sdk_lambda::config::Builder::from(&quick)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts(INVOKE_TIMEOUT, INVOKE_TIMEOUT))
            .build();
        Self(std::sync::Arc::new(Inner {
            context,
            reads: aws_sdk_scheduler::Client::from_conf(scheduler("reads").interceptor(throttles.clone()).build()),
            writes: aws_sdk_scheduler::Client::from_conf(scheduler("writes").build()),
            lambda: aws_sdk_lambda::Client::from_conf(lambda),
            logs: aws_sdk_cloudwatchlogs::Client::new(&quick),
            throttles,
            session,
        }))
    }
}

fn timeouts(attempt: Duration, operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build()
}

fn context(settings: &AwsSettings, Session { account, region, .. }: &Session) -> Context {
    let group = &settings.group;
    Context {
        id: ContextId::new(&format!("aws/{account}/{region}/{group}")),
        name: settings.name.clone(),
        account: account.clone(),
        region: region.clone(),
        group: group.clone(),
        target_arn: settings.target_arn.clone(),
        role_arn: settings.role_arn.clone(),
        dead_letter_arn: settings.dead_letter_arn.clone(),
        log_group: settings.log_group.clone().or_else(|| Context::log_group_of(&settings.target_arn)),
        retry: settings.retry,
        read_only: settings.read_only,
    }
}

/// How requests are signed here.
///
/// # Errors
/// When the profile is not there, or wants what the SDK cannot give it.
pub(super) async fn signer(machine: &Machine, access: &Access) -> Result<Signer, Failure> {
    let profiles = Profiles::load(&machine.profile_files, access.profile.as_deref()).await?;
    profiles.refuse_what_the_sdk_cannot()?;
    Ok(profiles.signer())
}

/// The region: by name, else the environment's, else the profile's. The instance metadata service is never asked:
/// where there is none, its silence would cost seconds, and where there is one, a region that nobody chose is a
/// surprise.
pub(super) async fn region(machine: &Machine, access: &Access) -> Result<Region, Failure> {
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
            "Name one with --region or AWS_REGION, or give the profile one.",
        )
    })
}

/// A target of another region can never be called from this one; the service would say so at the first memo.
pub(super) fn refuse_another_region(settings: &AwsSettings, region: &str) -> Result<(), Failure> {
    let named = &settings.target_arn.region;
    if named.is_empty() || named == region {
        return Ok(());
    }
    Err(Failure::new(
        FailureKind::Settings,
        format!("The target {} is in {named}, and the region is {region}.", settings.target_arn),
        format!("Name the target's region with --region {named}, or another target."),
    ))
}

/// Who signs. A profile that was asked for by name comes before the keys of the environment, as in the AWS CLI:
/// otherwise memos would go to another account than the one that was named.
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

/// The account behind credentials that do not say theirs.
async fn caller_account(config: &SdkConfig, signer: &Signer, asked: &Asked<'_>) -> Result<String, Failure> {
    let sts = aws_sdk_sts::config::Builder::from(config)
        .retry_config(RetryConfig::standard())
        .timeout_config(timeouts(ATTEMPT_TIMEOUT, OPERATION_TIMEOUT))
        .build();
    let answer = aws_sdk_sts::Client::from_conf(sts)
        .get_caller_identity()
        .send()
        .await
        .map_err(|error| error::before_a_place(signer, asked, &error))?;
    answer.account.ok_or_else(|| {
        Failure::new(FailureKind::Service, "AWS does not say whose credentials these are.", "Try again.")
    })
}

/// Credentials that were loaded once already, to learn the account: they are not loaded twice, since a process or a
/// sign-on may stand behind them.
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
