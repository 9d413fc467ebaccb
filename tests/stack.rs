//! `tickler init` and `tickler teardown` against a fake AWS with a virtual clock: every condition of a stack, and what
//! tickler says about it.

mod aws;
mod init;
mod refusals;
mod teardown;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::SystemTime;

use aws_smithy_async::time::{SharedTimeSource, TimeSource};
use tempfile::TempDir;
use tickler::aws::SdkClock;
use tickler::cli::{InitArguments, Prompt, SetupEnvironment, Stop, TeardownArguments, init, teardown};
use tickler::config::{Env, Flags};

use crate::client::now;
use crate::wire::profiles;
use aws::{Aws, absent, events, ok, result, stack};

/// A clock that follows tokio's virtual time.
#[derive(Debug)]
struct Virtual {
    begun: tokio::time::Instant,
}

impl TimeSource for Virtual {
    fn now(&self) -> SystemTime {
        SystemTime::from(now()) + self.begun.elapsed()
    }
}

/// A terminal with scripted answers, or no terminal.
#[derive(Debug, Default)]
struct Script {
    said: Vec<String>,
    answers: Option<VecDeque<&'static str>>,
}

impl Prompt for Script {
    fn print(&mut self, line: &str) {
        self.said.push(line.to_owned());
    }

    fn can_ask(&self) -> bool {
        self.answers.is_some()
    }

    fn ask(&mut self, question: &str) -> String {
        let answer = self.answers.as_mut().and_then(VecDeque::pop_front).expect("an unexpected question");
        self.said.push(format!("{question} {answer}"));
        answer.to_owned()
    }
}

/// A machine with its settings, and a fake AWS.
struct Machine {
    aws: Aws,
    directory: TempDir,
    flags: Flags,
    environment: Env,
    talk: Script,
}

impl Machine {
    /// With empty settings and no stack.
    fn new() -> Self {
        let aws = Aws::default();
        let arn = "<Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>U</UserId><Account>123456789012</Account>";
        aws.on("GetCallerIdentity", [result("GetCallerIdentity", arn)])
            .on("DescribeStacks", [absent()])
            .on("DescribeStackEvents", [events(&[])])
            .on("CreateStack", [result("CreateStack", &format!("<StackId>{}</StackId>", aws::ID))])
            .on("UpdateStack", [result("UpdateStack", &format!("<StackId>{}</StackId>", aws::ID))])
            .on("DeleteStack", [result("DeleteStack", "")])
            .on("CreateSchedule", [ok(r#"{"ScheduleArn":"arn"}"#)])
            .on("UpdateSchedule", [ok(r#"{"ScheduleArn":"arn"}"#)])
            .on("DeleteSchedule", [ok("{}")])
            .on("ListSchedules", [ok(r#"{"Schedules":[]}"#)]);
        let region = Some("eu-west-1".to_owned());
        let flags = Flags { profile: Some("wire".to_owned()), region, ..Flags::default() };
        Self {
            aws,
            directory: tempfile::tempdir().unwrap(),
            flags,
            environment: Env::default(),
            talk: Script::default(),
        }
    }

    /// With a stack that is up to date.
    fn with_stack() -> Self {
        let machine = Self::new();
        machine
            .aws
            .on("DescribeStacks", [stack("CREATE_COMPLETE")])
            .on("UpdateStack", [aws::error(400, "ValidationError", "No updates are to be performed.")]);
        machine
    }

    fn settled(self, settings: &str) -> Self {
        std::fs::write(self.config_file(), settings).unwrap();
        self
    }

    fn answering(mut self, answers: impl IntoIterator<Item = &'static str>) -> Self {
        self.talk.answers = Some(answers.into_iter().collect());
        self
    }

    fn config_file(&self) -> PathBuf {
        self.directory.path().join("config.toml")
    }

    /// The text of the settings; empty if there is no file.
    fn config(&self) -> String {
        std::fs::read_to_string(self.config_file()).unwrap_or_default()
    }

    fn world(&self) -> SetupEnvironment {
        let keys = "[profile wire]\naws_access_key_id = A\naws_secret_access_key = b\naws_account_id = 123456789012\n";
        let time_source = SharedTimeSource::new(Virtual { begun: tokio::time::Instant::now() });
        SetupEnvironment {
            machine: profiles::machine(keys, self.aws.http_client()),
            clock: SdkClock { time_source, ..SdkClock::system() },
            variables: self.environment.clone(),
            config_file: self.config_file(),
        }
    }

    async fn init(&mut self, arguments: InitArguments) -> Result<(), Stop> {
        let world = self.world();
        init(&arguments, &self.flags, &world, &mut self.talk).await
    }

    async fn teardown(&mut self, arguments: TeardownArguments) -> Result<(), Stop> {
        let world = self.world();
        teardown(&arguments, &self.flags, &world, &mut self.talk).await
    }

    /// The output, the result, and the requests to AWS.
    fn report(&self, ended: &Result<(), Stop>) -> String {
        let ended = match ended {
            Ok(()) => "done".to_owned(),
            Err(Stop::Failed(failure)) => format!("{:?}: {failure}", failure.kind),
            Err(stop) => format!("stopped: {stop}"),
        };
        let config = self.config_file().display().to_string();
        let said = self.talk.said.join("\n").replace(&config, "CONFIG");
        format!("{said}\n\n{}\n\n{}", ended.replace(&config, "CONFIG"), self.aws.actions().join(" "))
    }
}

/// Arguments for no question and no test memo.
fn quiet() -> InitArguments {
    InitArguments { yes: true, no_test: true, ..InitArguments::default() }
}
