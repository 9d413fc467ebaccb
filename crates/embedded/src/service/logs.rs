//! CloudWatch Logs' `FilterLogEvents` over the delivery log.
//!
//! Does not parse log lines.

use serde::Deserialize;
use serde_json::{Value, json};

use super::connector::Service;
use crate::arn::{ACCOUNT, LOG_GROUP, REGION};
use crate::store::{LogEvent, LogQuery, Order};
use crate::wire::{ApiError, Request, Response, key_of_token, token, typed};

/// The one log stream.
const STREAM: &str = "executeMemo";

/// The limits of a page. Source: the operation's documentation.
const MAX_EVENTS: i64 = 10_000;
const MAX_BYTES: usize = 1024 * 1024;

/// 2024-01-01T00:00:00Z in milliseconds: the service does not search from the end before it.
const FIRST_START_FROM_TAIL: i64 = 1_704_067_200_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FilterLogEvents {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    filter_pattern: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
    start_from_head: Option<bool>,
}

impl Service {
    pub(super) fn route_logs(&self, target: &str, request: &Request) -> Result<Response, ApiError> {
        match target {
            "Logs_20140328.FilterLogEvents" => self.filter_log_events(request),
            other => Err(ApiError::new(404, "UnknownOperationException", format!("No operation is called {other}."))),
        }
    }

    fn filter_log_events(&self, request: &Request) -> Result<Response, ApiError> {
        let filter: FilterLogEvents = typed(request.json_object()?)?;
        filter.check_group()?;
        if filter.filter_pattern.as_ref().is_some_and(|pattern| !pattern.is_empty()) {
            return Err(invalid("filterPattern is not supported here; leave it out and filter what comes."));
        }
        if !filter.includes_our_stream()? {
            return Ok(Response::ok(json!({ "events": [], "searchedLogStreams": [] })));
        }
        let query = filter.query()?;
        let (events, more) = self.store.read_log(&query)?;
        let next = events.last().filter(|_| more).map(|last| query.token_after(last));
        let events: Vec<Value> = events.iter().map(description).collect();
        Ok(Response::ok(json!({
            "events": events,
            "searchedLogStreams": [{ "logStreamName": STREAM, "searchedCompletely": !more }],
            "nextToken": next,
        })))
    }
}

impl FilterLogEvents {
    fn check_group(&self) -> Result<(), ApiError> {
        let group = match (&self.log_group_name, &self.log_group_identifier) {
            (Some(group), None) | (None, Some(group)) => group,
            (None, None) => return Err(invalid("Either logGroupName or logGroupIdentifier must be given.")),
            (Some(_), Some(_)) => return Err(invalid("logGroupName and logGroupIdentifier exclude each other.")),
        };
        let arn = format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{LOG_GROUP}");
        if group == LOG_GROUP || *group == arn {
            return Ok(());
        }
        Err(ApiError::new(400, "ResourceNotFoundException", "The specified log group does not exist."))
    }

    /// Whether the request asks for the one stream.
    fn includes_our_stream(&self) -> Result<bool, ApiError> {
        match (&self.log_stream_names, &self.log_stream_name_prefix) {
            (Some(_), Some(_)) => Err(invalid("logStreamNames and logStreamNamePrefix exclude each other.")),
            (Some(names), None) if !names.iter().all(|name| name == STREAM) => {
                Err(ApiError::new(400, "ResourceNotFoundException", "The specified log stream does not exist."))
            }
            (None, Some(prefix)) => Ok(STREAM.starts_with(prefix)),
            _ => Ok(true),
        }
    }

    fn query(&self) -> Result<LogQuery, ApiError> {
        let limit = self.limit.unwrap_or(MAX_EVENTS);
        if !(1..=MAX_EVENTS).contains(&limit) {
            return Err(invalid(format!("limit is {limit}; it must be between 1 and {MAX_EVENTS}.")));
        }
        let (start_ms, end_ms) = (self.start_time.unwrap_or(0), self.end_time.unwrap_or(i64::MAX));
        if start_ms < 0 || end_ms < 0 || start_ms > end_ms {
            return Err(invalid("startTime and endTime must not be negative, nor startTime after endTime."));
        }
        // The token contains the order; the first request chooses it.
        let (after, order) = match &self.next_token {
            Some(token) => {
                let (after, order) = position(token).ok_or_else(|| invalid("The specified nextToken is invalid."))?;
                (Some(after), order)
            }
            None if self.start_from_head == Some(false) => (None, Order::NewestFirst),
            None => (None, Order::OldestFirst),
        };
        if order == Order::NewestFirst && start_ms < FIRST_START_FROM_TAIL {
            return Err(invalid("startFromHead can be false only with a startTime on or after 2024-01-01T00:00:00Z."));
        }
        Ok(LogQuery {
            start_ms,
            end_ms,
            after,
            order,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            most_bytes: MAX_BYTES,
        })
    }
}

impl LogQuery {
    fn token_after(&self, event: &LogEvent) -> String {
        let end = match self.order {
            Order::OldestFirst => "head",
            Order::NewestFirst => "tail",
        };
        token(&[end, &event.delivered_ms.to_string(), &event.id.to_string()])
    }
}

/// The last line of the page before, and the order.
fn position(token: &str) -> Option<((i64, i64), Order)> {
    let [end, delivered_ms, id] = key_of_token(token)?;
    let order = match end.as_str() {
        "head" => Order::OldestFirst,
        "tail" => Order::NewestFirst,
        _ => return None,
    };
    Some(((delivered_ms.parse().ok()?, id.parse().ok()?), order))
}

fn description(event: &LogEvent) -> Value {
    json!({
        "logStreamName": STREAM,
        "timestamp": event.delivered_ms,
        "message": event.message,
        "ingestionTime": event.delivered_ms,
        // As long as the ids of the service, which are numbers too.
        "eventId": format!("{:056}", event.id),
    })
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "InvalidParameterException", message)
}
