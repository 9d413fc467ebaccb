//! What CloudFormation tells of an operation, as lines that a person follows. Pure: events in, lines out.

use std::collections::HashMap;

use aws_sdk_cloudformation::types::StackEvent;

use super::parts;
use super::reason::words;

/// Something that happened to a resource of a stack, or to the stack itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What tells it from every other event.
    pub id: String,
    /// The resource's name in the template; the stack's own name for the stack.
    pub resource: String,
    /// Its type, such as `AWS::Lambda::Function`.
    pub kind: String,
    /// What became of it, such as `CREATE_COMPLETE`.
    pub status: String,
    /// Why, in CloudFormation's words; most often empty.
    pub reason: String,
    /// Whether it happened to the stack itself.
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
    /// What the resource is, in words.
    #[must_use]
    pub fn what(&self) -> &str {
        parts::what(&self.resource).unwrap_or(&self.resource)
    }

    /// Whether something goes on with a resource.
    fn goes_on(&self) -> bool {
        !self.of_stack && self.status.ends_with("_IN_PROGRESS")
    }

    /// Whether an operation of the stack begins with it.
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

/// What was told of an operation so far: each resource's status is told once.
#[derive(Debug, Default)]
pub struct Progress(HashMap<String, String>);

impl Progress {
    /// The lines of some events. What began and ended among them is told as ended.
    pub fn lines(&mut self, events: &[Event]) -> Vec<String> {
        let is_news = |at: usize| {
            let later = &events[at + 1..];
            !events[at].goes_on() || later.iter().all(|event| event.resource != events[at].resource)
        };
        (0..events.len()).filter(|at| is_news(*at)).filter_map(|at| self.line(&events[at])).collect()
    }

    /// The line of an event; none where it says nothing new.
    fn line(&mut self, event: &Event) -> Option<String> {
        if self.0.insert(event.resource.clone(), event.status.clone()).as_ref() == Some(&event.status) {
            return None;
        }
        if event.of_stack {
            return going_back(&event.status).map(|line| format!("  ! {line}"));
        }
        let (mark, became) = became(&event.status);
        let line = format!("  {mark} {}: {became}", event.what());
        let why = words(&event.reason);
        // Why something is made is nothing that anybody asks.
        Some(if mark == '✗' && !why.is_empty() { format!("{line} ({why})") } else { line })
    }
}

fn going_back(status: &str) -> Option<&'static str> {
    match status {
        "ROLLBACK_IN_PROGRESS" => Some("It failed: what was made is deleted again."),
        "UPDATE_ROLLBACK_IN_PROGRESS" => Some("It failed: everything goes back to what it was."),
        _ => None,
    }
}

/// What became of a resource, and the mark of that.
fn became(status: &str) -> (char, &str) {
    match status {
        "CREATE_IN_PROGRESS" => ('…', "being made"),
        "CREATE_COMPLETE" => ('✓', "made"),
        "CREATE_FAILED" => ('✗', "not made"),
        "UPDATE_IN_PROGRESS" => ('…', "being changed"),
        "UPDATE_COMPLETE" => ('✓', "changed"),
        "UPDATE_FAILED" => ('✗', "not changed"),
        "DELETE_IN_PROGRESS" => ('…', "being deleted"),
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
    fn a_status_is_told_once_and_with_its_reason_where_it_failed() {
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
                "  … function executeMemo: being made",
                "  ✓ Another: made",
                "  ✗ function executeMemo: not made (no such runtime)",
                "  ! It failed: what was made is deleted again.",
                "  ✓ Another: deleted",
                "  ✗ Third: EXPORT_ROLLBACK_FAILED",
            ]
        );
    }

    #[test]
    fn the_latest_operation_begins_where_the_stack_does() {
        let events = [
            event("1", "tickler", "CREATE_IN_PROGRESS", ""),
            event("2", "tickler", "CREATE_COMPLETE", ""),
            event("3", "tickler", "UPDATE_IN_PROGRESS", ""),
            event("4", "ExecuteMemo", "UPDATE_IN_PROGRESS", ""),
        ];
        assert_eq!(operation(&events), &events[2..]);
        assert_eq!(operation(&events[3..]), &events[3..], "where the beginning is not there, all of it");
        assert!(operation(&[]).is_empty());
    }
}
