//! `tickler init`: creates in AWS what memos need, or updates or repairs it.
//!
//! The command can be interrupted at any point and run again: it finds the stack as it was left, and writes the settings
//! only after the scheduler accepts a schedule. So the advice for most errors is to run it again.

mod delivery_test;
mod plan;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::aws_setup::{SetupEnvironment, SetupTarget, opens_by_default, stack_name};
use super::prompt::{self, Prompt, Stop, Terminal};
use super::stack_operations::{delete_stack, operation_failed, report_progress, wait_until_idle};
use crate::aws::stack::{Choices, Condition, Outputs, Progress, Stack, Stacks, UpdateOutcome};
use crate::aws::{Scheduler, Session};
use crate::config::{Flags, Paths, write};
use crate::context::{Access, AwsSettings};
use crate::failure::{Failure, FailureKind};
use plan::{Plan, stuck_error};

/// How long it may take until EventBridge Scheduler can assume a new role. Two minutes have been seen.
const PROPAGATION: Duration = Duration::from_mins(3);
/// How long to wait between two attempts.
const RETRY_AFTER: Duration = Duration::from_secs(5);
/// How many attempts between two lines of progress.
const REPORT_EVERY: u32 = 6;

/// For how many days CloudWatch Logs can keep a log, as in the template.
const RETENTIONS: [u16; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// The arguments of `tickler init`.
#[derive(Debug, Clone, Default, Args)]
pub struct Arguments {
    /// An email address to send every memo to. "" removes it
    #[arg(long, value_name = "ADDRESS", value_parser = parse_email)]
    pub email: Option<String>,
    /// The name of the stack and of its context [default: tickler]
    #[arg(long, value_name = "NAME", value_parser = stack_name)]
    pub name: Option<String>,
    /// For how many days to keep the delivery log [default: 90]
    #[arg(long, value_name = "DAYS", value_parser = parse_retention)]
    pub retention: Option<u16>,
    /// Do not ask before making changes
    #[arg(long, short)]
    pub yes: bool,
    /// Do not schedule a test memo at the end
    #[arg(long)]
    pub no_test: bool,
}

/// Runs `tickler init`.
pub(super) fn run(arguments: &Arguments, flags: &Flags, paths: &Paths) -> ExitCode {
    prompt::run(init(arguments, flags, &SetupEnvironment::of_this_machine(paths), &mut Terminal))
}

/// Creates the stack, writes its context to the settings, and proves that a memo is delivered.
///
/// # Errors
/// If the arguments are wrong, the person says no, or something fails.
pub async fn init(
    arguments: &Arguments,
    flags: &Flags,
    environment: &SetupEnvironment,
    prompt: &mut dyn Prompt,
) -> Result<(), Stop> {
    if !arguments.yes && !prompt.can_ask() {
        return Err(Stop::Usage(
            "`tickler init` asks before it makes changes. Run it in a terminal, or use --yes.".to_owned(),
        ));
    }
    let target = SetupTarget::read(arguments.name.as_deref(), flags, &environment.config_file)?;
    let session = target.session(environment).await?;
    let stacks = Stacks::new(&session, target.name());
    prompt.print(&format!(
        "Signed in as {} (account {}, {}).",
        session.caller().await?,
        session.account,
        session.region
    ));
    let existing = wait_until_idle(&stacks, prompt).await?;
    refuse_another_group(&target, existing.as_ref().and_then(Stack::outputs).as_ref())?;
    let plan = Plan::new(&stacks, existing).await?;
    plan.print(stacks.name(), arguments.email.as_deref(), prompt);
    if !arguments.yes && !prompt.ask("Go ahead? [y/N]").to_lowercase().starts_with('y') {
        return Err(Stop::Declined);
    }
    let before = plan.outputs();
    let outputs = carry_out(&stacks, plan, arguments, prompt).await?;
    refuse_another_group(&target, Some(&outputs))?;

    let settings = context_settings(&target, &session, &outputs);
    let scheduler = Scheduler::at(session, &settings)?;
    let moved = before.is_some_and(|before| before != outputs)
        || (target.is_configured && !outputs.agree_with(&target.settings));
    if moved {
        redirect(&scheduler, prompt).await?;
    }
    wait_for_role(&scheduler, environment, prompt).await?;
    write::rewrite(&environment.config_file, |text| write::with_context(text, &settings))?;
    print_summary(&outputs, &settings, arguments, environment, prompt)?;
    if arguments.no_test { Ok(()) } else { delivery_test::run(&scheduler, prompt).await }
}

/// Carries out the plan, and returns the outputs of the stack.
async fn carry_out(
    stacks: &Stacks,
    plan: Plan,
    arguments: &Arguments,
    prompt: &mut dyn Prompt,
) -> Result<Outputs, Stop> {
    let choices = Choices { email: arguments.email.clone(), retention_days: arguments.retention };
    let stack = match plan {
        Plan::Create => create(stacks, &choices, prompt).await?,
        Plan::Replace { stack, .. } => {
            delete_stack(stacks, &stack, prompt).await?;
            create(stacks, &choices, prompt).await?
        }
        Plan::Update(stack) => update(stacks, stack, &choices, prompt).await?,
    };
    stack.outputs().ok_or_else(|| {
        Stop::Failed(Failure::new(
            FailureKind::Conflict,
            format!(
                "The stack {} lacks the outputs that tickler needs: it comes from another template.",
                stacks.name()
            ),
            "Update tickler, or choose another name with --name.",
        ))
    })
}

async fn create(stacks: &Stacks, choices: &Choices, prompt: &mut dyn Prompt) -> Result<Stack, Stop> {
    prompt.print(&format!("Creating the stack {}. If this is interrupted, run the same command again.", stacks.name()));
    let stack = stacks.create(choices).await?;
    let mut progress = Progress::default();
    let ended = stacks.follow(&stack, None, |events| report_progress(&mut progress, events, prompt)).await?;
    check_succeeded(stacks, ended, &format!("The stack {} could not be created", stacks.name())).await
}

async fn update(stacks: &Stacks, stack: Stack, choices: &Choices, prompt: &mut dyn Prompt) -> Result<Stack, Stop> {
    let latest = stacks.latest_event(&stack).await?;
    if stacks.update(&stack, choices).await? == UpdateOutcome::UpToDate {
        prompt.print(&format!("The stack {} is up to date.", stacks.name()));
        return Ok(stack);
    }
    prompt.print(&format!("Updating the stack {}. If this is interrupted, run the same command again.", stacks.name()));
    let mut progress = Progress::default();
    let ended = stacks.follow(&stack, latest, |events| report_progress(&mut progress, events, prompt)).await?;
    check_succeeded(stacks, ended, &format!("The stack {} could not be updated", stacks.name())).await
}

/// The stack, if its operation succeeded.
async fn check_succeeded(stacks: &Stacks, ended: Option<Stack>, what: &str) -> Result<Stack, Stop> {
    match ended {
        Some(stack) if stack.is_whole() => Ok(stack),
        Some(stack) if stack.condition() == Condition::Stuck => Err(stuck_error(stacks, &stack).await),
        Some(stack) if stack.status == "UPDATE_ROLLBACK_COMPLETE" => {
            Err(operation_failed(stacks, Some(&stack), &format!("{what}, and was rolled back")).await)
        }
        ended => Err(operation_failed(stacks, ended.as_ref(), what).await),
    }
}

/// Refuses a context whose group is not the stack's: pending memos stay in their group, and no template renames it.
fn refuse_another_group(target: &SetupTarget, outputs: Option<&Outputs>) -> Result<(), Stop> {
    let name = target.name();
    let group = outputs.map_or_else(|| Outputs::group_of(name), |outputs| outputs.group.clone());
    if !target.is_configured || target.settings.group == group {
        return Ok(());
    }
    Err(Stop::Failed(Failure::new(
        FailureKind::Settings,
        format!(
            "The context {name} uses the group {}, but the stack {name} has the group {group}. tickler would lose \
             sight of pending memos.",
            target.settings.group
        ),
        "Choose another name with --name, or rename the context in the settings.",
    )))
}

/// The context to write. It names the region, so that it does not depend on the environment.
fn context_settings(target: &SetupTarget, session: &Session, outputs: &Outputs) -> AwsSettings {
    let access = Access { region: Some(session.region.clone()), ..target.settings.access.clone() };
    outputs.over(AwsSettings { access, ..target.settings.clone() })
}

async fn redirect(scheduler: &Scheduler, prompt: &mut dyn Prompt) -> Result<(), Stop> {
    prompt.print("The function, role or queue has changed. Updating pending memos:");
    let changed = scheduler.redirect().await?;
    prompt.print(&format!("  ✓ pending memos updated: {changed}"));
    Ok(())
}

/// Waits until EventBridge Scheduler can assume the new role.
async fn wait_for_role(
    scheduler: &Scheduler,
    environment: &SetupEnvironment,
    prompt: &mut dyn Prompt,
) -> Result<(), Stop> {
    let started = environment.clock.now();
    let mut attempts = 0;
    loop {
        match scheduler.probe().await {
            Ok(()) => break,
            Err(failure) if failure.kind != FailureKind::RoleNotAssumable => return Err(failure.into()),
            Err(_) if (environment.clock.now() - started).to_std().is_ok_and(|waited| waited < PROPAGATION) => {
                match attempts {
                    0 => prompt.print("Waiting until EventBridge Scheduler can use the new role, up to two minutes …"),
                    attempts if attempts % REPORT_EVERY == 0 => prompt.print("  … still waiting"),
                    _ => {}
                }
                attempts += 1;
                environment.clock.sleep(RETRY_AFTER).await;
            }
            Err(failure) => {
                return Err(Stop::Failed(Failure {
                    advice: "Run `tickler init` again in a few minutes. If that does not help, run `tickler doctor`: \
                             somebody may have changed the role's trust policy."
                        .to_owned(),
                    ..failure
                }));
            }
        }
    }
    prompt.print("  ✓ EventBridge Scheduler accepts schedules");
    Ok(())
}

fn print_summary(
    outputs: &Outputs,
    settings: &AwsSettings,
    arguments: &Arguments,
    environment: &SetupEnvironment,
    prompt: &mut dyn Prompt,
) -> Result<(), Stop> {
    let name = &settings.name;
    let opens = if opens_by_default(name, environment)? {
        "`tickler` opens it.".to_owned()
    } else {
        format!("TICKLER_CONTEXT or SCHEDULE_TARGET_ARN chooses another one, so open it with `tickler -c {name}`.")
    };
    prompt.print(&format!("The context {name} is in {}. {opens}", environment.config_file.display()));
    prompt.print(&format!("Other people need only the policy {} to use it.", outputs.policy_arn));
    if let Some(email) = arguments.email.as_deref().filter(|email| !email.is_empty()) {
        prompt.print(&format!("To get memos at {email}, open the link in the email that AWS has sent there."));
    }
    Ok(())
}

/// Parses an email address as the template does. An empty one removes the subscription.
fn parse_email(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('@').collect();
    let shaped = parts.len() == 2 && parts.iter().all(|part| !part.is_empty() && !part.contains(char::is_whitespace));
    if shaped || text.is_empty() { Ok(text.to_owned()) } else { Err(format!("“{text}” is not an email address.")) }
}

fn parse_retention(text: &str) -> Result<u16, String> {
    text.parse().ok().filter(|days| RETENTIONS.contains(days)).ok_or_else(|| {
        let days = RETENTIONS.map(|days| days.to_string()).join(", ");
        format!("CloudWatch Logs can keep a log for one of these numbers of days: {days}.")
    })
}

#[cfg(test)]
mod tests {
    use super::{RETENTIONS, parse_email, parse_retention};
    use crate::aws::stack::TEMPLATE;

    #[test]
    fn the_template_allows_the_same_retention_days() {
        let days = RETENTIONS.map(|days| days.to_string()).join(", ");
        assert!(TEMPLATE.contains(&format!("AllowedValues: [{days}]")));
        assert_eq!(parse_retention("90"), Ok(90));
        assert!(parse_retention("2").is_err_and(|sentence| sentence.contains("1, 3, 5")));
    }

    #[test]
    fn an_email_address_has_two_parts() {
        for address in ["ada@example.org", ""] {
            assert_eq!(parse_email(address).as_deref(), Ok(address));
        }
        for none in ["ada", "@example.org", "ada@", "a da@example.org", "a@b@c"] {
            assert!(parse_email(none).is_err(), "{none} was taken");
        }
    }
}
