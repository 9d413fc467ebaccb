//! Schedules: created, replaced, read, deleted and listed.
//!
//! Each write is one transaction. It must never judge a definition: it was valid when it came in.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, named_params};

use super::{Store, StoreError, groups};
use crate::definition::{Definition, State};
use crate::validation;

/// A schedule as it was kept.
#[derive(Debug)]
pub(crate) struct StoredSchedule {
    pub(crate) definition: Definition,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
}

/// What a list shows of a schedule.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
    pub(crate) target_arn: String,
}

/// What became of a create.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Created {
    Done,
    Exists,
    NoGroup,
    GroupDeleting,
}

/// Which schedules to list, and from where.
#[derive(Debug, Default)]
pub(crate) struct ListQuery<'a> {
    pub(crate) group: Option<&'a str>,
    pub(crate) name_prefix: Option<&'a str>,
    pub(crate) state: Option<&'a str>,
    /// Group and name of the last schedule already given out.
    pub(crate) after: Option<(&'a str, &'a str)>,
    pub(crate) limit: usize,
}

/// A summary's columns, before its dates are made sense of.
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
            group: row.get(0)?,
            name: row.get(1)?,
            state: row.get(2)?,
            created_ms: row.get(3)?,
            modified_ms: row.get(4)?,
            target_arn: row.get(5)?,
        })
    }
}

impl Store {
    /// Adds a schedule, due at `due`. One transaction: the group is still there when the row is.
    pub(crate) fn create_schedule(
        &self,
        (group, name): (&str, &str),
        definition: &Definition,
        due: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Created, StoreError> {
        let json = self.encode(definition)?;
        self.write(
            |created| *created == Created::Done,
            |connection| {
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                match groups::state(&transaction, group, now)? {
                    None => return Ok(Created::NoGroup),
                    Some(groups::GroupState::Deleting) => return Ok(Created::GroupDeleting),
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
                Ok(if inserted == 1 { Created::Done } else { Created::Exists })
            },
        )
    }

    /// Replaces all of a schedule but its name and its creation date; it is then as if it had never been tried.
    /// Answers whether there was one.
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

    /// One schedule, if it is there.
    pub(crate) fn schedule(&self, group: &str, name: &str) -> Result<Option<StoredSchedule>, StoreError> {
        let row = self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT definition, created_ms, modified_ms FROM schedules WHERE grp = ?1 AND name = ?2",
                )?
                .query_row((group, name), |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
                })
                .optional()
        })?;
        row.map(|(definition, created, modified)| {
            Ok(StoredSchedule {
                definition: self.decode(&definition)?,
                created: self.moment(created)?,
                modified: self.moment(modified)?,
            })
        })
        .transpose()
    }

    /// Removes a schedule; answers whether there was one.
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
    /// That order is our choice, since the service's was not recorded: names do not change, so a position in it stays
    /// good while schedules come and go.
    pub(crate) fn list_schedules(&self, query: &ListQuery<'_>) -> Result<Vec<Summary>, StoreError> {
        let prefix = query.name_prefix.unwrap_or("");
        let prefix_end = groups::end_of_prefix(prefix);
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        let (after_group, after_name) = query.after.unwrap_or(("", ""));
        let rows = self.read(|connection| match query.group {
            Some(group) => {
                // A position in an earlier group is before all of this one, and in a later group behind it.
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
        rows.into_iter()
            .map(|row| {
                Ok(Summary {
                    group: row.group,
                    name: row.name,
                    state: row.state,
                    created: self.moment(row.created_ms)?,
                    modified: self.moment(row.modified_ms)?,
                    target_arn: row.target_arn,
                })
            })
            .collect()
    }

    /// Computes again the due moments that another time zone database gave, and that have not been tried yet. It
    /// reads no more than an index where there are none.
    pub(super) fn recompute_due_moments(&self) -> Result<(), StoreError> {
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
                    let due = serde_json::from_str::<Definition>(definition).ok().and_then(|definition| {
                        validation::due(&definition.schedule_expression, &definition.schedule_expression_timezone)
                            .ok()?
                    });
                    // What was tried already keeps its moment; what cannot be read, or names a zone that is gone, too.
                    let due = due.filter(|_| *attempts == 0);
                    if due.is_none() && *attempts == 0 {
                        tracing::warn!(group, name, "this schedule's due moment could not be computed again");
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
        tracing::info!(rows, version, "due moments computed again with another time zone database");
        Ok(())
    }

    fn encode(&self, definition: &Definition) -> Result<String, StoreError> {
        serde_json::to_string(definition).map_err(|error| self.corrupt(format!("a row cannot be written: {error}")))
    }
}

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

/// When the engine is to look at a schedule first.
fn next_attempt(definition: &Definition, due: Option<DateTime<Utc>>) -> Option<i64> {
    milliseconds(due).filter(|_| definition.state == State::Enabled)
}
