//! What `init` and `teardown` do to a stack: wait for it, delete it, and report its progress and its failures.

use super::prompt::{Prompt, Stop};
use crate::aws::stack::{Cause, Condition, Event, Progress, Stack, Stacks, operation};
use crate::failure::{Failure, FailureKind};

/// The stack when no operation runs. Follows a running operation to its end.
pub(super) async fn wait_until_idle(stacks: &Stacks, prompt: &mut dyn Prompt) -> Result<Option<Stack>, Stop> {
    let Some(stack) = stacks.find().await? else { return Ok(None) };
    refuse_foreign(&stack, stacks.name())?;
    if stack.condition() != Condition::InProgress {
        return Ok(Some(stack));
    }
    prompt.print(&format!("An operation of the stack {} is already running ({}):", stacks.name(), stack.status));
    let mut progress = Progress::default();
    let ended = stacks.watch(&stack, |events| report_progress(&mut progress, events, prompt)).await?;
    Ok(ended)
}

/// Refuses a stack that tickler did not create, because its resources would be deleted. In these two states it has none.
fn refuse_foreign(stack: &Stack, name: &str) -> Result<(), Stop> {
    if stack.ours || matches!(&*stack.status, "REVIEW_IN_PROGRESS" | "ROLLBACK_COMPLETE") {
        return Ok(());
    }
    Err(Stop::Failed(Failure::new(
        FailureKind::Conflict,
        format!("There is already a stack {name}, and tickler did not create it."),
        "Choose another name with --name.",
    )))
}

/// Prints what happened to each resource.
pub(super) fn report_progress(progress: &mut Progress, events: &[Event], prompt: &mut dyn Prompt) {
    for line in progress.lines(events) {
        prompt.print(&line);
    }
}

/// Why the latest operation of a stack failed, if its events say so.
pub(super) async fn failure_cause(stacks: &Stacks, stack: &Stack) -> Result<Option<Cause>, Failure> {
    Ok(Cause::of(operation(&stacks.events(stack).await?)))
}

/// The error of a failed operation, with its cause.
pub(super) async fn operation_failed(stacks: &Stacks, stack: Option<&Stack>, what: &str) -> Stop {
    let Some(stack) = stack else {
        return Stop::Failed(Failure::new(
            FailureKind::Conflict,
            format!("{what}: somebody has deleted it."),
            "Run the same command again.",
        ));
    };
    match failure_cause(stacks, stack).await {
        Ok(Some(cause)) => Stop::Failed(cause.failure(what)),
        Ok(None) => Stop::Failed(Failure::new(
            FailureKind::Invalid,
            format!("{what}: it is {} now, and its events do not say why.", stack.status),
            "Check its events in the CloudFormation console.",
        )),
        Err(failure) => failure.into(),
    }
}

/// Deletes a stack and waits until it is gone.
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
