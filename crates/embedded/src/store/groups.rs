//! Schedule groups and their tags.
//!
//! A deleted group stays visible as DELETING for [`DELETING_FOR`]; its schedules are gone at once.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, named_params};

use super::error::StoreError;
use super::handle::Store;

/// How long a deleted group is DELETING. AWS says "for a while", during which its schedules may still fire. Our choice
/// is two seconds of the host's clock: a client can meet the state, and nobody has to wait for long. That the schedules
/// are gone at once is our choice too: nothing rings after a cancel.
const DELETING_FOR: Duration = Duration::seconds(2);

/// The documented default quota of groups in an account.
const MAX_GROUPS: i64 = 500;

/// Whether a group takes schedules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GroupState {
    Active,
    Deleting,
}

impl GroupState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            GroupState::Active => "ACTIVE",
            GroupState::Deleting => "DELETING",
        }
    }
}

/// A group. The default group has no dates.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) state: GroupState,
    pub(crate) created: Option<DateTime<Utc>>,
    pub(crate) modified: Option<DateTime<Utc>>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// Why a group was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GroupRefusal {
    Exists,
    Deleting,
    Missing,
    TooManyGroups,
    TooManyTags,
}

/// The columns of a group, in the order of [`Columns::read`].
const COLUMNS: &str = "name, created_ms, modified_ms, deleted_ms, tags";

struct Columns {
    name: String,
    created: Option<i64>,
    modified: Option<i64>,
    deleted: Option<i64>,
    tags: String,
}

impl Columns {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Columns {
            name: row.get(0)?,
            created: row.get(1)?,
            modified: row.get(2)?,
            deleted: row.get(3)?,
            tags: row.get(4)?,
        })
    }

    fn state(&self, now: DateTime<Utc>) -> Option<GroupState> {
        state_of(self.deleted, now)
    }
}

/// `None` when a deleted group is gone: after [`DELETING_FOR`], or if the clock was set back to before its deletion.
fn state_of(deleted_ms: Option<i64>, now: DateTime<Utc>) -> Option<GroupState> {
    let Some(deleted_ms) = deleted_ms else { return Some(GroupState::Active) };
    let since = now.timestamp_millis() - deleted_ms;
    (0..DELETING_FOR.num_milliseconds()).contains(&since).then_some(GroupState::Deleting)
}

/// The state of a group, within the caller's transaction.
pub(super) fn state(connection: &Connection, name: &str, now: DateTime<Utc>) -> rusqlite::Result<Option<GroupState>> {
    let deleted = connection
        .prepare_cached("SELECT deleted_ms FROM groups WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(deleted.and_then(|deleted| state_of(deleted, now)))
}

/// A bound after every name with this prefix: names consist of `[0-9a-zA-Z-_.]`, and DEL sorts after all of those.
pub(super) fn end_of_prefix(prefix: &str) -> String {
    format!("{prefix}\u{7f}")
}

impl Store {
    /// Adds a group.
    pub(crate) fn create_group(
        &self,
        name: &str,
        tags: &BTreeMap<String, String>,
        now: DateTime<Utc>,
    ) -> Result<Result<(), GroupRefusal>, StoreError> {
        let tags = self.encode_tags(tags)?;
        self.write(Result::is_ok, |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            match state(&transaction, name, now)? {
                Some(GroupState::Active) => return Ok(Err(GroupRefusal::Exists)),
                Some(GroupState::Deleting) => return Ok(Err(GroupRefusal::Deleting)),
                None => {}
            }
            forget_deleted_groups(&transaction, now)?;
            let count: i64 = transaction.query_row("SELECT count(*) FROM groups", [], |row| row.get(0))?;
            if count >= MAX_GROUPS {
                return Ok(Err(GroupRefusal::TooManyGroups));
            }
            transaction
                .prepare_cached("INSERT INTO groups (name, created_ms, modified_ms, tags) VALUES (?1, ?2, ?2, ?3)")?
                .execute((name, now.timestamp_millis(), tags))?;
            transaction.commit()?;
            Ok(Ok(()))
        })
    }

    /// One group, if it exists.
    pub(crate) fn group(&self, name: &str, now: DateTime<Utc>) -> Result<Option<Group>, StoreError> {
        let columns = self.read(|connection| {
            connection
                .prepare_cached(&format!("SELECT {COLUMNS} FROM groups WHERE name = ?1"))?
                .query_row([name], Columns::read)
                .optional()
        })?;
        Ok(columns.and_then(|columns| self.visible_group(columns, now)))
    }

    /// Deletes a group with all of its schedules, in one transaction.
    pub(crate) fn delete_group(&self, name: &str, now: DateTime<Utc>) -> Result<Result<(), GroupRefusal>, StoreError> {
        self.write(Result::is_ok, |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            match state(&transaction, name, now)? {
                Some(GroupState::Active) => {}
                Some(GroupState::Deleting) => return Ok(Err(GroupRefusal::Deleting)),
                None => return Ok(Err(GroupRefusal::Missing)),
            }
            transaction
                .prepare_cached("UPDATE groups SET deleted_ms = ?2, modified_ms = ?2 WHERE name = ?1")?
                .execute((name, now.timestamp_millis()))?;
            transaction.prepare_cached("DELETE FROM schedules WHERE grp = ?1")?.execute([name])?;
            transaction.commit()?;
            Ok(Ok(()))
        })
    }

    /// A page of groups after the one named `after`: the default group, then the others by name.
    pub(crate) fn list_groups(
        &self,
        name_prefix: Option<&str>,
        after: Option<&str>,
        limit: usize,
        now: DateTime<Utc>,
    ) -> Result<Vec<Group>, StoreError> {
        let prefix = name_prefix.unwrap_or("");
        // All groups come after the default one; after another group come the later names, without the default one.
        let after = after.map(|name| if name == "default" { "" } else { name });
        let rows = self.read(|connection| {
            connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM groups
                     WHERE name >= :prefix AND name < :prefix_end
                         AND (:after IS NULL OR (name > :after AND name <> 'default'))
                         AND (deleted_ms IS NULL OR (deleted_ms <= :now AND deleted_ms > :now - :while))
                     ORDER BY name <> 'default', name LIMIT :limit"
                ))?
                .query_map(
                    named_params! {
                        ":prefix": prefix,
                        ":prefix_end": end_of_prefix(prefix),
                        ":after": after,
                        ":now": now.timestamp_millis(),
                        ":while": DELETING_FOR.num_milliseconds(),
                        ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
                    },
                    Columns::read,
                )?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        Ok(rows.into_iter().filter_map(|columns| self.visible_group(columns, now)).collect())
    }

    /// Changes the tags of a group, unless it would then have more than `most`.
    pub(crate) fn change_tags(
        &self,
        name: &str,
        now: DateTime<Utc>,
        most: usize,
        change: impl FnOnce(&mut BTreeMap<String, String>),
    ) -> Result<Result<(), GroupRefusal>, StoreError> {
        let mut connection = self.connection();
        let failed = |source| self.failed(source);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        match state(&transaction, name, now).map_err(failed)? {
            Some(GroupState::Active) => {}
            Some(GroupState::Deleting) => return Ok(Err(GroupRefusal::Deleting)),
            None => return Ok(Err(GroupRefusal::Missing)),
        }
        let tags: String = transaction
            .query_row("SELECT tags FROM groups WHERE name = ?1", [name], |row| row.get(0))
            .map_err(failed)?;
        let mut tags = self.decode(&tags)?;
        change(&mut tags);
        if tags.len() > most {
            return Ok(Err(GroupRefusal::TooManyTags));
        }
        let tags = self.encode_tags(&tags)?;
        transaction.execute("UPDATE groups SET tags = ?2 WHERE name = ?1", (name, tags)).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        drop(connection);
        self.announce();
        Ok(Ok(()))
    }

    /// `None` when the group is deleted and gone.
    fn visible_group(&self, columns: Columns, now: DateTime<Utc>) -> Option<Group> {
        let state = columns.state(now)?;
        let moment = |milliseconds: Option<i64>| milliseconds.and_then(|ms| self.moment(ms).ok());
        let tags = serde_json::from_str(&columns.tags).unwrap_or_else(|error| {
            self.leave_out(&format!("the tags of the group {}", columns.name), error);
            BTreeMap::new()
        });
        Some(Group {
            state,
            created: moment(columns.created),
            modified: moment(columns.modified),
            tags,
            name: columns.name,
        })
    }

    fn encode_tags(&self, tags: &BTreeMap<String, String>) -> Result<String, StoreError> {
        serde_json::to_string(tags).map_err(|error| self.corrupt(format!("tags cannot be written: {error}")))
    }
}

/// Removes the rows of groups that are no longer DELETING.
pub(super) fn forget_deleted_groups(connection: &Connection, now: DateTime<Utc>) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM groups WHERE deleted_ms IS NOT NULL AND NOT (deleted_ms <= ?1 AND deleted_ms > ?1 - ?2)",
        )?
        .execute((now.timestamp_millis(), DELETING_FOR.num_milliseconds()))?;
    Ok(())
}
