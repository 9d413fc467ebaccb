//! A mistake in the settings, and its origin.
//!
//! Does not depend on which settings exist.

use std::fmt;
use std::path::PathBuf;

/// Something invalid in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where the mistake is.
    pub origin: Origin,
    /// What is wrong and what is allowed, in one or more sentences.
    pub what: String,
}

/// Where a setting was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A line and column of the file.
    File {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
    },
    /// An environment variable, by its name.
    Variable(&'static str),
    /// A flag, by its name with the dashes.
    Flag(&'static str),
}

impl Mistake {
    pub(super) fn new(origin: Origin, what: impl Into<String>) -> Self {
        Self { origin, what: what.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.what)
    }
}

impl std::error::Error for Mistake {}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located<T> {
    pub(super) origin: Origin,
    pub(super) value: T,
}

impl<T> Located<T> {
    pub(super) fn into_value(self) -> T {
        self.value
    }

    /// Changes the value and keeps the origin.
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Located<U> {
        Located { origin: self.origin, value: make(self.value) }
    }
}

impl<T> Located<T> {
    /// The value of the text, if it passes the check; otherwise adds a mistake.
    pub(super) fn checked(
        origin: Origin,
        text: &str,
        check: fn(&str) -> Result<T, String>,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Self> {
        match check(text) {
            Ok(value) => Some(Self { origin, value }),
            Err(what) => {
                mistakes.push(Mistake::new(origin, what));
                None
            }
        }
    }
}
