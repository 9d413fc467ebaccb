//! How far a schedule has come in its life, in a word that stands beside its colour.

use chrono::{DateTime, TimeDelta, Utc};

use crate::schedule::{Body, Change, Receipt, Schedule};

use super::{App, Stage};

/// How far a schedule has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It waits for its moment.
    Pending,
    /// It is switched off and will not fire.
    Disabled,
    /// It is no memo and names no one moment.
    Repeating,
    /// It is being saved.
    Saving,
    /// It could not be sent yet, and is tried again.
    Unsent,
    /// The service refused it.
    Refused,
    /// It is being called off.
    Cancelling,
    /// It is being run by hand.
    Running,
    /// Its moment has come; the proof of its delivery is awaited.
    Due,
    /// Its moment passed a while ago and it is still there.
    Late,
    /// A try to deliver it has failed, and it is tried again.
    Failing,
    /// Its moment has passed, and nothing proves that it was delivered.
    Unconfirmed,
}

impl Status {
    /// The word for it; empty for what merely waits, which is nearly everything.
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

/// From when on a schedule that is due and still there is late: EventBridge Scheduler fires within the minute, and a
/// little is left for the way.
const LATE: TimeDelta = TimeDelta::seconds(90);

/// How long the proof of a delivery in AWS may take: logs come in late.
pub const PROOF_LAG: TimeDelta = TimeDelta::minutes(5);

impl App {
    /// How far this schedule has come.
    #[must_use]
    pub fn life(&self, row: &Schedule, now: DateTime<Utc>) -> Status {
        if self.running.contains(&row.name) {
            return Status::Running;
        }
        let passed = row.due().filter(|due| *due <= now);
        if passed.is_some() && self.failure_of(row).is_some() {
            return Status::Failing;
        }
        match self.writes.get(&row.name).map(|underway| (&underway.stage, &underway.write)) {
            Some((Stage::Unconfirmed, _)) => match passed {
                Some(due) if now < due + self.proof_lag() => Status::Due,
                _ => Status::Unconfirmed,
            },
            Some((Stage::Refused(_), _)) => Status::Refused,
            Some((_, Change::Cancel(_) | Change::CancelForeign(_))) => Status::Cancelling,
            Some((Stage::Sending, _)) => Status::Saving,
            Some((Stage::Waiting(..), _)) => Status::Unsent,
            None => match (&row.body, passed) {
                _ if !row.enabled => Status::Disabled,
                (Body::Foreign(foreign), _) if foreign.due.is_none() => Status::Repeating,
                (_, Some(due)) if now >= due + LATE => Status::Late,
                (_, Some(_)) => Status::Due,
                (_, None) => Status::Pending,
            },
        }
    }

    /// The last failure of the delivery that this schedule waits for, where it is tried again.
    #[must_use]
    pub fn failure_of(&self, row: &Schedule) -> Option<&Receipt> {
        self.failing.get(&row.memo()?.delivery())
    }

    /// How long after its moment a delivery may still be proved.
    pub(super) fn proof_lag(&self) -> TimeDelta {
        match self.here() {
            // The embedded store logs a delivery and deletes its schedule in one transaction.
            Some(here) if here.local => TimeDelta::zero(),
            _ => PROOF_LAG,
        }
    }

    /// When the word for a schedule changes by itself, after `now`.
    pub(super) fn next_life(&self, row: &Schedule, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let due = row.due()?;
        [due, due + LATE, due + self.proof_lag()].into_iter().filter(|at| *at > now).min()
    }
}
