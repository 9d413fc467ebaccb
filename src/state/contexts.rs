//! The table of contexts: other tables refer to a context by its number.

use rusqlite::{Connection, OptionalExtension as _};

use crate::context::ContextId;

/// The number of a context, if it has one.
pub(super) fn known_context(connection: &Connection, context: &ContextId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM context WHERE key = ?1")?
        .query_row([context.as_str()], |row| row.get(0))
        .optional()
}

/// The number of a context. A new context gets one.
pub(super) fn context_number(connection: &Connection, context: &ContextId) -> rusqlite::Result<i64> {
    match known_context(connection, context)? {
        Some(id) => Ok(id),
        None => connection
            .query_row("INSERT INTO context (key) VALUES (?1) RETURNING id", [context.as_str()], |row| row.get(0)),
    }
}
