//! What programs read: memos and deliveries as JSON and as tab-separated lines.
//!
//! `docs/cli.md` promises these shapes: fields may be added, but not renamed or removed.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;
use when::{Hours, Moment, Tz};

use crate::aws::Context;
use crate::harmless;
use crate::memo::Memo;
use crate::schedule::{Body, Receipt, Schedule};

/// A memo, or a foreign schedule of the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct MemoOutput {
    /// The memo's id. For a foreign schedule, its name.
    pub id: String,
    pub memo: String,
    /// The due time in RFC 3339, with the offset of its zone.
    pub due: Option<String>,
    pub zone: Option<String>,
    pub state: &'static str,
    /// The ARN of the schedule.
    pub schedule: String,
    /// The expression of a foreign schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The due time, for text that people read.
    #[serde(skip)]
    pub moment: Option<Moment>,
}

/// The words for the state of a memo.
pub(super) mod state {
    pub const PENDING: &str = "pending";
    /// The due time came within the last 90 seconds.
    pub const DUE: &str = "due";
    /// The due time passed earlier, and the schedule is still there.
    pub const LATE: &str = "late";
    /// The schedule is disabled.
    pub const OFF: &str = "off";
    /// The schedule has no single due time.
    pub const REPEATING: &str = "repeating";
    pub const CANCELLED: &str = "cancelled";
    pub const DELIVERED: &str = "delivered";
    /// Not delivered, and not retried.
    pub const FAILED: &str = "failed";
    /// An attempt failed, and the scheduler retries.
    pub const FAILING: &str = "failing";
    /// The schedule is gone, and no receipt proves a delivery.
    pub const UNCONFIRMED: &str = "unconfirmed";
}

/// How long after its due time a memo may still be on its way: EventBridge Scheduler fires within the minute.
pub(super) const LATE_AFTER: TimeDelta = TimeDelta::seconds(90);

impl MemoOutput {
    /// A schedule in its present state.
    pub fn of(schedule: &Schedule, context: &Context, now: DateTime<Utc>) -> Self {
        let output = match &schedule.body {
            Body::Memo(memo) => Self::of_memo(memo, state::PENDING, context),
            Body::Foreign(foreign) => {
                let zone = when::zones::parse(&foreign.zone);
                Self {
                    id: schedule.name.to_string(),
                    memo: foreign.about.clone(),
                    due: foreign.due.map(|due| rfc3339(due, zone.unwrap_or(Tz::UTC))),
                    zone: Some(foreign.zone.clone()).filter(|zone| !zone.is_empty()),
                    state: state::PENDING,
                    schedule: context.schedule_arn(&schedule.name),
                    expression: Some(foreign.expression.clone()),
                    moment: foreign.due.map(|due| Moment::at(due, zone.unwrap_or(Tz::UTC))),
                }
            }
        };
        let state = match output.instant() {
            _ if !schedule.enabled => state::OFF,
            None => state::REPEATING,
            Some(due) if now >= due + LATE_AFTER => state::LATE,
            Some(due) if now >= due => state::DUE,
            Some(_) => state::PENDING,
        };
        Self { schedule: context.schedule_arn(&schedule.name), state, ..output }
    }

    /// A memo in a known state.
    pub fn of_memo(memo: &Memo, state: &'static str, context: &Context) -> Self {
        Self {
            id: memo.id.to_string(),
            memo: memo.text.clone(),
            due: Some(rfc3339(memo.due.instant, memo.due.zone)),
            zone: Some(memo.due.zone.name().to_owned()),
            state,
            schedule: context.schedule_arn(&memo.id.to_string()),
            expression: None,
            moment: Some(memo.due),
        }
    }

    pub fn instant(&self) -> Option<DateTime<Utc>> {
        self.moment.map(|moment| moment.instant)
    }

    /// The due time in words. Without a single due time, the expression.
    pub fn due_text(&self, hours: Hours) -> String {
        let expression = || self.expression.clone().unwrap_or_default();
        self.moment.map_or_else(expression, |moment| moment.words(hours))
    }

    /// The fields of one line, without its line end.
    pub fn tsv(&self) -> String {
        tsv(&[
            &self.id,
            self.due.as_deref().unwrap_or_default(),
            self.zone.as_deref().unwrap_or_default(),
            self.state,
            &self.memo,
        ])
    }
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct DeliveryOutput {
    /// The memo's id. `None` if the target was called with something else.
    pub id: Option<String>,
    pub memo: String,
    /// When it was delivered, or when the last attempt failed.
    pub at: String,
    /// The time it was scheduled for.
    pub scheduled: Option<String>,
    pub zone: Option<String>,
    pub state: &'static str,
    /// Why it was not delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The number of the attempt, from 1. 0 if the log does not say.
    pub attempt: u32,
    /// Whether a person ran it by hand.
    pub by_hand: bool,
}

impl DeliveryOutput {
    /// A receipt. Times are in the receipt's own zone, or else in `zone`.
    pub fn of(receipt: &Receipt, zone: Tz) -> Self {
        let own_zone = receipt.zone.as_deref().and_then(when::zones::parse);
        let at = |time| rfc3339(time, own_zone.unwrap_or(zone));
        Self {
            id: receipt.id.map(|id| id.to_string()),
            memo: receipt.text.clone(),
            at: at(receipt.at),
            scheduled: receipt.scheduled.map(at),
            zone: own_zone.map(|zone| zone.name().to_owned()),
            state: delivery_state(receipt),
            error: receipt.error().map(str::to_owned),
            attempt: receipt.attempt,
            by_hand: receipt.by_hand,
        }
    }

    /// The fields of one line, without its line end.
    pub fn tsv(&self) -> String {
        tsv(&[
            self.id.as_deref().unwrap_or_default(),
            &self.at,
            self.scheduled.as_deref().unwrap_or_default(),
            self.state,
            &self.memo,
            self.error.as_deref().unwrap_or_default(),
        ])
    }
}

/// The word for the state of a delivery.
pub(super) fn delivery_state(receipt: &Receipt) -> &'static str {
    match (receipt.is_delivered(), receipt.is_lost()) {
        (true, _) => state::DELIVERED,
        (false, true) => state::FAILED,
        (false, false) => state::FAILING,
    }
}

/// A time in RFC 3339, with the offset of a zone.
pub(super) fn rfc3339(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// The fields of a line, without its line end.
pub(super) fn tsv(fields: &[&str]) -> String {
    fields.iter().map(|field| harmless::field(field)).collect::<Vec<_>>().join("\t")
}
