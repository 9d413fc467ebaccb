//! The settings: a flag wins over the environment, and that over the file.
//!
//! Pure: what the flags, the environment and the file say comes in as values, and either all settings go out or every
//! mistake at once, each with its place. It must never know what is done with a setting, and never read the process's
//! environment itself.

mod check;
mod contexts;
mod file;
mod keys;
mod mistake;
mod paths;
mod spelling;
pub mod write;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use when::Tz;

pub use contexts::{Context, Contexts, LOCAL};
pub use mistake::{Mistake, Origin};
pub use paths::Paths;

use crate::context::RetryPolicy;
use crate::keymap::Keymap;
use crate::preferences::{Notifications, Preferences, Screen};
use file::FileSettings;
use mistake::Located;

/// Every setting, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where memos can live, by the names of these places.
    pub contexts: Contexts,
    /// The zone that is meant where none is named; the system's where this is `None`.
    pub zone: Option<Tz>,
    /// How the screen looks, how a delivery makes itself heard, how often a place is read again.
    pub preferences: Preferences,
    /// What the vague words of a date and time mean.
    pub when: when::Settings,
    /// How long a delivery is tried.
    pub retry: RetryPolicy,
    /// Which keys do what.
    pub keys: Keymap,
}

/// What the command line says about settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flags {
    /// `--context`
    pub context: Option<String>,
    /// `--profile`
    pub profile: Option<String>,
    /// `--region`
    pub region: Option<String>,
    /// `--endpoint-url`
    pub endpoint_url: Option<String>,
    /// `--group`
    pub group: Option<String>,
    /// `--read-only`
    pub read_only: bool,
}

const CONTEXT: &str = "TICKLER_CONTEXT";
const TARGET: &str = "SCHEDULE_TARGET_ARN";
const ROLE: &str = "SCHEDULE_ROLE_ARN";
const GROUP: &str = "SCHEDULE_GROUP";

/// What the environment says about settings. A variable that is empty counts as not set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Env(BTreeMap<&'static str, OsString>);

impl Env {
    /// The variables that are read.
    pub const VARIABLES: [&str; 4] = [CONTEXT, TARGET, ROLE, GROUP];

    /// Looks each variable up, as in `Env::read(|name| std::env::var_os(name))`.
    pub fn read(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &'static str| Some((name, lookup(name).filter(|value| !value.is_empty())?));
        Self(Self::VARIABLES.into_iter().filter_map(set).collect())
    }
}

/// All settings, from the flags, the environment and the text of the file where there is one.
///
/// # Errors
/// Every mistake in any of them, those of the file in its order.
pub fn resolve(flags: &Flags, env: &Env, file: Option<(&Path, &str)>) -> Result<Config, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let file = match file {
        Some((path, text)) => file::read(path, text, &mut mistakes),
        None => FileSettings::default(),
    };
    let FileSettings { zone, refresh, context, contexts: sections, broken, screen, notifications, retry, when, keys } =
        file;
    let asked = contexts::Asked::read(flags, env, &mut mistakes);
    let retry = retry.over(RetryPolicy::default());
    let contexts = asked.choose(context, sections, broken, retry, &mut mistakes);
    match contexts {
        Some(contexts) if mistakes.is_empty() => Ok(Config {
            contexts,
            zone: zone.map(Located::into_value),
            preferences: Preferences {
                screen: screen.over(Screen::default()),
                notifications: notifications.over(Notifications::default()),
                refresh: refresh.map_or(Preferences::default().refresh, Located::into_value),
            },
            when: when.over(when::Settings::default()),
            retry,
            keys,
        }),
        _ => Err(mistakes),
    }
}

#[cfg(test)]
mod tests;
