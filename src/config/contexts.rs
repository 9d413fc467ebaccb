//! The contexts: the places where memos can live, by name, and which of them is meant.
//!
//! There is always `local`; the file names any number of others; and a target and a role in the environment make one
//! more. One of them is chosen: by the flag, else by `TICKLER_CONTEXT`, else by a target and a role in the environment,
//! else by the file, else it is `local`. The other flags change the chosen one and no other. Where a context is named,
//! `SCHEDULE_TARGET_ARN` and its like do not count: a memo must not land elsewhere than where it was sent by name.

use super::file::ContextSection;
use super::mistake::{Located, Mistake, Origin};
use super::spelling::nearest;
use super::{CONTEXT, Env, Flags, GROUP, ROLE, TARGET, check};
use crate::arn::Arn;
use crate::context::{Access, AwsSettings, ContextSettings, RetryPolicy};

/// The name of the context on this machine.
pub const LOCAL: &str = "local";

/// The name of the context that a target and a role in the environment make.
const ENVIRONMENT: &str = "environment";

/// A place where memos can live, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The name.
    pub name: String,
    /// How to open it.
    pub settings: ContextSettings,
}

/// All contexts, one of which is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contexts {
    all: Vec<Context>,
    chosen: usize,
}

impl Contexts {
    /// The one that was chosen.
    #[must_use]
    pub fn chosen(&self) -> &Context {
        &self.all[self.chosen]
    }

    /// The one of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Context> {
        self.all.iter().find(|context| context.name == name)
    }

    /// The names of all, in the order in which they are offered: `local` first, then as in the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|context| context.name.as_str())
    }
}

/// What the flags and the environment ask for, each value checked.
#[derive(Default)]
pub(super) struct Asked {
    context: Option<Located<String>>,
    over: Over,
    group: Option<Located<String>>,
    read_only: bool,
    target_arn: Option<Located<Arn>>,
    role_arn: Option<Located<Arn>>,
    /// Something that was asked for cannot be understood, so that what seems to be missing may not be.
    broken: bool,
}

/// What flags change of the chosen context.
#[derive(Default)]
struct Over {
    profile: Option<Located<String>>,
    region: Option<Located<String>>,
    endpoint_url: Option<Located<String>>,
    group: Option<Located<String>>,
}

impl Asked {
    pub(super) fn read(flags: &Flags, env: &Env, mistakes: &mut Vec<Mistake>) -> Self {
        let before = mistakes.len();
        let mut flag = |name: &'static str, value: &Option<String>, check: check::Text| {
            Located::checked(Origin::Flag(name), value.as_deref()?, check, mistakes)
        };
        let by_flag = flag("--context", &flags.context, check::context);
        let over = Over {
            profile: flag("--profile", &flags.profile, check::profile),
            region: flag("--region", &flags.region, check::region),
            endpoint_url: flag("--endpoint-url", &flags.endpoint_url, check::endpoint_url),
            group: flag("--group", &flags.group, check::group),
        };
        let context = by_flag.or_else(|| variable(env, CONTEXT, check::context, mistakes));
        let (target_arn, role_arn, group) = if context.is_some() {
            // A context that is named is meant as it stands in the file.
            (None, None, None)
        } else {
            (
                variable(env, TARGET, check::target_arn, mistakes),
                variable(env, ROLE, check::role_arn, mistakes),
                variable(env, GROUP, check::group, mistakes),
            )
        };
        let broken = mistakes.len() > before;
        Self { context, over, group, read_only: flags.read_only, target_arn, role_arn, broken }
    }

    /// All contexts, and the chosen one. `None` only after a mistake. `broken` says that the file was not understood
    /// as a whole.
    pub(super) fn choose(
        self,
        by_file: Option<Located<String>>,
        sections: Vec<ContextSection>,
        broken: bool,
        retry: RetryPolicy,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Contexts> {
        let Self { context, over, group, read_only, target_arn, role_arn, broken: asked_broken } = self;
        let mut all = vec![Context { name: LOCAL.to_owned(), settings: ContextSettings::local(retry) }];
        let mut whole = !broken && !asked_broken;
        for section in sections {
            let name = section.name.value.clone();
            match section.settings(retry, mistakes) {
                Some(settings @ ContextSettings::Local { .. }) => all[0].settings = settings,
                Some(settings) => all.push(Context { name, settings }),
                None => whole = false,
            }
        }
        let by_environment = target_arn.as_ref().or(role_arn.as_ref()).map(|set| set.origin.clone());
        let wanted = if let Some(origin) = by_environment {
            match (target_arn, role_arn) {
                (Some(target_arn), Some(role_arn)) => {
                    let settings = AwsSettings {
                        name: ENVIRONMENT.to_owned(),
                        retry,
                        ..AwsSettings::new(target_arn.value, role_arn.value)
                    };
                    all.push(Context {
                        name: ENVIRONMENT.to_owned(),
                        settings: ContextSettings::Aws(Box::new(settings)),
                    });
                }
                (target, _) if whole => {
                    mistakes.push(incomplete(origin, target.is_some()));
                    return None;
                }
                _ => return None,
            }
            None
        } else {
            context.or(by_file)
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
        over.apply(&mut all[chosen], group, mistakes);
        if read_only {
            // All of them: the person can go from one to the other.
            for context in &mut all {
                context.settings.refuse_changes();
            }
        }
        whole.then_some(Contexts { all, chosen })
    }
}

/// A variable of the environment, if it is set and its value is good.
fn variable<T>(
    env: &Env,
    name: &'static str,
    check: fn(&str) -> Result<T, String>,
    mistakes: &mut Vec<Mistake>,
) -> Option<Located<T>> {
    let origin = Origin::Variable(name);
    let Some(value) = env.0.get(name)?.to_str() else {
        mistakes.push(Mistake::new(origin, "The value is not UTF-8, so it cannot be read."));
        return None;
    };
    Located::checked(origin, value, check, mistakes)
}

impl Over {
    fn apply(self, context: &mut Context, group: Option<Located<String>>, mistakes: &mut Vec<Mistake>) {
        let group = self.group.or(group);
        match &mut context.settings {
            ContextSettings::Local { group: place, .. } => {
                for aws_only in [self.profile, self.region, self.endpoint_url].into_iter().flatten() {
                    mistakes.push(Mistake::new(
                        aws_only.origin,
                        "It says how to reach AWS, but memos are kept on this machine. Choose where in AWS with \
                         --context NAME, or leave it out.",
                    ));
                }
                put(place, group);
            }
            ContextSettings::Aws(settings) => {
                put(&mut settings.group, group);
                let Access { profile, region, endpoint_url } = &mut settings.access;
                for (place, flag) in [(profile, self.profile), (region, self.region), (endpoint_url, self.endpoint_url)]
                {
                    if let Some(flag) = flag {
                        *place = Some(flag.value);
                    }
                }
            }
        }
    }
}

fn put(place: &mut String, said: Option<Located<String>>) {
    if let Some(said) = said {
        *place = said.value;
    }
}

impl ContextSection {
    /// The place that the section describes. `None` only after a mistake.
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
                    "The context {} needs both a target_arn, the ARN of what a memo invokes, and a role_arn, the ARN \
                     of the role that may invoke it. `tickler init --name {0}` makes both in AWS, and writes them here.",
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

/// Nobody knows a context of that name.
fn unknown(wanted: &Located<String>, all: &[Context]) -> Mistake {
    let names: Vec<&str> = all.iter().map(|context| context.name.as_str()).collect();
    let advice = match nearest(&wanted.value, &names) {
        Some(meant) => format!("Did you mean {meant}?"),
        None => format!("There are: {}. `tickler init` makes one in AWS.", names.join(", ")),
    };
    Mistake::new(wanted.origin.clone(), format!("There is no context “{}”. {advice}", wanted.value))
}

/// The environment has one of the two ARNs that it takes.
fn incomplete(origin: Origin, has_target: bool) -> Mistake {
    let sentence = if has_target {
        format!("The target is set and the role is not. Set {ROLE} to the ARN of the role that may invoke it.")
    } else {
        format!("The role is set and the target is not. Set {TARGET} to the ARN of what a memo invokes.")
    };
    Mistake::new(origin, sentence)
}
