//! Points pending memos at a new target.
//!
//! A schedule carries the function, the role and the queue that it was created with. No version of the template replaces
//! these; if one of them changed anyway, pending memos would be lost.

use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use aws_sdk_scheduler::operation::update_schedule::UpdateScheduleError;
use aws_sdk_scheduler::types::DeadLetterConfig;

use crate::aws::client::Scheduler;
use crate::aws::context::Context;
use crate::aws::load::Load;
use crate::aws::schedule::decode;
use crate::aws::write::{BACK_OFF, is_error, unchanged};
use crate::failure::Failure;
use crate::schedule::Name;

impl Scheduler {
    /// Gives every pending memo of the group the target, role and queue of this context, and changes nothing else.
    /// Foreign schedules stay as they are. Returns how many schedules changed.
    ///
    /// # Errors
    /// When the service refuses or fails, or cannot be reached. Schedules that were changed by then stay changed.
    pub async fn redirect(&self) -> Result<usize, Failure> {
        let mut names = Vec::new();
        let memos = |load| {
            if let Load::Rows(rows) = load {
                names.extend(rows.into_iter().filter(|row| row.memo().is_some()).map(|row| row.name));
            }
        };
        self.loader().refresh(&[], memos).await?;
        let mut changed = 0;
        for name in &names {
            changed += usize::from(self.redirect_one(name).await?);
        }
        Ok(changed)
    }

    /// Returns whether current was anything to change.
    async fn redirect_one(&self, name: &Name) -> Result<bool, Failure> {
        let operation = self.change_operation(
            "A pending memo could not be moved to the new function",
            "scheduler:UpdateSchedule",
            name,
        );
        let mut pauses = BACK_OFF.into_iter();
        loop {
            // It may have fired, or was cancelled, since it was listed.
            let Some(current) = self.read(name).await? else { return Ok(false) };
            let Some(schedule) = redirected(current, self.context()) else { return Ok(false) };
            let schedule = unchanged(schedule).map_err(|error| operation.malformed(&error))?;
            match self.send_update(schedule).await {
                Ok(()) => return Ok(true),
                Err(error) if is_error(&error, UpdateScheduleError::is_resource_not_found_exception) => {
                    return Ok(false);
                }
                Err(error) => match pauses.next() {
                    Some(pause) if is_error(&error, UpdateScheduleError::is_conflict_exception) => {
                        self.0.session.clock.sleep(pause).await;
                    }
                    _ => return Err(self.failure(&operation, &error)),
                },
            }
        }
    }
}

/// The schedule with the new target; `None` if it has that target already, or is not a memo any more.
fn redirected(mut current: GetScheduleOutput, context: &Context) -> Option<GetScheduleOutput> {
    decode(&current).memo()?;
    let target = current.target.as_mut()?;
    let before = target.clone();
    target.arn = context.target_arn.to_string();
    target.role_arn = context.role_arn.to_string();
    target.dead_letter_config =
        context.dead_letter_arn.as_ref().map(|arn| DeadLetterConfig::builder().arn(arn).build());
    (*target != before).then_some(current)
}
