//! Finds the operation for a method and a path.

use super::connector::Service;
use crate::wire::{ApiError, Dialect, Request, Response};

impl Service {
    /// Answers a request. Also returns the dialect for an error.
    pub(super) fn answer(&self, request: &Request) -> (Dialect, Result<Response, ApiError>) {
        if let Some(target) = &request.target {
            return (Dialect::Logs, self.route_logs(target, request));
        }
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        if let ["2015-03-31", "functions", function, "invocations"] = path[..] {
            let response = match request.method.as_str() {
                "POST" => self.invoke(function, request),
                _ => Err(ApiError::unknown_operation(&request.method, &request.path)),
            };
            return (Dialect::Lambda, response);
        }
        (Dialect::Scheduler, self.route_scheduler(&path, request))
    }

    fn route_scheduler(&self, path: &[&str], request: &Request) -> Result<Response, ApiError> {
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
            // An ARN has a slash: a client that does not encode it sends two segments.
            (method, ["tags", arn @ ..]) if !arn.is_empty() => self.route_tags(method, &arn.join("/"), request),
            _ => Err(ApiError::unknown_operation(&request.method, &request.path)),
        }
    }
}
