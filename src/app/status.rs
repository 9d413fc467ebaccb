//! The status of a schedule, in a word beside its colour.

use chrono::{DateTime, TimeDelta, Utc};

use super::context::pending::Stage;
use super::model::App;
use crate::schedule::{Body, Change, Schedule};

/// How far a schedule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Pending.
    Pending,
    /// Disabled: it will not fire.
    Disabled,
    /// A foreign schedule without one due time.
    Repeating,
    /// Being saved.
    Saving,
    /// Not sent yet, and retried.
    Unsent,
    /// Refused by the scheduler.
    Refused,
    /// Being cancelled.
    Cancelling,
    /// Being run now.
    Running,
    /// Due, with no receipt yet.
    Due,
    /// Due a while ago, and still scheduled.
    Late,
    /// Failed, and retried.
    Failing,
    /// Due in the past, with no receipt.
    Unconfirmed,
}

impl Status {
    /// The word; empty for a pending schedule, which nearly all are.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending | Self::Repeating => "",
            Self::Disabled => "off",
            Self::Saving => "saving",
            Self::Unsent => "not sent yet",
            Self::Refused => "not saved",
            Self::Cancelling => "cancelling",
            Self::Running => "running",
            Self::Due => "due",
            Self::Late => "late",
            Self::Failing => "failing",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

/// When a schedule that is due is late: EventBridge Scheduler fires within a minute, and the delivery takes a moment.
const LATE: TimeDelta = TimeDelta::seconds(90);

impl App {
    /// The status of a schedule of the current context.
    #[must_use]
    pub fn status(&self, schedule: &Schedule, now: DateTime<Utc>) -> Status {
        let context = self.current();
        if context.running.contains(&schedule.name) {
            return Status::Running;
        }
        let passed = schedule.due().filter(|due| *due <= now);
        if passed.is_some() && context.failure_of(schedule).is_some() {
            return Status::Failing;
        }
        match context.changes.get(&schedule.name).map(|pending| (&pending.stage, &pending.change)) {
            Some((Stage::Unconfirmed, _)) => match passed {
                Some(due) if now < due + context.receipt_delay() => Status::Due,
                Some(_) | None => Status::Unconfirmed,
            },
            Some((Stage::Refused(_), _)) => Status::Refused,
            Some((_, Change::Cancel(_) | Change::CancelForeign(_))) => Status::Cancelling,
            Some((Stage::Sending, _)) => Status::Saving,
            Some((Stage::Waiting(..), _)) => Status::Unsent,
            None => match (&schedule.body, passed) {
                _ if !schedule.enabled => Status::Disabled,
                (Body::Foreign(foreign), _) if foreign.due.is_none() => Status::Repeating,
                (_, Some(due)) if now >= due + LATE => Status::Late,
                (_, Some(_)) => Status::Due,
                (_, None) => Status::Pending,
            },
        }
    }

    /// When the status of a schedule next changes by itself.
    pub(super) fn next_status(&self, schedule: &Schedule, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let due = schedule.due()?;
        [due, due + LATE, due + self.current().receipt_delay()].into_iter().filter(|at| *at > now).min()
    }
}
