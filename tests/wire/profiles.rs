//! The messages about profiles before the first request, and about credentials that do not load.

use std::fmt::Write as _;

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tickler::aws::{Machine, Scheduler, SdkClock};
use tickler::context::{Access, AwsSettings};

use super::recorder::Recorder;
use super::settings;

/// A machine with this text as its `~/.aws/config`, and no `~/.aws/credentials`.
pub fn machine(config: &str, http_client: SharedHttpClient) -> Machine {
    Machine {
        profile_files: EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, config).build(),
        http_client,
    }
}

async fn refusal(config: &str, settings: &AwsSettings) -> String {
    let machine = machine(config, Recorder::default().http_client());
    let failure = Scheduler::connect_from(&machine, settings, SdkClock::system()).await.unwrap_err();
    format!("  {:?}\n  {failure}\n", failure.kind)
}

#[tokio::test]
async fn profiles_that_cannot_sign() {
    let cases = [
        ("no such profile", "[profile other]\nregion = eu-west-1\n"),
        ("nothing in it", "[profile wire]\nregion = eu-west-1\n"),
        ("half a key", "[profile wire]\naws_access_key_id = AKIAWIRE\n"),
        ("not a file of profiles", "[profile wire\n"),
        (
            "a role with a code",
            "[profile wire]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\n\
             mfa_serial = arn:aws:iam::123456789012:mfa/ada\n[profile base]\naws_access_key_id = A\naws_secret_access_key = b\n",
        ),
        (
            "a role of a role of nothing",
            "[profile wire]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\n",
        ),
        (
            "single sign-on",
            "[profile wire]\nsso_session = tickler-tests\nsso_account_id = 123456789012\nsso_role_name = r\n\
             [sso-session tickler-tests]\nsso_start_url = https://tickler.invalid/start\nsso_region = eu-west-1\n",
        ),
        ("a login", "[profile wire]\nlogin_session = arn:aws:iam::123456789012:user/tickler-tests\n"),
        ("a process that fails", "[profile wire]\ncredential_process = false\n"),
    ];
    let mut report = String::new();
    for (case, config) in cases {
        writeln!(report, "{case}\n{}", refusal(config, &settings()).await.trim_end()).unwrap();
    }
    let Access { profile, .. } = settings().access;
    let access = Access { profile, region: Some("us-east-1".to_owned()), endpoint_url: None };
    let elsewhere = AwsSettings { access, ..settings() };
    let keys = "[profile wire]\naws_access_key_id = A\naws_secret_access_key = b\n";
    writeln!(report, "a target of another region\n{}", refusal(keys, &elsewhere).await.trim_end()).unwrap();
    insta::assert_snapshot!(report);
}

#[tokio::test]
async fn sts_is_asked_for_an_account_that_the_credentials_lack() {
    let recorder = Recorder::answering([(
        200,
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::210987654321:user/ada</Arn><UserId>U</UserId><Account>210987654321</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>",
    )]);
    let keys = "[profile wire]\naws_access_key_id = A\naws_secret_access_key = b\nregion = eu-west-1\n";
    let machine = machine(keys, recorder.http_client());
    let scheduler = Scheduler::connect_from(&machine, &settings(), SdkClock::system()).await.unwrap();
    let place = scheduler.context();
    assert_eq!(place.id.as_str(), "aws/210987654321/eu-west-1/tickler");
    assert_eq!(place.log_group.as_deref(), Some("/aws/lambda/executeMemo"));
}

#[tokio::test]
async fn a_web_identity_token_gives_credentials() {
    let recorder = Recorder::answering([(
        200,
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <AssumeRoleWithWebIdentityResult><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId>\
         <Arn>arn:aws:sts::210987654321:assumed-role/tickler/s</Arn></AssumedRoleUser><Credentials>\
         <AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>\
         <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
         </AssumeRoleWithWebIdentityResponse>",
    )]);
    let dir = tempfile::tempdir().unwrap();
    let token = dir.path().join("token");
    std::fs::write(&token, "a token of the build server's").unwrap();
    let profile = format!(
        "[profile wire]\nrole_arn = arn:aws:iam::210987654321:role/tickler\nweb_identity_token_file = {}\n",
        token.display()
    );
    let machine = machine(&profile, recorder.http_client());
    let scheduler = Scheduler::connect_from(&machine, &settings(), SdkClock::system()).await.unwrap();
    assert_eq!(scheduler.context().account, "210987654321");
    assert!(recorder.requests().contains("sts."), "{}", recorder.requests());
}
