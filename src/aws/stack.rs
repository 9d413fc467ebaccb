//! The stack: what memos need in AWS, as one CloudFormation template, and how it is made, changed and deleted.
//!
//! CloudFormation has no event that says an operation has ended, so whoever wants to know asks again and again; that
//! happens in [`Stacks::follow`] and nowhere else. What a state calls for is said by `verdict`, what happened to whom
//! by `event`, why it failed by `cause`; these three are pure. Nothing here talks to a person.

mod cause;
mod event;
mod parts;
mod redirect;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_sdk_cloudformation::types::{Capability, Parameter};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use uuid::Uuid;

pub use cause::Cause;
pub use event::{Event, Progress, operation};
pub use parts::{PARTS, Part};
pub use verdict::{Verdict, verdict};

use super::Session;
use super::error::{self, Asked, Sdk, Sort};
use crate::arn::Arn;
use crate::context::AwsSettings;
use crate::failure::{Failure, FailureKind};

/// What is set up.
pub const TEMPLATE: &str = include_str!("../../infra/stack.yaml");

/// What the description of the template begins with, by which a stack is known for one of ours.
const OURS: &str = "tickler:";

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

/// A stack as CloudFormation describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Its ARN, which tells it from other stacks that had its name.
    pub id: String,
    /// Its status, such as `CREATE_COMPLETE`.
    pub status: String,
    /// Whether it was made of this program's template.
    pub ours: bool,
    outputs: BTreeMap<String, String>,
    parameters: BTreeSet<String>,
}

/// What a stack says that memos need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// The schedule group.
    pub group: String,
    /// The function.
    pub target_arn: Arn,
    /// The role that EventBridge Scheduler takes on.
    pub role_arn: Arn,
    /// The dead-letter queue.
    pub dead_letter_arn: Arn,
    /// The log of the deliveries.
    pub log_group: String,
    /// The policy for those who use tickler.
    pub policy_arn: String,
}

/// What can be chosen of a stack; what is not said stays as it is, or is the template's default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// The address that memos are mailed to; empty for none.
    pub email: Option<String>,
    /// For how many days the delivery log is kept.
    pub retention_days: Option<u16>,
}

/// How an update began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updated {
    /// It goes on.
    Begun,
    /// There is nothing to do: the stack is as it shall be.
    NoChange,
}

impl Stack {
    /// What memos need of it; none while it is not whole.
    #[must_use]
    pub fn outputs(&self) -> Option<Outputs> {
        let output = |key: &str| self.outputs.get(key).cloned();
        let arn = |key: &str| self.outputs.get(key)?.parse().ok();
        Some(Outputs {
            group: output("GroupName")?,
            target_arn: arn("FunctionArn")?,
            role_arn: arn("SchedulerRoleArn")?,
            dead_letter_arn: arn("QueueArn")?,
            log_group: output("LogGroupName")?,
            policy_arn: output("PolicyArn")?,
        })
    }

    /// Whether its latest operation did what it was to do.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(&*self.status, "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE")
    }

    /// What its status calls for.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        verdict(&self.status)
    }
}

impl Outputs {
    /// The name that the group of a stack has.
    #[must_use]
    pub fn group_of(stack: &str) -> String {
        format!("{stack}-memos")
    }

    /// Whether memos that were scheduled with these settings go where this stack wants them.
    #[must_use]
    pub fn agree_with(&self, settings: &AwsSettings) -> bool {
        (&self.target_arn, &self.role_arn, Some(&self.dead_letter_arn))
            == (&settings.target_arn, &settings.role_arn, settings.dead_letter_arn.as_ref())
    }

    /// These, in the place of what the settings say.
    #[must_use]
    pub fn over(&self, settings: AwsSettings) -> AwsSettings {
        AwsSettings {
            group: self.group.clone(),
            target_arn: self.target_arn.clone(),
            role_arn: self.role_arn.clone(),
            dead_letter_arn: Some(self.dead_letter_arn.clone()),
            log_group: Some(self.log_group.clone()),
            ..settings
        }
    }
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
        Ok(self.describe(&self.name).await?.filter(|stack| stack.verdict() != Verdict::Gone))
    }

    async fn describe(&self, which: &str) -> Result<Option<Stack>, Failure> {
        match self.client.describe_stacks().stack_name(which).send().await {
            Ok(answer) => Ok(answer.stacks.unwrap_or_default().into_iter().next().map(read)),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(self.failed("The stack could not be looked at", "DescribeStacks", Sort::Read, &error)),
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
            .map_err(|error| self.failed("The stack could not be created", "CreateStack", Sort::Write, &error))?;
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
    pub async fn update(&self, stack: &Stack, choices: &Choices) -> Result<Updated, Failure> {
        let request = self.client.update_stack().stack_name(&stack.id).template_body(TEMPLATE);
        let answer = request
            .capabilities(Capability::CapabilityIam)
            .set_parameters(Some(choices.parameters(&stack.parameters)))
            .client_request_token(token())
            .send()
            .await;
        match answer {
            Ok(_) => Ok(Updated::Begun),
            Err(error) if says(&error, "No updates are to be performed") => Ok(Updated::NoChange),
            Err(error) => Err(self.failed("The stack could not be changed", "UpdateStack", Sort::Write, &error)),
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
            Err(error) => Err(self.failed("The stack could not be deleted", "DeleteStack", Sort::Write, &error)),
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
                    match stack.map(|stack| (stack.verdict(), stack)) {
                        None | Some((Verdict::Gone, _)) => return Ok(None),
                        Some((Verdict::Watch, _)) => begun = true,
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
            Err(error) => {
                Err(self.failed("The events of the stack could not be read", "DescribeStackEvents", Sort::Read, &error))
            }
        }
    }

    fn failed<E>(&self, what: &str, action: &str, sort: Sort, error: &Sdk<E>) -> Failure
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let Session { account, region, .. } = &self.session;
        let on = format!("arn:{}:cloudformation:{region}:{account}:stack/{}/*", partition(region), self.name);
        let asked = Asked { what, action: &format!("cloudformation:{action}"), on, sort };
        error::before_a_place(&self.session.signer, &asked, error)
    }
}

impl Choices {
    /// The parameters of the template: what was chosen, else what the stack has, else the template's default.
    fn parameters(&self, there: &BTreeSet<String>) -> Vec<Parameter> {
        let chosen =
            [("Email", self.email.clone()), ("RetentionDays", self.retention_days.map(|days| days.to_string()))];
        chosen
            .into_iter()
            .filter_map(|(key, value)| {
                let parameter = Parameter::builder().parameter_key(key);
                match value {
                    Some(value) => Some(parameter.parameter_value(value).build()),
                    None => there.contains(key).then(|| parameter.use_previous_value(true).build()),
                }
            })
            .collect()
    }
}

fn read(stack: aws_sdk_cloudformation::types::Stack) -> Stack {
    let outputs = stack.outputs.unwrap_or_default().into_iter();
    let outputs: BTreeMap<_, _> =
        outputs.filter_map(|output| Some((output.output_key?, output.output_value?))).collect();
    let parameters = stack.parameters.unwrap_or_default().into_iter();
    Stack {
        id: stack.stack_id.or(stack.stack_name).unwrap_or_default(),
        status: stack.stack_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        ours: stack.description.is_some_and(|description| description.starts_with(OURS)),
        outputs,
        parameters: parameters.filter_map(|parameter| parameter.parameter_key).collect(),
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

impl Cause {
    /// It, as a failure of the stack: `what` begins the sentence.
    #[must_use]
    pub fn failure(&self, what: &str) -> Failure {
        let kind = if self.is_denied() { FailureKind::Denied } else { FailureKind::Invalid };
        Failure::new(kind, format!("{what}: {self}."), self.advice.clone())
    }
}
