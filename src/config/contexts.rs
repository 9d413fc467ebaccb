//! The contexts by name, and the chosen one.
//!
//! `local` always exists; the file adds any number of contexts; and a target and a role in the environment add one more.
//! The flag chooses, else `TICKLER_CONTEXT`, else a target and a role in the environment, else the file, else it is
//! `local`. The other flags change the chosen context only. If a context was chosen by name, `SCHEDULE_TARGET_ARN` and
//! the variables like it are ignored: a memo must never go anywhere but to the context that was named.

use super::check;
use super::file::settings::ContextSection;
use super::mistake::{Located, Mistake, Origin};
use super::sources::{CONTEXT, Env, Flags, GROUP, ROLE, TARGET};
use super::spelling::nearest;
use crate::arn::Arn;
use crate::context::{Access, AwsSettings, ContextSettings, LOCAL, RetryPolicy};

/// The name of the context that a target and a role in the environment add.
const ENVIRONMENT: &str = "environment";

/// A context and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The name.
    pub name: String,
    /// How to open the context.
    pub settings: ContextSettings,
}

/// All contexts, and the chosen one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contexts {
    all: Vec<Context>,
    chosen: usize,
}

impl Contexts {
    /// The chosen context.
    #[must_use]
    pub fn chosen(&self) -> &Context {
        &self.all[self.chosen]
    }

    /// The context of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Context> {
        self.all.iter().find(|context| context.name == name)
    }

    /// All names: `local` first, then in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|context| context.name.as_str())
    }
}

/// The flags and the environment variables, each value checked.
#[derive(Default)]
pub(super) struct Requested {
    context: Option<Located<String>>,
    overrides: Overrides,
    group: Option<Located<String>>,
    read_only: bool,
    target_arn: Option<Located<Arn>>,
    role_arn: Option<Located<Arn>>,
    /// A value is invalid, so one that seems to be missing may be there.
    broken: bool,
}

/// The flags that change the chosen context.
#[derive(Default)]
struct Overrides {
    profile: Option<Located<String>>,
    region: Option<Located<String>>,
    endpoint_url: Option<Located<String>>,
    group: Option<Located<String>>,
}

impl Requested {
    pub(super) fn read(flags: &Flags, env: &Env, mistakes: &mut Vec<Mistake>) -> Self {
        let before = mistakes.len();
        let mut flag = |name: &'static str, value: &Option<String>, check: check::Text| {
            Located::checked(Origin::Flag(name), value.as_deref()?, check, mistakes)
        };
        let by_flag = flag("--context", &flags.context, check::context);
        let overrides = Overrides {
            profile: flag("--profile", &flags.profile, check::profile),
            region: flag("--region", &flags.region, check::region),
            endpoint_url: flag("--endpoint-url", &flags.endpoint_url, check::endpoint_url),
            group: flag("--group", &flags.group, check::group),
        };
        let context = by_flag.or_else(|| variable(env, CONTEXT, check::context, mistakes));
        let (target_arn, role_arn, group) = if context.is_some() {
            // A context that is chosen by name is used as it is in the file.
            (None, None, None)
        } else {
            (
                variable(env, TARGET, check::target_arn, mistakes),
                variable(env, ROLE, check::role_arn, mistakes),
                variable(env, GROUP, check::group, mistakes),
            )
        };
        let broken = mistakes.len() > before;
        Self { context, overrides, group, read_only: flags.read_only, target_arn, role_arn, broken }
    }

    /// All contexts, and the chosen one; `None` only after a mistake. `broken`: part of the file is invalid.
    pub(super) fn choose(
        self,
        by_file: Option<Located<String>>,
        sections: Vec<ContextSection>,
        broken: bool,
        retry: RetryPolicy,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Contexts> {
        let Self { context, overrides, group, read_only, target_arn, role_arn, broken: requested_broken } = self;
        let mut all = vec![Context { name: LOCAL.to_owned(), settings: ContextSettings::local(retry) }];
        let mut whole = !broken && !requested_broken;
        for section in sections {
            let name = section.name.value.clone();
            match section.settings(retry, mistakes) {
                Some(settings @ ContextSettings::Local { .. }) => all[0].settings = settings,
                Some(settings) => all.push(Context { name, settings }),
                None => whole = false,
            }
        }
        let by_environment = target_arn.as_ref().or(role_arn.as_ref()).map(|set| set.origin.clone());
        let wanted = match by_environment {
            None => context.or(by_file),
            Some(origin) => {
                let has_target = target_arn.is_some();
                let added = target_arn.zip(role_arn).map(|arns| all.push(environment_context(arns, retry)));
                if added.is_none() {
                    mistakes.extend(whole.then(|| incomplete(origin, has_target)));
                    return None;
                }
                None
            }
        };
        let chosen = match &wanted {
            None if all.last().is_some_and(|last| last.name == ENVIRONMENT) => all.len() - 1,
            None => 0,
            Some(wanted) => {
                let found = all.iter().position(|context| context.name == wanted.value);
                if found.is_none() && whole {
                    mistakes.push(unknown(wanted, &all));
                }
                found?
            }
        };
        overrides.apply(&mut all[chosen], group, mistakes);
        if read_only {
            // All of them: the person can switch contexts.
            for context in &mut all {
                context.settings.refuse_changes();
            }
        }
        whole.then_some(Contexts { all, chosen })
    }
}

/// The context that a target and a role in the environment make.
fn environment_context((target, role): (Located<Arn>, Located<Arn>), retry: RetryPolicy) -> Context {
    let settings = AwsSettings { name: ENVIRONMENT.to_owned(), retry, ..AwsSettings::new(target.value, role.value) };
    Context { name: ENVIRONMENT.to_owned(), settings: ContextSettings::Aws(Box::new(settings)) }
}

/// A variable of the environment, if it is set and valid.
fn variable<T>(
    env: &Env,
    name: &'static str,
    check: fn(&str) -> Result<T, String>,
    mistakes: &mut Vec<Mistake>,
) -> Option<Located<T>> {
    let origin = Origin::Variable(name);
    let Some(value) = env.get(name)?.to_str() else {
        mistakes.push(Mistake::new(origin, "The value is not UTF-8, so it cannot be read."));
        return None;
    };
    Located::checked(origin, value, check, mistakes)
}

impl Overrides {
    fn apply(self, context: &mut Context, group: Option<Located<String>>, mistakes: &mut Vec<Mistake>) {
        let group = self.group.or(group);
        match &mut context.settings {
            ContextSettings::Local { group: setting, .. } => {
                for aws_only in [self.profile, self.region, self.endpoint_url].into_iter().flatten() {
                    mistakes.push(Mistake::new(
                        aws_only.origin,
                        "This flag is for AWS, but the context is local. Choose a context in AWS with --context NAME, \
                         or leave the flag out.",
                    ));
                }
                replace(setting, group);
            }
            ContextSettings::Aws(settings) => {
                replace(&mut settings.group, group);
                let Access { profile, region, endpoint_url } = &mut settings.access;
                for (setting, flag) in
                    [(profile, self.profile), (region, self.region), (endpoint_url, self.endpoint_url)]
                {
                    if let Some(flag) = flag {
                        *setting = Some(flag.value);
                    }
                }
            }
        }
    }
}

fn replace(setting: &mut String, by: Option<Located<String>>) {
    if let Some(by) = by {
        *setting = by.value;
    }
}

impl ContextSection {
    /// The settings of the context; `None` only after a mistake.
    fn settings(self, retry: RetryPolicy, mistakes: &mut Vec<Mistake>) -> Option<ContextSettings> {
        let value = |located: Option<Located<String>>| located.map(Located::into_value);
        if self.broken {
            return None;
        }
        if self.name.value == LOCAL {
            return Some(ContextSettings::Local {
                group: value(self.group).unwrap_or_else(|| AwsSettings::DEFAULT_GROUP.to_owned()),
                retry,
                read_only: self.read_only.is_some_and(Located::into_value),
            });
        }
        let (Some(target_arn), Some(role_arn)) = (self.target_arn, self.role_arn) else {
            mistakes.push(Mistake::new(
                self.name.origin,
                format!(
                    "The context {} needs a target_arn (the ARN of what a memo invokes) and a role_arn (the ARN of the \
                     role that may invoke it). `tickler init --name {0}` creates both in AWS and writes them here.",
                    self.name.value
                ),
            ));
            return None;
        };
        Some(ContextSettings::Aws(Box::new(AwsSettings {
            access: Access {
                profile: value(self.profile),
                region: value(self.region),
                endpoint_url: value(self.endpoint_url),
            },
            group: value(self.group).unwrap_or_else(|| AwsSettings::DEFAULT_GROUP.to_owned()),
            dead_letter_arn: self.dead_letter_arn.map(Located::into_value),
            log_group: value(self.log_group),
            retry,
            read_only: self.read_only.is_some_and(Located::into_value),
            name: self.name.value,
            target_arn: target_arn.value,
            role_arn: role_arn.value,
        })))
    }
}

fn unknown(wanted: &Located<String>, all: &[Context]) -> Mistake {
    let names: Vec<&str> = all.iter().map(|context| context.name.as_str()).collect();
    let advice = match nearest(&wanted.value, &names) {
        Some(meant) => format!("Did you mean {meant}?"),
        None => format!("Known contexts: {}. `tickler init` creates one in AWS.", names.join(", ")),
    };
    Mistake::new(wanted.origin.clone(), format!("Unknown context “{}”. {advice}", wanted.value))
}

/// Only one of the two ARNs is set.
fn incomplete(origin: Origin, has_target: bool) -> Mistake {
    let sentence = if has_target {
        format!("The target is set, but the role is not. Set {ROLE} to the ARN of the role that may invoke the target.")
    } else {
        format!("The role is set, but the target is not. Set {TARGET} to the ARN of what a memo invokes.")
    };
    Mistake::new(origin, sentence)
}
