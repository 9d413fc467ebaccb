//! The flags and the environment variables that hold settings.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

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

/// The settings among the environment variables. An empty variable counts as unset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Env(BTreeMap<&'static str, OsString>);

impl Env {
    /// The names of the variables.
    pub const VARIABLES: [&str; 4] = [CONTEXT, TARGET, ROLE, GROUP];

    /// Looks up each variable, as in `Env::read(|name| std::env::var_os(name))`.
    pub fn read(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &'static str| Some((name, lookup(name).filter(|value| !value.is_empty())?));
        Self(Self::VARIABLES.into_iter().filter_map(set).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(name).map(OsString::as_os_str)
    }
}
