//! What `tickler init` is going to do, for the person to confirm.

use crate::aws::stack::{Condition, Outputs, PARTS, Stack, Stacks};
use crate::cli::prompt::{Prompt, Stop};
use crate::cli::stack_operations::failure_cause;
use crate::failure::{Failure, FailureKind};

/// What to do.
#[derive(Debug)]
pub(super) enum Plan {
    /// There is no stack: create one.
    Create,
    /// The stack is healthy: update it to the current template.
    Update(Stack),
    /// The stack is broken and cannot be repaired: delete it, and create it again.
    Replace {
        /// The broken stack.
        stack: Stack,
        /// Why it is broken.
        why: String,
    },
}

impl Plan {
    /// Chooses a plan by the state of the stack.
    pub(super) async fn new(stacks: &Stacks, existing: Option<Stack>) -> Result<Self, Stop> {
        let Some(stack) = existing else { return Ok(Self::Create) };
        match stack.condition() {
            Condition::Deleted => Ok(Self::Create),
            Condition::Usable => Ok(Self::Update(stack)),
            Condition::Stuck => Err(stuck_error(stacks, &stack).await),
            Condition::Broken => {
                let why = if stack.status == "REVIEW_IN_PROGRESS" {
                    "it has a change set, but was never created".to_owned()
                } else {
                    failure_cause(stacks, &stack)
                        .await?
                        .map_or_else(|| "its events do not say why".to_owned(), |cause| cause.to_string())
                };
                Ok(Self::Replace { stack, why })
            }
            // The last operation has ended, and somebody started another one.
            Condition::InProgress => Err(Stop::Failed(Failure::new(
                FailureKind::Conflict,
                format!("Somebody else is changing the stack {} ({}).", stacks.name(), stack.status),
                "Run the same command again.",
            ))),
        }
    }

    /// The outputs of the stack before the change.
    pub(super) fn outputs(&self) -> Option<Outputs> {
        match self {
            Self::Update(stack) => stack.outputs(),
            Self::Create | Self::Replace { .. } => None,
        }
    }

    /// Prints the plan. `email` is the address to subscribe.
    pub(super) fn print(&self, name: &str, email: Option<&str>, prompt: &mut dyn Prompt) {
        match self {
            Self::Create => {}
            Self::Update(stack) => {
                prompt.print(&format!(
                    "The stack {name} exists ({}). This updates it to this version of tickler. Pending memos stay.",
                    stack.status
                ));
            }
            Self::Replace { stack, why } => {
                prompt.print(&format!("The stack {name} exists, but is broken ({}): {why}.", stack.status));
                prompt.print("It will be deleted first.");
            }
        }
        if !matches!(self, Self::Update(_)) {
            prompt.print(&format!("This creates the stack {name} in CloudFormation, with:"));
            let with_mail = email.is_some_and(|email| !email.is_empty());
            for part in PARTS.iter().filter(|part| with_mail || part.logical_id != "MailSubscription") {
                prompt.print(&format!("  {:<26}{}", part.what, part.purpose));
            }
        }
        prompt.print("This needs an administrator's credentials. Using tickler afterwards does not.");
    }
}

/// The error for a stack that only the person can repair.
pub(super) async fn stuck_error(stacks: &Stacks, stack: &Stack) -> Stop {
    let why = match failure_cause(stacks, stack).await {
        Ok(cause) => cause.map_or_else(|| "its events do not say why".to_owned(), |cause| cause.to_string()),
        Err(failure) => return failure.into(),
    };
    let name = stacks.name();
    Stop::Failed(Failure::new(
        FailureKind::Conflict,
        format!("The update of the stack {name} failed, and so did its rollback ({}): {why}.", stack.status),
        format!(
            "Fix that, then run `aws cloudformation continue-update-rollback --stack-name {name} --region {}`, and \
             `tickler init` again. Pending memos are not affected.",
            stacks.region()
        ),
    ))
}
