//! The settings: a flag wins over the environment, and that over the file.
//!
//! Pure: what the flags, the environment and the file say comes in as values, and either all settings go out or every
//! mistake at once, each with its place. It must never know what is done with a setting, and never read the process's
//! environment itself.

mod check;
mod file;
mod mistake;
mod paths;
mod spelling;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use when::Tz;

pub use mistake::{Mistake, Place};
pub use paths::Paths;

use crate::aws::{AwsSettings, RetryPolicy};
use file::{AwsSection, FileSettings};
use mistake::Located;

/// Every setting, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where memos live.
    pub place: PlaceSettings,
    /// The zone that is meant where none is named; the system's where this is `None`.
    pub zone: Option<Tz>,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Whether a delivery rings the terminal's bell.
    pub bell: bool,
    /// Whether a delivery is shown on the desktop.
    pub notify: bool,
    /// What the vague words of a date and time mean.
    pub when: when::Settings,
    /// How long a delivery is tried.
    pub retry: RetryPolicy,
}

/// Where memos live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceSettings {
    /// On this machine, in the embedded scheduler.
    Local {
        /// The schedule group.
        group: String,
    },
    /// In AWS.
    Aws(AwsSettings),
}

/// What the command line says about settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flags {
    /// `--aws`
    pub aws: bool,
    /// `--profile`
    pub profile: Option<String>,
    /// `--region`
    pub region: Option<String>,
    /// `--endpoint-url`
    pub endpoint_url: Option<String>,
    /// `--group`
    pub group: Option<String>,
}

const TARGET: &str = "SCHEDULE_TARGET_ARN";
const ROLE: &str = "SCHEDULE_ROLE_ARN";
const GROUP: &str = "SCHEDULE_GROUP";

/// What the environment says about settings. A variable that is empty counts as not set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Env(BTreeMap<&'static str, OsString>);

impl Env {
    /// The variables that are read.
    pub const VARIABLES: [&str; 3] = [TARGET, ROLE, GROUP];

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
    let FileSettings { zone, mouse, bell, notify, aws, retry, when } = file;
    let asked = Asked::read(flags, env, &mut mistakes);
    let retry = retry.over(RetryPolicy::default());
    let place = asked.place(aws, retry, &mut mistakes);
    match place {
        Some(place) if mistakes.is_empty() => Ok(Config {
            place,
            zone: zone.map(Located::into_value),
            mouse: mouse.is_none_or(Located::into_value),
            bell: bell.is_none_or(Located::into_value),
            notify: notify.is_none_or(Located::into_value),
            when: when.over(when::Settings::default()),
            retry,
        }),
        _ => Err(mistakes),
    }
}

/// What the flags and the environment ask for, each value checked.
#[derive(Default)]
struct Asked {
    aws: bool,
    profile: Option<Located<String>>,
    region: Option<Located<String>>,
    endpoint_url: Option<Located<String>>,
    group: Option<Located<String>>,
    target_arn: Option<Located<String>>,
    role_arn: Option<Located<String>>,
    /// Something that was asked for cannot be understood, so that what seems to be missing may not be.
    broken: bool,
}

impl Asked {
    fn read(flags: &Flags, env: &Env, mistakes: &mut Vec<Mistake>) -> Self {
        let before = mistakes.len();
        let mut flag = |name: &'static str, value: &Option<String>, check: check::Text| {
            Located::checked(Place::Flag(name), value.as_deref()?, check, mistakes)
        };
        let profile = flag("--profile", &flags.profile, check::profile);
        let region = flag("--region", &flags.region, check::region);
        let endpoint_url = flag("--endpoint-url", &flags.endpoint_url, check::endpoint_url);
        let group_flag = flag("--group", &flags.group, check::group);

        let mut variable = |name: &'static str, check: check::Text| {
            let place = Place::Variable(name);
            let Some(value) = env.0.get(name)?.to_str() else {
                mistakes.push(Mistake::new(place, "The value is not UTF-8, so it cannot be read."));
                return None;
            };
            Located::checked(place, value, check, mistakes)
        };
        let target_arn = variable(TARGET, check::target_arn);
        let role_arn = variable(ROLE, check::role_arn);
        let group = group_flag.or(variable(GROUP, check::group));
        let broken = mistakes.len() > before;
        Self { aws: flags.aws, profile, region, endpoint_url, group, target_arn, role_arn, broken }
    }

    /// Where memos live. `None` only after a mistake.
    fn place(self, file: AwsSection, retry: RetryPolicy, mistakes: &mut Vec<Mistake>) -> Option<PlaceSettings> {
        let by_environment = self.target_arn.as_ref().or(self.role_arn.as_ref()).map(|set| set.place.clone());
        let by_file = file.enabled.as_ref().filter(|enabled| enabled.value).map(|enabled| enabled.place.clone());
        let by_flag = self.aws.then_some(Place::Flag("--aws"));

        if by_environment.is_none() && by_flag.is_none() && by_file.is_none() {
            return self.local(&file, mistakes);
        }
        let uncertain = self.broken || file.broken;
        let target_arn = self.target_arn.or(file.target_arn);
        let role_arn = self.role_arn.or(file.role_arn);
        let (Some(target_arn), Some(role_arn)) = (&target_arn, &role_arn) else {
            if !uncertain {
                let why = by_environment.or(by_flag).or(by_file);
                mistakes.extend(why.map(|place| incomplete(place, target_arn.is_some(), role_arn.is_some())));
            }
            return None;
        };
        Some(PlaceSettings::Aws(AwsSettings {
            profile: value(self.profile.or(file.profile)),
            region: value(self.region.or(file.region)),
            endpoint_url: value(self.endpoint_url.or(file.endpoint_url)),
            group: value(self.group.or(file.group)).unwrap_or_else(|| AwsSettings::DEFAULT_GROUP.to_owned()),
            target_arn: target_arn.value.clone(),
            role_arn: role_arn.value.clone(),
            dead_letter_arn: value(file.dead_letter_arn),
            log_group: value(file.log_group),
            retry,
        }))
    }

    fn local(self, file: &AwsSection, mistakes: &mut Vec<Mistake>) -> Option<PlaceSettings> {
        // What was not understood may have asked for AWS.
        if self.broken || file.broken {
            return None;
        }
        for aws_only in [self.profile, self.region, self.endpoint_url].into_iter().flatten() {
            mistakes.push(Mistake::new(
                aws_only.place,
                "It says how to reach AWS, but memos are kept on this machine. Add --aws, or leave it out.",
            ));
        }
        Some(PlaceSettings::Local { group: value(self.group).unwrap_or_else(|| AwsSettings::DEFAULT_GROUP.to_owned()) })
    }
}

fn value<T>(located: Option<Located<T>>) -> Option<T> {
    located.map(Located::into_value)
}

/// AWS was asked for at `place`, and its target or its role is nowhere.
fn incomplete(place: Place, has_target: bool, has_role: bool) -> Mistake {
    let target = format!("{TARGET} (or target_arn under [aws] in the file) to the ARN of what a memo invokes");
    let role = format!("{ROLE} (or role_arn under [aws] in the file) to the ARN of the role that may invoke it");
    let sentence = match (has_target, has_role) {
        (false, false) => format!("To keep memos in AWS, set {target}, and {role}."),
        (true, _) => format!("The target is set and the role is not. Set {role}."),
        (false, true) => format!("The role is set and the target is not. Set {target}."),
    };
    Mistake::new(place, sentence)
}

#[cfg(test)]
mod tests;
