//! The constructors of the client: over the embedded scheduler, or over AWS.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_sdk_scheduler::config::retry::RetryPartition;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::client::{Clients, Scheduler};
use super::clock::SdkClock;
use super::context::{Context, LocalContext, default_log_group};
use super::session::{Machine, Session, timeouts};
use super::throttles::Throttles;
use crate::context::{AwsSettings, ContextId};
use crate::failure::{Failure, FailureKind};

/// A function responds when it has finished. It is never run twice for one key press, so there is one try.
const INVOKE_TIMEOUT: Duration = Duration::from_mins(1);

impl Scheduler {
    /// A client of the embedded scheduler. Opens no connection and reads no file.
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

    /// A client of AWS, connected from this machine.
    ///
    /// # Errors
    /// When there is no region, no profile of that name, no credentials or no network.
    pub async fn connect(settings: &AwsSettings, clock: SdkClock) -> Result<Self, Failure> {
        Self::connect_from(&Machine::own(), settings, clock).await
    }

    /// A client of AWS, connected from a given machine.
    ///
    /// # Errors
    /// As [`Scheduler::connect`].
    pub async fn connect_from(machine: &Machine, settings: &AwsSettings, clock: SdkClock) -> Result<Self, Failure> {
        let check_region = |region: &str| refuse_another_region(settings, region);
        let session = Session::open_checked(machine, &settings.access, clock, check_region).await?;
        let context = context(settings, &session);
        Ok(Self::over(session, context))
    }

    /// A client of the context that the settings describe, over an open session.
    ///
    /// # Errors
    /// When the target is in another region.
    pub fn at(session: Session, settings: &AwsSettings) -> Result<Self, Failure> {
        refuse_another_region(settings, &session.region)?;
        let context = context(settings, &session);
        Ok(Self::over(session, context))
    }

    /// A client of a context, over an open session.
    fn over(session: Session, context: Context) -> Self {
        let throttles = Throttles::default();
        let config = session.client_config();
        let scheduler = |partition: &'static str| {
            aws_sdk_scheduler::config::Builder::from(&config).retry_partition(RetryPartition::custom(partition).build())
        };
        let lambda = aws_sdk_lambda::config::Builder::from(&config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts(INVOKE_TIMEOUT, INVOKE_TIMEOUT))
            .build();
        Self(Arc::new(Clients {
            context,
            reads: aws_sdk_scheduler::Client::from_conf(scheduler("reads").interceptor(throttles.clone()).build()),
            writes: aws_sdk_scheduler::Client::from_conf(scheduler("writes").build()),
            lambda: aws_sdk_lambda::Client::from_conf(lambda),
            logs: aws_sdk_cloudwatchlogs::Client::new(&config),
            throttles,
            session,
        }))
    }
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
        log_group: settings.log_group.clone().or_else(|| default_log_group(&settings.target_arn)),
        retry: settings.retry,
        read_only: settings.read_only,
    }
}

/// Refuses a target in another region. EventBridge Scheduler cannot invoke it, and would say so at the first memo.
pub(super) fn refuse_another_region(settings: &AwsSettings, region: &str) -> Result<(), Failure> {
    let named = &settings.target_arn.region;
    if named.is_empty() || named == region {
        return Ok(());
    }
    Err(Failure::new(
        FailureKind::Settings,
        format!("The target {} is in {named}, but the region is {region}.", settings.target_arn),
        format!("Use the target's region with --region {named}, or choose another target."),
    ))
}
