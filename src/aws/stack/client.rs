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

/// The pause between two polls. CloudFormation allows a few requests a second, and a resource takes seconds.
const POLL: Duration = Duration::from_secs(2);
/// How many polls in a row may fail before the operation counts as failed.
const MAX_FAILURES: u32 = 10;
/// How many polls may show an operation that has not begun; CloudFormation may lag.
const MAX_POLLS_TO_BEGIN: u32 = 15;

/// The stack of one name, in an account and a region, through CloudFormation.
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
    /// A client for the stack of this name.
    #[must_use]
    pub fn new(session: &Session, name: &str) -> Self {
        let client = aws_sdk_cloudformation::Client::new(&session.client_config());
        Self { client, session: session.clone(), name: name.to_owned() }
    }

    /// The stack's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.session.region
    }

    /// Finds the stack; `None` if there is no stack of this name.
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
            Err(error) => Err(self.failure("The stack could not be read", "DescribeStacks", RequestKind::Read, &error)),
        }
    }

    /// Starts to create the stack.
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

    /// Starts to update the stack to the template.
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
            Err(error) if is_validation_error(&error, "No updates are to be performed") => Ok(UpdateOutcome::UpToDate),
            Err(error) => {
                Err(self.failure("The stack could not be updated", "UpdateStack", RequestKind::Idempotent, &error))
            }
        }
    }

    /// Starts to delete the stack.
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

    /// The id of a stack's latest event; the events of the next operation come after it.
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

    /// Follows an operation that this client started to its end, and reports events as they come. Returns the stack;
    /// `None` if it is gone.
    ///
    /// # Errors
    /// When CloudFormation refuses, or does not respond for a while.
    pub async fn follow(
        &self,
        stack: &Stack,
        after: Option<String>,
        report: impl FnMut(&[Event]),
    ) -> Result<Option<Stack>, Failure> {
        self.follow_from(&stack.id, after, false, report).await
    }

    /// Follows an operation that is already in progress to its end, and reports its events from the beginning. Returns
    /// the stack; `None` if it is gone.
    ///
    /// # Errors
    /// When CloudFormation refuses, or does not respond for a while.
    pub async fn watch(&self, stack: &Stack, mut report: impl FnMut(&[Event])) -> Result<Option<Stack>, Failure> {
        let events = self.events(stack).await?;
        report(operation(&events));
        self.follow_from(&stack.id, events.last().map(|event| event.id.clone()), true, report).await
    }

    async fn follow_from(
        &self,
        id: &str,
        mut after: Option<String>,
        mut begun: bool,
        mut report: impl FnMut(&[Event]),
    ) -> Result<Option<Stack>, Failure> {
        let (mut failures, mut polls) = (0, 0);
        loop {
            match self.poll(id, after.as_deref()).await {
                Ok((stack, events)) => {
                    failures = 0;
                    polls += 1;
                    report(&events);
                    begun |= !events.is_empty() || polls > MAX_POLLS_TO_BEGIN;
                    after = events.into_iter().next_back().map(|event| event.id).or(after);
                    match stack.map(|stack| (stack.condition(), stack)) {
                        None | Some((Condition::Deleted, _)) => return Ok(None),
                        Some((Condition::InProgress, _)) => begun = true,
                        Some((_, stack)) if begun => return Ok(Some(stack)),
                        Some(_) => {}
                    }
                }
                Err(failure) if failure.kind.may_pass() && failures < MAX_FAILURES => failures += 1,
                Err(failure) => return Err(failure),
            }
            self.session.clock.sleep(POLL).await;
        }
    }

    /// Reads the stack first and its events second, so that no event is missing once the stack is complete.
    async fn poll(&self, id: &str, after: Option<&str>) -> Result<(Option<Stack>, Vec<Event>), Failure> {
        let stack = self.describe(id).await?;
        Ok((stack, self.events_after(id, after).await?))
    }

    /// The events after a given one, the oldest first.
    async fn events_after(&self, id: &str, after: Option<&str>) -> Result<Vec<Event>, Failure> {
        let mut events = Vec::new();
        let mut token = None;
        loop {
            let (page, next) = self.page(id, token).await?;
            let new = page.iter().take_while(|event| Some(event.id.as_str()) != after).count();
            let found = new < page.len();
            events.extend(page.into_iter().take(new));
            token = next;
            if found || token.is_none() {
                events.reverse();
                return Ok(events);
            }
        }
    }

    /// A page of events, the latest first, and the token of the next page.
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

/// A token by which CloudFormation recognizes a request that is sent twice.
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

/// CloudFormation has one error code for everything that it refuses; only the message says what it is.
fn is_validation_error<E: ProvideErrorMetadata>(error: &Sdk<E>, words: &str) -> bool {
    error.code() == Some("ValidationError") && error.message().is_some_and(|message| message.contains(words))
}

fn is_gone<E: ProvideErrorMetadata>(error: &Sdk<E>) -> bool {
    is_validation_error(error, "does not exist")
}
