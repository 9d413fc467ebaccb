//! What `init` and `teardown` begin with: which stack is meant, what the settings say of it, and the way to AWS.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::prompt::{Prompt, Stop};
use crate::arn::Arn;
use crate::aws::stack::{Cause, Condition, Event, Outputs, Progress, Stack, Stacks, operation};
use crate::aws::{Machine, SdkClock, Session};
use crate::config::{Contexts, Env, Flags, LOCAL, Mistake, Paths, resolve, write};
use crate::context::{AwsSettings, ContextSettings};
use crate::failure::{Failure, FailureKind};

/// The stack, and with it the context, unless another is named.
const NAME: &str = "tickler";

/// The longest name: a group, whose name is made of it, has at most 64 characters.
const LONGEST: usize = 58;

/// What a command finds on its machine.
#[derive(Debug, Clone)]
pub struct SetupEnvironment {
    /// The profile files, and the way to the network.
    pub machine: Machine,
    /// The clock.
    pub clock: SdkClock,
    /// The variables that choose among the contexts.
    pub environment: Env,
    /// The settings file.
    pub config_file: PathBuf,
}

impl SetupEnvironment {
    /// This machine.
    pub(super) fn own(paths: &Paths) -> Self {
        Self {
            machine: Machine::own(),
            clock: SdkClock::system(),
            environment: Env::read(|name| std::env::var_os(name)),
            config_file: paths.config_file.clone(),
        }
    }
}

/// What a stack may be named: what CloudFormation takes, as long as the names that are made of it may be.
///
/// # Errors
/// When it is no such name: sentences.
pub(super) fn stack_name(text: &str) -> Result<String, String> {
    let letters = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if !letters || text.len() > LONGEST {
        return Err(format!(
            "“{text}” is no name for a stack. It begins with a letter (a to z), and takes up to {LONGEST} letters, \
             digits and dashes."
        ));
    }
    if text == LOCAL {
        return Err(format!("{LOCAL} is the context on this machine. Choose another name."));
    }
    Ok(text.to_owned())
}

/// Which stack is meant, and what the settings say of the context of its name.
#[derive(Debug)]
pub(super) struct SetupTarget {
    /// The context as it is, or as it is to be reached.
    pub(super) settings: AwsSettings,
    /// Whether the settings file has the context, whole.
    pub(super) is_configured: bool,
}

impl SetupTarget {
    /// Reads the settings.
    pub(super) fn read(name: Option<&str>, flags: &Flags, config_file: &Path) -> Result<Self, Stop> {
        let name = chosen_name(name, flags)?;
        if flags.group.is_some() {
            return Err(Stop::Usage(format!(
                "The stack has a group of its own, {}: leave --group out.",
                Outputs::group_of(&name)
            )));
        }
        let text = read_settings(config_file)?;
        let target = Self::of(&name, flags, config_file, &text)?;
        if target.settings.read_only {
            return Err(Stop::Usage(
                "Nothing may be changed here (--read-only, or read_only in the settings): leave that out.".to_owned(),
            ));
        }
        Ok(target)
    }

    fn of(name: &str, flags: &Flags, path: &Path, text: &str) -> Result<Self, Stop> {
        let flags = Flags { context: Some(name.to_owned()), ..flags.clone() };
        let read = |text: &str| resolve(&flags, &Env::default(), Some((path, text)));
        let mistakes = match read(text) {
            Ok(config) => return Ok(Self { settings: aws_settings(&config.contexts)?, is_configured: true }),
            Err(mistakes) => mistakes,
        };
        // It may be that only the context is missing, or its target, which it is to get: whatever else is wrong would
        // still be wrong then, and is better known before anything is made.
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

    /// AWS, as it is reached for this context.
    pub(super) async fn session(&self, world: &SetupEnvironment) -> Result<Session, Stop> {
        let session = Session::open_from(&world.machine, &self.settings.access, world.clock.clone()).await?;
        if self.is_configured {
            self.refuse_other_account(&session)?;
        }
        Ok(session)
    }

    /// A context that says that its memos are somewhere is not turned into one that says they are elsewhere.
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
                "The context {name} is in account {account}, {region}, and these credentials are of account {}, {}.",
                session.account, session.region
            ),
            "Choose the profile and region of the context with --profile and --region, or another name with --name.",
        )))
    }
}

fn chosen_name(name: Option<&str>, flags: &Flags) -> Result<String, Stop> {
    match (name, flags.context.as_deref()) {
        (Some(name), Some(context)) if name != context => Err(Stop::Usage(format!(
            "The stack and its context have one name: it cannot be both {name} and {context}. Leave --context out."
        ))),
        (Some(name), _) | (None, Some(name)) => stack_name(name).map_err(Stop::Usage),
        (None, None) => Ok(NAME.to_owned()),
    }
}

/// Whether the program, called without a flag, opens a context.
pub(super) fn opens_by_default(name: &str, world: &SetupEnvironment) -> Result<bool, Stop> {
    let text = read_settings(&world.config_file)?;
    let config = resolve(&Flags::default(), &world.environment, Some((&world.config_file, &text)));
    Ok(config.is_ok_and(|config| config.contexts.chosen().name == name))
}

fn read_settings(path: &Path) -> Result<String, Stop> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Stop::Failed(Failure::new(
            FailureKind::Settings,
            format!("The settings in {} cannot be read: {error}.", path.display()),
            "Make the file readable, or move it away.",
        ))),
    }
}

/// A context as it will be written, but for the account and the region, which are not known yet.
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

/// The stack as it is once nothing goes on in it any more: what goes on is watched to its end.
pub(super) async fn wait_until_idle(stacks: &Stacks, prompt: &mut dyn Prompt) -> Result<Option<Stack>, Stop> {
    let Some(stack) = stacks.find().await? else { return Ok(None) };
    refuse_foreign(&stack, stacks.name())?;
    if stack.condition() != Condition::InProgress {
        return Ok(Some(stack));
    }
    prompt.say(&format!("Something goes on in the stack {} already ({}):", stacks.name(), stack.status));
    let mut progress = Progress::default();
    let ended = stacks.watch(&stack, |events| report_progress(&mut progress, events, prompt)).await?;
    Ok(ended)
}

/// Somebody else's stack is not touched: what is in it would be deleted. In these two states nothing is in it.
fn refuse_foreign(stack: &Stack, name: &str) -> Result<(), Stop> {
    if stack.ours || matches!(&*stack.status, "REVIEW_IN_PROGRESS" | "ROLLBACK_COMPLETE") {
        return Ok(());
    }
    Err(Stop::Failed(Failure::new(
        FailureKind::Conflict,
        format!("There is a stack {name} already, and it was not made by tickler."),
        "Choose another name with --name.",
    )))
}

/// Says what became of whom.
pub(super) fn report_progress(progress: &mut Progress, events: &[Event], prompt: &mut dyn Prompt) {
    for line in progress.lines(events) {
        prompt.say(&line);
    }
}

/// Why the latest operation of a stack failed, where its events say so.
pub(super) async fn failure_cause(stacks: &Stacks, stack: &Stack) -> Result<Option<Cause>, Failure> {
    Ok(Cause::of(operation(&stacks.events(stack).await?)))
}

/// An operation that did not do what it was to do, with the resource that is the reason.
pub(super) async fn operation_failed(stacks: &Stacks, stack: Option<&Stack>, what: &str) -> Stop {
    let Some(stack) = stack else {
        return Stop::Failed(Failure::new(
            FailureKind::Conflict,
            format!("{what}: somebody has deleted it meanwhile."),
            "Run the same command again.",
        ));
    };
    match failure_cause(stacks, stack).await {
        Ok(Some(cause)) => Stop::Failed(cause.failure(what)),
        Ok(None) => Stop::Failed(Failure::new(
            FailureKind::Invalid,
            format!("{what}: it is {} now, and its events do not say why.", stack.status),
            "Look at its events in the CloudFormation console.",
        )),
        Err(failure) => failure.into(),
    }
}

/// Deletes a stack, and follows that to its end.
pub(super) async fn delete_stack(stacks: &Stacks, stack: &Stack, prompt: &mut dyn Prompt) -> Result<(), Stop> {
    let latest = stacks.latest_event(stack).await?;
    stacks.delete(stack).await?;
    let mut progress = Progress::default();
    match stacks.follow(stack, latest, |events| report_progress(&mut progress, events, prompt)).await? {
        None => Ok(()),
        left => {
            Err(operation_failed(stacks, left.as_ref(), &format!("The stack {} could not be deleted", stacks.name()))
                .await)
        }
    }
}
