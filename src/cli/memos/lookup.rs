//! Finds schedules by the start of their id.

use std::collections::HashMap;

use futures_util::{StreamExt as _, stream};

use super::error::CommandError;
use super::quote::quoted;
use super::session::{MAX_CONCURRENT, Session};
use super::short_id::unique_length;
use crate::memo::{Memo, MemoId};
use crate::schedule::{Body, Schedule};

/// How many candidates an error lists.
const MAX_LISTED: usize = 4;

/// Finds schedules by the start of their id. Lists the group at most once.
pub(super) struct Lookup<'s> {
    session: &'s Session<'s>,
    schedules: Option<Vec<Schedule>>,
}

impl<'s> Lookup<'s> {
    pub fn new(session: &'s Session<'s>) -> Self {
        Self { session, schedules: None }
    }

    /// The only schedule whose id starts like this.
    pub async fn find(&mut self, id: &str) -> Result<Option<Schedule>, CommandError> {
        if id.is_empty() {
            return Err(CommandError::usage("The id is empty.", "`tickler list` shows the ids."));
        }
        if let Ok(complete) = id.parse::<MemoId>() {
            return Ok(self.session.scheduler.get(&complete.to_string().into()).await?);
        }
        let schedules = match self.schedules.take() {
            Some(schedules) => schedules,
            None => self.session.schedules().await?,
        };
        let schedules = self.schedules.insert(schedules);
        if let Some(exact) = schedules.iter().find(|schedule| *schedule.name == *id) {
            return Ok(Some(exact.clone()));
        }
        let prefix = id.to_ascii_lowercase();
        let found: Vec<&Schedule> =
            schedules.iter().filter(|schedule| schedule.name.to_ascii_lowercase().starts_with(&prefix)).collect();
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some((*one).clone())),
            several => {
                let text = |schedule: &Schedule| schedule.memo().map(|memo| memo.text.clone()).unwrap_or_default();
                Err(ambiguous_id(id, several.iter().map(|schedule| (schedule.name.to_string(), text(schedule)))))
            }
        }
    }

    /// Finds several schedules at once, each as [`Lookup::find`] does.
    pub async fn find_all(&mut self, ids: &[String]) -> Vec<Result<Option<Schedule>, CommandError>> {
        let complete = |id: &String| id.parse::<MemoId>().ok();
        let scheduler = &self.session.scheduler;
        let found: HashMap<MemoId, _> = stream::iter(ids.iter().filter_map(complete))
            .map(|id| async move { (id, scheduler.get(&id.to_string().into()).await.map_err(CommandError::from)) })
            .buffer_unordered(MAX_CONCURRENT)
            .collect()
            .await;
        let mut all = Vec::new();
        for id in ids {
            all.push(match complete(id) {
                Some(id) => found.get(&id).cloned().unwrap_or(Ok(None)),
                None => self.find(id).await,
            });
        }
        all
    }

    /// The only memo whose id starts like this.
    pub async fn find_memo(&mut self, id: &str) -> Result<Memo, CommandError> {
        match self.find(id).await? {
            Some(schedule) => into_memo(schedule),
            None => Err(not_found(id)),
        }
    }
}

/// The memo of a schedule. Fails for a foreign schedule.
pub(super) fn into_memo(schedule: Schedule) -> Result<Memo, CommandError> {
    match schedule.body {
        Body::Memo(memo) => Ok(memo),
        Body::Foreign(_) => Err(CommandError::refused(
            "foreign",
            format!("{} is not a memo: another program created this schedule.", schedule.name),
            "You can cancel it. To change it, use that program.",
        )),
    }
}

/// No pending memo has this id.
pub(super) fn not_found(id: &str) -> CommandError {
    CommandError::not_found(
        format!("No pending memo has an id that starts with {id}."),
        "`tickler list` shows pending memos, and `tickler history` shows deliveries.",
    )
}

/// Several ids start like this. Each candidate is an id and a memo's text.
pub(super) fn ambiguous_id(id: &str, candidates: impl IntoIterator<Item = (String, String)>) -> CommandError {
    let candidates: Vec<(String, String)> = candidates.into_iter().collect();
    let length = unique_length(candidates.iter().map(|(name, _)| name.as_str()));
    let describe = |(name, text): &(String, String)| {
        let short: String = name.chars().take(length).collect();
        if text.is_empty() { short } else { format!("{short} ({})", quoted(text)) }
    };
    let more = if candidates.len() > MAX_LISTED { ", …" } else { "" };
    let listed = candidates.iter().take(MAX_LISTED).map(describe).collect::<Vec<_>>().join(", ");
    let message = format!("{} ids start with {id}: {listed}{more}.", candidates.len());
    CommandError::refused("ambiguous-id", message, "Type more of it.")
}
