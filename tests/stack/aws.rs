//! A fake AWS: each action returns its prepared responses in turn, and repeats the last one.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;

/// The stack's ARN.
pub const ID: &str = "arn:aws:cloudformation:eu-west-1:123456789012:stack/tickler/1";

#[derive(Clone, Default)]
pub struct Aws(Arc<Mutex<Played>>);

#[derive(Default)]
struct Played {
    answers: HashMap<String, VecDeque<Answer>>,
    asked: Vec<Request>,
}

/// A request.
#[derive(Clone)]
pub struct Request {
    pub action: String,
    pub path: String,
    pub body: String,
}

/// A response.
#[derive(Clone)]
pub struct Answer {
    status: u16,
    error: Option<&'static str>,
    body: Body,
}

#[derive(Clone)]
enum Body {
    Text(String),
    /// Depends on the earlier requests.
    Of(fn(&[Request]) -> String),
}

impl std::fmt::Debug for Aws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Aws")
    }
}

impl Aws {
    /// Prepares responses to an action, in place of earlier ones.
    pub fn on(&self, action: &str, answers: impl IntoIterator<Item = Answer>) -> &Self {
        self.0.lock().unwrap().answers.insert(action.to_owned(), answers.into_iter().collect());
        self
    }

    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    /// All actions in turn; repetitions count once.
    pub fn actions(&self) -> Vec<String> {
        let mut actions: Vec<_> = self.0.lock().unwrap().asked.iter().map(|request| request.action.clone()).collect();
        actions.dedup();
        actions
    }

    /// The requests for an action.
    pub fn asked(&self, action: &str) -> Vec<Request> {
        let played = self.0.lock().unwrap();
        played.asked.iter().filter(|request| request.action == action).cloned().collect()
    }

    fn answer(&self, request: Request) -> HttpResponse {
        let mut played = self.0.lock().unwrap();
        let action = request.action.clone();
        played.asked.push(request);
        let Played { answers, asked } = &mut *played;
        let queue = answers.get_mut(&action).unwrap_or_else(|| panic!("nothing was laid ready for {action}"));
        let answer = if queue.len() > 1 { queue.pop_front() } else { queue.front().cloned() }.unwrap();
        let body = match answer.body {
            Body::Text(text) => text,
            Body::Of(of) => of(asked),
        };
        let mut response = HttpResponse::new(answer.status.try_into().unwrap(), SdkBody::from(body));
        if let Some(code) = answer.error {
            response.headers_mut().insert("x-amzn-errortype", code);
        }
        response
    }
}

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(Ok(self.answer(read(&request))))
    }
}

impl HttpClient for Aws {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn read(request: &HttpRequest) -> Request {
    let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
    let path = request.uri().split_once(".com").map_or_else(String::new, |(_, path)| path.to_owned());
    let target = request.headers().get("x-amz-target").and_then(|target| target.split_once('.'));
    let action = match (target, request.method(), path.strip_prefix("/schedules")) {
        (Some((_, action)), ..) => action,
        (_, "POST", Some(_)) => "CreateSchedule",
        (_, "PUT", Some(_)) => "UpdateSchedule",
        (_, "DELETE", Some(_)) => "DeleteSchedule",
        (_, "GET", Some(rest)) if rest.starts_with('/') => "GetSchedule",
        (_, "GET", Some(_)) => "ListSchedules",
        _ => body.split('&').find_map(|field| field.strip_prefix("Action=")).unwrap_or("something unknown"),
    };
    Request { action: action.to_owned(), path, body }
}

pub fn ok(body: impl Into<String>) -> Answer {
    Answer { status: 200, error: None, body: Body::Text(body.into()) }
}

pub fn of(body: fn(&[Request]) -> String) -> Answer {
    Answer { status: 200, error: None, body: Body::Of(body) }
}

/// An error response in JSON.
pub fn refused(status: u16, code: &'static str, message: &str) -> Answer {
    let body = serde_json::json!({ "Message": message }).to_string();
    Answer { status, error: Some(code), body: Body::Text(body) }
}

/// An error response of CloudFormation.
pub fn error(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>1</RequestId></ErrorResponse>"
    );
    Answer { status, error: None, body: Body::Text(body) }
}

pub fn absent() -> Answer {
    error(400, "ValidationError", "Stack with id tickler does not exist")
}

/// A response of CloudFormation or STS.
pub fn result(action: &str, inner: &str) -> Answer {
    ok(format!(
        "<{action}Response xmlns=\"https://example.org/\"><{action}Result>{inner}</{action}Result></{action}Response>"
    ))
}

/// The stack in a status. A complete one has outputs; `version` distinguishes functions and roles of two versions.
pub fn stack_of(status: &str, version: &str) -> Answer {
    let outputs = [
        ("GroupName", "tickler-memos".to_owned()),
        ("FunctionArn", format!("arn:aws:lambda:eu-west-1:123456789012:function:executeMemo-{version}")),
        ("SchedulerRoleArn", format!("arn:aws:iam::123456789012:role/scheduler-{version}")),
        ("QueueArn", "arn:aws:sqs:eu-west-1:123456789012:dead".to_owned()),
        ("LogGroupName", "/aws/lambda/tickler-executeMemo".to_owned()),
        ("PolicyArn", "arn:aws:iam::123456789012:policy/tickler".to_owned()),
    ];
    let outputs = outputs
        .map(|(key, value)| format!("<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"));
    let outputs = outputs.concat();
    let whole = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"].contains(&status);
    described(status, "tickler: what delivers its memos.", if whole { &outputs } else { "" })
}

pub fn stack(status: &str) -> Answer {
    stack_of(status, "1")
}

pub fn described(status: &str, description: &str, outputs: &str) -> Answer {
    result(
        "DescribeStacks",
        &format!(
            "<Stacks><member><StackId>{ID}</StackId><StackName>tickler</StackName><Description>{description}\
             </Description><StackStatus>{status}</StackStatus><CreationTime>2026-11-23T14:10:00Z</CreationTime>\
             <Parameters><member><ParameterKey>Email</ParameterKey><ParameterValue>a@b.c</ParameterValue></member>\
             </Parameters><Outputs>{outputs}</Outputs></member></Stacks>"
        ),
    )
}

/// A page of events, given from the oldest to the latest: resource, status, reason. CloudFormation returns the latest first.
pub fn events(events: &[(&str, &str, &str)]) -> Answer {
    let members: Vec<_> = events
        .iter()
        .enumerate()
        .map(|(number, (resource, status, reason))| {
            let (kind, physical) = match *resource {
                "tickler" => ("AWS::CloudFormation::Stack", ID),
                "ExecuteMemo" => ("AWS::Lambda::Function", "f"),
                "SchedulerRole" => ("AWS::IAM::Role", "r"),
                _ => ("AWS::Scheduler::ScheduleGroup", "g"),
            };
            format!(
                "<member><StackId>{ID}</StackId><EventId>{number}</EventId><StackName>tickler</StackName>\
                 <LogicalResourceId>{resource}</LogicalResourceId><PhysicalResourceId>{physical}</PhysicalResourceId>\
                 <ResourceType>{kind}</ResourceType><Timestamp>2026-11-23T14:10:00Z</Timestamp>\
                 <ResourceStatus>{status}</ResourceStatus><ResourceStatusReason>{reason}</ResourceStatusReason></member>"
            )
        })
        .rev()
        .collect();
    result("DescribeStackEvents", &format!("<StackEvents>{}</StackEvents>", members.concat()))
}
