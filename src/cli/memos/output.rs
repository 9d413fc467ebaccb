//! The shapes in which memos and deliveries are told to a program: JSON, and lines of fields between tabs. They are
//! promised in `docs/cli.md`: fields are added, never renamed or taken away.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;
use when::{Hours, Moment, Tz};

use crate::aws::Context;
use crate::memo::Memo;
use crate::schedule::{Body, Receipt, Schedule};

/// A memo, or another schedule of the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct MemoOutput {
    /// The identity; the name of the schedule, where it is no memo.
    pub id: String,
    pub memo: String,
    /// When it is due, with the offset of its zone.
    pub due: Option<String>,
    pub zone: Option<String>,
    pub state: &'static str,
    /// The ARN of its schedule.
    pub schedule: String,
    /// The expression, of a schedule that is no memo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// When it is due, for the people who read it.
    #[serde(skip)]
    pub moment: Option<Moment>,
}

/// What a memo's state is called.
pub(super) mod state {
    pub const PENDING: &str = "pending";
    /// Its time has come within the last 90 seconds.
    pub const DUE: &str = "due";
    /// Its time passed earlier, and it is still there.
    pub const LATE: &str = "late";
    /// It is switched off.
    pub const OFF: &str = "off";
    /// It names no one moment.
    pub const REPEATING: &str = "repeating";
    pub const CANCELLED: &str = "cancelled";
    pub const DELIVERED: &str = "delivered";
    /// Nobody tries to deliver it any more.
    pub const FAILED: &str = "failed";
    /// The try failed, and there are more.
    pub const FAILING: &str = "failing";
    /// It is gone, and nothing proves that it was delivered.
    pub const UNCONFIRMED: &str = "unconfirmed";
}

/// How long what is due may still be on its way: EventBridge Scheduler fires within the minute.
pub(super) const LATE: TimeDelta = TimeDelta::seconds(90);

impl MemoOutput {
    /// A schedule as it stands.
    pub fn of(scheduled: &Schedule, place: &Context, now: DateTime<Utc>) -> Self {
        let row = match &scheduled.body {
            Body::Memo(memo) => Self::of_memo(memo, state::PENDING, place),
            Body::Foreign(foreign) => {
                let zone = when::zones::parse(&foreign.zone);
                Self {
                    id: scheduled.name.to_string(),
                    memo: foreign.about.clone(),
                    due: foreign.due.map(|due| rfc3339(due, zone.unwrap_or(Tz::UTC))),
                    zone: Some(foreign.zone.clone()).filter(|zone| !zone.is_empty()),
                    state: state::PENDING,
                    schedule: place.schedule_arn(&scheduled.name),
                    expression: Some(foreign.expression.clone()),
                    moment: foreign.due.map(|due| Moment::at(due, zone.unwrap_or(Tz::UTC))),
                }
            }
        };
        let state = match row.instant() {
            _ if !scheduled.enabled => state::OFF,
            None => state::REPEATING,
            Some(due) if now >= due + LATE => state::LATE,
            Some(due) if now >= due => state::DUE,
            Some(_) => state::PENDING,
        };
        Self { schedule: place.schedule_arn(&scheduled.name), state, ..row }
    }

    /// A memo in a state that is known.
    pub fn of_memo(memo: &Memo, state: &'static str, place: &Context) -> Self {
        Self {
            id: memo.id.to_string(),
            memo: memo.text.clone(),
            due: Some(rfc3339(memo.due.instant, memo.due.zone)),
            zone: Some(memo.due.zone.name().to_owned()),
            state,
            schedule: place.schedule_arn(&memo.id.to_string()),
            expression: None,
            moment: Some(memo.due),
        }
    }

    /// When it is due.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        self.moment.map(|moment| moment.instant)
    }

    /// When it is due, in words; its expression, where that names no one moment.
    pub fn words(&self, hours: Hours) -> String {
        let expression = || self.expression.clone().unwrap_or_default();
        self.moment.map_or_else(expression, |moment| moment.words(hours))
    }

    /// Its fields between tabs.
    pub fn tsv(&self) -> String {
        fields(&[
            &self.id,
            self.due.as_deref().unwrap_or_default(),
            self.zone.as_deref().unwrap_or_default(),
            self.state,
            &self.memo,
        ])
    }
}

/// What is known of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct DeliveryOutput {
    /// The memo; none where the target was called with something that is none.
    pub id: Option<String>,
    pub memo: String,
    /// The time it was delivered, or the last try failed.
    pub at: String,
    /// The time it was scheduled for.
    pub scheduled: Option<String>,
    pub zone: Option<String>,
    pub state: &'static str,
    /// Why it was not delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Which try it was, from 1; 0 where the log does not say.
    pub attempt: u32,
    /// Whether a person had it delivered by hand.
    pub by_hand: bool,
}

impl DeliveryOutput {
    /// A receipt; in `zone` where it names none of its own.
    pub fn of(receipt: &Receipt, zone: Tz) -> Self {
        let own = receipt.zone.as_deref().and_then(when::zones::parse);
        let at = |time| rfc3339(time, own.unwrap_or(zone));
        Self {
            id: receipt.id.map(|id| id.to_string()),
            memo: receipt.text.clone(),
            at: at(receipt.at),
            scheduled: receipt.scheduled.map(at),
            zone: own.map(|zone| zone.name().to_owned()),
            state: delivery_state(receipt),
            error: receipt.error().map(str::to_owned),
            attempt: receipt.attempt,
            by_hand: receipt.by_hand,
        }
    }

    /// Its fields between tabs.
    pub fn tsv(&self) -> String {
        fields(&[
            self.id.as_deref().unwrap_or_default(),
            &self.at,
            self.scheduled.as_deref().unwrap_or_default(),
            self.state,
            &self.memo,
            self.error.as_deref().unwrap_or_default(),
        ])
    }
}

/// How a delivery ended.
pub(super) fn delivery_state(receipt: &Receipt) -> &'static str {
    match (receipt.is_delivered(), receipt.is_lost()) {
        (true, _) => state::DELIVERED,
        (false, true) => state::FAILED,
        (false, false) => state::FAILING,
    }
}

/// An instant as RFC 3339 has it, with the offset of a zone.
pub(super) fn rfc3339(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// Fields between tabs. What would end a field or a line is written as C writes it.
fn fields(fields: &[&str]) -> String {
    fields.iter().map(|field| escaped(field)).collect::<Vec<_>>().join("\t")
}

fn escaped(field: &str) -> Cow<'_, str> {
    if !field.contains(['\t', '\n', '\r', '\\']) {
        return field.into();
    }
    let mut escaped = String::with_capacity(field.len() + 8);
    for character in field.chars() {
        match character {
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\\' => escaped.push_str("\\\\"),
            other => escaped.push(other),
        }
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_field_never_ends_a_field_or_a_line() {
        assert_eq!(escaped("a\tb\nc\r\\d"), "a\\tb\\nc\\r\\\\d");
        assert_eq!(escaped("tea \u{1f375}"), "tea \u{1f375}");
    }
}
