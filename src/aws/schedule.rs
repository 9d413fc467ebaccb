//! Turns a memo into a schedule, and a schedule into a memo.
//!
//! Pure: a request follows from the memo and the context alone, and a memo from the response alone. A schedule that
//! cannot be read as a memo is a foreign schedule, not an error. Does not depend on a client or a clock.

use std::fmt::Write as _;

use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use aws_sdk_scheduler::types::{
    ActionAfterCompletion, DeadLetterConfig, FlexibleTimeWindow, FlexibleTimeWindowMode, RetryPolicy, ScheduleState,
    Target,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;
use when::{Civil, Guess, Moment, Tz};

use super::context::Context;
use crate::memo::{Memo, MemoId};
use crate::schedule::{Body, Detail, Details, Foreign, Schedule};

/// The most bytes of an Input. EventBridge Scheduler accepts more, but mail, queue and log each carry a copy.
pub const INPUT_LIMIT: usize = 64 * 1024;

/// The version of the Input that tickler writes and reads.
const INPUT_VERSION: u64 = 1;

/// The most characters of a Description, by the service model.
const DESCRIPTION_LIMIT: usize = 512;

const WALL_CLOCK: &str = "%Y-%m-%dT%H:%M:%S";

/// The fields of a schedule that follow from its memo, for a create and an update alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// `Name`: the memo's id.
    pub name: String,
    /// `ScheduleExpression`: `at(2026-11-24T18:00:00)`.
    pub expression: String,
    /// `ScheduleExpressionTimezone`: the zone of the expression.
    pub zone: &'static str,
    /// `Description`: the first line of the memo, so that it can be read in the AWS console.
    pub description: String,
    /// `Target.Input`.
    pub input: String,
}

/// Encodes a memo.
///
/// The schedule has the wall clock and the zone that the person chose, so that it follows a later change of the zone's
/// rules. Only a time that happens twice is sent in UTC, because an `at()` cannot say which of the two is meant.
#[must_use]
pub fn encode(memo: &Memo) -> Encoded {
    let (civil, zone) = if memo.due.happens_twice() {
        (memo.due.instant.naive_utc(), Tz::UTC)
    } else {
        (memo.due.civil, memo.due.zone)
    };
    Encoded {
        name: memo.id.to_string(),
        expression: format!("at({})", civil.format(WALL_CLOCK)),
        zone: zone.name(),
        description: description(memo),
        input: ContextAttributes::PLACEHOLDERS.input(memo),
    }
}

/// The size of a memo's Input in bytes, at most [`INPUT_LIMIT`].
#[must_use]
pub fn input_size(memo: &Memo) -> usize {
    ContextAttributes::PLACEHOLDERS.input(memo).len()
}

/// The context attributes of an Input, which EventBridge Scheduler fills in when it fires.
pub(super) struct ContextAttributes<'a> {
    pub(super) schedule: &'a str,
    pub(super) scheduled_time: &'a str,
    pub(super) attempt: &'a str,
    /// What triggered the delivery, if not its time.
    pub(super) trigger: Option<&'a str>,
}

impl ContextAttributes<'_> {
    /// The placeholders that EventBridge Scheduler replaces.
    const PLACEHOLDERS: ContextAttributes<'static> = ContextAttributes {
        schedule: "<aws.scheduler.schedule-arn>",
        scheduled_time: "<aws.scheduler.scheduled-time>",
        attempt: "<aws.scheduler.attempt-number>",
        trigger: None,
    };

    /// The Input of a memo.
    ///
    /// The service replaces context attributes wherever it finds them. So every `<` of the memo itself is written
    /// `\u003c`: the same JSON, but never a context attribute.
    pub(super) fn input(&self, memo: &Memo) -> String {
        let text = serde_json::Value::from(memo.text.as_str()).to_string().replace('<', "\\u003c");
        let mut input = format!(
            r#"{{"v":{INPUT_VERSION},"memo":{text},"id":"{}","zone":"{}","schedule":"{}","scheduledTime":"{}","attempt":"{}""#,
            memo.id,
            memo.due.zone.name(),
            self.schedule,
            self.scheduled_time,
            self.attempt,
        );
        if let Some(trigger) = self.trigger {
            // Writing to a String cannot fail.
            let _ = write!(input, r#","trigger":"{trigger}""#);
        }
        input.push('}');
        input
    }
}

fn description(memo: &Memo) -> String {
    let spaced = |c: char| if c.is_control() { ' ' } else { c };
    memo.first_line().chars().map(spaced).take(DESCRIPTION_LIMIT).collect()
}

impl Encoded {
    /// The target of a new schedule.
    ///
    /// # Errors
    /// When a required field is missing.
    pub(super) fn target(&self, context: &Context) -> Result<Target, aws_smithy_types::error::operation::BuildError> {
        let dead_letters = context.dead_letter_arn.as_ref().map(|arn| DeadLetterConfig::builder().arn(arn).build());
        Target::builder()
            .arn(&context.target_arn)
            .role_arn(&context.role_arn)
            .input(&self.input)
            .retry_policy(
                RetryPolicy::builder()
                    .maximum_event_age_in_seconds(context.retry.maximum_event_age_seconds)
                    .maximum_retry_attempts(context.retry.maximum_retry_attempts)
                    .build(),
            )
            .set_dead_letter_config(dead_letters)
            .build()
    }
}

/// The flexible time window of a memo: off, so that it fires within its minute.
///
/// # Errors
/// When a required field is missing.
pub(super) fn no_window() -> Result<FlexibleTimeWindow, aws_smithy_types::error::operation::BuildError> {
    FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).build()
}

/// What happens to a memo's schedule after its last try.
pub(super) const AFTER_COMPLETION: ActionAfterCompletion = ActionAfterCompletion::Delete;

/// The Input of a memo. Other fields are someone's additions and are ignored.
#[derive(Deserialize)]
struct Input {
    v: u64,
    memo: String,
    id: MemoId,
    zone: Option<String>,
}

/// Decodes a schedule: as a memo if tickler made it, else as a foreign schedule.
#[must_use]
pub fn decode(answer: &GetScheduleOutput) -> Schedule {
    Schedule {
        name: answer.name().unwrap_or_default().into(),
        // Without a modification date, the schedule counts as modified at every refresh.
        modified: answer.last_modification_date().and_then(instant).unwrap_or(DateTime::UNIX_EPOCH),
        enabled: answer.state() != Some(&ScheduleState::Disabled),
        body: memo(answer).map_or_else(|| Body::Foreign(foreign(answer)), Body::Memo),
    }
}

/// The memo of a schedule, if its Input has our version, its expression is an `at()`, and its name is the memo's id.
fn memo(answer: &GetScheduleOutput) -> Option<Memo> {
    let input: Input = serde_json::from_str(answer.target()?.input()?).ok()?;
    if input.v != INPUT_VERSION || answer.name()? != input.id.to_string() {
        return None;
    }
    let sent = at_moment(answer)?;
    let meant = input.zone.as_deref().and_then(when::zones::parse).unwrap_or(sent.zone);
    let due = if meant == sent.zone { sent } else { Moment::at(sent.instant, meant) };
    Some(Memo { id: input.id, text: input.memo, due })
}

fn foreign(answer: &GetScheduleOutput) -> Foreign {
    let target = answer.target();
    let about = [answer.description(), target.and_then(Target::input), target.map(Target::arn)]
        .into_iter()
        .flatten()
        .find_map(|text| text.lines().map(str::trim).find(|line| !line.is_empty()));
    Foreign {
        expression: answer.schedule_expression().unwrap_or_default().to_owned(),
        zone: zone_name(answer).to_owned(),
        due: at_moment(answer).map(|moment| moment.instant),
        about: about.unwrap_or_default().to_owned(),
    }
}

fn zone_name(answer: &GetScheduleOutput) -> &str {
    answer.schedule_expression_timezone().unwrap_or("UTC")
}

/// The moment of an `at()` expression, in the zone of the expression.
///
/// tickler never sends a wall clock that happens twice or never. AWS does not document when it fires such a time, so the
/// earlier one, or the one after the gap, is a guess and marked as such.
fn at_moment(answer: &GetScheduleOutput) -> Option<Moment> {
    let civil = wall_clock(answer.schedule_expression()?)?;
    match when::resolve(civil, when::zones::parse(zone_name(answer))?) {
        Civil::One(moment) => Some(moment),
        Civil::Twice(moment, _) | Civil::Skipped { after: moment, .. } => {
            Some(Moment { guess: Some(Guess::NoOneMoment), ..moment })
        }
    }
}

/// The wall clock in `at(2030-01-01T00:00:00)`. AWS also accepts it without seconds and in capitals.
fn wall_clock(expression: &str) -> Option<NaiveDateTime> {
    let (word, rest) = expression.split_once('(')?;
    let clock = rest.strip_suffix(')')?;
    if !word.eq_ignore_ascii_case("at") {
        return None;
    }
    [WALL_CLOCK, "%Y-%m-%dT%H:%M"].iter().find_map(|format| NaiveDateTime::parse_from_str(clock, format).ok())
}

/// A time of the SDK; `None` if it is out of range.
pub(super) fn instant(time: &aws_smithy_types::DateTime) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.secs(), time.subsec_nanos())
}

/// Everything that the service says about a schedule, as labels and values.
pub(super) fn details(answer: &GetScheduleOutput) -> Details {
    let target = answer.target();
    let retry = target.and_then(Target::retry_policy);
    let dead_letters = target.and_then(Target::dead_letter_config).and_then(DeadLetterConfig::arn);
    let text = |value: Option<String>| value.map(Detail::Text);
    let lines = [
        ("Name", text(answer.name().map(str::to_owned))),
        ("Group", text(answer.group_name().map(str::to_owned))),
        ("ARN", text(answer.arn().map(str::to_owned))),
        ("State", text(answer.state().map(|state| state_words(state).to_owned()))),
        ("Expression", text(answer.schedule_expression().map(str::to_owned))),
        ("Zone", text(answer.schedule_expression_timezone().map(str::to_owned))),
        ("Starts", answer.start_date().and_then(instant).map(Detail::Time)),
        ("Ends", answer.end_date().and_then(instant).map(Detail::Time)),
        ("Window", text(answer.flexible_time_window().map(window_words))),
        ("Afterwards", text(answer.action_after_completion().map(|action| after_words(action).to_owned()))),
        ("Target", text(target.map(|target| target.arn().to_owned()))),
        ("Role", text(target.map(|target| target.role_arn().to_owned()))),
        ("Retries", text(retry.map(retry_words))),
        ("Dead letters", text(dead_letters.map(str::to_owned))),
        ("Key", text(answer.kms_key_arn().map(str::to_owned))),
        ("Description", text(answer.description().map(str::to_owned))),
        ("Input", text(target.and_then(Target::input).map(str::to_owned))),
        ("Created", answer.creation_date().and_then(instant).map(Detail::Time)),
        ("Modified", answer.last_modification_date().and_then(instant).map(Detail::Time)),
    ];
    Details(lines.into_iter().filter_map(|(label, value)| Some((label.to_owned(), value?))).collect())
}

fn state_words(state: &ScheduleState) -> &str {
    match state {
        ScheduleState::Enabled => "enabled",
        ScheduleState::Disabled => "disabled: it does not fire",
        other => other.as_str(),
    }
}

fn after_words(action: &ActionAfterCompletion) -> &str {
    match action {
        ActionAfterCompletion::Delete => "deleted after its last try",
        ActionAfterCompletion::None => "kept after its last try",
        other => other.as_str(),
    }
}

fn window_words(window: &FlexibleTimeWindow) -> String {
    match (window.mode(), window.maximum_window_in_minutes()) {
        (FlexibleTimeWindowMode::Off, _) => "none: it fires within its minute".to_owned(),
        (_, Some(1)) => "up to 1 minute later".to_owned(),
        (_, Some(minutes)) => format!("up to {minutes} minutes later"),
        (mode, None) => mode.as_str().to_owned(),
    }
}

fn retry_words(policy: &RetryPolicy) -> String {
    let tries = policy.maximum_retry_attempts().map(|count| format!("at most {count}"));
    let age = policy.maximum_event_age_in_seconds().map(|seconds| format!("for at most {seconds} s"));
    [tries, age].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
