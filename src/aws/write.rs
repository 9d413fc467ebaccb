//! Changes: create, update and cancel, and how their conflicts are settled.
//!
//! The SDK retries, and a response can be lost after the change was made. So a create may conflict with its own earlier
//! try, and a cancel may find nothing to delete. A conflict counts as a failure only after a look at the schedule.

use std::time::Duration;

use aws_sdk_scheduler::operation::create_schedule::{CreateScheduleError, CreateScheduleInput};
use aws_sdk_scheduler::operation::create_schedule_group::CreateScheduleGroupError;
use aws_sdk_scheduler::operation::delete_schedule::DeleteScheduleError;
use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use aws_sdk_scheduler::operation::get_schedule_group::GetScheduleGroupError;
use aws_sdk_scheduler::operation::update_schedule::{UpdateScheduleError, UpdateScheduleInput};
use aws_sdk_scheduler::types::ScheduleGroupState;
use aws_smithy_types::error::operation::BuildError;

use super::client::Scheduler;
use super::context::Context;
use super::error::{Operation, RequestKind, Sdk};
use super::schedule::{AFTER_COMPLETION, decode, encode, no_window};

use crate::failure::Failure;
use crate::memo::Memo;
use crate::schedule::{Change, ChangeOutcome, Name, Schedule};

/// The pauses before a change is retried that conflicted with another one.
pub(super) const BACK_OFF: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(400), Duration::from_millis(800)];

impl Scheduler {
    /// Makes a change. It is safe to repeat the same change after any failure: it takes effect once.
    ///
    /// # Errors
    /// When the service refuses or fails, or cannot be reached. If the failure may pass, the change may have taken effect
    /// anyway. If the context is read-only, nothing is sent.
    pub async fn write(&self, write: &Change) -> Result<ChangeOutcome, Failure> {
        self.refuse_read_only("Nothing was changed")?;
        match write {
            Change::Create(memo) => self.create(memo).await,
            Change::Update { before, after } => self.update(before, after).await,
            Change::Cancel(memo) => self.cancel(&memo.id.to_string().into()).await,
            Change::CancelForeign(name) => self.cancel(name).await,
        }
    }

    async fn create(&self, memo: &Memo) -> Result<ChangeOutcome, Failure> {
        let operation =
            self.change_operation("The memo could not be scheduled", "scheduler:CreateSchedule", &memo.id.to_string());
        let schedule = new_schedule(memo, self.context()).map_err(|error| operation.malformed(&error))?;
        let mut answer = self.send_create(schedule.clone()).await;
        if answer.as_ref().is_err_and(|error| is_error(error, CreateScheduleError::is_resource_not_found_exception)) {
            self.create_group().await?;
            answer = self.send_create(schedule).await;
        }
        match answer {
            Ok(()) => Ok(self.saved()),
            Err(error) if is_error(&error, CreateScheduleError::is_conflict_exception) => {
                self.settle_create(memo, &operation, &error).await
            }
            Err(error) => Err(self.failure(&operation, &error)),
        }
    }

    async fn send_create(&self, schedule: CreateScheduleInput) -> Result<(), Sdk<CreateScheduleError>> {
        let request = self.0.writes.create_schedule();
        request
            .set_name(schedule.name)
            .set_group_name(schedule.group_name)
            .set_schedule_expression(schedule.schedule_expression)
            .set_schedule_expression_timezone(schedule.schedule_expression_timezone)
            .set_description(schedule.description)
            .set_target(schedule.target)
            .set_flexible_time_window(schedule.flexible_time_window)
            .set_action_after_completion(schedule.action_after_completion)
            .send()
            .await
            .map(drop)
    }

    /// The name exists, most often because an earlier try of the same create succeeded and its response was lost.
    async fn settle_create(
        &self,
        memo: &Memo,
        operation: &Operation<'_>,
        conflict: &Sdk<CreateScheduleError>,
    ) -> Result<ChangeOutcome, Failure> {
        if let Some(current) = self.read(&memo.id.to_string()).await? {
            return Ok(outcome(memo, decode(&current)));
        }
        // Nobody else uses this name. Either the group is in the way, or the schedule has fired or was cancelled since.
        if self.group_is_unavailable(operation).await? {
            Err(self.failure(operation, conflict))
        } else {
            Ok(ChangeOutcome::AlreadyGone)
        }
    }

    /// Whether the group is being deleted, or gone.
    async fn group_is_unavailable(&self, operation: &Operation<'_>) -> Result<bool, Failure> {
        match self.0.reads.get_schedule_group().name(&self.context().group).send().await {
            Ok(group) => Ok(group.state == Some(ScheduleGroupState::Deleting)),
            Err(error) if is_error(&error, GetScheduleGroupError::is_resource_not_found_exception) => Ok(true),
            Err(error) => Err(self.failure(operation, &error)),
        }
    }

    /// Creates the group, unless someone else just did.
    async fn create_group(&self) -> Result<(), Failure> {
        let context = self.context();
        match self.0.writes.create_schedule_group().name(&context.group).send().await {
            Ok(_) => Ok(()),
            Err(error) if is_error(&error, CreateScheduleGroupError::is_conflict_exception) => Ok(()),
            Err(error) => {
                let operation = Operation {
                    failed: "The schedule group could not be created",
                    action: "scheduler:CreateScheduleGroup",
                    resource: context.group_arn(),
                    kind: RequestKind::Idempotent,
                };
                Err(self.failure(&operation, &error))
            }
        }
    }

    /// There is no conditional update. So the schedule is read first, in order not to overwrite someone else's change, and
    /// sent back whole, because an update resets every field that it leaves out.
    async fn update(&self, before: &Memo, after: &Memo) -> Result<ChangeOutcome, Failure> {
        let name = after.id.to_string();
        let operation = self.change_operation("The memo could not be changed", "scheduler:UpdateSchedule", &name);
        let mut pauses = BACK_OFF.into_iter();
        loop {
            let Some(current) = self.read(&name).await? else { return Ok(ChangeOutcome::AlreadyGone) };
            let now = decode(&current);
            // It may be `after` already: an earlier try succeeded, and its response was lost.
            if now.memo().is_none_or(|memo| !memo.is_same(before)) {
                return Ok(outcome(after, now));
            }
            let schedule = changed(current, after).map_err(|error| operation.malformed(&error))?;
            match self.send_update(schedule).await {
                Ok(()) => return Ok(self.saved()),
                Err(error) if is_error(&error, UpdateScheduleError::is_resource_not_found_exception) => {
                    return Ok(ChangeOutcome::AlreadyGone);
                }
                Err(error) if is_error(&error, UpdateScheduleError::is_conflict_exception) => match pauses.next() {
                    Some(pause) => self.0.session.clock.sleep(pause).await,
                    None => return Err(self.failure(&operation, &error)),
                },
                Err(error) => return Err(self.failure(&operation, &error)),
            }
        }
    }

    pub(super) async fn send_update(&self, schedule: UpdateScheduleInput) -> Result<(), Sdk<UpdateScheduleError>> {
        let request = self.0.writes.update_schedule();
        request
            .set_name(schedule.name)
            .set_group_name(schedule.group_name)
            .set_schedule_expression(schedule.schedule_expression)
            .set_schedule_expression_timezone(schedule.schedule_expression_timezone)
            .set_start_date(schedule.start_date)
            .set_end_date(schedule.end_date)
            .set_description(schedule.description)
            .set_state(schedule.state)
            .set_kms_key_arn(schedule.kms_key_arn)
            .set_target(schedule.target)
            .set_flexible_time_window(schedule.flexible_time_window)
            .set_action_after_completion(schedule.action_after_completion)
            .send()
            .await
            .map(drop)
    }

    async fn cancel(&self, name: &Name) -> Result<ChangeOutcome, Failure> {
        let mut pauses = BACK_OFF.into_iter();
        loop {
            match self.0.writes.delete_schedule().group_name(&self.context().group).name(&**name).send().await {
                Ok(_) => return Ok(ChangeOutcome::Cancelled),
                Err(error) if is_error(&error, DeleteScheduleError::is_resource_not_found_exception) => {
                    return Ok(ChangeOutcome::AlreadyGone);
                }
                Err(error) => match pauses.next() {
                    Some(pause) if is_error(&error, DeleteScheduleError::is_conflict_exception) => {
                        self.0.session.clock.sleep(pause).await;
                    }
                    _ => {
                        let operation = self.change_operation(
                            "The schedule could not be cancelled",
                            "scheduler:DeleteSchedule",
                            name,
                        );
                        return Err(self.failure(&operation, &error));
                    }
                },
            }
        }
    }

    pub(super) fn change_operation<'a>(&self, failed: &'a str, action: &'a str, name: &str) -> Operation<'a> {
        Operation { failed, action, resource: self.context().schedule_arn(name), kind: RequestKind::Idempotent }
    }

    /// The response to a write has no time, so the client's clock has to do.
    fn saved(&self) -> ChangeOutcome {
        ChangeOutcome::Saved(Some(self.0.session.clock.now()))
    }
}

/// Compares the schedule that exists with the memo that was wanted.
fn outcome(wanted: &Memo, current: Schedule) -> ChangeOutcome {
    match current.memo() {
        Some(memo) if memo.is_same(wanted) => ChangeOutcome::Saved(Some(current.modified)),
        _ => ChangeOutcome::Differs(Box::new(current)),
    }
}

fn new_schedule(memo: &Memo, context: &Context) -> Result<CreateScheduleInput, BuildError> {
    let encoded = encode(memo);
    let target = encoded.target(context)?;
    CreateScheduleInput::builder()
        .name(encoded.name)
        .group_name(&context.group)
        .schedule_expression(encoded.expression)
        .schedule_expression_timezone(encoded.zone)
        .description(encoded.description)
        .target(target)
        .flexible_time_window(no_window()?)
        .action_after_completion(AFTER_COMPLETION)
        .build()
}

/// An update that changes the memo's fields and keeps every other one.
fn changed(mut current: GetScheduleOutput, after: &Memo) -> Result<UpdateScheduleInput, BuildError> {
    let encoded = encode(after);
    current.name = Some(encoded.name);
    current.schedule_expression = Some(encoded.expression);
    current.schedule_expression_timezone = Some(encoded.zone.to_owned());
    current.description = Some(encoded.description);
    if let Some(target) = &mut current.target {
        target.input = Some(encoded.input);
    }
    unchanged(current)
}

/// An update that keeps every field.
pub(super) fn unchanged(current: GetScheduleOutput) -> Result<UpdateScheduleInput, BuildError> {
    UpdateScheduleInput::builder()
        .set_name(current.name)
        .set_group_name(current.group_name)
        .set_schedule_expression(current.schedule_expression)
        .set_schedule_expression_timezone(current.schedule_expression_timezone)
        .set_start_date(current.start_date)
        .set_end_date(current.end_date)
        .set_description(current.description)
        .set_state(current.state)
        .set_kms_key_arn(current.kms_key_arn)
        .set_target(current.target)
        .set_flexible_time_window(current.flexible_time_window)
        .set_action_after_completion(current.action_after_completion)
        .build()
}

/// Whether an error is a given error of the service.
pub(super) fn is_error<E>(error: &Sdk<E>, named: impl Fn(&E) -> bool) -> bool {
    error.as_service_error().is_some_and(named)
}
