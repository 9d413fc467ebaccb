//! The checks of a schedule beyond the service model's constraints, in the service's words and order.
//!
//! The expression comes before the role, as recorded; the order of the rest is our choice: the schedule's own fields,
//! then its target's. Does not depend on the store.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value};

use crate::arn::{Arn, REGION};
use crate::definition::{Definition, FlexibleTimeWindow, FlexibleTimeWindowMode, Target};
use crate::expression::Expression;
use crate::model::{self, Check};
use crate::wire::{ApiError, typed};

/// 256 KB, by the user guide, counted in bytes of UTF-8.
const MAX_INPUT_BYTES: usize = 256 * 1024;

/// A schedule that the service would accept, and when it is due.
#[derive(Debug)]
pub(crate) struct ValidSchedule {
    pub(crate) definition: Definition,
    /// `None` for a rate or a cron, which do not fire yet.
    pub(crate) due: Option<DateTime<Utc>>,
}

/// Checks the body of `CreateSchedule` or `UpdateSchedule`. `check` has the faults of the path, so that one message
/// names all faults.
pub(crate) fn schedule(mut check: Check, mut body: Map<String, Value>) -> Result<ValidSchedule, ApiError> {
    check.body(&model::SCHEDULE, &body)?;
    check.finish()?;
    // Part of the request, not of the definition.
    body.remove("GroupName");
    let definition: Definition = typed(body)?;
    let due = due(&definition.schedule_expression, &definition.schedule_expression_timezone)?;
    flexible_time_window(&definition.flexible_time_window)?;
    dates(definition.start_date, definition.end_date)?;
    target(&definition.target)?;
    Ok(ValidSchedule { definition, due })
}

/// When an expression is due in a zone.
fn due(expression: &str, zone: &str) -> Result<Option<DateTime<Utc>>, ApiError> {
    let invalid = || ApiError::validation(format!("Invalid Schedule Expression {expression}."));
    let parsed = Expression::parse(expression).ok_or_else(invalid)?;
    // The wording is our choice, after that of the expression: the service's was not recorded.
    let zone: Tz =
        zone.parse().map_err(|_| ApiError::validation(format!("Invalid Schedule Expression Timezone {zone}.")))?;
    Ok(parsed.next_after(None, zone))
}

fn flexible_time_window(window: &FlexibleTimeWindow) -> Result<(), ApiError> {
    match (window.mode, window.maximum_window_in_minutes) {
        // No full stop at the end of the first of these, as recorded.
        (FlexibleTimeWindowMode::Flexible, None) => Err(ApiError::validation(
            "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE",
        )),
        (FlexibleTimeWindowMode::Off, Some(_)) => Err(ApiError::validation(
            "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.",
        )),
        _ => Ok(()),
    }
}

/// Checks the order of the dates, also for one-time schedules, which ignore both.
fn dates(start: Option<f64>, end: Option<f64>) -> Result<(), ApiError> {
    match (start, end) {
        (Some(start), Some(end)) if start >= end => {
            Err(ApiError::validation("The StartDate you specify must come before the EndDate."))
        }
        _ => Ok(()),
    }
}

/// Checks the ARN of the target: well-formed, of a supported service, in this region. The target need not exist.
fn target(target: &Target) -> Result<(), ApiError> {
    let incorrect = || ApiError::validation("Provided Arn is not in correct format.");
    let arn = Arn::parse(&target.arn).ok_or_else(incorrect)?;
    if !arn.is_supported_target() {
        return Err(ApiError::validation(format!("{} is not a supported service for a target", arn.service)));
    }
    if !arn.is_universal_target() {
        if !arn.has_account() {
            return Err(incorrect());
        }
        if arn.region != REGION {
            return Err(ApiError::validation(format!(
                "The target ARN provided does not match the current region {REGION}."
            )));
        }
    }
    input(target.input.as_deref(), arn.is_lambda())
}

fn input(input: Option<&str>, must_be_json: bool) -> Result<(), ApiError> {
    let Some(input) = input else { return Ok(()) };
    if input.len() > MAX_INPUT_BYTES {
        // The wording is our choice: the service's was not recorded.
        return Err(ApiError::validation(format!(
            "The input for the target is {} bytes long; it must be at most {MAX_INPUT_BYTES} bytes.",
            input.len()
        )));
    }
    // The target parses it in the same way, so whatever is accepted can be delivered.
    if must_be_json && serde_json::from_str::<Value>(input).is_err() {
        return Err(ApiError::validation("JSON syntax error in input for the target"));
    }
    Ok(())
}
