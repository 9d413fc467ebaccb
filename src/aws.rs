//! Memos and schedules, through the AWS SDK: one client for AWS and for the embedded service.
//!
//! A [`Scheduler`] speaks to one place ([`Context`]). Nothing above it knows whether that is AWS or a service inside this
//! process: the same requests are signed, sent, paged, retried and decoded, and what goes wrong comes back as a
//! [`Failure`] in words. It knows the domain and the SDK; it must never know the screen, the journal or the program.
//!
//! The rooms: `connect` finds region, credentials and account; `schedule` says what a memo is as a schedule; `write`
//! makes changes and settles their conflicts; `load` reads the whole group, and again only what changed; `receipts`
//! reads the delivery log, `dead_letters` the queue of what could not be delivered; `run` delivers by hand; `caller` and
//! `probe` ask whose credentials these are, and whether a schedule is taken here at all; `stack` sets up what all of it
//! needs; `doctor` looks whether everything is as it has to be; `policy` says what a person must be allowed; `error` says
//! in words what went wrong.

mod caller;
pub mod command;
mod connect;
mod dead_letters;
mod doctor;
mod error;
mod load;
mod policy;
mod probe;
mod receipts;
mod run;
mod schedule;
pub mod stack;
mod write;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_scheduler::operation::get_schedule::{GetScheduleError, GetScheduleOutput};
use aws_smithy_async::rt::sleep::{AsyncSleep as _, SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use chrono::{DateTime, Utc};

pub use connect::{Machine, Session};
pub use dead_letters::DeadLetter;
pub use doctor::{Checkup, Doctor, Finding, State, Waiting, prove_delivery};
pub use load::{Load, Loaded, Loader};
pub use policy::least_policy;
pub use probe::PROBE_PREFIX;
pub use schedule::{Encoded, INPUT_LIMIT, decode, encode, input_size};

use crate::arn::Arn;
use crate::context::{ContextId, RetryPolicy};
use crate::failure::{Failure, FailureKind};
use crate::schedule::{Details, Name, Schedule};
use error::{Asked, Sort};

/// Where a [`Scheduler`] keeps its memos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The stable key of it: `local/tickler`, `aws/123456789012/eu-west-1/tickler`.
    pub id: ContextId,
    /// The name that the person knows it by: `local`, or what the file calls it.
    pub name: String,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The schedule group.
    pub group: String,
    /// What delivers.
    pub target_arn: Arn,
    /// The role with which EventBridge Scheduler calls it.
    pub role_arn: Arn,
    /// The queue for what could not be delivered.
    pub dead_letter_arn: Option<Arn>,
    /// The log group of the deliveries; none where the target is no function and none is configured.
    pub log_group: Option<String>,
    /// How hard the service tries.
    pub retry: RetryPolicy,
    /// Whether every change is refused, before it is sent.
    pub read_only: bool,
}

impl Context {
    /// The ARN that a schedule has here.
    #[must_use]
    pub fn schedule_arn(&self, name: &str) -> String {
        self.arn("scheduler", format!("schedule/{}/{name}", self.group))
    }

    /// The ARN that the group has here.
    #[must_use]
    pub fn group_arn(&self) -> String {
        self.arn("scheduler", format!("schedule-group/{}", self.group))
    }

    /// The ARN that a log group has here, as policies name it.
    fn log_group_arn(&self, name: &str) -> String {
        self.arn("logs", format!("log-group:{name}:*"))
    }

    /// The ARN of a resource in the same partition, region and account.
    fn arn(&self, service: &str, resource: String) -> String {
        let arn = Arn {
            partition: self.target_arn.partition.clone(),
            service: service.to_owned(),
            region: self.region.clone(),
            account: self.account.clone(),
            resource,
        };
        arn.to_string()
    }

    /// The log group that Lambda writes to by default.
    fn log_group_of(target_arn: &Arn) -> Option<String> {
        target_arn.function_name().map(|name| format!("/aws/lambda/{name}"))
    }
}

/// Where memos are to live in the embedded service, and under which names it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalContext {
    /// Its account.
    pub account: String,
    /// Its region.
    pub region: String,
    /// Its function.
    pub target_arn: Arn,
    /// Its role.
    pub role_arn: Arn,
    /// The log group of its deliveries.
    pub log_group: String,
    /// The schedule group.
    pub group: String,
    /// How hard it tries.
    pub retry: RetryPolicy,
    /// Whether every change is refused.
    pub read_only: bool,
}

/// The clock of the SDK: what signs by the time, and what waits.
#[derive(Debug, Clone)]
pub struct SdkClock {
    /// The time.
    pub time_source: SharedTimeSource,
    /// How to wait.
    pub sleep_impl: SharedAsyncSleep,
}

impl SdkClock {
    /// The clock of the machine, and tokio's timer.
    #[must_use]
    pub fn system() -> Self {
        Self {
            time_source: SharedTimeSource::new(SystemTimeSource::new()),
            sleep_impl: SharedAsyncSleep::new(TokioSleep::new()),
        }
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.time_source.now().into()
    }

    /// Waits.
    pub async fn sleep(&self, duration: Duration) {
        self.sleep_impl.sleep(duration).await;
    }
}

/// The client: a place, and what it takes to speak to it. Cloning is cheap.
///
/// Its futures may be dropped at any time; a write that was dropped may or may not have been carried out.
#[derive(Debug, Clone)]
pub struct Scheduler(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    context: Context,
    /// Reads and writes have a budget of retries each, so that a storm of failing reads never costs a write its own.
    reads: aws_sdk_scheduler::Client,
    writes: aws_sdk_scheduler::Client,
    lambda: aws_sdk_lambda::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    throttles: load::Throttles,
    /// What further clients are made of, when they are wanted.
    session: Session,
}

impl Scheduler {
    /// Where its memos live.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.0.context
    }

    /// Reads one schedule; none when it is not there.
    ///
    /// # Errors
    /// When the service refuses or fails, or cannot be reached.
    pub async fn get(&self, name: &Name) -> Result<Option<Schedule>, Failure> {
        Ok(self.read(name).await?.as_ref().map(decode))
    }

    /// Reads everything that the service says about one schedule; none when it is not there.
    ///
    /// # Errors
    /// When the service refuses or fails, or cannot be reached.
    pub async fn details(&self, name: &Name) -> Result<Option<Details>, Failure> {
        Ok(self.read(name).await?.as_ref().map(schedule::details))
    }

    /// What reads the whole group, and again only what changed. It lives as long as the connection.
    #[must_use]
    pub fn loader(&self) -> Loader {
        Loader::new(self.clone())
    }

    /// `GetSchedule`; none when it is not there.
    async fn read(&self, name: &str) -> Result<Option<GetScheduleOutput>, Failure> {
        let context = self.context();
        match self.0.reads.get_schedule().group_name(&context.group).name(name).send().await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.as_service_error().is_some_and(GetScheduleError::is_resource_not_found_exception) => {
                Ok(None)
            }
            Err(error) => {
                let asked = Asked {
                    what: "The schedule could not be read",
                    action: "scheduler:GetSchedule",
                    on: context.schedule_arn(name),
                    sort: Sort::Read,
                };
                Err(self.failure(&asked, &error))
            }
        }
    }

    /// What time it is, by the clock that the client signs by.
    fn now(&self) -> DateTime<Utc> {
        self.0.session.clock.now()
    }

    /// Refuses a change where nothing is to be changed.
    fn refuse_read_only(&self, what: &str) -> Result<(), Failure> {
        if !self.context().read_only {
            return Ok(());
        }
        Err(Failure::new(
            FailureKind::ReadOnly,
            format!("{what}: tickler is read-only here."),
            "Start it without --read-only, and without read_only in the context, to change something.",
        ))
    }

    /// What went wrong, in words.
    fn failure<E>(&self, asked: &Asked<'_>, error: &error::Sdk<E>) -> Failure
    where
        E: aws_smithy_types::error::metadata::ProvideErrorMetadata + std::error::Error + 'static,
    {
        error::failure(self.context(), &self.0.session.signer, asked, error)
    }
}
