//! Every error of the service model, and the errors outside it that AWS sends, as the person reads them.

use std::fmt::Write as _;
use std::io;

use aws_smithy_runtime_api::client::result::ConnectorError;
use chrono::TimeDelta;
use tickler::failure::Failure;
use tickler::schedule::Change;

use super::recorder::Recorder;
use super::{connected, there};
use crate::client::{memo, now};

/// How many times the SDK tries.
const TRIES: usize = 3;

fn add(report: &mut String, case: &str, failure: &Failure) {
    writeln!(
        report,
        "{case}\n  {:?}{}\n  {failure}",
        failure.kind,
        if failure.kind.may_pass() { ", may pass" } else { "" }
    )
    .unwrap();
}

async fn failure_of_create(recorder: &Recorder) -> Failure {
    connected(recorder).await.write(&Change::Create(memo(1, "tea", 3))).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn errors_of_a_create() {
    const USER: &str = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: ";
    let cases = [
        (400, "ValidationException", "Invalid Schedule Expression at(2021-12-31).".to_owned()),
        (
            400,
            "ValidationException",
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.".to_owned(),
        ),
        (402, "ServiceQuotaExceededException", "The maximum number of schedules is 10000000.".to_owned()),
        (
            403,
            "AccessDeniedException",
            format!(
                "{USER}scheduler:CreateSchedule on resource: arn:aws:scheduler:eu-west-1:123456789012:schedule/tickler/x because no identity-based policy allows the scheduler:CreateSchedule action"
            ),
        ),
        (
            403,
            "AccessDeniedException",
            format!(
                "{USER}iam:PassRole on resource: arn:aws:iam::123456789012:role/tickler because no identity-based policy allows the iam:PassRole action"
            ),
        ),
        (403, "AccessDeniedException", String::new()),
        (403, "ExpiredTokenException", "The security token included in the request is expired".to_owned()),
        (403, "UnrecognizedClientException", "The security token included in the request is invalid.".to_owned()),
        (403, "InvalidSignatureException", "The request signature we calculated does not match.".to_owned()),
        (429, "ThrottlingException", "Rate exceeded".to_owned()),
        (500, "InternalServerException", "Unexpected error encountered while processing the request.".to_owned()),
        (503, "", String::new()),
        (418, "TeapotException", String::new()),
    ];
    let mut report = String::new();
    for (status, code, message) in cases {
        let recorder = Recorder::default();
        (0..TRIES).for_each(|_| recorder.error(status, code, &message));
        add(&mut report, &format!("{status} {code}: {message}"), &failure_of_create(&recorder).await);
    }
    insta::assert_snapshot!(report);
}

#[tokio::test]
async fn a_group_that_cannot_be_created() {
    let mut report = String::new();
    let recorder = Recorder::default();
    recorder.error(404, "ResourceNotFoundException", "Schedule group tickler does not exist.");
    recorder.error(403, "AccessDeniedException", "");
    add(&mut report, "denied", &failure_of_create(&recorder).await);

    let recorder = Recorder::default();
    recorder.error(409, "ConflictException", "Schedule group tickler is being deleted.");
    recorder.error(404, "ResourceNotFoundException", "Schedule group tickler does not exist.");
    recorder.answer(200, r#"{"Name":"tickler","State":"DELETING"}"#);
    add(&mut report, "going", &failure_of_create(&recorder).await);
    insta::assert_snapshot!(report);
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_other_operations() {
    let mut report = String::new();
    let memo = memo(1, "tea", 3);
    let name = memo.id.to_string();
    let denied = || {
        let recorder = Recorder::default();
        recorder.error(403, "AccessDeniedException", "");
        recorder
    };
    let scheduler = connected(&denied()).await;
    add(&mut report, "get", &scheduler.get(&name.as_str().into()).await.unwrap_err());
    let scheduler = connected(&denied()).await;
    add(&mut report, "list", &scheduler.loader().refresh(&[], |_| ()).await.unwrap_err());
    let scheduler = connected(&denied()).await;
    add(&mut report, "delete", &scheduler.write(&Change::Cancel(memo.clone())).await.unwrap_err());
    let scheduler = connected(&denied()).await;
    add(&mut report, "invoke", &scheduler.run_now(&memo).await.unwrap_err());
    let scheduler = connected(&denied()).await;
    add(&mut report, "logs", &scheduler.receipts(now() - TimeDelta::hours(1), now()).await.unwrap_err());

    let recorder = Recorder::default();
    recorder.error(400, "ResourceNotFoundException", "The specified log group does not exist.");
    let scheduler = connected(&recorder).await;
    add(&mut report, "no log", &scheduler.receipts(now() - TimeDelta::hours(1), now()).await.unwrap_err());

    let recorder = Recorder::default();
    recorder.function_error(r#"{"errorMessage":"the topic is gone","errorType":"KeyError"}"#);
    let scheduler = connected(&recorder).await;
    add(&mut report, "function error", &scheduler.run_now(&memo).await.unwrap_err());

    let (before, after) = (memo.clone(), crate::client::memo(1, "coffee", 5));
    let recorder = Recorder::default();
    for _ in 0..4 {
        recorder.answer(200, &there(&name, "tea", "at(2026-11-23T15:13:00)"));
        recorder.error(409, "ConflictException", "The request conflicts with another one.");
    }
    let scheduler = connected(&recorder).await;
    add(&mut report, "update", &scheduler.write(&Change::Update { before, after }).await.unwrap_err());
    insta::assert_snapshot!(report);
}

#[tokio::test(start_paused = true)]
async fn failures_of_the_network() {
    let mut report = String::new();
    let io = |kind: io::ErrorKind, text: &'static str| move || ConnectorError::io(io::Error::new(kind, text).into());
    for (case, kind, text) in [
        ("refused", io::ErrorKind::ConnectionRefused, "Connection refused (os error 111)"),
        ("reset", io::ErrorKind::ConnectionReset, "Connection reset by peer (os error 104)"),
        ("dns", io::ErrorKind::Other, "failed to lookup address information: Name or service not known"),
    ] {
        let recorder = Recorder::default();
        (0..TRIES).for_each(|_| recorder.broken(io(kind, text)));
        add(&mut report, case, &failure_of_create(&recorder).await);
    }
    let recorder = Recorder::default();
    (0..TRIES)
        .for_each(|_| recorder.broken(|| ConnectorError::timeout("HTTP connect timeout occurred after 3s".into())));
    add(&mut report, "connect timeout", &failure_of_create(&recorder).await);
    let recorder = Recorder::default();
    (0..2 * TRIES).for_each(|_| recorder.never());
    add(&mut report, "silence", &failure_of_create(&recorder).await);
    let recorder = Recorder::answering([(200, "<html>a captive portal</html>")]);
    add(&mut report, "a captive portal", &failure_of_create(&recorder).await);
    insta::assert_snapshot!(report);
}
