//! Writes the generated parts of the documents: `cargo run --example docs`.
//!
//! These are the keys in README.md and in docs/config.sample.toml, both from the table of keys. `tests/docs.rs` holds the
//! files to them.

use std::fs;
use std::path::{Path, PathBuf};

use tickler::keymap;

/// A document with a generated part.
pub struct Document {
    /// From the root of the repository.
    pub path: &'static str,
    /// What the whole file should be.
    pub text: String,
}

/// The documents as they should be, with everything outside of the generated parts as it is.
///
/// # Errors
/// If a document cannot be read, or the place of its generated part cannot be found.
pub fn documents() -> Result<Vec<Document>, String> {
    let readme = "README.md";
    let sample = "docs/config.sample.toml";
    Ok(vec![
        Document { path: readme, text: with_keys(&read(readme)?)? },
        Document { path: sample, text: with_key_sections(&read(sample)?)? },
    ])
}

/// The README with the keys between its two marks.
fn with_keys(readme: &str) -> Result<String, String> {
    let (begin, end) = ("<!-- keys -->\n", "<!-- /keys -->");
    let (before, rest) = readme.split_once(begin).ok_or_else(|| format!("README.md has no {begin}"))?;
    let (_, after) = rest.split_once(end).ok_or_else(|| format!("README.md has no {end}"))?;
    Ok([before, begin, &keymap::markdown(), end, after].concat())
}

/// The sample settings with the keys at their end: `[keys]` with the comment above it, and all that follows.
fn with_key_sections(sample: &str) -> Result<String, String> {
    let keys = sample.find("\n[keys]\n").ok_or("docs/config.sample.toml has no [keys]")?;
    let comment = sample[..keys].rfind("\n\n").ok_or("docs/config.sample.toml has no empty line before [keys]")?;
    Ok([&sample[..comment], "\n\n", &keymap::sample()].concat())
}

/// A path from the root of the repository.
#[must_use]
pub fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(in_repository(path)).map_err(|error| format!("{path}: {error}"))
}

fn main() -> Result<(), String> {
    for Document { path, text } in documents()? {
        if read(path)? != text {
            fs::write(in_repository(path), text).map_err(|error| format!("{path}: {error}"))?;
            println!("wrote {path}");
        }
    }
    Ok(())
}
