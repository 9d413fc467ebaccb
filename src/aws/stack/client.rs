//! The CloudFormation client: finds, creates, updates, deletes and follows a stack.
//!
//! CloudFormation has no event that ends an operation, so whoever follows one polls.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_sdk_cloudformation::types::Capability;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use uuid::Uuid;

use super::condition::Condition;
use super::event::{Event, operation};
use super::model::{Choices, Stack, TEMPLATE, read};
use crate::aws::error::{self, Operation, RequestKind, Sdk};
use crate::aws::session::Session;
use crate::failure::Failure;

/// How often CloudFormation is asked how far it is. It allows a few requests a second, and a resource takes seconds.
const PACE: Duration = Duration::from_secs(2);
/// How often in a row it may fail to answer before that is told.
const PATIENCE: u32 = 10;
/// How often an operation may seem not to have begun: what CloudFormation tells may be a little behind.
const BEGINNING: u32 = 15;

/// Stacks of one name, in an account and a region.
#[derive(Debug, Clone)]
pub struct Stacks {
    client: aws_sdk_cloudformation::Client,
    session: Session,
    name: String,
}

/// Whether an update has anything to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateOutcome {
    /// The update is in progress.
    Started,
    /// The stack is up to date.
    UpToDate,
}

impl Stacks {
    /// The stacks of a name.
    #[must_use]
    pub fn new(session: &Session, name: &str) -> Self {
        let client = aws_sdk_cloudformation::Client::new(&session.quick());
        Self { client, session: session.clone(), name: name.to_owned() }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.session.region
    }

    /// The stack that has the name now; none when there is none.
    ///
    /// # Errors
    /// When CloudFormation refuses or fails, or cannot be reached.
    pub async fn find(&self) -> Result<Option<Stack>, Failure> {
        Ok(self.describe(&self.name).await?.filter(|stack| stack.condition() != Condition::Deleted))
    }

    async fn describe(&self, which: &str) -> Result<Option<Stack>, Failure> {
        match self.client.describe_stacks().stack_name(which).send().await {
            Ok(answer) => Ok(answer.stacks.unwrap_or_default().into_iter().next().map(read)),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => {
                Err(self.failure("The stack could not be looked at", "DescribeStacks", RequestKind::Read, &error))
            }
        }
    }

    /// Begins to create the stack.
    ///
    /// # Errors
    /// When CloudFormation refuses or fails, or cannot be reached.
    pub async fn create(&self, choices: &Choices) -> Result<Stack, Failure> {
        let request = self.client.create_stack().stack_name(&self.name).template_body(TEMPLATE);
        let answer = request
            .capabilities(Capability::CapabilityIam)
            .set_parameters(Some(choices.parameters(&BTreeSet::new())))
            .client_request_token(token())
            .send()
            .await
            .map_err(|error| {
                self.failure("The stack could not be created", "CreateStack", RequestKind::Idempotent, &error)
            })?;
        Ok(Stack {
            id: answer.stack_id.unwrap_or_else(|| self.name.clone()),
            status: "CREATE_IN_PROGRESS".to_owned(),
            ours: true,
            outputs: BTreeMap::new(),
            parameters: BTreeSet::new(),
        })
    }

    /// Begins to bring the stack up to the template.
    ///
    /// # Errors
    /// When CloudFormation refuses or fails, or cannot be reached.
    pub async fn update(&self, stack: &Stack, choices: &Choices) -> Result<UpdateOutcome, Failure> {
        let request = self.client.update_stack().stack_name(&stack.id).template_body(TEMPLATE);
        let answer = request
            .capabilities(Capability::CapabilityIam)
            .set_parameters(Some(choices.parameters(&stack.parameters)))
            .client_request_token(token())
            .send()
            .await;
        match answer {
            Ok(_) => Ok(UpdateOutcome::Started),
            Err(error) if says(&error, "No updates are to be performed") => Ok(UpdateOutcome::UpToDate),
            Err(error) => {
                Err(self.failure("The stack could not be changed", "UpdateStack", RequestKind::Idempotent, &error))
            }
        }
    }

    /// Begins to delete the stack.
    ///
    /// # Errors
    /// When CloudFormation refuses or fails, or cannot be reached.
    pub async fn delete(&self, stack: &Stack) -> Result<(), Failure> {
        let request = self.client.delete_stack().stack_name(&stack.id).client_request_token(token());
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) => Ok(()),
            Err(error) => {
                Err(self.failure("The stack could not be deleted", "DeleteStack", RequestKind::Idempotent, &error))
            }
        }
    }

    /// The latest event of a stack, after which those of the next operation come.
    ///
    /// # Errors
    /// When CloudFormation refuses or fails, or cannot be reached.
    pub async fn latest_event(&self, stack: &Stack) -> Result<Option<String>, Failure> {
        Ok(self.page(&stack.id, None).await?.0.into_iter().next().map(|event| event.id))
    }

    /// All events of a stack, the oldest first.
    ///
    /// # Errors
    /// When CloudFormation refuses or fails, or cannot be reached.
    pub async fn events(&self, stack: &Stack) -> Result<Vec<Event>, Failure> {
        self.events_after(&stack.id, None).await
    }

    /// Follows an operation that was begun here to its end, and tells what happens as it comes. The stack as it is then; none when
    /// it is gone.
    ///
    /// # Errors
    /// When CloudFormation refuses, or does not answer for a while.
    pub async fn follow(
        &self,
        stack: &Stack,
        after: Option<String>,
        tell: impl FnMut(&[Event]),
    ) -> Result<Option<Stack>, Failure> {
        self.watch_from(&stack.id, after, false, tell).await
    }

    /// Watches an operation that goes on already to its end, and tells what happened since it began. The stack as it
    /// is then; none when it is gone.
    ///
    /// # Errors
    /// When CloudFormation refuses, or does not answer for a while.
    pub async fn watch(&self, stack: &Stack, mut tell: impl FnMut(&[Event])) -> Result<Option<Stack>, Failure> {
        let events = self.events(stack).await?;
        tell(operation(&events));
        self.watch_from(&stack.id, events.last().map(|event| event.id.clone()), true, tell).await
    }

    async fn watch_from(
        &self,
        id: &str,
        mut after: Option<String>,
        mut begun: bool,
        mut tell: impl FnMut(&[Event]),
    ) -> Result<Option<Stack>, Failure> {
        let (mut troubles, mut looks) = (0, 0);
        loop {
            match self.look(id, after.as_deref()).await {
                Ok((stack, events)) => {
                    troubles = 0;
                    looks += 1;
                    tell(&events);
                    begun |= !events.is_empty() || looks > BEGINNING;
                    after = events.into_iter().next_back().map(|event| event.id).or(after);
                    match stack.map(|stack| (stack.condition(), stack)) {
                        None | Some((Condition::Deleted, _)) => return Ok(None),
                        Some((Condition::InProgress, _)) => begun = true,
                        Some((_, stack)) if begun => return Ok(Some(stack)),
                        Some(_) => {}
                    }
                }
                Err(failure) if failure.kind.may_pass() && troubles < PATIENCE => troubles += 1,
                Err(failure) => return Err(failure),
            }
            self.session.clock.sleep(PACE).await;
        }
    }

    /// First the stack, then its events: so that none is missing when the stack has come to an end.
    async fn look(&self, id: &str, after: Option<&str>) -> Result<(Option<Stack>, Vec<Event>), Failure> {
        let stack = self.describe(id).await?;
        Ok((stack, self.events_after(id, after).await?))
    }

    /// The events after one of them, the oldest first.
    async fn events_after(&self, id: &str, after: Option<&str>) -> Result<Vec<Event>, Failure> {
        let mut events = Vec::new();
        let mut token = None;
        loop {
            let (page, next) = self.page(id, token).await?;
            let news = page.iter().take_while(|event| Some(event.id.as_str()) != after).count();
            let met = news < page.len();
            events.extend(page.into_iter().take(news));
            token = next;
            if met || token.is_none() {
                events.reverse();
                return Ok(events);
            }
        }
    }

    /// A page of events, the latest first, and where the next page begins.
    async fn page(&self, id: &str, token: Option<String>) -> Result<(Vec<Event>, Option<String>), Failure> {
        match self.client.describe_stack_events().stack_name(id).set_next_token(token).send().await {
            Ok(page) => {
                let next = page.next_token;
                Ok((page.stack_events.unwrap_or_default().into_iter().map(Event::from).collect(), next))
            }
            Err(error) if is_gone(&error) => Ok((Vec::new(), None)),
            Err(error) => Err(self.failure(
                "The events of the stack could not be read",
                "DescribeStackEvents",
                RequestKind::Read,
                &error,
            )),
        }
    }

    fn failure<E>(&self, failed: &str, action: &str, kind: RequestKind, error: &Sdk<E>) -> Failure
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let Session { account, region, .. } = &self.session;
        let resource = format!("arn:{}:cloudformation:{region}:{account}:stack/{}/*", partition(region), self.name);
        let operation = Operation { failed, action: &format!("cloudformation:{action}"), resource, kind };
        error::without_context(&self.session.signer, &operation, error)
    }
}

/// A token by which CloudFormation knows a request again that is sent twice.
fn token() -> String {
    format!("tickler-{}", Uuid::new_v4())
}

/// The partition of a region.
fn partition(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("us") if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// CloudFormation has one error for all that it does not like; only the words tell which.
fn says<E: ProvideErrorMetadata>(error: &Sdk<E>, words: &str) -> bool {
    error.code() == Some("ValidationError") && error.message().is_some_and(|message| message.contains(words))
}

fn is_gone<E: ProvideErrorMetadata>(error: &Sdk<E>) -> bool {
    says(error, "does not exist")
}
