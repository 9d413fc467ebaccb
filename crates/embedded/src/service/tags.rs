//! The three operations on tags. Only groups have tags.
//!
//! Does not know how tags are stored.

use serde_json::{Value, json};

use super::connector::Service;
use super::groups::{not_default, read_tags, refusal_error};
use super::schedules::no_group;
use crate::arn;
use crate::model::{self, Check};
use crate::wire::{ApiError, Request, Response, typed};

impl Service {
    pub(super) fn route_tags(&self, method: &str, resource: &str, request: &Request) -> Result<Response, ApiError> {
        match method {
            "POST" => self.tag(resource, request),
            "DELETE" => self.untag(resource, request),
            "GET" => self.list_tags(resource),
            _ => Err(ApiError::unknown_operation(method, &request.path)),
        }
    }

    fn tag(&self, resource: &str, request: &Request) -> Result<Response, ApiError> {
        let body = request.json_object()?;
        let mut check = Check::default();
        check.body(&model::TAG_RESOURCE, &body)?;
        let name = named_group(resource, check)?;
        not_default(name)?;
        let mut new = read_tags(typed(body)?)?;
        self.store
            .change_tags(name, self.now(), model::MAX_TAGS, |tags| tags.append(&mut new))?
            .map_err(|refusal| refusal_error(name, refusal))?;
        Ok(Response::ok(json!({})))
    }

    fn untag(&self, resource: &str, request: &Request) -> Result<Response, ApiError> {
        let keys: Vec<&str> = request.query_all("TagKeys").collect();
        let mut check = Check::default();
        check.list("tagKeys", &model::TAG_KEYS, &keys)?;
        let name = named_group(resource, check)?;
        not_default(name)?;
        self.store
            .change_tags(name, self.now(), model::MAX_TAGS, |tags| {
                tags.retain(|key, _| !keys.contains(&key.as_str()));
            })?
            .map_err(|refusal| refusal_error(name, refusal))?;
        Ok(Response::ok(json!({})))
    }

    fn list_tags(&self, resource: &str) -> Result<Response, ApiError> {
        let name = named_group(resource, Check::default())?;
        let group = self.store.group(name, self.now())?.ok_or_else(|| no_group(name))?;
        let tags: Vec<Value> = group.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        Ok(Response::ok(json!({ "Tags": tags })))
    }
}

/// Checks that the resource is a group of this account and region, and returns its name. A group of another account
/// does not exist for this service.
fn named_group(resource: &str, mut check: Check) -> Result<&str, ApiError> {
    check.text("resourceArn", &model::TAG_RESOURCE_ARN, Some(resource))?;
    check.finish()?;
    arn::group_of(resource).filter(|name| arn::group(name) == resource).ok_or_else(|| no_group(resource))
}
