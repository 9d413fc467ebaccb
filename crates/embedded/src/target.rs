//! What a delivery is, and the one target there is: executeMemo, a function whose only effect is a line in a log.
//!
//! The line is returned, not written: the engine writes it in the transaction that also settles the schedule. A target
//! must never know of retries, of stores, or of who reads the log.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::arn;

/// Something that a due schedule is delivered to. The engine's own is executeMemo; another one can be given to
/// [`Engine::with_target`](crate::Engine::with_target), to make deliveries fail as a test wants them to.
pub trait Target: Send + Sync {
    /// Takes a delivery. Called within the transaction that settles the schedule: what it answers counts only if that
    /// commits, so it must have no effect of its own.
    ///
    /// # Errors
    /// When the delivery failed; the schedule's retry policy then says what comes next.
    fn deliver(&self, invocation: &Invocation<'_>) -> Result<LogLine, TargetError>;
}

/// One call of a target.
#[derive(Debug, Clone, Copy)]
pub struct Invocation<'a> {
    /// The target that the schedule names.
    pub target_arn: &'a str,
    /// Its input, with the context words already replaced.
    pub payload: &'a str,
    /// The schedule.
    pub schedule_arn: &'a str,
    /// When it was to fire.
    pub scheduled_time: DateTime<Utc>,
    /// Which attempt this is, counted from 1.
    pub attempt: u32,
    /// When this is.
    pub now: DateTime<Utc>,
}

/// Why a target did not take a delivery, as it is kept in a dead letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct TargetError {
    /// The error's name, such as `ResourceNotFoundException`.
    pub code: String,
    /// What happened, for people.
    pub message: String,
}

/// A line of the delivery log, as it is serialized there: a JSON object without the members that are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// The memo's text; absent when the input was not one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
    /// The memo's identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The IANA zone in which the memo was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The schedule's ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// When it was to be delivered, as EventBridge Scheduler writes it: `2022-03-22T18:59:43Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_time: Option<String>,
    /// When it was delivered; in the log, UTC with milliseconds.
    #[serde(serialize_with = "with_milliseconds")]
    pub delivered_at: DateTime<Utc>,
    /// Which attempt it was, counted from 1, as text: in an input it stands between quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<String>,
    /// What set it off, when that was not its schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// The whole input, as it came, when it was not one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Value>,
}

impl LogLine {
    /// What executeMemo writes of a payload. It validates nothing: what a payload of ours says of its schedule, time
    /// and attempt is taken as it is, numbers as text; what has no `memo` is kept whole as `input`.
    #[must_use]
    pub fn of_payload(payload: Value, delivered_at: DateTime<Utc>) -> LogLine {
        let member = |name: &str| match payload.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let is_ours = payload.get("memo").is_some_and(Value::is_string);
        let ours = |name: &str| member(name).filter(|_| is_ours);
        LogLine {
            memo: ours("memo"),
            id: ours("id"),
            zone: ours("zone"),
            schedule: ours("schedule"),
            scheduled_time: ours("scheduledTime"),
            delivered_at,
            attempt: ours("attempt"),
            trigger: ours("trigger"),
            input: (!is_ours).then_some(payload),
        }
    }
}

fn with_milliseconds<S: serde::Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&moment.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// What was delivered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Delivery {
    /// The line it left in the log.
    pub log: LogLine,
}

impl Delivery {
    /// When it was to be delivered; `None` when its line does not say, or not in a way that can be read.
    #[must_use]
    pub fn scheduled_time(&self) -> Option<DateTime<Utc>> {
        self.log.scheduled_time.as_ref()?.parse().ok()
    }

    /// By how much it is late; less than a second is the engine's own doing, more means that nothing ran.
    #[must_use]
    pub fn late_by(&self) -> Option<TimeDelta> {
        Some(self.log.delivered_at - self.scheduled_time()?)
    }
}

/// The built-in target. Any other ARN is a function, queue or topic that cannot be reached from here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExecuteMemo;

impl Target for ExecuteMemo {
    fn deliver(&self, invocation: &Invocation<'_>) -> Result<LogLine, TargetError> {
        if !arn::is_execute_memo(invocation.target_arn) {
            return Err(TargetError {
                code: "ResourceNotFoundException".to_owned(),
                message: format!(
                    "{} cannot be reached from the embedded scheduler, which delivers to {} alone.",
                    invocation.target_arn,
                    arn::EXECUTE_MEMO_ARN
                ),
            });
        }
        // A payload is JSON, since the service takes nothing else for a function; were it not, it is text.
        let payload = serde_json::from_str(invocation.payload).unwrap_or_else(|_| Value::from(invocation.payload));
        let mut line = LogLine::of_payload(payload, invocation.now);
        // A foreign input, or one of ours without the context words, leaves these open; the engine knows them.
        line.schedule.get_or_insert_with(|| invocation.schedule_arn.to_owned());
        line.scheduled_time.get_or_insert_with(|| context_time(invocation.scheduled_time));
        line.attempt.get_or_insert_with(|| invocation.attempt.to_string());
        Ok(line)
    }
}

/// A moment as EventBridge Scheduler writes it into an input: `2022-03-22T18:59:43Z`.
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
    fn a_payload_of_ours_is_taken_at_its_word() {
        let payload = r#"{"v":1,"memo":"tea","id":"i","zone":"Europe/Paris","schedule":"s","scheduledTime":"t","attempt":1,"trigger":"now"}"#;
        let expected = json!({
            "memo": "tea", "id": "i", "zone": "Europe/Paris", "schedule": "s", "scheduledTime": "t",
            "deliveredAt": "2026-11-24T17:00:01.500Z", "attempt": "1", "trigger": "now",
        });
        assert_eq!(line(payload), expected);
    }

    #[test]
    fn a_foreign_payload_is_kept_as_it_is() {
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
    fn lateness_is_from_the_line() {
        let log = ExecuteMemo.deliver(&invocation("{}")).unwrap();
        assert_eq!(Delivery { log }.late_by(), Some(TimeDelta::milliseconds(1500)));
    }

    #[test]
    fn another_target_cannot_be_reached() {
        let elsewhere = Invocation { target_arn: "arn:aws:sqs:local-1:000000000000:q", ..invocation("{}") };
        assert_eq!(ExecuteMemo.deliver(&elsewhere).unwrap_err().code, "ResourceNotFoundException");
    }
}
