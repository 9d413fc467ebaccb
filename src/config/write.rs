//! Contexts put into the settings file, and taken out again, by a program; everything else in it stays as the person
//! wrote it, comments and order too.
//!
//! Pure but for [`rewrite`], which replaces the file as a whole, so that nobody ever reads half of one.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, TableLike, value};
use uuid::Uuid;

use super::contexts::LOCAL;
use crate::context::AwsSettings;
use crate::failure::{Failure, FailureKind};

const CONTEXTS: &str = "contexts";
const CHOSEN: &str = "context";

/// The text of a settings file with a context in it, which is the chosen one. What the context says already is
/// replaced key by key; what is not known of it (a profile, an endpoint) is left as it stands.
///
/// # Errors
/// When the text is not TOML, or says something else where contexts stand: a sentence without its full stop.
pub fn with_context(text: &str, settings: &AwsSettings) -> Result<String, String> {
    let mut document = parse(text)?;
    let contexts = document.entry(CONTEXTS).or_insert_with(|| {
        // So that only [contexts.NAME] is written, and no empty [contexts] before it.
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let contexts = contexts.as_table_like_mut().ok_or("contexts is no section")?;
    if contexts.get(&settings.name).is_none() {
        contexts.insert(&settings.name, Item::Table(Table::new()));
    }
    let context = contexts.get_mut(&settings.name).and_then(Item::as_table_like_mut);
    let context = context.ok_or_else(|| format!("contexts.{} is no section", settings.name))?;
    let access = &settings.access;
    for (key, said) in [
        ("profile", access.profile.clone()),
        ("region", access.region.clone()),
        ("endpoint_url", access.endpoint_url.clone()),
        ("group", Some(settings.group.clone())),
        ("target_arn", Some(settings.target_arn.to_string())),
        ("role_arn", Some(settings.role_arn.to_string())),
        ("dead_letter_arn", settings.dead_letter_arn.as_ref().map(ToString::to_string)),
        ("log_group", settings.log_group.clone()),
    ] {
        if let Some(said) = said {
            put(context, key, &said);
        }
    }
    put(document.as_table_mut(), CHOSEN, &settings.name);
    Ok(document.to_string())
}

/// The text of a settings file without a context; where it was the chosen one, none is chosen, which is `local`.
///
/// # Errors
/// When the text is not TOML: a sentence without its full stop.
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

/// Sets a key, and keeps what stands around its value: a comment behind it, most of all.
fn put(table: &mut dyn TableLike, key: &str, said: &str) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(there) if there.as_str() == Some(said) => {}
        Some(there) => {
            let decor = there.decor().clone();
            *there = said.into();
            *there.decor_mut() = decor;
        }
        None => {
            table.insert(key, value(said));
        }
    }
}

/// Replaces a settings file by what an edit makes of its text, at one blow, with the permissions that it has; where
/// there is none, it is made, for its owner alone. Where the edit changes nothing, nothing is written.
///
/// # Errors
/// When the file cannot be read, edited or written. It is then as it was.
pub fn rewrite(path: &Path, edit: impl FnOnce(&str) -> Result<String, String>) -> Result<(), Failure> {
    let failed = |because: &str| {
        Failure::new(
            FailureKind::Settings,
            format!("The settings in {} could not be changed: {because}.", path.display()),
            "Mend the file, then run the same command again.",
        )
    };
    let by_disk = |error: io::Error| failed(&error.to_string());
    let before = match fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(by_disk(error)),
    };
    let after = edit(before.as_deref().unwrap_or_default()).map_err(|because| failed(&because))?;
    if before.as_ref() == Some(&after) || (before.is_none() && after.is_empty()) {
        return Ok(());
    }
    replace(path, &after).map_err(by_disk)
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays a link: what it points at is replaced.
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
        tracing::debug!(%error, "nothing was left to remove");
    }
    replaced
}

/// A name in the same directory, so that the file can be moved from there at one blow, which nobody else has.
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
