//! Columns as values, where one that is damaged must not stop the others.

use chrono::{DateTime, Utc};
use rusqlite::Row;
use rusqlite::types::ValueRef;

/// The moment of a column of milliseconds, or why there is none.
pub(super) fn moment(milliseconds: i64) -> Result<DateTime<Utc>, String> {
    DateTime::from_timestamp_millis(milliseconds).ok_or_else(|| format!("{milliseconds} ms is out of range"))
}

/// The bytes of a column of text.
pub(super) fn bytes(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<u8>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_owned(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => Vec::new(),
    })
}

/// The text of a column. Bytes that are not text become replacement characters, so that the rest can be used.
pub(super) fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    bytes(row, column).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
