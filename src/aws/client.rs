//! The client of one context: reading single schedules, and what every other call needs.
//!
//! The SDK clients live here; the calls live in the modules beside this one.

use std::sync::Arc;

use aws_sdk_scheduler::operation::get_schedule::{GetScheduleError, GetScheduleOutput};
use chrono::{DateTime, Utc};

use super::context::Context;
use super::error::{self, Operation, RequestKind};
use super::schedule::{self, decode};
use super::session::Session;
use super::throttles::Throttles;
use crate::failure::{Failure, FailureKind};
use crate::schedule::{Details, Name, Schedule};

/// A client of EventBridge Scheduler in one context. Cloning is cheap.
///
/// Its futures may be dropped at any time; nobody knows then whether a change was made.
#[derive(Debug, Clone)]
pub struct Scheduler(pub(super) Arc<Clients>);

/// The context, and the SDK clients for it.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) context: Context,
    /// Reads and writes have separate retry budgets, so that a storm of failing reads never costs a write its retries.
    pub(super) reads: aws_sdk_scheduler::Client,
    pub(super) writes: aws_sdk_scheduler::Client,
    pub(super) lambda: aws_sdk_lambda::Client,
    pub(super) logs: aws_sdk_cloudwatchlogs::Client,
    pub(super) throttles: Throttles,
    /// Makes the clients that are rarely needed.
    pub(super) session: Session,
}

impl Scheduler {
    /// The context.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.0.context
    }

    /// Reads one schedule; `None` if it does not exist.
    ///
    /// # Errors
    /// When the service refuses or fails, or cannot be reached.
    pub async fn get(&self, name: &Name) -> Result<Option<Schedule>, Failure> {
        Ok(self.read(name).await?.as_ref().map(decode))
    }

    /// Reads everything that the service says about one schedule; `None` if it does not exist.
    ///
    /// # Errors
    /// When the service refuses or fails, or cannot be reached.
    pub async fn details(&self, name: &Name) -> Result<Option<Details>, Failure> {
        Ok(self.read(name).await?.as_ref().map(schedule::details))
    }

    /// `GetSchedule`; `None` if the schedule does not exist.
    pub(super) async fn read(&self, name: &str) -> Result<Option<GetScheduleOutput>, Failure> {
        let context = self.context();
        match self.0.reads.get_schedule().group_name(&context.group).name(name).send().await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.as_service_error().is_some_and(GetScheduleError::is_resource_not_found_exception) => {
                Ok(None)
            }
            Err(error) => {
                let operation = Operation {
                    failed: "The schedule could not be read",
                    action: "scheduler:GetSchedule",
                    resource: context.schedule_arn(name),
                    kind: RequestKind::Read,
                };
                Err(self.failure(&operation, &error))
            }
        }
    }

    /// The time by which the client signs.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.0.session.clock.now()
    }

    /// Refuses a change if the context is read-only.
    pub(super) fn refuse_read_only(&self, failed: &str) -> Result<(), Failure> {
        if !self.context().read_only {
            return Ok(());
        }
        Err(Failure::new(
            FailureKind::ReadOnly,
            format!("{failed}: tickler is read-only here."),
            "To change something, start tickler without --read-only, and remove read_only from the context.",
        ))
    }

    /// The failure that an error of the SDK means here.
    pub(super) fn failure<E>(&self, operation: &Operation<'_>, error: &error::Sdk<E>) -> Failure
    where
        E: aws_smithy_types::error::metadata::ProvideErrorMetadata + std::error::Error + 'static,
    {
        error::failure(self.context(), &self.0.session.signer, operation, error)
    }
}
