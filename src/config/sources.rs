//! The flags and the environment variables that hold settings.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use crate::preferences::Borders;

/// The settings among the flags of the command line.
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

pub(super) const CONTEXT: &str = "TICKLER_CONTEXT";
pub(super) const TARGET: &str = "SCHEDULE_TARGET_ARN";
pub(super) const ROLE: &str = "SCHEDULE_ROLE_ARN";
pub(super) const GROUP: &str = "SCHEDULE_GROUP";

/// The variables that name the locale; the first that is set decides.
const LOCALE: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

/// The settings among the environment variables. An empty variable counts as unset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Env {
    settings: BTreeMap<&'static str, OsString>,
    /// The borders that the locale can show.
    borders: Borders,
}

impl Env {
    /// The names of the variables.
    pub const VARIABLES: [&str; 4] = [CONTEXT, TARGET, ROLE, GROUP];

    /// Looks up each variable, as in `Env::read(|name| std::env::var_os(name))`.
    pub fn read(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &'static str| Some((name, lookup(name).filter(|value| !value.is_empty())?));
        let locale = LOCALE.into_iter().find_map(set).map(|(_, locale)| locale.to_string_lossy().to_lowercase());
        // Without any locale nothing says that the terminal shows ASCII only, and hardly one does.
        let has_lines = locale.is_none_or(|locale| locale.contains("utf-8") || locale.contains("utf8"));
        let borders = if has_lines { Borders::default() } else { Borders::Ascii };
        Self { settings: Self::VARIABLES.into_iter().filter_map(set).collect(), borders }
    }

    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        self.settings.get(name).map(OsString::as_os_str)
    }

    /// The borders where the settings name none: ASCII in a locale without UTF-8.
    pub(super) fn borders(&self) -> Borders {
        self.borders
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_without_utf_8_has_ascii_borders() {
        let borders = |variables: &[(&str, &str)]| {
            let value = |name: &str| variables.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).into());
            Env::read(value).borders()
        };
        for locale in ["C", "POSIX", "en_US", "de_DE.ISO-8859-1"] {
            assert_eq!(borders(&[("LANG", locale)]), Borders::Ascii, "{locale}");
        }
        for locale in ["C.UTF-8", "en_US.utf8", "de_DE.UTF-8@euro", ""] {
            assert_eq!(borders(&[("LANG", locale)]), Borders::Rounded, "{locale}");
        }
        assert_eq!(borders(&[]), Borders::Rounded);
        assert_eq!(borders(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]), Borders::Ascii);
        assert_eq!(borders(&[("LC_ALL", ""), ("LC_CTYPE", "UTF-8"), ("LANG", "C")]), Borders::Rounded);
    }
}
