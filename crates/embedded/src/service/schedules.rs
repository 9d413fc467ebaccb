//! The five operations on schedules.
//!
//! It must never know how a schedule is kept or fired.

use serde_json::{Value, json};

use super::Service;
use crate::arn;
use crate::model::{self, Check};
use crate::store::{Created, ListQuery, StoredSchedule, Summary};
use crate::validation::{self, ValidSchedule};
use crate::wire::{ApiError, Request, Response, epoch_seconds, key_of_token, token};

const DEFAULT_GROUP: &str = "default";

/// How many schedules or groups a page has when the caller does not say: the most there may be.
pub(super) const PAGE: usize = 100;

impl Service {
    /// A name that exists is a conflict, whatever the `ClientToken`: that is what the service answers to the very
    /// same request sent twice, so the token is checked for its form and has no other effect.
    pub(super) fn create_schedule(&self, name: &str, request: &Request) -> Result<Response, ApiError> {
        let (group, schedule) = sent_schedule(name, request)?;
        let created = self.store.create_schedule((&group, name), &schedule.definition, schedule.due, self.now())?;
        match created {
            Created::Done => Ok(schedule_arn(&group, name)),
            // The wordings of both conflicts are our choice: the service's were not recorded.
            Created::Exists => Err(ApiError::conflict(format!("Schedule {name} already exists."))),
            Created::GroupDeleting => Err(ApiError::conflict(format!("Schedule group {group} is being deleted."))),
            Created::NoGroup => Err(no_group(&group)),
        }
    }

    /// Replaces everything: what the request omits goes back to its default.
    pub(super) fn update_schedule(&self, name: &str, request: &Request) -> Result<Response, ApiError> {
        let (group, schedule) = sent_schedule(name, request)?;
        let updated = self.store.update_schedule((&group, name), &schedule.definition, schedule.due, self.now())?;
        if updated {
            return Ok(schedule_arn(&group, name));
        }
        Err(self.missing_schedule(&group, name)?)
    }

    pub(super) fn get_schedule(&self, name: &str, request: &Request) -> Result<Response, ApiError> {
        let group = named_group(name, request.query("groupName"), Check::default())?;
        match self.store.schedule(group, name)? {
            Some(stored) => described(group, name, &stored),
            None => Err(self.missing_schedule(group, name)?),
        }
    }

    pub(super) fn delete_schedule(&self, name: &str, request: &Request) -> Result<Response, ApiError> {
        let mut check = Check::default();
        check.text("clientToken", &model::CLIENT_TOKEN, request.query("clientToken"))?;
        let group = named_group(name, request.query("groupName"), check)?;
        if self.store.delete_schedule(group, name)? {
            return Ok(Response::ok(json!({})));
        }
        Err(self.missing_schedule(group, name)?)
    }

    pub(super) fn list_schedules(&self, request: &Request) -> Result<Response, ApiError> {
        let group = request.query("ScheduleGroup");
        let name_prefix = request.query("NamePrefix");
        let state = request.query("State");
        let mut check = Check::default();
        check.text("groupName", &model::NAME, group)?;
        check.text("namePrefix", &model::NAME, name_prefix)?;
        check.text("state", &model::STATE, state)?;
        let limit = page_size(&mut check, request)?;
        let position: Option<[String; 2]> = position(check, request)?;
        if let Some(group) = group {
            // A list of a group that is not there is an error of the model, and so more telling than an empty page.
            // That it is answered here is our choice: the service's answer was not recorded.
            self.store.group(group, self.now())?.ok_or_else(|| no_group(group))?;
        }
        // One more than asked for tells whether there is another page.
        let mut schedules = self.store.list_schedules(&ListQuery {
            group,
            name_prefix,
            state,
            after: position.as_ref().map(|[group, name]| (group.as_str(), name.as_str())),
            limit: limit + 1,
        })?;
        let more = schedules.len() > limit;
        schedules.truncate(limit);
        let next = schedules.last().filter(|_| more).map(|last| token(&[&last.group, &last.name]));
        let schedules: Vec<Value> = schedules.iter().map(summarized).collect();
        Ok(Response::ok(json!({ "Schedules": schedules, "NextToken": next })))
    }

    /// Why a schedule was not found. The group is named when it is the group that is missing, which is our choice:
    /// only the answer for a missing schedule was recorded.
    fn missing_schedule(&self, group: &str, name: &str) -> Result<ApiError, ApiError> {
        let group_is_there = self.store.group(group, self.now())?.is_some();
        Ok(if group_is_there {
            ApiError::not_found(format!("Schedule {name} does not exist."))
        } else {
            no_group(group)
        })
    }
}

/// Reads and checks a create or an update; answers the group and the schedule.
fn sent_schedule(name: &str, request: &Request) -> Result<(String, ValidSchedule), ApiError> {
    let body = request.json_object()?;
    let group = body.get("GroupName").and_then(Value::as_str).unwrap_or(DEFAULT_GROUP).to_owned();
    let mut check = Check::default();
    check.text("name", &model::NAME, Some(name))?;
    Ok((group, validation::schedule(check, body)?))
}

/// Checks the name and the group of a path and a query; answers the group.
fn named_group<'a>(name: &str, group: Option<&'a str>, mut check: Check) -> Result<&'a str, ApiError> {
    check.text("name", &model::NAME, Some(name))?;
    check.text("groupName", &model::NAME, group)?;
    check.finish()?;
    Ok(group.unwrap_or(DEFAULT_GROUP))
}

/// `MaxResults`, or the page that is given without it.
pub(super) fn page_size(check: &mut Check, request: &Request) -> Result<usize, ApiError> {
    let asked = check.integer("maxResults", &model::MAX_RESULTS, request.query("MaxResults"))?;
    Ok(asked.and_then(|asked| usize::try_from(asked).ok()).unwrap_or(PAGE))
}

/// Where the list is to go on; ends the check.
pub(super) fn position<const PARTS: usize>(
    mut check: Check,
    request: &Request,
) -> Result<Option<[String; PARTS]>, ApiError> {
    let token = request.query("NextToken");
    check.text("nextToken", &model::NEXT_TOKEN, token)?;
    check.finish()?;
    // The wording is our choice: the service's was not recorded.
    let invalid = || ApiError::validation("Invalid NextToken.");
    token.map(|token| key_of_token(token).ok_or_else(invalid)).transpose()
}

pub(super) fn no_group(group: &str) -> ApiError {
    ApiError::not_found(format!("Schedule group {group} does not exist."))
}

fn schedule_arn(group: &str, name: &str) -> Response {
    Response::ok(json!({ "ScheduleArn": arn::schedule(group, name) }))
}

fn described(group: &str, name: &str, stored: &StoredSchedule) -> Result<Response, ApiError> {
    let failed = |error: serde_json::Error| ApiError::new(500, "InternalServerException", error.to_string());
    let mut answer = serde_json::to_value(&stored.definition).map_err(failed)?;
    answer["Arn"] = arn::schedule(group, name).into();
    answer["GroupName"] = group.into();
    answer["Name"] = name.into();
    answer["CreationDate"] = epoch_seconds(stored.created);
    answer["LastModificationDate"] = epoch_seconds(stored.modified);
    Ok(Response::ok(answer))
}

/// No expression, no zone, no input, no description: the model's summary has none.
fn summarized(schedule: &Summary) -> Value {
    json!({
        "Arn": arn::schedule(&schedule.group, &schedule.name),
        "Name": schedule.name,
        "GroupName": schedule.group,
        "State": schedule.state,
        "CreationDate": epoch_seconds(schedule.created),
        "LastModificationDate": epoch_seconds(schedule.modified),
        "Target": { "Arn": schedule.target_arn },
    })
}
