//! The settings. A flag overrides the environment, and the environment overrides the file.
//!
//! Pure, except for `text` and `write`: the flags, the environment and the text of the file come in as values. The result
//! is either all settings or every mistake, each with its origin. Does not depend on what a setting is used for, and never
//! reads the environment of the process itself.

mod check;
mod contexts;
mod file;
mod keys;
mod kind;
mod mistake;
mod paths;
mod resolve;
mod sources;
mod spelling;
mod text;
pub mod write;

pub use contexts::{Context, Contexts};
pub use mistake::{Mistake, Origin};
pub use paths::Paths;
pub use resolve::{Config, resolve};
pub use sources::{Env, Flags};
pub use text::read_text;

#[cfg(test)]
mod tests;
