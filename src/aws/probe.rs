//! Checks by a test schedule whether EventBridge Scheduler accepts schedules with the role of this context.
//!
//! Creating one checks everything at once: that the caller may create schedules in the group and pass the role, and that
//! the service may assume the role. The test schedule never fires and is deleted at once. Creating it does not check
//! what the role itself may do, so it proves nothing about deliveries.

use aws_sdk_scheduler::operation::create_schedule::CreateScheduleError;
use aws_sdk_scheduler::types::{ScheduleState, Target};
use aws_smithy_types::error::operation::BuildError;
use chrono::TimeDelta;
use uuid::Uuid;

use super::client::Scheduler;
use super::error::{Operation, RequestKind, Sdk};
use super::schedule::{AFTER_COMPLETION, no_window};
use crate::failure::{Failure, FailureKind};
use crate::schedule::{Change, Name};

/// The prefix of the name of a test schedule. One that is left over never fires, and anyone may delete it.
pub const PROBE_PREFIX: &str = "doctor-";

/// How far away the time of a test schedule is. It does not fire even then.
const AWAY: TimeDelta = TimeDelta::days(365);

impl Scheduler {
    /// Creates a disabled schedule a year away, and deletes it again.
    ///
    /// # Errors
    /// When either is refused or fails; [`FailureKind::RoleNotAssumable`] if the service may not assume the role, or not
    /// yet.
    pub async fn probe(&self) -> Result<(), Failure> {
        let name = format!("{PROBE_PREFIX}{}", Uuid::new_v4());
        let operation = Operation {
            failed: "A test schedule could not be created",
            action: "scheduler:CreateSchedule",
            resource: self.context().schedule_arn(&name),
            kind: RequestKind::Idempotent,
        };
        match self.send_test_schedule(&name).await {
            Ok(()) => {}
            // Nobody else has this name: an earlier try succeeded, and its response was lost.
            Err(ProbeError::Refused(error)) if is_conflict(&error) => {}
            Err(ProbeError::Malformed(error)) => {
                return Err(operation.malformed(&error));
            }
            Err(ProbeError::Refused(error)) => {
                let failure = self.failure(&operation, &error);
                if failure.kind == FailureKind::NoAnswer {
                    // It may exist anyway.
                    self.delete_test_schedule(name.into()).await?;
                }
                return Err(failure);
            }
        }
        self.delete_test_schedule(name.into()).await
    }

    async fn send_test_schedule(&self, name: &str) -> Result<(), ProbeError> {
        let context = self.context();
        let target = Target::builder().arn(&context.target_arn).role_arn(&context.role_arn).input("{}").build()?;
        let due = self.0.session.clock.now() + AWAY;
        let request = self.0.writes.create_schedule().name(name).group_name(&context.group);
        request
            .schedule_expression(due.format("at(%Y-%m-%dT%H:%M:%S)").to_string())
            .description("A test by tickler. It never fires and may be deleted.")
            .target(target)
            .flexible_time_window(no_window()?)
            .action_after_completion(AFTER_COMPLETION)
            .state(ScheduleState::Disabled)
            .send()
            .await
            .map(drop)
            .map_err(|error| ProbeError::Refused(Box::new(error)))
    }

    async fn delete_test_schedule(&self, name: Name) -> Result<(), Failure> {
        self.write(&Change::CancelForeign(name)).await.map(drop)
    }
}

/// Why a test schedule was not created.
enum ProbeError {
    Malformed(BuildError),
    Refused(Box<Sdk<CreateScheduleError>>),
}

impl From<BuildError> for ProbeError {
    fn from(error: BuildError) -> Self {
        Self::Malformed(error)
    }
}

fn is_conflict(error: &Sdk<CreateScheduleError>) -> bool {
    error.as_service_error().is_some_and(CreateScheduleError::is_conflict_exception)
}

/// Whether a schedule is a test schedule: the prefix and a UUID, which no person would choose as a name.
pub(super) fn is_test_schedule(name: &str) -> bool {
    name.strip_prefix(PROBE_PREFIX).is_some_and(|rest| Uuid::try_parse(rest).is_ok())
}

#[cfg(test)]
mod tests {
    use super::is_test_schedule;

    #[test]
    fn a_test_schedule_has_the_prefix_and_a_uuid() {
        assert!(is_test_schedule("doctor-01010101-0101-4101-8101-010101010101"));
        for name in ["doctor-appointment", "doctor-", "01010101-0101-4101-8101-010101010101", "my-doctor-1"] {
            assert!(!is_test_schedule(name), "{name}");
        }
    }
}
