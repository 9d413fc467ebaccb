//! The group and its schedules: whether they can be read, and whether a new one is taken with its role.

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

/// A trial that is younger may be somebody else's, which is going on.
const LEFT_OVER: TimeDelta = TimeDelta::minutes(10);

impl Scheduler {
    /// The group, what is in it, and whether it takes more.
    pub(super) async fn check_schedules(&self) -> Vec<Finding> {
        let group = match self.check_group().await {
            Ok(group) => group,
            Err((group, because)) => {
                let rest = [check::SCHEDULES, check::ROLE].map(|name| Finding::skipped(name, because));
                return [group].into_iter().chain(rest).collect();
            }
        };
        let (schedules, left_over) = match self.read_schedules().await {
            Ok(left_over) => (Finding::ok(check::SCHEDULES, "They can be listed and read."), left_over),
            Err(failure) => (Finding::failed(check::SCHEDULES, failure), Vec::new()),
        };
        vec![group, schedules, self.check_role(left_over).await]
    }

    /// The group; as an error where there is no sense in looking at what is in it, and why.
    async fn check_group(&self) -> Result<Finding, (Finding, &'static str)> {
        let context = self.context();
        let group = &context.group;
        match self.0.reads.get_schedule_group().name(group).send().await {
            Ok(answer) if answer.state == Some(ScheduleGroupState::Deleting) => {
                let found = format!("The group {group} is being deleted, with every schedule in it.");
                let advice = "Wait some minutes until it has gone: the first memo makes it anew. Or name another with \
                              --group.";
                Err((Finding::wrong(check::GROUP, found, advice), "the group is being deleted"))
            }
            Ok(_) => Ok(Finding::ok(check::GROUP, format!("The group {group} is there."))),
            Err(error) => {
                let operation = Operation {
                    failed: "The schedule group could not be read",
                    action: "scheduler:GetScheduleGroup",
                    resource: context.group_arn(),
                    kind: RequestKind::Read,
                };
                let failure = self.failure(&operation, &error);
                if failure.kind == FailureKind::NotFound {
                    let found = format!("There is no group {group} yet: the first memo makes it.");
                    let advice = "That takes scheduler:CreateScheduleGroup on it, once. `tickler init` makes one with \
                                  all else that memos need.";
                    return Err((Finding::unknown(check::GROUP, found, advice), "there is no group yet"));
                }
                // Who may not look at it may still use it.
                Ok(Finding::failed(check::GROUP, failure))
            }
        }
    }

    /// Lists and reads, and brings back what earlier trials have left over.
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
        // Nothing has this name: what is asked is whether one may ask.
        self.read(&nobody()).await?;
        Ok(names)
    }

    /// What a role must allow, and what the person must be allowed with it, is proved by doing.
    async fn check_role(&self, left_over: Vec<Name>) -> Finding {
        let context = self.context();
        if context.read_only {
            return Finding::unknown(
                check::ROLE,
                "Whether schedules are taken with the role is proved by making one, and nothing is to be changed here.",
                "Run `tickler doctor` without read-only.",
            );
        }
        match self.try_role(&left_over).await {
            Ok(()) => {
                let more = match left_over.len() {
                    0 => String::new(),
                    1 => " One that an earlier trial left behind was deleted too.".to_owned(),
                    some => format!(" {some} that earlier trials left behind were deleted too."),
                };
                let role = context.role_arn.resource.rsplit('/').next().unwrap_or_default();
                Finding::ok(check::ROLE, format!("A schedule is taken with the role {role}, and deleted again.{more}"))
            }
            Err(failure) if failure.kind == FailureKind::RoleNotAssumable => {
                Finding::wrong(check::ROLE, failure.what, trust(context))
            }
            Err(failure) => Finding::failed(check::ROLE, failure),
        }
    }

    async fn try_role(&self, left_over: &[Name]) -> Result<(), Failure> {
        self.probe().await?;
        self.ask_to_change().await?;
        for name in left_over {
            self.write(&Change::CancelForeign(Name::clone(name))).await?;
        }
        Ok(())
    }

    /// Whether one may change schedules: asked of one that is not there, so that nothing is changed.
    async fn ask_to_change(&self) -> Result<(), Failure> {
        let context = self.context();
        let name = nobody();
        let operation = Operation {
            failed: "It could not be tried to change a schedule",
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

/// The name of no schedule.
fn nobody() -> String {
    format!("{PROBE_PREFIX}{}", Uuid::nil())
}

/// The name of a trial that ended without deleting its schedule.
fn left_over(summary: &ScheduleSummary, now: DateTime<Utc>) -> Option<Name> {
    let made = instant(summary.creation_date()?)?;
    summary.name().filter(|name| is_test_schedule(name) && now - made >= LEFT_OVER).map(Name::from)
}

/// What the trust policy of the role has to say.
fn trust(context: &Context) -> String {
    format!(
        "A new role needs up to two minutes. If it lasts, let its trust policy allow scheduler.amazonaws.com to do \
         sts:AssumeRole, and where that has conditions, with aws:SourceAccount {} and aws:SourceArn {}.",
        context.account,
        context.group_arn()
    )
}
