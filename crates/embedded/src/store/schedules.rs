//! Schedules: create, update, read, delete and list.
//!
//! Each write is one transaction. Does not validate definitions: the service has done so.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, named_params};

use super::columns::{moment, text};
use super::error::StoreError;
use super::groups;
use super::handle::Store;
use crate::definition::{Definition, State};
use crate::expression::Expression;

/// A schedule in the store.
#[derive(Debug)]
pub(crate) struct StoredSchedule {
    pub(crate) definition: Definition,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
}

/// A schedule as a list shows it.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
    pub(crate) target_arn: String,
}

/// The outcome of a create.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CreateOutcome {
    Created,
    Exists,
    NoGroup,
    GroupDeleting,
}

/// Which schedules to list, and where the page starts.
#[derive(Debug, Default)]
pub(crate) struct ListQuery<'a> {
    pub(crate) group: Option<&'a str>,
    pub(crate) name_prefix: Option<&'a str>,
    pub(crate) state: Option<&'a str>,
    /// Group and name of the last schedule of the page before.
    pub(crate) after: Option<(&'a str, &'a str)>,
    pub(crate) limit: usize,
}

/// The columns of a summary, not decoded.
struct Row {
    group: String,
    name: String,
    state: String,
    created_ms: i64,
    modified_ms: i64,
    target_arn: String,
}

impl Row {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Row {
            group: text(row, 0)?,
            name: text(row, 1)?,
            state: text(row, 2)?,
            created_ms: row.get(3)?,
            modified_ms: row.get(4)?,
            target_arn: text(row, 5)?,
        })
    }
}

impl Store {
    /// Adds a schedule that is due at `due`. One transaction, so that the group still exists when the row is added.
    pub(crate) fn create_schedule(
        &self,
        (group, name): (&str, &str),
        definition: &Definition,
        due: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<CreateOutcome, StoreError> {
        let json = self.encode(definition)?;
        self.write(
            |created| *created == CreateOutcome::Created,
            |connection| {
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                match groups::state(&transaction, group, now)? {
                    None => return Ok(CreateOutcome::NoGroup),
                    Some(groups::GroupState::Deleting) => return Ok(CreateOutcome::GroupDeleting),
                    Some(groups::GroupState::Active) => {}
                }
                let inserted = transaction
                    .prepare_cached(
                        "INSERT INTO schedules
                             (grp, name, state, created_ms, modified_ms, target_arn, due_ms, tzdb, next_attempt_ms, definition)
                         VALUES (:grp, :name, :state, :now, :now, :target, :due, :tzdb, :next, :definition)
                         ON CONFLICT DO NOTHING",
                    )?
                    .execute(named_params! {
                        ":grp": group,
                        ":name": name,
                        ":state": definition.state.as_str(),
                        ":now": now.timestamp_millis(),
                        ":target": definition.target.arn,
                        ":due": milliseconds(due),
                        ":tzdb": chrono_tz::IANA_TZDB_VERSION,
                        ":next": next_attempt(definition, due),
                        ":definition": json,
                    })?;
                transaction.commit()?;
                Ok(if inserted == 1 { CreateOutcome::Created } else { CreateOutcome::Exists })
            },
        )
    }

    /// Replaces a schedule, except its name and creation date, and forgets its failed attempts. Returns whether it
    /// existed.
    pub(crate) fn update_schedule(
        &self,
        (group, name): (&str, &str),
        definition: &Definition,
        due: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let json = self.encode(definition)?;
        self.write(
            |updated| *updated,
            |connection| {
                let updated = connection
                    .prepare_cached(
                        "UPDATE schedules
                         SET state = :state, modified_ms = :now, target_arn = :target, due_ms = :due, tzdb = :tzdb,
                             next_attempt_ms = :next, attempts = 0, first_attempt_ms = NULL, execution_id = NULL,
                             definition = :definition
                         WHERE grp = :grp AND name = :name",
                    )?
                    .execute(named_params! {
                        ":grp": group,
                        ":name": name,
                        ":state": definition.state.as_str(),
                        ":now": now.timestamp_millis(),
                        ":target": definition.target.arn,
                        ":due": milliseconds(due),
                        ":tzdb": chrono_tz::IANA_TZDB_VERSION,
                        ":next": next_attempt(definition, due),
                        ":definition": json,
                    })?;
                Ok(updated == 1)
            },
        )
    }

    /// One schedule, if it exists and can be read.
    pub(crate) fn schedule(&self, group: &str, name: &str) -> Result<Option<StoredSchedule>, StoreError> {
        let row = self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT definition, created_ms, modified_ms FROM schedules WHERE grp = ?1 AND name = ?2",
                )?
                .query_row((group, name), |row| Ok((text(row, 0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))
                .optional()
        })?;
        let Some((definition, created, modified)) = row else { return Ok(None) };
        match decode(&definition, created, modified) {
            Ok(stored) => Ok(Some(stored)),
            Err(why) => {
                self.leave_out(&row_name(name), why);
                Ok(None)
            }
        }
    }

    /// Removes a schedule. Returns whether it existed.
    pub(crate) fn delete_schedule(&self, group: &str, name: &str) -> Result<bool, StoreError> {
        self.write(
            |deleted| *deleted,
            |connection| {
                let deleted = connection
                    .prepare_cached("DELETE FROM schedules WHERE grp = ?1 AND name = ?2")?
                    .execute((group, name))?;
                Ok(deleted == 1)
            },
        )
    }

    /// A page of schedules, ordered by group and name.
    ///
    /// The order is our choice, since the service's was not recorded: names do not change, so a position stays valid
    /// while schedules come and go.
    pub(crate) fn list_schedules(&self, query: &ListQuery<'_>) -> Result<Vec<Summary>, StoreError> {
        let prefix = query.name_prefix.unwrap_or("");
        let prefix_end = groups::end_of_prefix(prefix);
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        let (after_group, after_name) = query.after.unwrap_or(("", ""));
        let rows = self.read(|connection| match query.group {
            Some(group) => {
                // A position in an earlier group comes before this group, and one in a later group after it.
                let after_name = match after_group.cmp(group) {
                    Ordering::Less => "",
                    Ordering::Equal => after_name,
                    Ordering::Greater => return Ok(Vec::new()),
                };
                connection
                    .prepare_cached(
                        "SELECT grp, name, state, created_ms, modified_ms, target_arn FROM schedules
                         WHERE grp = ?1 AND name > ?2 AND name >= ?3 AND name < ?4 AND (?5 IS NULL OR state = ?5)
                         ORDER BY name LIMIT ?6",
                    )?
                    .query_map((group, after_name, prefix, &prefix_end, query.state, limit), Row::read)?
                    .collect()
            }
            None => connection
                .prepare_cached(
                    "SELECT grp, name, state, created_ms, modified_ms, target_arn FROM schedules
                     WHERE (grp, name) > (?1, ?2) AND name >= ?3 AND name < ?4 AND (?5 IS NULL OR state = ?5)
                     ORDER BY grp, name LIMIT ?6",
                )?
                .query_map((after_group, after_name, prefix, &prefix_end, query.state, limit), Row::read)?
                .collect::<rusqlite::Result<Vec<_>>>(),
        })?;
        Ok(rows.into_iter().filter_map(|row| self.summary(row)).collect())
    }

    /// The summary of a row, unless it cannot be read.
    fn summary(&self, row: Row) -> Option<Summary> {
        match (moment(row.created_ms), moment(row.modified_ms)) {
            (Ok(created), Ok(modified)) => Some(Summary {
                group: row.group,
                name: row.name,
                state: row.state,
                created,
                modified,
                target_arn: row.target_arn,
            }),
            (Err(why), _) | (_, Err(why)) => {
                self.leave_out(&row_name(&row.name), why);
                None
            }
        }
    }

    /// Recomputes the due times that came from another time zone database, unless the schedule was attempted already.
    /// Reads only an index if there are none.
    pub(super) fn recompute_due_times(&self) -> Result<(), StoreError> {
        let version = chrono_tz::IANA_TZDB_VERSION;
        let stale = self.read(|connection| any_stale(connection, version))?;
        if !stale {
            return Ok(());
        }
        let rows = self.write(
            |rows: &usize| *rows > 0,
            |connection| {
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let stale = transaction
                    .prepare_cached(
                        "SELECT grp, name, definition, attempts FROM schedules
                     WHERE next_attempt_ms IS NOT NULL AND tzdb <> ?1",
                    )?
                    .query_map([version], |row| {
                        Ok((
                            row.get::<_, String>(0)?,
                            row.get::<_, String>(1)?,
                            row.get::<_, String>(2)?,
                            row.get::<_, i64>(3)?,
                        ))
                    })?
                    .collect::<rusqlite::Result<Vec<_>>>()?;
                for (group, name, definition, attempts) in &stale {
                    // A schedule keeps its due time if it was attempted, cannot be read, or has an unknown zone.
                    let due = recomputed(definition).filter(|_| *attempts == 0);
                    if due.is_none() && *attempts == 0 {
                        tracing::warn!(group, name, "cannot recompute when this schedule is due");
                    }
                    transaction
                        .prepare_cached(
                            "UPDATE schedules SET tzdb = ?3, due_ms = coalesce(?4, due_ms),
                             next_attempt_ms = coalesce(?4, next_attempt_ms)
                         WHERE grp = ?1 AND name = ?2",
                        )?
                        .execute((group, name, version, milliseconds(due)))?;
                }
                transaction.commit()?;
                Ok(stale.len())
            },
        )?;
        tracing::info!(rows, version, "recomputed due times with another time zone database");
        Ok(())
    }

    fn encode(&self, definition: &Definition) -> Result<String, StoreError> {
        serde_json::to_string(definition).map_err(|error| self.corrupt(format!("a row cannot be written: {error}")))
    }
}

fn decode(definition: &str, created_ms: i64, modified_ms: i64) -> Result<StoredSchedule, String> {
    Ok(StoredSchedule {
        definition: serde_json::from_str(definition).map_err(|error| error.to_string())?,
        created: moment(created_ms)?,
        modified: moment(modified_ms)?,
    })
}

/// How a sentence names the row of a schedule.
pub(super) fn row_name(name: &str) -> String {
    format!("the schedule {name}")
}

fn recomputed(definition: &str) -> Option<DateTime<Utc>> {
    let definition: Definition = serde_json::from_str(definition).ok()?;
    let expression = Expression::parse(&definition.schedule_expression)?;
    expression.next_after(None, definition.schedule_expression_timezone.parse().ok()?)
}

/// Whether the due time of a schedule comes from another time zone database.
fn any_stale(connection: &Connection, version: &str) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM schedules WHERE next_attempt_ms IS NOT NULL AND tzdb <> ?1)",
        [version],
        |row| row.get(0),
    )
}

fn milliseconds(moment: Option<DateTime<Utc>>) -> Option<i64> {
    moment.map(|moment| moment.timestamp_millis())
}

/// When the engine should first look at a schedule.
fn next_attempt(definition: &Definition, due: Option<DateTime<Utc>>) -> Option<i64> {
    milliseconds(due).filter(|_| definition.state == State::Enabled)
}
