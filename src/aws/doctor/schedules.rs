//! Checks the group and its schedules: whether they can be read, and whether a new one is accepted with the role.

use aws_sdk_scheduler::operation::update_schedule::UpdateScheduleError;
use aws_sdk_scheduler::types::{ScheduleGroupState, ScheduleSummary, Target};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::finding::{Finding, check};
use crate::aws::client::Scheduler;
use crate::aws::context::Context;
use crate::aws::error::{Operation, RequestKind};
use crate::aws::probe::{PROBE_PREFIX, is_test_schedule};
use crate::aws::schedule::{instant, no_window};
use crate::failure::{Failure, FailureKind};
use crate::schedule::{Change, Name};

/// A younger test schedule may belong to a doctor that is still running.
const LEFT_OVER: TimeDelta = TimeDelta::minutes(10);

impl Scheduler {
    /// Checks the group, its schedules, and the role.
    pub(super) async fn check_schedules(&self) -> Vec<Finding> {
        let group = match self.check_group().await {
            Ok(group) => group,
            Err((group, because)) => {
                let rest = [check::SCHEDULES, check::ROLE].map(|name| Finding::skipped(name, because));
                return [group].into_iter().chain(rest).collect();
            }
        };
        let (schedules, left_over) = match self.read_schedules().await {
            Ok(left_over) => (Finding::ok(check::SCHEDULES, "Schedules can be listed and read."), left_over),
            Err(failure) => (Finding::failed(check::SCHEDULES, failure), Vec::new()),
        };
        vec![group, schedules, self.check_role(left_over).await]
    }

    /// Checks the group. The error is a finding after which it makes no sense to check the schedules, and why.
    async fn check_group(&self) -> Result<Finding, (Finding, &'static str)> {
        let context = self.context();
        let group = &context.group;
        match self.0.reads.get_schedule_group().name(group).send().await {
            Ok(answer) if answer.state == Some(ScheduleGroupState::Deleting) => {
                let found = format!("The group {group} is being deleted, with every schedule in it.");
                let advice = "Wait a few minutes until it is gone; the first memo creates it again. Or choose another with \
                              --group.";
                Err((Finding::wrong(check::GROUP, found, advice), "the group is being deleted"))
            }
            Ok(_) => Ok(Finding::ok(check::GROUP, format!("The group {group} exists."))),
            Err(error) => {
                let operation = Operation {
                    failed: "The schedule group could not be read",
                    action: "scheduler:GetScheduleGroup",
                    resource: context.group_arn(),
                    kind: RequestKind::Read,
                };
                let failure = self.failure(&operation, &error);
                if failure.kind == FailureKind::NotFound {
                    let found = format!("There is no group {group} yet. The first memo creates it.");
                    let advice = "That takes the permission scheduler:CreateScheduleGroup. `tickler init` creates a group \
                                  with everything else that memos need.";
                    return Err((Finding::unknown(check::GROUP, found, advice), "there is no group yet"));
                }
                // The group may be usable without the permission to read it.
                Ok(Finding::failed(check::GROUP, failure))
            }
        }
    }

    /// Checks list and read, and returns the test schedules that were left over.
    async fn read_schedules(&self) -> Result<Vec<Name>, Failure> {
        let context = self.context();
        let mut names = Vec::new();
        let mut token = None;
        loop {
            let request = self.0.reads.list_schedules().group_name(&context.group).name_prefix(PROBE_PREFIX);
            let page = request.set_next_token(token).send().await.map_err(|error| {
                let operation = Operation {
                    failed: "The schedules could not be listed",
                    action: "scheduler:ListSchedules",
                    resource: "*".to_owned(),
                    kind: RequestKind::Read,
                };
                self.failure(&operation, &error)
            })?;
            let now = self.0.session.clock.now();
            names.extend(page.schedules().iter().filter_map(|summary| left_over(summary, now)));
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        // No schedule has this name; only the permission matters.
        self.read(&unused_name()).await?;
        Ok(names)
    }

    /// Checks the role, and the person's permissions, by creating a schedule.
    async fn check_role(&self, left_over: Vec<Name>) -> Finding {
        let context = self.context();
        if context.read_only {
            return Finding::unknown(
                check::ROLE,
                "Only a test schedule shows whether the role works, and the context is read-only.",
                "Run `tickler doctor` without read-only.",
            );
        }
        match self.try_role(&left_over).await {
            Ok(()) => {
                let more = match left_over.len() {
                    0 => String::new(),
                    1 => " One that was left over from an earlier test was deleted too.".to_owned(),
                    some => format!(" {some} that were left over from earlier tests were deleted too."),
                };
                let role = context.role_arn.resource.rsplit('/').next().unwrap_or_default();
                Finding::ok(
                    check::ROLE,
                    format!("A test schedule was accepted with the role {role}, and deleted again.{more}"),
                )
            }
            Err(failure) if failure.kind == FailureKind::RoleNotAssumable => {
                Finding::wrong(check::ROLE, failure.what, trust_advice(context))
            }
            Err(failure) => Finding::failed(check::ROLE, failure),
        }
    }

    async fn try_role(&self, left_over: &[Name]) -> Result<(), Failure> {
        self.probe().await?;
        self.try_update().await?;
        for name in left_over {
            self.write(&Change::CancelForeign(Name::clone(name))).await?;
        }
        Ok(())
    }

    /// Checks the permission to update schedules, with a name that does not exist, so that nothing changes.
    async fn try_update(&self) -> Result<(), Failure> {
        let context = self.context();
        let name = unused_name();
        let operation = Operation {
            failed: "The permission to update schedules could not be checked",
            action: "scheduler:UpdateSchedule",
            resource: context.schedule_arn(&name),
            kind: RequestKind::Idempotent,
        };
        let malformed = |error| operation.malformed(&error);
        let target = Target::builder().arn(&context.target_arn).role_arn(&context.role_arn).input("{}").build();
        let request = self.0.writes.update_schedule().name(&name).group_name(&context.group);
        let answer = request
            .schedule_expression("at(2099-01-01T00:00:00)")
            .target(target.map_err(malformed)?)
            .flexible_time_window(no_window().map_err(malformed)?)
            .send()
            .await;
        match answer {
            Err(error)
                if error.as_service_error().is_some_and(UpdateScheduleError::is_resource_not_found_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(self.failure(&operation, &error)),
            Ok(_) => Ok(()),
        }
    }
}

/// A name that no schedule has.
fn unused_name() -> String {
    format!("{PROBE_PREFIX}{}", Uuid::nil())
}

/// The name of a test schedule that was left over.
fn left_over(summary: &ScheduleSummary, now: DateTime<Utc>) -> Option<Name> {
    let made = instant(summary.creation_date()?)?;
    summary.name().filter(|name| is_test_schedule(name) && now - made >= LEFT_OVER).map(Name::from)
}

/// What the trust policy of the role needs.
fn trust_advice(context: &Context) -> String {
    format!(
        "A new role takes up to two minutes to work. If it persists, allow scheduler.amazonaws.com to perform \
         sts:AssumeRole in the role's trust policy; if that has conditions, with aws:SourceAccount {} and aws:SourceArn {}.",
        context.account,
        context.group_arn()
    )
}
