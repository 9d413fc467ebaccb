//! `tickler teardown`: deletes everything that `tickler init` created, with the pending memos in it.

use std::process::ExitCode;

use clap::Args;

use super::aws_setup::{SetupEnvironment, SetupTarget, stack_name};
use super::prompt::{self, Prompt, Stop, Terminal};
use super::stack_operations::{delete_stack, wait_until_idle};
use crate::aws::stack::{Outputs, Stack, Stacks};
use crate::aws::{Load, PROBE_PREFIX, Scheduler, Session};
use crate::config::{Flags, Paths, write};
use crate::failure::Failure;
use crate::harmless;
use crate::schedule::{Body, Schedule};

/// How many pending schedules are listed.
const MAX_LISTED: usize = 20;

/// The arguments of `tickler teardown`.
#[derive(Debug, Clone, Default, Args)]
pub struct Arguments {
    /// The name of the stack and of its context [default: tickler]
    #[arg(long, value_name = "NAME", value_parser = stack_name)]
    pub name: Option<String>,
    /// Delete the stack without asking. Repeat its name here, so that a script cannot delete another one
    #[arg(long, value_name = "NAME")]
    pub yes_delete: Option<String>,
}

/// Runs `tickler teardown`.
pub(super) fn run(arguments: &Arguments, flags: &Flags, paths: &Paths) -> ExitCode {
    prompt::run(teardown(arguments, flags, &SetupEnvironment::of_this_machine(paths), &mut Terminal))
}

/// Deletes the stack, its group with all schedules in it, and its context in the settings.
///
/// # Errors
/// If the arguments are wrong, the person does not confirm, or something fails.
pub async fn teardown(
    arguments: &Arguments,
    flags: &Flags,
    environment: &SetupEnvironment,
    prompt: &mut dyn Prompt,
) -> Result<(), Stop> {
    let target = SetupTarget::read(arguments.name.as_deref(), flags, &environment.config_file)?;
    let name = target.name();
    match &arguments.yes_delete {
        Some(named) if named != name => {
            return Err(Stop::Usage(format!(
                "--yes-delete names {named}, but the stack is {name}. Nothing was deleted."
            )));
        }
        None if !prompt.can_ask() => {
            return Err(Stop::Usage(format!(
                "`tickler teardown` asks before it deletes anything. Run it in a terminal, or use --yes-delete {name}."
            )));
        }
        _ => {}
    }
    let session = target.session(environment).await?;
    let stacks = Stacks::new(&session, name);
    prompt.print(&format!(
        "Signed in as {} (account {}, {}).",
        session.caller().await?,
        session.account,
        session.region
    ));
    match wait_until_idle(&stacks, prompt).await? {
        Some(stack) => {
            list_contents(&target, &stack, session, prompt).await?;
            let confirmed = arguments.yes_delete.is_some()
                || prompt.ask(&format!("Type the name of the stack, {name}, to delete all of this:")) == name;
            if !confirmed {
                return Err(Stop::Declined);
            }
            prompt.print(&format!("Deleting the stack {name}. If this is interrupted, run the same command again."));
            delete_stack(&stacks, &stack, prompt).await?;
            prompt.print(&format!("Deleted the stack {name}."));
        }
        None => prompt.print(&format!("There is no stack {name} in this account and region.")),
    }
    remove_context(&target, environment, prompt)
}

/// Lists what will be deleted, above all the pending schedules.
async fn list_contents(
    target: &SetupTarget,
    stack: &Stack,
    session: Session,
    prompt: &mut dyn Prompt,
) -> Result<(), Stop> {
    let name = target.name();
    let Some(outputs) = stack.outputs() else {
        prompt.print(&format!("The stack {name} is broken ({}), so tickler cannot list pending memos.", stack.status));
        return Ok(());
    };
    let scheduler = Scheduler::at(session, &outputs.over(target.settings.clone()))?;
    let mut pending = pending(&scheduler).await?;
    pending.sort_by_key(|schedule| (schedule.due().is_none(), schedule.due()));
    match pending.len() {
        0 => prompt.print(&format!("Nothing is pending in the group {}.", outputs.group)),
        1 => prompt.print(&format!("1 schedule is pending in the group {} and will be deleted:", outputs.group)),
        count => {
            prompt.print(&format!("{count} schedules are pending in the group {} and will be deleted:", outputs.group));
        }
    }
    for schedule in pending.iter().take(MAX_LISTED) {
        prompt.print(&format!("  {}", describe(schedule)));
    }
    if pending.len() > MAX_LISTED {
        prompt.print(&format!("  … and {} more", pending.len() - MAX_LISTED));
    }
    prompt
        .print(&format!("The function, roles, topic, queue and delivery log of the stack {name} will be deleted too."));
    Ok(())
}

async fn pending(scheduler: &Scheduler) -> Result<Vec<Schedule>, Failure> {
    let mut pending = Vec::new();
    let read = |load| {
        if let Load::Rows(schedules) = load {
            pending.extend(schedules.into_iter().filter(|schedule| !schedule.name.starts_with(PROBE_PREFIX)));
        }
    };
    scheduler.loader().refresh(&[], read).await?;
    Ok(pending)
}

/// A schedule's due time and text, on one line.
fn describe(schedule: &Schedule) -> String {
    let (when, about) = match &schedule.body {
        Body::Memo(memo) => {
            (format!("{} {}", memo.due.civil.format("%Y-%m-%d %H:%M"), memo.due.zone.name()), memo.first_line())
        }
        Body::Foreign(foreign) => (foreign.expression.clone(), foreign.about.as_str()),
    };
    harmless::line(&format!("{when}  {about}")).into_owned()
}

/// Removes the context from the settings.
fn remove_context(target: &SetupTarget, environment: &SetupEnvironment, prompt: &mut dyn Prompt) -> Result<(), Stop> {
    let name = target.name();
    if target.is_configured && target.settings.group != Outputs::group_of(name) {
        prompt.print(&format!(
            "The context {name} stays in the settings: its group {} does not belong to this stack.",
            target.settings.group
        ));
        return Ok(());
    }
    let mut removed = false;
    write::rewrite(&environment.config_file, |text| {
        let after = write::without_context(text, name)?;
        removed = after != text;
        Ok(after)
    })?;
    if removed {
        prompt.print(&format!("Removed the context {name} from {}.", environment.config_file.display()));
    }
    Ok(())
}
