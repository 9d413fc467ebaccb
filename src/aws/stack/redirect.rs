//! Memos that are pending, sent where they shall go now.
//!
//! A schedule carries the function, the role and the queue that it was made with. No version of the template replaces
//! these; should one of them be another all the same, what is pending would go nowhere.

use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use aws_sdk_scheduler::operation::update_schedule::UpdateScheduleError;
use aws_sdk_scheduler::types::DeadLetterConfig;

use crate::aws::client::Scheduler;
use crate::aws::context::Context;
use crate::aws::load::Load;
use crate::aws::schedule::decode;
use crate::aws::write::{BACK_OFF, is, put_back};
use crate::failure::Failure;
use crate::schedule::Name;

impl Scheduler {
    /// Gives every pending memo of the group this place's target, role and queue, and leaves all else of it as it is.
    /// What is no memo stays as it is. How many were changed.
    ///
    /// # Errors
    /// When the service refuses or fails, or cannot be reached. Those that were changed until then stay changed.
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

    /// Whether there was anything to change.
    async fn redirect_one(&self, name: &Name) -> Result<bool, Failure> {
        let operation = self.change_operation(
            "A pending memo could not be pointed at the new function",
            "scheduler:UpdateSchedule",
            name,
        );
        let mut pauses = BACK_OFF.into_iter();
        loop {
            // It may have fired, or have been called off, since it was listed.
            let Some(there) = self.read(name).await? else { return Ok(false) };
            let Some(schedule) = redirected(there, self.context()) else { return Ok(false) };
            let schedule = put_back(schedule).map_err(|error| operation.malformed(&error))?;
            match self.send_update(schedule).await {
                Ok(()) => return Ok(true),
                Err(error) if is(&error, UpdateScheduleError::is_resource_not_found_exception) => return Ok(false),
                Err(error) => match pauses.next() {
                    Some(pause) if is(&error, UpdateScheduleError::is_conflict_exception) => {
                        self.0.session.clock.sleep(pause).await;
                    }
                    _ => return Err(self.failure(&operation, &error)),
                },
            }
        }
    }
}

/// A schedule as it shall be; none where it is so already, or is no memo any more.
fn redirected(mut there: GetScheduleOutput, context: &Context) -> Option<GetScheduleOutput> {
    decode(&there).memo()?;
    let target = there.target.as_mut()?;
    let before = target.clone();
    target.arn = context.target_arn.to_string();
    target.role_arn = context.role_arn.to_string();
    target.dead_letter_config =
        context.dead_letter_arn.as_ref().map(|arn| DeadLetterConfig::builder().arn(arn).build());
    (*target != before).then_some(there)
}
