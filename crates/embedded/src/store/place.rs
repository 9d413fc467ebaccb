//! The paths of the files beside a store.

use std::path::{Path, PathBuf};

/// The path of a file beside the store: `memos.db.host` for `host`.
pub(crate) fn path_beside(store_path: &Path, name: &str) -> PathBuf {
    with_suffix(store_path, &format!(".{name}"))
}

/// The path with a suffix: `memos.db-wal` for `-wal`.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
