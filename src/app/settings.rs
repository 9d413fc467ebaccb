//! The settings that change what the screen shows or how the program reads a time.

use chrono_tz::Tz;

use crate::keymap::Keymap;
use crate::preferences::Preferences;

/// The settings of the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The person's time zone.
    pub zone: Tz,
    /// What words such as "tomorrow" mean.
    pub when: when::Settings,
    /// How the screen looks, how a delivery is heard, how often a context is read.
    pub preferences: Preferences,
    /// The keys.
    pub keys: Keymap,
    /// The names of the contexts.
    pub contexts: Vec<String>,
    /// The name of the context to open at the start.
    pub chosen: String,
}
