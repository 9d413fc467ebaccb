//! The four operations on schedule groups.
//!
//! Does not know how a group is stored.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::connector::Service;
use super::paging::{page_size, position};
use super::schedules::no_group;
use crate::arn;
use crate::model::{self, Check};
use crate::store::{Group, GroupRefusal};
use crate::wire::{ApiError, Request, Response, epoch_seconds, token, typed};

/// A tag in a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

/// The tags in a body.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tagged {
    #[serde(default)]
    tags: Vec<Tag>,
}

impl Service {
    pub(super) fn create_group(&self, name: &str, request: &Request) -> Result<Response, ApiError> {
        let body = request.json_object()?;
        let mut check = Check::default();
        check.text("name", &model::NAME, Some(name))?;
        check.body(&model::CREATE_GROUP, &body)?;
        check.finish()?;
        not_default(name)?;
        let tags = read_tags(typed(body)?)?;
        self.store.create_group(name, &tags, self.now())?.map_err(|refusal| refusal_error(name, refusal))?;
        Ok(Response::ok(json!({ "ScheduleGroupArn": arn::group(name) })))
    }

    pub(super) fn get_group(&self, name: &str) -> Result<Response, ApiError> {
        let mut check = Check::default();
        check.text("name", &model::NAME, Some(name))?;
        check.finish()?;
        let group = self.store.group(name, self.now())?.ok_or_else(|| no_group(name))?;
        Ok(Response::ok(description(&group)))
    }

    /// Deletes the schedules of the group too.
    pub(super) fn delete_group(&self, name: &str, request: &Request) -> Result<Response, ApiError> {
        let mut check = Check::default();
        check.text("name", &model::NAME, Some(name))?;
        check.text("clientToken", &model::CLIENT_TOKEN, request.query("clientToken"))?;
        check.finish()?;
        not_default(name)?;
        self.store.delete_group(name, self.now())?.map_err(|refusal| refusal_error(name, refusal))?;
        Ok(Response::ok(json!({})))
    }

    pub(super) fn list_groups(&self, request: &Request) -> Result<Response, ApiError> {
        let name_prefix = request.query("NamePrefix");
        let mut check = Check::default();
        check.text("namePrefix", &model::NAME, name_prefix)?;
        let limit = page_size(&mut check, request)?;
        let position: Option<[String; 1]> = position(check, request)?;
        let after = position.as_ref().map(|[name]| name.as_str());
        let mut groups = self.store.list_groups(name_prefix, after, limit + 1, self.now())?;
        let more = groups.len() > limit;
        groups.truncate(limit);
        let next = groups.last().filter(|_| more).map(|last| token(&[&last.name]));
        let groups: Vec<Value> = groups.iter().map(description).collect();
        Ok(Response::ok(json!({ "ScheduleGroups": groups, "NextToken": next })))
    }
}

/// The default group belongs to the account: it cannot be created, deleted or (our choice) tagged.
pub(super) fn not_default(name: &str) -> Result<(), ApiError> {
    if name == "default" {
        return Err(ApiError::validation(format!("This operation cannot be performed on schedule group {name}.")));
    }
    Ok(())
}

/// The tags by key. As everywhere in AWS, a key may occur once and must not begin with AWS's own prefix; the wordings
/// are our choice.
pub(super) fn read_tags(tagged: Tagged) -> Result<BTreeMap<String, String>, ApiError> {
    let mut tags = BTreeMap::new();
    for Tag { key, value } in tagged.tags {
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(ApiError::validation(format!("Tag key {key} begins with the reserved prefix aws:.")));
        }
        if let Some((key, _)) = tags.remove_entry(&key) {
            return Err(ApiError::validation(format!("Tag key {key} is given more than once.")));
        }
        tags.insert(key, value);
    }
    Ok(tags)
}

/// The wordings are our choice, except for a missing group: the service's were not recorded.
pub(super) fn refusal_error(name: &str, refusal: GroupRefusal) -> ApiError {
    match refusal {
        GroupRefusal::Exists => ApiError::conflict(format!("Schedule group {name} already exists.")),
        GroupRefusal::Deleting => ApiError::conflict(format!("Schedule group {name} is being deleted.")),
        GroupRefusal::Missing => no_group(name),
        GroupRefusal::TooManyGroups => {
            ApiError::quota("The number of schedule groups in this account has reached its limit.")
        }
        GroupRefusal::TooManyTags => {
            ApiError::validation(format!("Schedule group {name} would have more than {} tags.", model::MAX_TAGS))
        }
    }
}

fn description(group: &Group) -> Value {
    json!({
        "Arn": arn::group(&group.name),
        "Name": group.name,
        "State": group.state.as_str(),
        "CreationDate": group.created.map(epoch_seconds),
        "LastModificationDate": group.modified.map(epoch_seconds),
    })
}
