//! Which schedule is meant by the beginning of an id.

use std::collections::HashMap;

use futures_util::{StreamExt as _, stream};

use super::error::CommandError;
use super::list::shortest;
use super::session::{MAX_CONCURRENT, Session};
use super::streams::quoted;
use crate::memo::{Memo, MemoId};
use crate::schedule::{Body, Schedule};

/// How many of the schedules that a prefix may mean are named.
const NAMED: usize = 4;

/// Finds schedules by the beginning of their names; the group is read at most once.
pub(super) struct Lookup<'d> {
    session: &'d Session<'d>,
    rows: Option<Vec<Schedule>>,
}

impl<'d> Lookup<'d> {
    pub fn new(session: &'d Session<'d>) -> Self {
        Self { session, rows: None }
    }

    /// The schedule that is meant; none where there is no such.
    pub async fn pending(&mut self, id: &str) -> Result<Option<Schedule>, CommandError> {
        if id.is_empty() {
            return Err(CommandError::usage("An empty id means no memo.", "`tickler list` tells the ids."));
        }
        if let Ok(whole) = id.parse::<MemoId>() {
            return Ok(self.session.scheduler.get(&whole.to_string().into()).await?);
        }
        let rows = match self.rows.take() {
            Some(rows) => rows,
            None => self.session.schedules().await?,
        };
        let rows = self.rows.insert(rows);
        if let Some(exact) = rows.iter().find(|row| *row.name == *id) {
            return Ok(Some(exact.clone()));
        }
        let prefix = id.to_ascii_lowercase();
        let found: Vec<&Schedule> =
            rows.iter().filter(|row| row.name.to_ascii_lowercase().starts_with(&prefix)).collect();
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some((*one).clone())),
            several => {
                let text = |row: &Schedule| row.memo().map(|memo| memo.text.clone()).unwrap_or_default();
                Err(ambiguous(id, several.iter().map(|row| (row.name.to_string(), text(row)))))
            }
        }
    }

    /// The schedules that are meant, several looked up at once, each as [`Lookup::pending`] answers it.
    pub async fn all(&mut self, ids: &[String]) -> Vec<Result<Option<Schedule>, CommandError>> {
        let whole = |id: &String| id.parse::<MemoId>().ok();
        let scheduler = &self.session.scheduler;
        let found: HashMap<MemoId, _> = stream::iter(ids.iter().filter_map(whole))
            .map(|id| async move { (id, scheduler.get(&id.to_string().into()).await.map_err(CommandError::from)) })
            .buffer_unordered(MAX_CONCURRENT)
            .collect()
            .await;
        let mut all = Vec::new();
        for id in ids {
            all.push(match whole(id) {
                Some(whole) => found.get(&whole).cloned().unwrap_or(Ok(None)),
                None => self.pending(id).await,
            });
        }
        all
    }

    /// The memo that is meant.
    pub async fn memo(&mut self, id: &str) -> Result<Memo, CommandError> {
        match self.pending(id).await? {
            Some(row) => own(row),
            None => Err(not_found(id)),
        }
    }
}

/// The memo of a schedule, where it is one.
pub(super) fn own(row: Schedule) -> Result<Memo, CommandError> {
    match row.body {
        Body::Memo(memo) => Ok(memo),
        Body::Foreign(_) => Err(CommandError::refused(
            "foreign",
            format!("{} is no memo of tickler, and is left as it is.", row.name),
            "It can be cancelled; change it with what made it.",
        )),
    }
}

/// Nothing pending has this identity.
pub(super) fn not_found(id: &str) -> CommandError {
    CommandError::not_found(
        format!("No pending memo has an id that begins with {id}."),
        "`tickler list` tells what is pending, `tickler history` what was delivered.",
    )
}

/// Several ids begin so: each is named as far as it tells itself from the others, with its memo.
pub(super) fn ambiguous(id: &str, meant: impl IntoIterator<Item = (String, String)>) -> CommandError {
    let meant: Vec<(String, String)> = meant.into_iter().collect();
    let length = shortest(meant.iter().map(|(name, _)| name.as_str()));
    let named = |(name, text): &(String, String)| {
        let short: String = name.chars().take(length).collect();
        if text.is_empty() { short } else { format!("{short} ({})", quoted(text)) }
    };
    let more = if meant.len() > NAMED { ", …" } else { "" };
    let some = meant.iter().take(NAMED).map(named).collect::<Vec<_>>().join(", ");
    let message = format!("{} ids begin with {id}: {some}{more}.", meant.len());
    CommandError::refused("ambiguous-id", message, "Say more of it.")
}
