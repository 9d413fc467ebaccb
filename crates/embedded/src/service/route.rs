//! From method and path to operation.
//!
//! It must never know what an operation does.

use super::Service;
use crate::wire::{ApiError, Dialect, Request, Response};

impl Service {
    /// Finds the operation that a request is for, and answers it; says in which dialect an error is to be told.
    pub(super) fn answer(&self, request: &Request) -> (Dialect, Result<Response, ApiError>) {
        if let Some(target) = &request.target {
            return (Dialect::Logs, self.answer_logs(target, request));
        }
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        if let ["2015-03-31", "functions", function, "invocations"] = path[..] {
            let answer = match request.method.as_str() {
                "POST" => self.invoke(function, request),
                _ => Err(ApiError::unknown_operation(&request.method, &request.path)),
            };
            return (Dialect::Lambda, answer);
        }
        (Dialect::Scheduler, self.answer_scheduler(&path, request))
    }

    fn answer_scheduler(&self, path: &[&str], request: &Request) -> Result<Response, ApiError> {
        match (request.method.as_str(), path) {
            ("GET", ["schedules"]) => self.list_schedules(request),
            ("POST", ["schedules", name]) => self.create_schedule(name, request),
            ("PUT", ["schedules", name]) => self.update_schedule(name, request),
            ("GET", ["schedules", name]) => self.get_schedule(name, request),
            ("DELETE", ["schedules", name]) => self.delete_schedule(name, request),
            ("GET", ["schedule-groups"]) => self.list_groups(request),
            ("POST", ["schedule-groups", name]) => self.create_group(name, request),
            ("GET", ["schedule-groups", name]) => self.get_group(name),
            ("DELETE", ["schedule-groups", name]) => self.delete_group(name, request),
            // An ARN has a slash; whoever does not encode it sends it in two segments.
            (method, ["tags", arn @ ..]) if !arn.is_empty() => self.answer_tags(method, &arn.join("/"), request),
            _ => Err(ApiError::unknown_operation(&request.method, &request.path)),
        }
    }
}
