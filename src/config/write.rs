//! Adds contexts to the settings file and removes them. Everything else stays as the person wrote it, with comments and
//! order.
//!
//! Pure but for [`rewrite`], which replaces the whole file at once, so that nobody reads half of it.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, TableLike, value};
use uuid::Uuid;

use super::text::read_text;
use crate::context::AwsSettings;
use crate::context::LOCAL;
use crate::failure::{Failure, FailureKind};

const CONTEXTS: &str = "contexts";
const CHOSEN: &str = "context";

/// Adds a context to the text of a settings file and chooses it. An existing section is updated key by key; keys for which
/// `settings` has no value (a profile, an endpoint) stay.
///
/// # Errors
/// If the text is not TOML, or `contexts` is not a section. The message has no full stop.
pub fn with_context(text: &str, settings: &AwsSettings) -> Result<String, String> {
    let mut document = parse(text)?;
    let contexts = document.entry(CONTEXTS).or_insert_with(|| {
        // Writes only [contexts.NAME], without an empty [contexts] before it.
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let contexts = contexts.as_table_like_mut().ok_or("contexts is not a section")?;
    if contexts.get(&settings.name).is_none() {
        contexts.insert(&settings.name, Item::Table(Table::new()));
    }
    let context = contexts.get_mut(&settings.name).and_then(Item::as_table_like_mut);
    let context = context.ok_or_else(|| format!("contexts.{} is not a section", settings.name))?;
    let access = &settings.access;
    let target_arn = settings.target_arn.to_string();
    let role_arn = settings.role_arn.to_string();
    let dead_letter_arn = settings.dead_letter_arn.as_ref().map(ToString::to_string);
    for (key, setting) in [
        ("profile", access.profile.as_ref()),
        ("region", access.region.as_ref()),
        ("endpoint_url", access.endpoint_url.as_ref()),
        ("group", Some(&settings.group)),
        ("target_arn", Some(&target_arn)),
        ("role_arn", Some(&role_arn)),
        ("dead_letter_arn", dead_letter_arn.as_ref()),
        ("log_group", settings.log_group.as_ref()),
    ] {
        if let Some(setting) = setting {
            put(context, key, setting);
        }
    }
    put(document.as_table_mut(), CHOSEN, &settings.name);
    Ok(document.to_string())
}

/// Removes a context from the text of a settings file. If it was the chosen one, `local` is.
///
/// # Errors
/// If the text is not TOML. The message has no full stop.
pub fn without_context(text: &str, name: &str) -> Result<String, String> {
    let mut document = parse(text)?;
    if name != LOCAL
        && let Some(contexts) = document.get_mut(CONTEXTS).and_then(Item::as_table_like_mut)
    {
        contexts.remove(name);
    }
    if document.get(CHOSEN).and_then(Item::as_str) == Some(name) {
        document.remove(CHOSEN);
    }
    Ok(document.to_string())
}

fn parse(text: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let line = error.span().map_or(0, |span| text.get(..span.start).unwrap_or(text).matches('\n').count()) + 1;
        format!("line {line} is not TOML: {}", error.message())
    })
}

/// Sets a key and keeps what is around its value, above all a comment after it.
fn put(table: &mut dyn TableLike, key: &str, setting: &str) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(there) if there.as_str() == Some(setting) => {}
        Some(there) => {
            let decor = there.decor().clone();
            *there = setting.into();
            *there.decor_mut() = decor;
        }
        None => {
            table.insert(key, value(setting));
        }
    }
}

/// Edits a settings file: replaces it atomically and keeps its permissions. A new file is readable by its owner only. If
/// the edit changes nothing, nothing is written.
///
/// # Errors
/// If the file cannot be read, edited or written. It is unchanged then.
pub fn rewrite(path: &Path, edit: impl FnOnce(&str) -> Result<String, String>) -> Result<(), Failure> {
    let failed = |because: &str| {
        Failure::new(
            FailureKind::Settings,
            format!("Cannot change the settings in {}: {because}.", path.display()),
            "Fix the file, then run the same command again.",
        )
    };
    let by_disk = |error: io::Error| failed(&error.to_string());
    let before = read_text(path)?;
    let after = edit(before.as_deref().unwrap_or_default()).map_err(|because| failed(&because))?;
    if before.as_ref() == Some(&after) || (before.is_none() && after.is_empty()) {
        return Ok(());
    }
    replace(path, &after).map_err(by_disk)
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays a link: its target is replaced.
    let path = fs::canonicalize(path).or_else(|error| match error.kind() {
        ErrorKind::NotFound => Ok(path.to_owned()),
        _ => Err(error),
    })?;
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let temporary = beside(&path);
    let replaced = fill(&temporary, &path, text).and_then(|()| fs::rename(&temporary, &path));
    if replaced.is_err()
        && let Err(error) = fs::remove_file(&temporary)
    {
        tracing::debug!(%error, "there was no temporary file to remove");
    }
    replaced
}

/// An unused name in the same directory, from which a rename is atomic.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", Uuid::new_v4()));
    path.with_file_name(name)
}

fn fill(temporary: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(temporary)?;
    match fs::metadata(path) {
        Ok(there) => file.set_permissions(there.permissions())?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
