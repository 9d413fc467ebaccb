//! What `init` and `teardown` begin with: which stack is meant, what the settings say of it, and the way to AWS.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::talk::{Stop, Talk};
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
pub struct World {
    /// The profile files, and the way to the network.
    pub machine: Machine,
    /// The clock.
    pub clock: SdkClock,
    /// The variables that choose among the contexts.
    pub environment: Env,
    /// The settings file.
    pub config_file: PathBuf,
}

impl World {
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
pub(super) struct Ground {
    /// The context as it is, or as it is to be reached.
    pub(super) settings: AwsSettings,
    /// Whether the settings file has the context, whole.
    pub(super) stands: bool,
}

impl Ground {
    /// Reads the settings.
    pub(super) fn read(name: Option<&str>, flags: &Flags, config_file: &Path) -> Result<Self, Stop> {
        let name = chosen_name(name, flags)?;
        if flags.group.is_some() {
            return Err(Stop::Misused(format!(
                "The stack has a group of its own, {}: leave --group out.",
                Outputs::group_of(&name)
            )));
        }
        let text = text_of(config_file)?;
        let ground = Self::of(&name, flags, config_file, &text)?;
        if ground.settings.read_only {
            return Err(Stop::Misused(
                "Nothing may be changed here (--read-only, or read_only in the settings): leave that out.".to_owned(),
            ));
        }
        Ok(ground)
    }

    fn of(name: &str, flags: &Flags, path: &Path, text: &str) -> Result<Self, Stop> {
        let flags = Flags { context: Some(name.to_owned()), ..flags.clone() };
        let read = |text: &str| resolve(&flags, &Env::default(), Some((path, text)));
        let mistakes = match read(text) {
            Ok(config) => return Ok(Self { settings: of_aws(&config.contexts)?, stands: true }),
            Err(mistakes) => mistakes,
        };
        // It may be that only the context is missing, or its target, which it is to get: whatever else is wrong would
        // still be wrong then, and is better known before anything is made.
        let trial = write::with_context(text, &to_be(name)).map_err(|because| {
            Stop::Misused(format!("The settings in {} cannot be read: {because}.", path.display()))
        })?;
        match read(&trial) {
            Ok(config) => Ok(Self { settings: of_aws(&config.contexts)?, stands: false }),
            Err(left) => {
                let stays = |mistake: &&Mistake| left.iter().any(|other| other.what == mistake.what);
                let lines = mistakes.iter().filter(stays).map(ToString::to_string);
                Err(Stop::Misused(lines.collect::<Vec<_>>().join("\n")))
            }
        }
    }

    /// The name of the stack and of the context.
    pub(super) fn name(&self) -> &str {
        &self.settings.name
    }

    /// AWS, as it is reached for this context.
    pub(super) async fn session(&self, world: &World) -> Result<Session, Stop> {
        let session = Session::open_from(&world.machine, &self.settings.access, world.clock.clone()).await?;
        if self.stands {
            self.refuse_elsewhere(&session)?;
        }
        Ok(session)
    }

    /// A context that says that its memos are somewhere is not turned into one that says they are elsewhere.
    fn refuse_elsewhere(&self, session: &Session) -> Result<(), Stop> {
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
        (Some(name), Some(context)) if name != context => Err(Stop::Misused(format!(
            "The stack and its context have one name: it cannot be both {name} and {context}. Leave --context out."
        ))),
        (Some(name), _) | (None, Some(name)) => stack_name(name).map_err(Stop::Misused),
        (None, None) => Ok(NAME.to_owned()),
    }
}

/// Whether the program, called without a flag, opens a context.
pub(super) fn is_chosen(name: &str, world: &World) -> Result<bool, Stop> {
    let text = text_of(&world.config_file)?;
    let config = resolve(&Flags::default(), &world.environment, Some((&world.config_file, &text)));
    Ok(config.is_ok_and(|config| config.contexts.chosen().name == name))
}

fn text_of(path: &Path) -> Result<String, Stop> {
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
fn to_be(name: &str) -> AwsSettings {
    AwsSettings {
        name: name.to_owned(),
        group: Outputs::group_of(name),
        ..AwsSettings::new(
            placeholder("lambda", "", "function:to-be"),
            placeholder("iam", "000000000000", "role/to-be"),
        )
    }
}

fn placeholder(service: &str, account: &str, resource: &str) -> Arn {
    Arn {
        partition: "aws".to_owned(),
        service: service.to_owned(),
        region: String::new(),
        account: account.to_owned(),
        resource: resource.to_owned(),
    }
}

fn of_aws(contexts: &Contexts) -> Result<AwsSettings, Stop> {
    match &contexts.chosen().settings {
        ContextSettings::Aws(settings) => Ok((**settings).clone()),
        ContextSettings::Local { .. } => Err(Stop::Misused(format!("{LOCAL} is the context on this machine."))),
    }
}

/// The stack as it is once nothing goes on in it any more: what goes on is watched to its end.
pub(super) async fn settled(stacks: &Stacks, talk: &mut dyn Talk) -> Result<Option<Stack>, Stop> {
    let Some(stack) = stacks.find().await? else { return Ok(None) };
    refuse_foreign(&stack, stacks.name())?;
    if stack.condition() != Condition::InProgress {
        return Ok(Some(stack));
    }
    talk.say(&format!("Something goes on in the stack {} already ({}):", stacks.name(), stack.status));
    let mut progress = Progress::default();
    let ended = stacks.watch(&stack, |events| tell(&mut progress, events, talk)).await?;
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
pub(super) fn tell(progress: &mut Progress, events: &[Event], talk: &mut dyn Talk) {
    for line in progress.lines(events) {
        talk.say(&line);
    }
}

/// Why the latest operation of a stack failed, where its events say so.
pub(super) async fn cause(stacks: &Stacks, stack: &Stack) -> Result<Option<Cause>, Failure> {
    Ok(Cause::of(operation(&stacks.events(stack).await?)))
}

/// An operation that did not do what it was to do, with the resource that is the reason.
pub(super) async fn failed(stacks: &Stacks, stack: Option<&Stack>, what: &str) -> Stop {
    let Some(stack) = stack else {
        return Stop::Failed(Failure::new(
            FailureKind::Conflict,
            format!("{what}: somebody has deleted it meanwhile."),
            "Run the same command again.",
        ));
    };
    match cause(stacks, stack).await {
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
pub(super) async fn delete(stacks: &Stacks, stack: &Stack, talk: &mut dyn Talk) -> Result<(), Stop> {
    let latest = stacks.latest_event(stack).await?;
    stacks.delete(stack).await?;
    let mut progress = Progress::default();
    match stacks.follow(stack, latest, |events| tell(&mut progress, events, talk)).await? {
        None => Ok(()),
        left => Err(failed(stacks, left.as_ref(), &format!("The stack {} could not be deleted", stacks.name())).await),
    }
}
