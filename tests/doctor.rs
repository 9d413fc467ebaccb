//! `tickler doctor`: every problem that it detects, once, with its advice.

mod aws;
mod command;
mod deliveries;
mod policy;

use std::fmt::Write as _;

use chrono::TimeDelta;
use tickler::aws::{CheckState, Doctor, Finding};
use tickler::cli::{Colour, Report};
use tickler::context::{Access, AwsSettings};
use when::Tz;

use crate::wire::profiles::machine;
use crate::wire::settings;
use aws::{Answer, Aws, body, caller, denied, missing};

const KEYS: &str =
    "[profile wire]\naws_access_key_id = AKIAWIRE\naws_secret_access_key = wire\naws_account_id = 123456789012\n";

/// The findings with these profiles and settings.
async fn look(aws: &Aws, profiles: &str, settings: &AwsSettings) -> Vec<Finding> {
    let machine = machine(profiles, aws.http_client());
    let doctor = Doctor { machine: &machine, settings, clock: aws.clock(), zone: Tz::Europe__Paris };
    doctor.check().await.findings
}

fn printed(findings: Vec<Finding>) -> String {
    Report { context: Some("work".to_owned()), findings }.text(80, Colour::Off)
}

/// The findings that differ from those of a working setup.
async fn report_of(aws: Aws) -> String {
    report_with(aws, KEYS, &settings()).await
}

async fn report_with(aws: Aws, profiles: &str, settings: &AwsSettings) -> String {
    let well = look(&Aws::well(), KEYS, &crate::wire::settings()).await;
    let found = look(&aws, profiles, settings).await;
    let names = |findings: &[Finding]| findings.iter().map(|finding| finding.name).collect::<Vec<_>>();
    assert_eq!(names(&found), names(&well), "the same checks in the same order, whatever they find");
    printed(found.into_iter().filter(|finding| !well.contains(finding)).collect())
}

/// The reports of several cases.
#[derive(Default)]
struct Cases(String);

impl Cases {
    fn add(&mut self, case: &str, report: &str) {
        writeln!(self.0, "── {case}\n{}\n", report.trim_end()).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn all_is_well() {
    let aws = Aws::well();
    let findings = look(&aws, KEYS, &settings()).await;
    assert!(
        findings.iter().all(|finding| finding.state == CheckState::Ok && finding.advice.is_empty()),
        "{findings:#?}"
    );
    insta::assert_snapshot!(printed(findings));
}

#[tokio::test(start_paused = true)]
async fn credentials() {
    let mut cases = Cases::default();
    let sso = "[profile wire]\nsso_session = tickler-tests\nsso_account_id = 123456789012\nsso_role_name = r\n\
               [sso-session tickler-tests]\nsso_start_url = https://tickler.invalid/start\nsso_region = eu-west-1\n";
    for (case, profiles) in [
        ("no such profile", "[profile other]\nregion = eu-west-1\n"),
        ("no credentials in the profile", "[profile wire]\nregion = eu-west-1\n"),
        ("an expired SSO session", sso),
        ("a process that fails", "[profile wire]\ncredential_process = false\n"),
    ] {
        cases.add(case, &report_with(Aws::well(), profiles, &settings()).await);
    }
    for (case, status, code) in [
        ("credentials that AWS does not know", 403, "InvalidClientTokenId"),
        ("a session that has expired", 403, "ExpiredToken"),
    ] {
        let aws = Aws::well().but("GetCallerIdentity", Answer::Error(status, code, "The token is bad.".to_owned()));
        cases.add(case, &report_of(aws).await);
    }
    let elsewhere = KEYS.replace("123456789012", "210987654321");
    let another = caller("arn:aws:iam::210987654321:user/ada", "210987654321");
    let aws = Aws::well().but("GetCallerIdentity", another);
    cases.add("credentials of another account", &report_with(aws, &elsewhere, &settings()).await);
    cases.add("no network", &report_of(Aws::well().but("GetCallerIdentity", Answer::Refused)).await);
    insta::assert_snapshot!(cases.0);
}

#[tokio::test(start_paused = true)]
async fn without_sts_all_other_checks_still_run() {
    let report = report_of(Aws::well().but("GetCallerIdentity", denied(""))).await;
    insta::assert_snapshot!(report);
}

#[tokio::test(start_paused = true)]
async fn temporary_credentials_show_when_they_expire() {
    let keys = r#"{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"b\",\"SessionToken\":\"c\",\"AccountId\":\"123456789012\",\"Expiration\":\"2026-11-23T17:12:00Z\"}"#;
    let profile = format!("[profile wire]\ncredential_process = echo \"{keys}\"\n");
    let findings = look(&Aws::well(), &profile, &settings()).await;
    assert_eq!(
        findings[0].found,
        "arn:aws:iam::123456789012:user/ada, with the credential_process of the profile wire, until 18:12 (in 3 h 2 min)."
    );
    let findings = look(&Aws::well(), &profile.replace("23T17", "25T17"), &settings()).await;
    assert!(findings[0].found.ends_with("until 25 Nov 18:12 (in 2 days 3 h)."), "{}", findings[0].found);
}

#[tokio::test(start_paused = true)]
async fn regions() {
    let mut cases = Cases::default();
    let in_region = |region: Option<&str>| AwsSettings {
        access: Access { region: region.map(str::to_owned), ..settings().access },
        ..settings()
    };
    cases.add("no region", &report_with(Aws::well(), KEYS, &in_region(None)).await);
    cases.add("not that of the target", &report_with(Aws::well(), KEYS, &in_region(Some("us-east-1"))).await);
    insta::assert_snapshot!(cases.0);
}

#[tokio::test(start_paused = true)]
async fn clocks() {
    let mut cases = Cases::default();
    for (case, ahead) in [
        ("no answer says the time", None),
        ("ours is a minute ahead", Some(TimeDelta::seconds(-61))),
        ("ours is seven minutes ahead", Some(TimeDelta::minutes(-7))),
        ("ours is two hours behind", Some(TimeDelta::minutes(125))),
    ] {
        cases.add(case, &report_of(Aws::well().with_clock_ahead(ahead)).await);
    }
    let refused = Answer::Error(403, "SignatureDoesNotMatch", "Signature expired.".to_owned());
    let aws = Aws::well().with_clock_ahead(Some(TimeDelta::minutes(16))).but("GetCallerIdentity", refused);
    cases.add("so far behind that AWS rejects the signature", &report_of(aws).await);
    insta::assert_snapshot!(cases.0);
}

#[tokio::test(start_paused = true)]
async fn groups() {
    let mut cases = Cases::default();
    let aws = Aws::well().but("GetScheduleGroup", missing("Schedule group tickler does not exist."));
    cases.add("there is none", &report_of(aws.clone()).await);
    assert!(!aws.asked().iter().any(|asked| asked.contains("Schedule ")), "no test schedule is created");
    let aws = Aws::well().but("GetScheduleGroup", body(r#"{"Name":"tickler","State":"DELETING"}"#));
    cases.add("it is being deleted", &report_of(aws).await);
    insta::assert_snapshot!(cases.0);
}

#[tokio::test(start_paused = true)]
async fn a_denied_action_is_named() {
    let mut cases = Cases::default();
    for (operation, action, resource) in [
        ("GetScheduleGroup", "scheduler:GetScheduleGroup", "scheduler:eu-west-1:123456789012:schedule-group/tickler"),
        ("ListSchedules", "scheduler:ListSchedules", "scheduler:eu-west-1:123456789012:schedule/*/*"),
        ("GetSchedule", "scheduler:GetSchedule", "scheduler:eu-west-1:123456789012:schedule/tickler/doctor-x"),
        ("CreateSchedule", "scheduler:CreateSchedule", "scheduler:eu-west-1:123456789012:schedule/tickler/doctor-x"),
        ("UpdateSchedule", "scheduler:UpdateSchedule", "scheduler:eu-west-1:123456789012:schedule/tickler/doctor-x"),
        ("DeleteSchedule", "scheduler:DeleteSchedule", "scheduler:eu-west-1:123456789012:schedule/tickler/doctor-x"),
        ("DryRun", "lambda:InvokeFunction", "lambda:eu-west-1:123456789012:function:executeMemo"),
        ("FilterLogEvents", "logs:FilterLogEvents", "logs:eu-west-1:123456789012:log-group:/aws/lambda/executeMemo:*"),
        ("GetQueueAttributes", "sqs:getqueueattributes", "sqs:eu-west-1:123456789012:undelivered"),
    ] {
        let message = format!(
            "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: {action} on resource: \
             arn:aws:{resource} because no identity-based policy allows the {action} action"
        );
        cases.add(operation, &report_of(Aws::well().but(operation, denied(&message))).await);
    }
    insta::assert_snapshot!(cases.0);
}

#[tokio::test(start_paused = true)]
async fn the_role() {
    let mut cases = Cases::default();
    let pass = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:PassRole on resource: \
                arn:aws:iam::123456789012:role/tickler because no identity-based policy allows the iam:PassRole action";
    cases.add("may not be passed", &report_of(Aws::well().but("CreateSchedule", denied(pass))).await);
    let trust = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.";
    let refused = Answer::Error(400, "ValidationException", trust.to_owned());
    cases.add("may not be assumed", &report_of(Aws::well().but("CreateSchedule", refused)).await);
    let throttled = Answer::Error(429, "ThrottlingException", "Rate exceeded".to_owned());
    cases.add("throttled", &report_of(Aws::well().but("CreateSchedule", throttled)).await);
    insta::assert_snapshot!(cases.0);
}

#[tokio::test(start_paused = true)]
async fn only_left_over_test_schedules_are_deleted() {
    let row = |name: &str, minutes: i64| {
        let made = (crate::client::now() - TimeDelta::minutes(minutes)).timestamp();
        format!(r#"{{"Name":"{name}","GroupName":"tickler","CreationDate":{made}}}"#)
    };
    let rows = [
        row("doctor-01010101-0101-4101-8101-010101010101", 60),
        row("doctor-02020202-0202-4202-8202-020202020202", 60),
        row("doctor-03030303-0303-4303-8303-030303030303", 2),
        row("doctor-appointment", 600),
    ];
    let aws = Aws::well().but("ListSchedules", Answer::Body(format!(r#"{{"Schedules":[{}]}}"#, rows.join(","))));
    let report = report_of(aws.clone()).await;
    let asked = aws.asked();
    let deleted = |part: &str| asked.iter().any(|asked| asked.starts_with("DeleteSchedule") && asked.contains(part));
    assert!(deleted("doctor-01010101") && deleted("doctor-02020202"), "{asked:?}");
    assert!(!deleted("doctor-03030303"), "another doctor may be running");
    assert!(!deleted("appointment"), "it is not a test schedule");
    insta::assert_snapshot!(report);
}

#[tokio::test(start_paused = true)]
async fn a_read_only_context_is_not_changed() {
    let aws = Aws::well();
    let report = report_with(aws.clone(), KEYS, &AwsSettings { read_only: true, ..settings() }).await;
    for asked in aws.asked() {
        let changes = ["Create", "Update", "Delete", "Invoke", "DryRun"];
        assert!(!changes.iter().any(|change| asked.starts_with(change)), "{asked}");
    }
    insta::assert_snapshot!(report);
}

#[tokio::test(start_paused = true)]
async fn the_function_and_its_subscriptions() {
    let mut cases = Cases::default();
    let gone = missing("Function not found: arn:aws:lambda:eu-west-1:123456789012:function:executeMemo");
    cases.add("there is none", &report_of(Aws::well().but("DryRun", gone)).await);
    let fails = Answer::FunctionError(r#"{"errorType":"NotFound","errorMessage":"Topic does not exist"}"#);
    cases.add("it fails", &report_of(Aws::well().but("Invoke", fails)).await);
    cases.add("another function", &report_of(Aws::well().but("Invoke", body("null"))).await);
    for (confirmed, pending) in [(0, 0), (0, 1), (2, 1), (3, 0)] {
        let answer = format!(r#"{{"tickler":1,"subscriptions":{{"confirmed":{confirmed},"pending":{pending}}}}}"#);
        let report = report_of(Aws::well().but("Invoke", Answer::Body(answer))).await;
        cases.add(&format!("{confirmed} confirmed, {pending} pending"), &report);
    }
    let queue = AwsSettings { target_arn: "arn:aws:sqs:eu-west-1:123456789012:memos".parse().unwrap(), ..settings() };
    cases.add("the target is a queue", &report_with(Aws::well(), KEYS, &queue).await);
    insta::assert_snapshot!(cases.0);
}

#[tokio::test(start_paused = true)]
async fn the_log_and_the_queue() {
    let mut cases = Cases::default();
    let gone = Answer::Error(400, "ResourceNotFoundException", "The specified log group does not exist.".to_owned());
    cases.add("no log", &report_of(Aws::well().but("FilterLogEvents", gone)).await);
    let gone = Answer::Error(400, "QueueDoesNotExist", "The specified queue does not exist.".to_owned());
    cases.add("no such queue", &report_of(Aws::well().but("GetQueueAttributes", gone)).await);
    for number in [1, 12] {
        let answer = format!(r#"{{"Attributes":{{"ApproximateNumberOfMessages":"{number}"}}}}"#);
        let report = report_of(Aws::well().but("GetQueueAttributes", Answer::Body(answer))).await;
        cases.add(&format!("{number} in the queue"), &report);
    }
    cases.add(
        "a queue that does not report its size",
        &report_of(Aws::well().but("GetQueueAttributes", body("{}"))).await,
    );
    let none = AwsSettings { dead_letter_arn: None, ..settings() };
    cases.add("no queue is set", &report_with(Aws::well(), KEYS, &none).await);
    insta::assert_snapshot!(cases.0);
}

#[tokio::test(start_paused = true)]
async fn a_test_schedule_is_not_listed() {
    let row = |name: &str| format!(r#"{{"Name":"{name}","GroupName":"tickler","LastModificationDate":1.5}}"#);
    let rows = [row("doctor-01010101-0101-4101-8101-010101010101"), row("doctor-appointment")];
    let aws = Aws::well().but("ListSchedules", Answer::Body(format!(r#"{{"Schedules":[{}]}}"#, rows.join(","))));
    let machine = machine(KEYS, aws.http_client());
    let scheduler = tickler::aws::Scheduler::connect_from(&machine, &settings(), aws.clock()).await.unwrap();
    scheduler.loader().refresh(&[], |_| ()).await.unwrap();
    assert_eq!(aws.asked(), ["ListSchedules", "GetSchedule doctor-appointment"]);
}
