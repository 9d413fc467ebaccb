//! All settings together, out of the flags, the environment and the file.

use std::path::Path;

use when::Tz;

use super::contexts::{Contexts, Requested};
use super::file;
use super::file::settings::FileSettings;
use super::mistake::{Located, Mistake};
use super::sources::{Env, Flags};
use crate::context::RetryPolicy;
use crate::keymap::Keymap;
use crate::preferences::{Notifications, Preferences, Screen};

/// Every setting, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// All contexts, and the chosen one.
    pub contexts: Contexts,
    /// The zone of a time that names none; `None` for the system's.
    pub zone: Option<Tz>,
    /// The look of the screen, notifications, and how often a context is refreshed.
    pub preferences: Preferences,
    /// The meaning of words such as “tonight”, and how times are written.
    pub when: when::Settings,
    /// How long and how often a delivery is retried.
    pub retry: RetryPolicy,
    /// Which keys do what.
    pub keys: Keymap,
}

/// All settings, from the flags, the environment and the text of the file, if there is one.
///
/// # Errors
/// Every mistake in any of them; those of the file come first, in its order.
pub fn resolve(flags: &Flags, env: &Env, file: Option<(&Path, &str)>) -> Result<Config, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let file = match file {
        Some((path, text)) => file::read(path, text, &mut mistakes),
        None => FileSettings::default(),
    };
    let FileSettings { zone, refresh, context, contexts: sections, broken, screen, notifications, retry, when, keys } =
        file;
    let requested = Requested::read(flags, env, &mut mistakes);
    let retry = retry.over(RetryPolicy::default());
    let contexts = requested.choose(context, sections, broken, retry, &mut mistakes);
    match contexts {
        Some(contexts) if mistakes.is_empty() => Ok(Config {
            contexts,
            zone: zone.map(Located::into_value),
            preferences: Preferences {
                screen: screen.over(Screen { borders: env.borders(), ..Screen::default() }),
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
