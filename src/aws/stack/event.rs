//! The events of an operation, as progress lines for the person. Pure.

use std::collections::HashMap;

use aws_sdk_cloudformation::types::StackEvent;

use super::parts;
use super::reason::words;

/// An event of a resource, or of the stack itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// The resource's logical id; for the stack, the stack's name.
    pub resource: String,
    /// The type of the resource, such as `AWS::Lambda::Function`.
    pub kind: String,
    /// The new status, such as `CREATE_COMPLETE`.
    pub status: String,
    /// The reason, in CloudFormation's words; usually empty.
    pub reason: String,
    /// Whether it is an event of the stack itself.
    pub of_stack: bool,
}

impl From<StackEvent> for Event {
    fn from(event: StackEvent) -> Self {
        let of_stack = event.stack_id.is_some() && event.stack_id == event.physical_resource_id;
        Self {
            id: event.event_id.unwrap_or_default(),
            resource: event.logical_resource_id.unwrap_or_default(),
            kind: event.resource_type.unwrap_or_default(),
            status: event.resource_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            reason: event.resource_status_reason.unwrap_or_default(),
            of_stack,
        }
    }
}

impl Event {
    /// The resource in plain words.
    #[must_use]
    pub fn what(&self) -> &str {
        parts::plain_name(&self.resource).unwrap_or(&self.resource)
    }

    /// Whether a change of the resource is in progress.
    fn is_in_progress(&self) -> bool {
        !self.of_stack && self.status.ends_with("_IN_PROGRESS")
    }

    /// Whether an operation of the stack starts with it.
    fn begins(&self) -> bool {
        self.of_stack && matches!(&*self.status, "CREATE_IN_PROGRESS" | "UPDATE_IN_PROGRESS" | "DELETE_IN_PROGRESS")
    }
}

/// The events of the latest operation, from all events, the oldest first.
#[must_use]
pub fn operation(events: &[Event]) -> &[Event] {
    let begin = events.iter().rposition(Event::begins).unwrap_or_default();
    &events[begin..]
}

/// The progress that was shown so far. Each status of a resource is shown once.
#[derive(Debug, Default)]
pub struct Progress(HashMap<String, String>);

impl Progress {
    /// The lines for some events. A change that both started and ended among them has one line.
    pub fn lines(&mut self, events: &[Event]) -> Vec<String> {
        let is_news = |at: usize| {
            let later = &events[at + 1..];
            !events[at].is_in_progress() || later.iter().all(|event| event.resource != events[at].resource)
        };
        (0..events.len()).filter(|at| is_news(*at)).filter_map(|at| self.line(&events[at])).collect()
    }

    /// The line for an event; `None` if it is not new.
    fn line(&mut self, event: &Event) -> Option<String> {
        if self.0.insert(event.resource.clone(), event.status.clone()).as_ref() == Some(&event.status) {
            return None;
        }
        if event.of_stack {
            return rollback(&event.status).map(|line| format!("  ! {line}"));
        }
        let (mark, outcome) = outcome(&event.status);
        let line = format!("  {mark} {}: {outcome}", event.what());
        let why = words(&event.reason);
        // The reason matters only for a failure.
        Some(if mark == '✗' && !why.is_empty() { format!("{line} ({why})") } else { line })
    }
}

fn rollback(status: &str) -> Option<&'static str> {
    match status {
        "ROLLBACK_IN_PROGRESS" => Some("Failed. Deleting what was created."),
        "UPDATE_ROLLBACK_IN_PROGRESS" => Some("Failed. Restoring the previous state."),
        _ => None,
    }
}

/// The outcome for a resource, and its mark.
fn outcome(status: &str) -> (char, &str) {
    match status {
        "CREATE_IN_PROGRESS" => ('…', "creating"),
        "CREATE_COMPLETE" => ('✓', "created"),
        "CREATE_FAILED" => ('✗', "not created"),
        "UPDATE_IN_PROGRESS" => ('…', "updating"),
        "UPDATE_COMPLETE" => ('✓', "updated"),
        "UPDATE_FAILED" => ('✗', "not updated"),
        "DELETE_IN_PROGRESS" => ('…', "deleting"),
        "DELETE_COMPLETE" => ('✓', "deleted"),
        "DELETE_FAILED" => ('✗', "not deleted"),
        "DELETE_SKIPPED" => ('✓', "kept"),
        failed if failed.ends_with("_FAILED") => ('✗', failed),
        done if done.ends_with("_COMPLETE") => ('✓', done),
        going => ('…', going),
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Progress, operation};

    fn event(id: &str, resource: &str, status: &str, reason: &str) -> Event {
        Event {
            id: id.to_owned(),
            resource: resource.to_owned(),
            kind: "AWS::Lambda::Function".to_owned(),
            status: status.to_owned(),
            reason: reason.to_owned(),
            of_stack: resource == "tickler",
        }
    }

    #[test]
    fn a_status_is_shown_once_and_a_failure_with_its_reason() {
        let events = [
            event("1", "tickler", "CREATE_IN_PROGRESS", "User Initiated"),
            event("2", "ExecuteMemo", "CREATE_IN_PROGRESS", ""),
            event("3", "ExecuteMemo", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
            event("4a", "Another", "CREATE_IN_PROGRESS", ""),
            event("4b", "Another", "CREATE_COMPLETE", ""),
            event("5", "ExecuteMemo", "CREATE_FAILED", "no such\nruntime."),
            event("6", "tickler", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [ExecuteMemo]."),
            event("7", "Another", "DELETE_COMPLETE", ""),
            event("8", "tickler", "ROLLBACK_COMPLETE", ""),
            event("9", "Third", "EXPORT_ROLLBACK_FAILED", ""),
        ];
        let mut progress = Progress::default();
        let (begin, rest) = events.split_at(3);
        assert_eq!(
            [progress.lines(begin), progress.lines(rest)].concat(),
            [
                "  … function executeMemo: creating",
                "  ✓ Another: created",
                "  ✗ function executeMemo: not created (no such runtime)",
                "  ! Failed. Deleting what was created.",
                "  ✓ Another: deleted",
                "  ✗ Third: EXPORT_ROLLBACK_FAILED",
            ]
        );
    }

    #[test]
    fn an_operation_starts_with_an_event_of_the_stack() {
        let events = [
            event("1", "tickler", "CREATE_IN_PROGRESS", ""),
            event("2", "tickler", "CREATE_COMPLETE", ""),
            event("3", "tickler", "UPDATE_IN_PROGRESS", ""),
            event("4", "ExecuteMemo", "UPDATE_IN_PROGRESS", ""),
        ];
        assert_eq!(operation(&events), &events[2..]);
        assert_eq!(operation(&events[3..]), &events[3..], "without a start, all events");
        assert!(operation(&[]).is_empty());
    }
}
