use std::ffi::OsString;
use std::path::Path;

use super::{Config, Env, Flags, PlaceSettings, resolve};
use crate::aws::{AwsSettings, RetryPolicy};

const TARGET: &str = "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo";
const ROLE: &str = "arn:aws:iam::123456789012:role/tickler";

fn env(set: &[(&str, &str)]) -> Env {
    Env::read(|name| set.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(value)))
}

fn both() -> Env {
    env(&[("SCHEDULE_TARGET_ARN", TARGET), ("SCHEDULE_ROLE_ARN", ROLE)])
}

fn with_aws() -> Flags {
    Flags { aws: true, ..Flags::default() }
}

fn settings(flags: &Flags, env: &Env, file: &str) -> Result<Config, Vec<String>> {
    resolve(flags, env, Some((Path::new("c.toml"), file)))
        .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect())
}

fn place(flags: &Flags, env: &Env, file: &str) -> PlaceSettings {
    settings(flags, env, file).unwrap().place
}

fn aws(flags: &Flags, env: &Env, file: &str) -> AwsSettings {
    match place(flags, env, file) {
        PlaceSettings::Aws(place) => place,
        local @ PlaceSettings::Local { .. } => panic!("{local:?}"),
    }
}

fn mistakes(flags: &Flags, env: &Env, file: &str) -> Vec<String> {
    settings(flags, env, file).unwrap_err()
}

/// A file that names a target and a role.
fn file(more: &str) -> String {
    format!("[aws]\ntarget_arn = \"{TARGET}\"\nrole_arn = \"{ROLE}\"\n{more}\n")
}

#[test]
fn memos_are_kept_here_unless_aws_is_asked_for() {
    let local = PlaceSettings::Local { group: "tickler".to_owned() };
    assert_eq!(place(&Flags::default(), &Env::default(), ""), local);
    assert_eq!(place(&Flags::default(), &Env::default(), &file("")), local);
    let empty = env(&[("SCHEDULE_TARGET_ARN", ""), ("SCHEDULE_ROLE_ARN", "")]);
    assert_eq!(place(&Flags::default(), &empty, ""), local);
}

#[test]
fn the_flag_the_environment_and_the_file_each_ask_for_aws() {
    let expected = AwsSettings {
        profile: None,
        region: None,
        endpoint_url: None,
        group: "tickler".to_owned(),
        target_arn: TARGET.to_owned(),
        role_arn: ROLE.to_owned(),
        dead_letter_arn: None,
        log_group: None,
        retry: RetryPolicy::default(),
    };
    assert_eq!(aws(&Flags::default(), &both(), ""), expected);
    assert_eq!(aws(&Flags::default(), &both(), "[aws]\nenabled = false"), expected);
    assert_eq!(aws(&with_aws(), &Env::default(), &file("")), expected);
    assert_eq!(aws(&Flags::default(), &Env::default(), &file("enabled = true")), expected);
    let role_alone = env(&[("SCHEDULE_ROLE_ARN", ROLE)]);
    assert_eq!(aws(&Flags::default(), &role_alone, &file("")), expected, "the file has the other one");
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let text = file(
        "profile = \"p\"\nregion = \"eu-west-3\"\nendpoint_url = \"http://file\"\ngroup = \"of-the-file\"\n\
         dead_letter_arn = \"arn:aws:sqs:eu-west-1:123456789012:dead\"\nlog_group = \"/logs\"",
    );
    let of_the_file = aws(&with_aws(), &Env::default(), &text);
    assert_eq!(
        of_the_file,
        AwsSettings {
            profile: Some("p".to_owned()),
            region: Some("eu-west-3".to_owned()),
            endpoint_url: Some("http://file".to_owned()),
            group: "of-the-file".to_owned(),
            target_arn: TARGET.to_owned(),
            role_arn: ROLE.to_owned(),
            dead_letter_arn: Some("arn:aws:sqs:eu-west-1:123456789012:dead".to_owned()),
            log_group: Some("/logs".to_owned()),
            retry: RetryPolicy::default(),
        }
    );

    let other_role = "arn:aws:iam::123456789012:role/other";
    let set = env(&[("SCHEDULE_ROLE_ARN", other_role), ("SCHEDULE_GROUP", "of-the-environment")]);
    let over_the_file =
        AwsSettings { role_arn: other_role.to_owned(), group: "of-the-environment".to_owned(), ..of_the_file };
    assert_eq!(aws(&with_aws(), &set, &text), over_the_file);

    let flags = Flags {
        aws: true,
        profile: Some("q".to_owned()),
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some("http://flag".to_owned()),
        group: Some("of-the-flag".to_owned()),
    };
    let over_all = AwsSettings {
        profile: flags.profile.clone(),
        region: flags.region.clone(),
        endpoint_url: flags.endpoint_url.clone(),
        group: "of-the-flag".to_owned(),
        ..over_the_file
    };
    assert_eq!(aws(&flags, &set, &text), over_all);
}

#[test]
fn a_group_is_for_memos_on_this_machine_too() {
    let flags = Flags { group: Some("work".to_owned()), ..Flags::default() };
    assert_eq!(place(&flags, &Env::default(), ""), PlaceSettings::Local { group: "work".to_owned() });
    let set = env(&[("SCHEDULE_GROUP", "home")]);
    assert_eq!(place(&Flags::default(), &set, ""), PlaceSettings::Local { group: "home".to_owned() });
}

#[test]
fn one_arn_alone_is_a_mistake_that_names_the_other() {
    for (set, value, other) in
        [("SCHEDULE_TARGET_ARN", TARGET, "SCHEDULE_ROLE_ARN"), ("SCHEDULE_ROLE_ARN", ROLE, "SCHEDULE_TARGET_ARN")]
    {
        for flags in [Flags::default(), with_aws()] {
            let told = mistakes(&flags, &env(&[(set, value)]), "");
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with(&format!("{set}: ")) && told[0].contains(&format!("Set {other} ")), "{told:?}");
        }
    }
}

#[test]
fn aws_without_target_and_role_is_a_mistake_that_says_how_to_set_them() {
    let told = mistakes(&with_aws(), &Env::default(), "");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("--aws: To keep memos in AWS, set SCHEDULE_TARGET_ARN (or target_arn "), "{told:?}");
    assert!(told[0].contains("SCHEDULE_ROLE_ARN (or role_arn "), "{told:?}");

    let told = mistakes(&Flags::default(), &Env::default(), "[aws]\nenabled = true");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("c.toml:2:11: To keep memos in AWS"), "{told:?}");
}

#[test]
fn what_is_wrong_is_not_called_missing_as_well() {
    let told = mistakes(&with_aws(), &env(&[("SCHEDULE_TARGET_ARN", "executeMemo"), ("SCHEDULE_ROLE_ARN", ROLE)]), "");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("SCHEDULE_TARGET_ARN: “executeMemo” is no ARN."), "{told:?}");
    let told = mistakes(&with_aws(), &Env::default(), &file("").replace("role/", "user/"));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("c.toml:3:12: "), "{told:?}");
    assert_eq!(mistakes(&with_aws(), &Env::default(), "[aws\n").len(), 1);
}

#[test]
fn mistakes_of_all_three_are_told_at_once() {
    let flags = Flags {
        region: Some("Ireland".to_owned()),
        endpoint_url: Some("localhost".to_owned()),
        profile: Some(String::new()),
        ..with_aws()
    };
    let set = env(&[("SCHEDULE_ROLE_ARN", "me"), ("SCHEDULE_GROUP", "a b")]);
    let told = mistakes(&flags, &set, "mouse = 1\n[retry]\nmaximum_retry_attempts = 186\n");
    let places: Vec<_> = told.iter().map(|told| told.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        ["c.toml:1:9", "c.toml:3:26", "--profile", "--region", "--endpoint-url", "SCHEDULE_ROLE_ARN", "SCHEDULE_GROUP"]
    );
}

#[test]
fn a_mistake_elsewhere_hides_nothing_that_is_missing() {
    let told = mistakes(&with_aws(), &Env::default(), "muose = true");
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn what_is_for_aws_only_is_not_passed_over() {
    let flags = Flags { region: Some("eu-west-1".to_owned()), ..Flags::default() };
    let told = mistakes(&flags, &Env::default(), "");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("--region: ") && told[0].contains("Add --aws"), "{told:?}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_a_mistake() {
    use std::os::unix::ffi::OsStringExt as _;
    let set = Env::read(|name| (name == "SCHEDULE_GROUP").then(|| OsString::from_vec(vec![0xFF])));
    assert_eq!(
        mistakes(&Flags::default(), &set, ""),
        ["SCHEDULE_GROUP: The value is not UTF-8, so it cannot be read."]
    );
}

#[test]
fn what_the_file_says_is_what_comes_out() {
    let text = "zone = \"asia/tokyo\"\nmouse = false\nbell = false\nnotify = false\n\
                [retry]\nmaximum_event_age_seconds = 86_400\nmaximum_retry_attempts = 0\n\
                [when]\nevening = \"18:30\"\ndate_order = \"day-first\"\n";
    let time = chrono::NaiveTime::from_hms_opt(18, 30, 0).unwrap();
    assert_eq!(
        settings(&Flags::default(), &Env::default(), text),
        Ok(Config {
            place: PlaceSettings::Local { group: "tickler".to_owned() },
            zone: Some(when::Tz::Asia__Tokyo),
            mouse: false,
            bell: false,
            notify: false,
            when: when::Settings { evening: time, date_order: when::DateOrder::DayFirst, ..when::Settings::default() },
            retry: RetryPolicy { maximum_event_age_seconds: 86_400, maximum_retry_attempts: 0 },
        })
    );
}
