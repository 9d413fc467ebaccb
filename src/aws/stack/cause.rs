//! Why an operation of a stack failed, and what to do about it. Pure.
//!
//! When one resource fails, CloudFormation cancels all others in progress; the person needs the first failure. The reasons
//! are texts of many services, so only what is uniform in them is used: who is not allowed to do what, and the handler's
//! error code.

use std::fmt;

use super::event::Event;
use super::reason::words;
use crate::failure::{Failure, FailureKind};

/// The cause of a failed operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The resource in plain words, with its logical id and type; `None` for the stack itself.
    pub resource: Option<String>,
    /// The reason in the service's words, without a full stop.
    pub why: String,
    /// What to do about it: sentences.
    pub advice: String,
}

impl Cause {
    /// Finds the cause in the events of an operation, the oldest first.
    #[must_use]
    pub fn of(operation: &[Event]) -> Option<Self> {
        let failed = |event: &&Event| event.status.ends_with("_FAILED") && !event.of_stack;
        // A resource that could not be deleted during the rollback is not the cause of it.
        let first = operation.iter().filter(failed).find(|event| !was_cancelled(event));
        let event = first.or_else(|| {
            let of_stack = |event: &&Event| event.of_stack && !event.reason.is_empty() && is_bad(&event.status);
            operation.iter().find(of_stack)
        })?;
        let resource = (!event.of_stack).then(|| format!("{} ({}, {})", event.what(), event.resource, event.kind));
        let why = words(&event.reason);
        let why = if why.is_empty() { "AWS gave no reason".to_owned() } else { why };
        Some(Self { resource, advice: advice(&event.reason), why })
    }

    /// The cause as a failure; `what` is the beginning of its sentence.
    #[must_use]
    pub fn failure(&self, what: &str) -> Failure {
        let kind = if self.is_denied() { FailureKind::Denied } else { FailureKind::Invalid };
        Failure::new(kind, format!("{what}: {self}."), self.advice.clone())
    }

    /// Whether the caller lacks a permission.
    fn is_denied(&self) -> bool {
        denied(&self.why).is_some()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.resource {
            Some(resource) => write!(f, "{resource} failed: {}", self.why),
            None => f.write_str(&self.why),
        }
    }
}

fn is_bad(status: &str) -> bool {
    status.ends_with("_FAILED") || status.contains("ROLLBACK")
}

/// Whether a resource failed only because another one had.
fn was_cancelled(event: &Event) -> bool {
    let reason = event.reason.to_ascii_lowercase();
    reason.contains("cancelled") || reason.contains("canceled")
}

/// The action that was denied, and the resource: `User: arn:… is not authorized to perform: iam:CreateRole on resource: arn:…`.
fn denied(text: &str) -> Option<(&str, Option<&str>)> {
    let word = |rest: &'_ str| -> Option<usize> { rest.find(|c: char| c.is_whitespace() || "\"',;)".contains(c)) };
    let after = |mark: &str| {
        let (_, rest) = text.split_once(mark)?;
        let found = &rest[..word(rest).unwrap_or(rest.len())];
        Some(found.trim_end_matches('.')).filter(|found| !found.is_empty())
    };
    Some((after("is not authorized to perform: ")?, after("on resource: ")))
}

fn advice(reason: &str) -> String {
    if let Some((action, on)) = denied(reason) {
        let on = on.map_or_else(String::new, |on| format!(" on {on}"));
        return format!("Sign in as an administrator, or allow {action}{on} in your policy.");
    }
    let code = reason.split_once("HandlerErrorCode: ").map(|(_, rest)| rest.split([')', ',']).next().unwrap_or(rest));
    let lower = reason.to_ascii_lowercase();
    let advice = match code {
        Some("AccessDenied") => "Sign in as an administrator: these credentials may not create it.",
        Some("AlreadyExists") => ALREADY_EXISTS,
        Some("ServiceLimitExceeded") => "The account has reached a quota: ask AWS for a higher one.",
        Some("Throttling" | "ServiceInternalError" | "NotStabilized" | "NetworkFailure" | "ServiceTimeout") => {
            "This may be temporary: run the same command again."
        }
        _ if lower.contains("already exists") => ALREADY_EXISTS,
        _ if lower.contains("limit exceeded") || lower.contains("limitexceeded") => {
            "The account has reached a quota: ask AWS for a higher one."
        }
        _ if lower.contains("attached to entities") || lower.contains("detach all policies") => {
            "In IAM, detach whatever was attached by hand, then run the same command again."
        }
        _ if lower.contains("runtime") => {
            "This region may not offer that runtime yet. Create the stack in another region with --region and --name."
        }
        _ => "Fix that, then run the same command again.",
    };
    advice.to_owned()
}

const ALREADY_EXISTS: &str = "Another resource in the account has that name. Delete it if you do not need it, or choose \
                              another name for the stack with --name.";

#[cfg(test)]
mod tests {
    use super::Cause;
    use crate::aws::stack::event::Event;

    fn event(resource: &str, kind: &str, status: &str, reason: &str) -> Event {
        Event {
            id: format!("{resource}-{status}"),
            resource: resource.to_owned(),
            kind: kind.to_owned(),
            status: status.to_owned(),
            reason: reason.to_owned(),
            of_stack: kind == "AWS::CloudFormation::Stack",
        }
    }

    fn cause_of(reason: &str) -> String {
        let events = [event("SchedulerRole", "AWS::IAM::Role", "CREATE_FAILED", reason)];
        let cause = Cause::of(&events).unwrap();
        assert_eq!(cause.resource.as_deref(), Some("scheduler role (SchedulerRole, AWS::IAM::Role)"));
        format!("{}\n{}", cause.why, cause.advice)
    }

    #[test]
    fn the_first_failure_that_is_no_cancellation_is_the_cause() {
        let stack = "AWS::CloudFormation::Stack";
        let events = [
            event("tickler", stack, "CREATE_IN_PROGRESS", "User Initiated"),
            event("Topic", "AWS::SNS::Topic", "CREATE_FAILED", "Resource creation cancelled"),
            event("Log", "AWS::Logs::LogGroup", "CREATE_FAILED", "it rains."),
            event("Group", "AWS::Scheduler::ScheduleGroup", "CREATE_FAILED", "another"),
            event("tickler", stack, "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Log]."),
        ];
        let cause = Cause::of(&events).unwrap();
        assert_eq!(cause.to_string(), "delivery log (Log, AWS::Logs::LogGroup) failed: it rains");
        assert_eq!(
            Cause::of(&[events[0].clone(), events[4].clone()]).unwrap().to_string(),
            "The following resource(s) failed to create: [Log]"
        );
        assert_eq!(Cause::of(&events[..1]), None);
    }

    #[test]
    fn the_denied_action_is_named() {
        assert_eq!(
            cause_of(
                "Resource handler returned message: \"User: arn:aws:iam::123456789012:user/ada is not authorized to \
                 perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/tickler-SchedulerRole-1 because \
                 no identity-based policy allows the iam:CreateRole action (Service: Iam, Status Code: 403, Request \
                 ID: 1) (SDK Attempt Count: 1)\" (RequestToken: 2, HandlerErrorCode: AccessDenied)"
            ),
            "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:CreateRole on resource: \
             arn:aws:iam::123456789012:role/tickler-SchedulerRole-1 because no identity-based policy allows the \
             iam:CreateRole action\nSign in as an administrator, or allow iam:CreateRole on \
             arn:aws:iam::123456789012:role/tickler-SchedulerRole-1 in your policy."
        );
        assert!(
            cause_of("API: iam:CreateRole User: x is not authorized to perform: iam:CreateRole")
                .ends_with("or allow iam:CreateRole in your policy.")
        );
    }

    #[test]
    fn each_error_code_has_its_advice() {
        let wrapped = |code: &str| {
            cause_of(&format!(
                "Resource handler returned message: \"No. (Service: X)\" (RequestToken: 1, HandlerErrorCode: {code})"
            ))
        };
        assert!(wrapped("AlreadyExists").ends_with("with --name."));
        assert!(wrapped("AccessDenied").contains("administrator"));
        assert!(wrapped("ServiceLimitExceeded").contains("quota"));
        assert!(wrapped("Throttling").contains("temporary"));
        assert!(cause_of("tickler-memos already exists in stack arn:aws:x").ends_with("with --name."));
        assert!(cause_of("The runtime parameter of nodejs24.x is not supported").contains("--region"));
        assert!(cause_of("Cannot delete a policy attached to entities.").contains("detach"));
        assert_eq!(cause_of(""), "AWS gave no reason\nFix that, then run the same command again.");
    }
}
