//! What `init` and `teardown` start from: the stack they act on, its context in the settings, and a session with AWS.

use std::path::{Path, PathBuf};

use super::prompt::Stop;
use crate::arn::Arn;
use crate::aws::stack::Outputs;
use crate::aws::{Machine, SdkClock, Session};
use crate::config::{Contexts, Env, Flags, Mistake, Paths, read_text, resolve, write};
use crate::context::LOCAL;
use crate::context::{AwsSettings, ContextSettings};
use crate::failure::{Failure, FailureKind};

/// The name of the stack and its context, unless the person chooses another.
const DEFAULT_NAME: &str = "tickler";

/// The maximum length: the group's name contains it, and has at most 64 characters.
const MAX_LENGTH: usize = 58;

/// What `init` and `teardown` need from the machine.
#[derive(Debug, Clone)]
pub struct SetupEnvironment {
    /// The profile files and the network.
    pub machine: Machine,
    /// The clock.
    pub clock: SdkClock,
    /// The environment variables that choose a context.
    pub variables: Env,
    /// The settings file.
    pub config_file: PathBuf,
}

impl SetupEnvironment {
    /// This machine.
    pub(super) fn of_this_machine(paths: &Paths) -> Self {
        Self {
            machine: Machine::own(),
            clock: SdkClock::system(),
            variables: Env::read(|name| std::env::var_os(name)),
            config_file: paths.config_file.clone(),
        }
    }
}

/// Parses the name of a stack. CloudFormation has to accept it, and the names derived from it.
///
/// # Errors
/// If the name is not valid: sentences.
pub(super) fn stack_name(text: &str) -> Result<String, String> {
    let letters = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if !letters || text.len() > MAX_LENGTH {
        return Err(format!(
            "“{text}” is not a valid stack name. Start with a letter (a to z), and use up to {MAX_LENGTH} letters, digits \
             and dashes."
        ));
    }
    if text == LOCAL {
        return Err(format!("{LOCAL} is the context on this machine. Choose another name."));
    }
    Ok(text.to_owned())
}

/// A stack, and the context of the same name.
#[derive(Debug)]
pub(super) struct SetupTarget {
    /// The context as the settings have it, or as `init` will write it.
    pub(super) settings: AwsSettings,
    /// Whether the settings file has the complete context.
    pub(super) is_configured: bool,
}

impl SetupTarget {
    /// Finds the stack and its context from the arguments and the settings.
    pub(super) fn read(name: Option<&str>, flags: &Flags, config_file: &Path) -> Result<Self, Stop> {
        let name = chosen_name(name, flags)?;
        if flags.group.is_some() {
            return Err(Stop::Usage(format!(
                "The stack has its own group, {}. Leave out --group.",
                Outputs::group_of(&name)
            )));
        }
        let text = read_settings(config_file)?;
        let target = Self::resolve(&name, flags, config_file, &text)?;
        if target.settings.read_only {
            return Err(Stop::Usage(
                "The context is read-only (--read-only, or read_only in the settings). Leave that out.".to_owned(),
            ));
        }
        Ok(target)
    }

    fn resolve(name: &str, flags: &Flags, path: &Path, text: &str) -> Result<Self, Stop> {
        let flags = Flags { context: Some(name.to_owned()), ..flags.clone() };
        let read = |text: &str| resolve(&flags, &Env::default(), Some((path, text)));
        let mistakes = match read(text) {
            Ok(config) => return Ok(Self { settings: aws_settings(&config.contexts)?, is_configured: true }),
            Err(mistakes) => mistakes,
        };
        // Maybe only the context or its target is missing, which `init` will write. Any other error would still be there
        // afterwards, so report it before anything is created.
        let trial = write::with_context(text, &placeholder(name))
            .map_err(|because| Stop::Usage(format!("The settings in {} cannot be read: {because}.", path.display())))?;
        match read(&trial) {
            Ok(config) => Ok(Self { settings: aws_settings(&config.contexts)?, is_configured: false }),
            Err(left) => {
                let stays = |mistake: &&Mistake| left.iter().any(|other| other.what == mistake.what);
                let lines = mistakes.iter().filter(stays).map(ToString::to_string);
                Err(Stop::Usage(lines.collect::<Vec<_>>().join("\n")))
            }
        }
    }

    /// The name of the stack and of the context.
    pub(super) fn name(&self) -> &str {
        &self.settings.name
    }

    /// Opens a session with AWS, as the context says.
    pub(super) async fn session(&self, environment: &SetupEnvironment) -> Result<Session, Stop> {
        let session =
            Session::open_from(&environment.machine, &self.settings.access, environment.clock.clone()).await?;
        if self.is_configured {
            self.refuse_other_account(&session)?;
        }
        Ok(session)
    }

    /// Refuses to move a context to another account or region.
    fn refuse_other_account(&self, session: &Session) -> Result<(), Stop> {
        let Arn { region, account, .. } = &self.settings.target_arn;
        let is = |named: &str, is: &str| named.is_empty() || named == is;
        if is(region, &session.region) && is(account, &session.account) {
            return Ok(());
        }
        let name = self.name();
        Err(Stop::Failed(Failure::new(
            FailureKind::Settings,
            format!(
                "The context {name} is in account {account}, {region}, but these credentials are for account {}, {}.",
                session.account, session.region
            ),
            "Choose the profile and region of the context with --profile and --region, or another name with --name.",
        )))
    }
}

fn chosen_name(name: Option<&str>, flags: &Flags) -> Result<String, Stop> {
    match (name, flags.context.as_deref()) {
        (Some(name), Some(context)) if name != context => Err(Stop::Usage(format!(
            "A stack and its context have the same name, so it cannot be both {name} and {context}. Leave out --context."
        ))),
        (Some(name), _) | (None, Some(name)) => stack_name(name).map_err(Stop::Usage),
        (None, None) => Ok(DEFAULT_NAME.to_owned()),
    }
}

/// Whether `tickler` without flags opens this context.
pub(super) fn opens_by_default(name: &str, environment: &SetupEnvironment) -> Result<bool, Stop> {
    let text = read_settings(&environment.config_file)?;
    let config = resolve(&Flags::default(), &environment.variables, Some((&environment.config_file, &text)));
    Ok(config.is_ok_and(|config| config.contexts.chosen().name == name))
}

fn read_settings(path: &Path) -> Result<String, Stop> {
    Ok(read_text(path).map_err(Stop::Failed)?.unwrap_or_default())
}

/// The context as `init` will write it. The account and region are not known yet.
fn placeholder(name: &str) -> AwsSettings {
    AwsSettings {
        name: name.to_owned(),
        group: Outputs::group_of(name),
        ..AwsSettings::new(
            placeholder_arn("lambda", "", "function:to-be"),
            placeholder_arn("iam", "000000000000", "role/to-be"),
        )
    }
}

fn placeholder_arn(service: &str, account: &str, resource: &str) -> Arn {
    Arn {
        partition: "aws".to_owned(),
        service: service.to_owned(),
        region: String::new(),
        account: account.to_owned(),
        resource: resource.to_owned(),
    }
}

fn aws_settings(contexts: &Contexts) -> Result<AwsSettings, Stop> {
    match &contexts.chosen().settings {
        ContextSettings::Aws(settings) => Ok((**settings).clone()),
        ContextSettings::Local { .. } => Err(Stop::Usage(format!("{LOCAL} is the context on this machine."))),
    }
}
