//! Deliveries, and the only target: `executeMemo`, a function that appends a line to the delivery log.
//!
//! The target returns the line; the engine writes it in the transaction that settles the schedule. A target does not
//! depend on retries or on the store.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::arn;

/// Where the engine delivers a due schedule. A test can pass a target that fails to
/// [`Engine::with_target`](crate::Engine::with_target).
pub trait Target: Send + Sync {
    /// Delivers. Called within the transaction that settles the schedule: the result counts only if that commits, so
    /// this must have no side effect.
    ///
    /// # Errors
    /// When the delivery fails. The retry policy of the schedule then applies.
    fn deliver(&self, invocation: &Invocation<'_>) -> Result<LogLine, TargetError>;
}

/// One attempt to deliver.
#[derive(Debug, Clone, Copy)]
pub struct Invocation<'a> {
    /// The target of the schedule.
    pub target_arn: &'a str,
    /// The input, with its context attributes replaced.
    pub payload: &'a str,
    /// The ARN of the schedule.
    pub schedule_arn: &'a str,
    /// When the schedule should fire.
    pub scheduled_time: DateTime<Utc>,
    /// Which attempt this is, counted from 1.
    pub attempt: u32,
    /// The current time.
    pub now: DateTime<Utc>,
}

/// Why a delivery failed, as a dead letter shows it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct TargetError {
    /// The name of the error, such as `ResourceNotFoundException`.
    pub code: String,
    /// The explanation.
    pub message: String,
}

/// A line of the delivery log. Serialized, it is a JSON object without absent members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// The memo's text; absent if the payload is not from tickler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
    /// The memo's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The IANA time zone of the memo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The ARN of the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// When it was due, as EventBridge Scheduler writes it: `2022-03-22T18:59:43Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_time: Option<String>,
    /// When it was delivered; the log has UTC with milliseconds.
    #[serde(serialize_with = "with_milliseconds")]
    pub delivered_at: DateTime<Utc>,
    /// Which attempt it was, counted from 1. Text, because an input has it between quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<String>,
    /// What triggered it, if not the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// The whole payload, if it is not from tickler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Value>,
}

impl LogLine {
    /// The line for a payload. Validates nothing: takes schedule, time and attempt from a payload with a `memo`, numbers
    /// as text, and keeps any other payload whole as `input`.
    #[must_use]
    pub fn of_payload(payload: Value, delivered_at: DateTime<Utc>) -> LogLine {
        let member = |name: &str| match payload.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let is_memo = payload.get("memo").is_some_and(Value::is_string);
        let of_memo = |name: &str| member(name).filter(|_| is_memo);
        LogLine {
            memo: of_memo("memo"),
            id: of_memo("id"),
            zone: of_memo("zone"),
            schedule: of_memo("schedule"),
            scheduled_time: of_memo("scheduledTime"),
            delivered_at,
            attempt: of_memo("attempt"),
            trigger: of_memo("trigger"),
            input: (!is_memo).then_some(payload),
        }
    }
}

fn with_milliseconds<S: serde::Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&moment.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Delivery {
    /// Its line in the delivery log.
    pub log: LogLine,
}

impl Delivery {
    /// When it was due; `None` if the line has no valid time.
    #[must_use]
    pub fn scheduled_time(&self) -> Option<DateTime<Utc>> {
        self.log.scheduled_time.as_ref()?.parse().ok()
    }

    /// How late it was. Less than a second is normal; more means that no engine ran when it was due.
    #[must_use]
    pub fn late_by(&self) -> Option<TimeDelta> {
        Some(self.log.delivered_at - self.scheduled_time()?)
    }
}

/// The built-in target. It cannot reach any other ARN.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExecuteMemo;

impl Target for ExecuteMemo {
    fn deliver(&self, invocation: &Invocation<'_>) -> Result<LogLine, TargetError> {
        if !arn::is_execute_memo(invocation.target_arn) {
            return Err(TargetError {
                code: "ResourceNotFoundException".to_owned(),
                message: format!(
                    "{} cannot be reached from the embedded scheduler, which delivers to {} only.",
                    invocation.target_arn,
                    arn::EXECUTE_MEMO_ARN
                ),
            });
        }
        // The service accepts only JSON for a function; anything else would be text.
        let payload = serde_json::from_str(invocation.payload).unwrap_or_else(|_| Value::from(invocation.payload));
        let mut line = LogLine::of_payload(payload, invocation.now);
        // The payload may lack these: a foreign one, or one without context attributes.
        line.schedule.get_or_insert_with(|| invocation.schedule_arn.to_owned());
        line.scheduled_time.get_or_insert_with(|| context_time(invocation.scheduled_time));
        line.attempt.get_or_insert_with(|| invocation.attempt.to_string());
        Ok(line)
    }
}

/// A time as EventBridge Scheduler writes it into a payload: `2022-03-22T18:59:43Z`.
pub(crate) fn context_time(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn invocation(payload: &str) -> Invocation<'_> {
        Invocation {
            target_arn: arn::EXECUTE_MEMO_ARN,
            payload,
            schedule_arn: "arn:of:schedule",
            scheduled_time: moment("2026-11-24T17:00:00Z"),
            attempt: 2,
            now: moment("2026-11-24T17:00:01.5Z"),
        }
    }

    fn line(payload: &str) -> Value {
        serde_json::to_value(ExecuteMemo.deliver(&invocation(payload)).unwrap()).unwrap()
    }

    #[test]
    fn the_line_of_a_memo_repeats_its_payload() {
        let payload = r#"{"v":1,"memo":"tea","id":"i","zone":"Europe/Paris","schedule":"s","scheduledTime":"t","attempt":1,"trigger":"now"}"#;
        let expected = json!({
            "memo": "tea", "id": "i", "zone": "Europe/Paris", "schedule": "s", "scheduledTime": "t",
            "deliveredAt": "2026-11-24T17:00:01.500Z", "attempt": "1", "trigger": "now",
        });
        assert_eq!(line(payload), expected);
    }

    #[test]
    fn a_foreign_payload_is_kept_whole() {
        for (payload, input) in
            [(r#"{"memo":7}"#, json!({ "memo": 7 })), (r#"["a"]"#, json!(["a"])), ("no json", json!("no json"))]
        {
            let expected = json!({
                "input": input, "schedule": "arn:of:schedule", "scheduledTime": "2026-11-24T17:00:00Z",
                "deliveredAt": "2026-11-24T17:00:01.500Z", "attempt": "2",
            });
            assert_eq!(line(payload), expected, "{payload}");
        }
    }

    #[test]
    fn the_line_shows_how_late_it_was() {
        let log = ExecuteMemo.deliver(&invocation("{}")).unwrap();
        assert_eq!(Delivery { log }.late_by(), Some(TimeDelta::milliseconds(1500)));
    }

    #[test]
    fn another_target_cannot_be_reached() {
        let elsewhere = Invocation { target_arn: "arn:aws:sqs:local-1:000000000000:q", ..invocation("{}") };
        assert_eq!(ExecuteMemo.deliver(&elsewhere).unwrap_err().code, "ResourceNotFoundException");
    }
}
