//! What `tickler init` is going to do, said before it is done.

use super::Arguments;
use crate::aws::stack::{Condition, Outputs, PARTS, Stack, Stacks};
use crate::cli::aws_setup::failure_cause;
use crate::cli::prompt::{Prompt, Stop};
use crate::failure::{Failure, FailureKind};

/// What is to be done.
#[derive(Debug)]
pub(super) enum Plan {
    /// There is no stack: create it.
    Create,
    /// There is one, whole: bring it up to the template.
    Update(Stack),
    /// There is one that is not whole, and cannot be mended: delete it, and create it again.
    Replace {
        /// It.
        stack: Stack,
        /// Why it is not whole.
        why: String,
    },
}

impl Plan {
    /// What the state of the stack calls for.
    pub(super) async fn of(stacks: &Stacks, there: Option<Stack>) -> Result<Self, Stop> {
        let Some(stack) = there else { return Ok(Self::Create) };
        match stack.condition() {
            Condition::Deleted => Ok(Self::Create),
            Condition::Usable => Ok(Self::Update(stack)),
            Condition::Stuck => Err(stuck(stacks, &stack).await),
            Condition::Broken => {
                let why = if stack.status == "REVIEW_IN_PROGRESS" {
                    "only a change set was ever made of it".to_owned()
                } else {
                    failure_cause(stacks, &stack)
                        .await?
                        .map_or_else(|| "its events do not say why".to_owned(), |cause| cause.to_string())
                };
                Ok(Self::Replace { stack, why })
            }
            // It was watched to its end; then somebody began anew.
            Condition::InProgress => Err(Stop::Failed(Failure::new(
                FailureKind::Conflict,
                format!("Somebody else is changing the stack {} ({}).", stacks.name(), stack.status),
                "Run the same command again.",
            ))),
        }
    }

    /// What the stack says that memos need, as it was before.
    pub(super) fn outputs(&self) -> Option<Outputs> {
        match self {
            Self::Update(stack) => stack.outputs(),
            Self::Create | Self::Replace { .. } => None,
        }
    }

    /// Says it.
    pub(super) fn show(&self, name: &str, arguments: &Arguments, prompt: &mut dyn Prompt) {
        match self {
            Self::Create => {}
            Self::Update(stack) => {
                prompt.say(&format!(
                    "The stack {name} is there ({}). It is brought up to this version of tickler; what is pending stays.",
                    stack.status
                ));
            }
            Self::Replace { stack, why } => {
                prompt.say(&format!("The stack {name} is there, and is not whole ({}): {why}.", stack.status));
                prompt.say("It is deleted, and created again:");
            }
        }
        if !matches!(self, Self::Update(_)) {
            prompt.say(&format!("This creates the stack {name} in CloudFormation, with:"));
            let with_mail = arguments.email.as_ref().is_some_and(|email| !email.is_empty());
            for part in PARTS.iter().filter(|part| with_mail || part.logical_id != "MailSubscription") {
                prompt.say(&format!("  {:<26}{}", part.what, part.purpose));
            }
        }
        prompt.say("That takes an administrator's credentials; using it afterwards does not.");
    }
}

/// Only the person can say how it goes on.
pub(super) async fn stuck(stacks: &Stacks, stack: &Stack) -> Stop {
    let why = match failure_cause(stacks, stack).await {
        Ok(cause) => cause.map_or_else(|| "its events do not say why".to_owned(), |cause| cause.to_string()),
        Err(failure) => return failure.into(),
    };
    let name = stacks.name();
    Stop::Failed(Failure::new(
        FailureKind::Conflict,
        format!("The stack {name} could neither be changed nor go back to what it was ({}): {why}.", stack.status),
        format!(
            "Mend that, then run `aws cloudformation continue-update-rollback --stack-name {name} --region {}`, and \
             `tickler init` again. What is pending stays as it is meanwhile.",
            stacks.region()
        ),
    ))
}
