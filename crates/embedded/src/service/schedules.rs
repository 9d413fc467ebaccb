//! The five operations on schedules.
//!
//! Does not know how a schedule is stored or fired.

use serde_json::{Value, json};

use super::connector::Service;
use super::paging::{page_size, position};
use crate::arn;
use crate::model::{self, Check};
use crate::store::{CreateOutcome, ListQuery, StoredSchedule, Summary};
use crate::validation::{self, ValidSchedule};
use crate::wire::{ApiError, Request, Response, epoch_seconds, token};

const DEFAULT_GROUP: &str = "default";

impl Service {
    /// A name that exists is a conflict, whatever the `ClientToken`: the service answers so to the same request sent
    /// twice. The form of the token is checked; it has no other effect.
    pub(super) fn create_schedule(&self, name: &str, request: &Request) -> Result<Response, ApiError> {
        let (group, schedule) = read_schedule(name, request)?;
        let created = self.store.create_schedule((&group, name), &schedule.definition, schedule.due, self.now())?;
        match created {
            CreateOutcome::Created => Ok(schedule_arn(&group, name)),
            // The wordings of both conflicts are our choice: the service's were not recorded.
            CreateOutcome::Exists => Err(ApiError::conflict(format!("Schedule {name} already exists."))),
            CreateOutcome::GroupDeleting => {
                Err(ApiError::conflict(format!("Schedule group {group} is being deleted.")))
            }
            CreateOutcome::NoGroup => Err(no_group(&group)),
        }
    }

    /// Replaces everything: a member that the request omits gets its default.
    pub(super) fn update_schedule(&self, name: &str, request: &Request) -> Result<Response, ApiError> {
        let (group, schedule) = read_schedule(name, request)?;
        let updated = self.store.update_schedule((&group, name), &schedule.definition, schedule.due, self.now())?;
        if updated {
            return Ok(schedule_arn(&group, name));
        }
        Err(self.missing_schedule(&group, name)?)
    }

    pub(super) fn get_schedule(&self, name: &str, request: &Request) -> Result<Response, ApiError> {
        let group = named_group(name, request.query("groupName"), Check::default())?;
        match self.store.schedule(group, name)? {
            Some(stored) => description(group, name, &stored),
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
            // An error says more than an empty page, and the model has it for lists. That it is returned here is our
            // choice: the service's response was not recorded.
            self.store.group(group, self.now())?.ok_or_else(|| no_group(group))?;
        }
        // One more than the page shows whether there is another page.
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
        let schedules: Vec<Value> = schedules.iter().map(summary).collect();
        Ok(Response::ok(json!({ "Schedules": schedules, "NextToken": next })))
    }

    /// Why a schedule was not found. Names the group if the group is missing, which is our choice: only the response
    /// for a missing schedule was recorded.
    fn missing_schedule(&self, group: &str, name: &str) -> Result<ApiError, ApiError> {
        let group_exists = self.store.group(group, self.now())?.is_some();
        Ok(if group_exists { ApiError::not_found(format!("Schedule {name} does not exist.")) } else { no_group(group) })
    }
}

/// Reads and checks a create or an update. Returns the group and the schedule.
fn read_schedule(name: &str, request: &Request) -> Result<(String, ValidSchedule), ApiError> {
    let body = request.json_object()?;
    let group = body.get("GroupName").and_then(Value::as_str).unwrap_or(DEFAULT_GROUP).to_owned();
    let mut check = Check::default();
    check.text("name", &model::NAME, Some(name))?;
    Ok((group, validation::schedule(check, body)?))
}

/// Checks the name in the path and the group in the query. Returns the group.
fn named_group<'a>(name: &str, group: Option<&'a str>, mut check: Check) -> Result<&'a str, ApiError> {
    check.text("name", &model::NAME, Some(name))?;
    check.text("groupName", &model::NAME, group)?;
    check.finish()?;
    Ok(group.unwrap_or(DEFAULT_GROUP))
}

pub(super) fn no_group(group: &str) -> ApiError {
    ApiError::not_found(format!("Schedule group {group} does not exist."))
}

fn schedule_arn(group: &str, name: &str) -> Response {
    Response::ok(json!({ "ScheduleArn": arn::schedule(group, name) }))
}

fn description(group: &str, name: &str, stored: &StoredSchedule) -> Result<Response, ApiError> {
    let failed = |error: serde_json::Error| ApiError::new(500, "InternalServerException", error.to_string());
    let mut body = serde_json::to_value(&stored.definition).map_err(failed)?;
    body["Arn"] = arn::schedule(group, name).into();
    body["GroupName"] = group.into();
    body["Name"] = name.into();
    body["CreationDate"] = epoch_seconds(stored.created);
    body["LastModificationDate"] = epoch_seconds(stored.modified);
    Ok(Response::ok(body))
}

/// The model's summary has no expression, zone, input or description.
fn summary(schedule: &Summary) -> Value {
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
