//! An account for a test: the server, clients for it, and common requests.

use std::collections::HashMap;
use std::process::Command;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cloudformation::types::{Capability, Parameter, StackStatus};
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::{Value, json};
use tickler::aws::{Machine, Scheduler, SdkClock};
use tickler::context::{Access, AwsSettings};

use super::Server;
use crate::infra::{TEMPLATE, workspace};
use crate::python_servers::python_program;
use crate::wire::profiles::machine;

/// The keys that may do anything, without a signature.
pub const ROOT: (&str, &str) = ("test", "test");
pub const REGION: &str = "eu-west-1";
/// The name of the stack that [`Account::with_stack`] creates: tickler's default.
pub const STACK: &str = "tickler";

/// A queue that gets whatever a topic publishes.
const INBOX: &str = r#"{
    "Parameters": { "Topic": { "Type": "String" } },
    "Resources": {
        "Queue": { "Type": "AWS::SQS::Queue" },
        "Subscription": { "Type": "AWS::SNS::Subscription", "Properties": {
            "TopicArn": { "Ref": "Topic" }, "Protocol": "sqs", "Endpoint": { "Fn::GetAtt": ["Queue", "Arn"] }
        } }
    },
    "Outputs": { "Url": { "Value": { "Ref": "Queue" } } }
}"#;

/// The timeout for anything that has to happen: far longer than it takes on any machine, so that only a failure reaches it.
const PATIENCE: Duration = Duration::from_mins(1);
/// The pause between two polls.
const LOOK: Duration = Duration::from_millis(50);

pub struct Account {
    pub server: Server,
    config: SdkConfig,
}

impl Account {
    /// An empty account.
    pub fn new(server: Server) -> Self {
        let clock = SdkClock::system();
        let (key, secret) = ROOT;
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .endpoint_url(server.url())
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(key, secret, None, None, "tests")))
            .http_client(Machine::own().http_client)
            .time_source(clock.time_source)
            .sleep_impl(clock.sleep_impl)
            .build();
        Self { server, config }
    }

    /// An account with the stack of the template, as an administrator might have created it by hand.
    pub async fn with_stack(server: Server) -> (Self, Outputs) {
        let account = Self::new(server);
        account.make_stack(STACK, TEMPLATE, &[]).await;
        let outputs = account.outputs(STACK).await;
        (account, outputs)
    }

    pub fn cloudformation(&self) -> aws_sdk_cloudformation::Client {
        aws_sdk_cloudformation::Client::new(&self.config)
    }

    pub fn lambda(&self) -> aws_sdk_lambda::Client {
        aws_sdk_lambda::Client::new(&self.config)
    }

    pub fn logs(&self) -> aws_sdk_cloudwatchlogs::Client {
        aws_sdk_cloudwatchlogs::Client::new(&self.config)
    }

    pub fn scheduler(&self) -> aws_sdk_scheduler::Client {
        aws_sdk_scheduler::Client::new(&self.config)
    }

    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    /// Sends requests to services for which there is no crate here (SNS, IAM), by boto3's names: service, operation and
    /// parameters.
    pub fn ask<const N: usize>(&self, questions: &[(&str, &str, Value); N]) -> [Value; N] {
        self.ask_all(questions).try_into().unwrap()
    }

    /// Sends any number of requests.
    pub fn ask_all(&self, questions: &[(&str, &str, Value)]) -> Vec<Value> {
        let script = workspace("tests/ministack/ask.py");
        let mut command = Command::new(python_program("python"));
        command.arg(script).arg(self.server.url()).arg(json!(questions).to_string());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{questions:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Creates a stack, and returns its final status.
    pub async fn create_stack(&self, name: &str, template: &str, parameters: &[(&str, &str)]) -> StackStatus {
        let parameter =
            |(key, value): &(&str, &str)| Parameter::builder().parameter_key(*key).parameter_value(*value).build();
        self.cloudformation()
            .create_stack()
            .stack_name(name)
            .template_body(template)
            .capabilities(Capability::CapabilityIam)
            .set_parameters(Some(parameters.iter().map(parameter).collect()))
            .send()
            .await
            .unwrap();
        wait_for("the end of the stack's creation", async || {
            let status = self.stack(name).await?.stack_status?;
            (!status.as_str().ends_with("_IN_PROGRESS")).then_some(status)
        })
        .await
    }

    /// Creates a stack that has to succeed.
    pub async fn make_stack(&self, name: &str, template: &str, parameters: &[(&str, &str)]) {
        assert_eq!(self.create_stack(name, template, parameters).await, StackStatus::CreateComplete, "{name}");
    }

    /// The stack of this name, if there is one.
    pub async fn stack(&self, name: &str) -> Option<aws_sdk_cloudformation::types::Stack> {
        let answer = self.cloudformation().describe_stacks().stack_name(name).send().await;
        // CloudFormation has no specific error for it.
        answer.ok().and_then(|answer| answer.stacks?.pop())
    }

    pub async fn outputs(&self, name: &str) -> Outputs {
        let stack = self.stack(name).await.unwrap();
        let output = |output: &aws_sdk_cloudformation::types::Output| {
            Some((output.output_key.clone()?, output.output_value.clone()?))
        };
        Outputs(stack.outputs().iter().filter_map(output).collect())
    }

    /// The settings for a stack.
    pub fn settings(&self, outputs: &Outputs) -> AwsSettings {
        AwsSettings {
            access: Access {
                profile: Some("ministack".to_owned()),
                region: Some(REGION.to_owned()),
                endpoint_url: Some(self.server.url()),
            },
            group: outputs.get("GroupName").to_owned(),
            dead_letter_arn: Some(outputs.get("QueueArn").parse().unwrap()),
            log_group: Some(outputs.get("LogGroupName").to_owned()),
            ..AwsSettings::new(
                outputs.get("FunctionArn").parse().unwrap(),
                outputs.get("SchedulerRoleArn").parse().unwrap(),
            )
        }
    }

    /// Creates a user with one policy, and returns the keys.
    pub fn user(&self, name: &str, policy_arn: &str) -> Keys {
        let [_, _, made] = self.ask(&[
            ("iam", "create_user", json!({ "UserName": name })),
            ("iam", "attach_user_policy", json!({ "UserName": name, "PolicyArn": policy_arn })),
            ("iam", "create_access_key", json!({ "UserName": name })),
        ]);
        keys(&made)
    }

    /// Creates a user for each of these policies, and returns their keys.
    pub fn users(&self, policies: &[Value]) -> Vec<Keys> {
        let names: Vec<_> = (0..policies.len()).map(|number| format!("user{number}")).collect();
        let questions = names.iter().zip(policies).flat_map(|(name, policy)| {
            let document = policy.to_string();
            let policy = json!({ "UserName": name, "PolicyName": "only", "PolicyDocument": document });
            [
                ("iam", "create_user", json!({ "UserName": name })),
                ("iam", "put_user_policy", policy),
                ("iam", "create_access_key", json!({ "UserName": name })),
            ]
        });
        let answers = self.ask_all(&questions.collect::<Vec<_>>());
        answers.chunks(3).map(|answers| keys(&answers[2])).collect()
    }

    /// Subscribes a queue to the stack's topic, and returns its URL.
    pub async fn inbox(&self, outputs: &Outputs) -> String {
        self.make_stack("inbox", INBOX, &[("Topic", outputs.get("TopicArn"))]).await;
        self.outputs("inbox").await.get("Url").to_owned()
    }

    /// The names of the schedules in the stack's group.
    pub async fn schedules(&self, outputs: &Outputs) -> Vec<String> {
        let request = self.scheduler().list_schedules().group_name(outputs.get("GroupName"));
        let listed = request.send().await.unwrap().schedules;
        listed.into_iter().filter_map(|schedule| schedule.name).collect()
    }

    /// The lines of executeMemo, once there are this many.
    pub async fn wait_for_lines(&self, outputs: &Outputs, count: usize) -> Vec<Value> {
        let lines = async || Some(self.lines(outputs).await).filter(|lines| lines.len() >= count);
        wait_for(&format!("line {count} of the log"), lines).await
    }

    /// The lines of executeMemo so far.
    pub async fn lines(&self, outputs: &Outputs) -> Vec<Value> {
        let request = self.logs().filter_log_events().log_group_name(outputs.get("LogGroupName"));
        let events = request.send().await.unwrap().events.unwrap_or_default();
        let line = |message: &str| serde_json::from_str::<Value>(message).ok().filter(|line| line["tickler"] == 1);
        events.iter().filter_map(|event| line(event.message()?)).collect()
    }

    /// The next messages of a queue, which stay in it.
    pub async fn messages(&self, queue: &str) -> Vec<aws_sdk_sqs::types::Message> {
        wait_for("a message", async || {
            let request = self.sqs().receive_message().queue_url(queue).visibility_timeout(0);
            request.send().await.unwrap().messages
        })
        .await
    }

    /// Waits until a queue is empty. Does not receive messages, because that would invalidate the handles of earlier
    /// receivers.
    pub async fn wait_for_empty(&self, queue: &str) {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        wait_for("the end of what is in the queue", async || {
            let request = self.sqs().get_queue_attributes().queue_url(queue).attribute_names(name.clone());
            let attributes = request.send().await.unwrap().attributes?;
            (attributes.get(&name)? == "0").then_some(())
        })
        .await;
    }
}

/// An access key and its secret.
pub type Keys = (String, String);

/// The keys that IAM created.
fn keys(made: &Value) -> Keys {
    let part = |part: &str| made["AccessKey"][part].as_str().unwrap().to_owned();
    (part("AccessKeyId"), part("SecretAccessKey"))
}

/// tickler's client, with given keys.
pub async fn client(settings: &AwsSettings, (key, secret): (&str, &str)) -> Scheduler {
    let keys = format!("[profile ministack]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n");
    let machine = machine(&keys, Machine::own().http_client);
    Scheduler::connect_from(&machine, settings, SdkClock::system()).await.unwrap()
}

/// The outputs of a stack.
pub struct Outputs(HashMap<String, String>);

impl Outputs {
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("the stack has no output {name}"))
    }
}

/// Polls until the account has reached a state.
pub async fn wait_for<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|_| panic!("waited {PATIENCE:?} for {what}"))
}
