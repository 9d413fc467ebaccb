use std::ffi::OsString;
use std::path::Path;

use super::{Config, Env, Flags, resolve};
use crate::context::{Access, AwsSettings, ContextSettings, RetryPolicy};
use crate::preferences::{Borders, Notifications, Preferences, Screen, TerminalNote, ThemeName};

const TARGET: &str = "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo";
const ROLE: &str = "arn:aws:iam::123456789012:role/tickler";

fn env(set: &[(&str, &str)]) -> Env {
    Env::read(|name| set.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(value)))
}

fn both() -> Env {
    env(&[("SCHEDULE_TARGET_ARN", TARGET), ("SCHEDULE_ROLE_ARN", ROLE)])
}

fn in_context(name: &str) -> Flags {
    Flags { context: Some(name.to_owned()), ..Flags::default() }
}

fn settings(flags: &Flags, env: &Env, file: &str) -> Result<Config, Vec<String>> {
    resolve(flags, env, Some((Path::new("c.toml"), file)))
        .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect())
}

fn chosen(flags: &Flags, env: &Env, file: &str) -> ContextSettings {
    settings(flags, env, file).unwrap().contexts.chosen().settings.clone()
}

fn aws(flags: &Flags, env: &Env, file: &str) -> AwsSettings {
    match chosen(flags, env, file) {
        ContextSettings::Aws(settings) => *settings,
        local @ ContextSettings::Local { .. } => panic!("{local:?}"),
    }
}

fn local(group: &str) -> ContextSettings {
    ContextSettings::Local { group: group.to_owned(), retry: RetryPolicy::default(), read_only: false }
}

fn mistakes(flags: &Flags, env: &Env, file: &str) -> Vec<String> {
    settings(flags, env, file).unwrap_err()
}

/// A file with a context that has a target, a role, and more.
fn work(more: &str) -> String {
    format!("[contexts.work]\ntarget_arn = \"{TARGET}\"\nrole_arn = \"{ROLE}\"\n{more}\n")
}

#[test]
fn the_context_is_local_unless_another_one_is_chosen() {
    assert_eq!(chosen(&Flags::default(), &Env::default(), ""), local("tickler"));
    assert_eq!(chosen(&Flags::default(), &Env::default(), &work("")), local("tickler"));
    let empty = env(&[("SCHEDULE_TARGET_ARN", ""), ("SCHEDULE_ROLE_ARN", ""), ("TICKLER_CONTEXT", "")]);
    assert_eq!(chosen(&Flags::default(), &empty, ""), local("tickler"));
}

#[test]
fn the_flag_then_the_variable_then_the_arns_then_the_file_choose() {
    let file = format!(
        "context = \"home\"\n{}{}",
        work(""),
        work("group = \"mine\"").replace("contexts.work", "contexts.home")
    );
    let name_of = |flags: &Flags, env: &Env| settings(flags, env, &file).unwrap().contexts.chosen().name.clone();
    let arns = [("SCHEDULE_TARGET_ARN", TARGET), ("SCHEDULE_ROLE_ARN", ROLE)];
    let all = env(&[arns[0], arns[1], ("TICKLER_CONTEXT", "work")]);
    assert_eq!(name_of(&in_context("local"), &all), "local");
    assert_eq!(name_of(&Flags::default(), &all), "work");
    assert_eq!(name_of(&Flags::default(), &env(&arns)), "environment");
    assert_eq!(name_of(&Flags::default(), &Env::default()), "home");
}

#[test]
fn contexts_are_in_the_order_from_file() {
    let file = format!("{}{}", work("").replace("work", "zebra"), work("").replace("work", "ant"));
    let names = |env: &Env| {
        let contexts = settings(&Flags::default(), env, &file).unwrap().contexts;
        contexts.names().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names(&Env::default()), ["local", "zebra", "ant"]);
    assert_eq!(names(&both()), ["local", "zebra", "ant", "environment"]);
}

#[test]
fn the_arns_of_the_environment_make_a_context_with_defaults() {
    let expected = AwsSettings {
        name: "environment".to_owned(),
        access: Access::default(),
        group: "tickler".to_owned(),
        target_arn: TARGET.parse().unwrap(),
        role_arn: ROLE.parse().unwrap(),
        dead_letter_arn: None,
        log_group: None,
        retry: RetryPolicy::default(),
        read_only: false,
    };
    assert_eq!(aws(&Flags::default(), &both(), ""), expected);
    assert_eq!(aws(&Flags::default(), &both(), &format!("context = \"work\"\n{}", work(""))), expected);
}

#[test]
fn flags_override_a_context_from_file() {
    let text = work(
        "profile = \"p\"\nregion = \"eu-west-3\"\nendpoint_url = \"http://file\"\ngroup = \"from-file\"\n\
         dead_letter_arn = \"arn:aws:sqs:eu-west-1:123456789012:dead\"\nlog_group = \"/logs\"",
    );
    let from_file = AwsSettings {
        name: "work".to_owned(),
        access: Access {
            profile: Some("p".to_owned()),
            region: Some("eu-west-3".to_owned()),
            endpoint_url: Some("http://file".to_owned()),
        },
        group: "from-file".to_owned(),
        target_arn: TARGET.parse().unwrap(),
        role_arn: ROLE.parse().unwrap(),
        dead_letter_arn: Some("arn:aws:sqs:eu-west-1:123456789012:dead".parse().unwrap()),
        log_group: Some("/logs".to_owned()),
        retry: RetryPolicy::default(),
        read_only: false,
    };
    assert_eq!(aws(&in_context("work"), &Env::default(), &text), from_file);
    let flags = Flags {
        profile: Some("q".to_owned()),
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some("http://flag".to_owned()),
        group: Some("from-flag".to_owned()),
        ..in_context("work")
    };
    let access = Access {
        profile: flags.profile.clone(),
        region: flags.region.clone(),
        endpoint_url: flags.endpoint_url.clone(),
    };
    let over = AwsSettings { access, group: "from-flag".to_owned(), ..from_file };
    assert_eq!(aws(&flags, &Env::default(), &text), over);
}

#[test]
fn the_environment_does_not_change_a_context_chosen_by_name() {
    let other = "arn:aws:iam::123456789012:role/other";
    let set = env(&[("SCHEDULE_ROLE_ARN", other), ("SCHEDULE_GROUP", "from-environment")]);
    let settings = aws(&in_context("work"), &set, &work(""));
    assert_eq!((settings.role_arn.to_string().as_str(), settings.group.as_str()), (ROLE, "tickler"));
}

#[test]
fn the_local_context_takes_a_group_too() {
    let flags = Flags { group: Some("work".to_owned()), ..Flags::default() };
    assert_eq!(chosen(&flags, &Env::default(), ""), local("work"));
    let set = env(&[("SCHEDULE_GROUP", "home")]);
    assert_eq!(chosen(&Flags::default(), &set, ""), local("home"));
    assert_eq!(chosen(&Flags::default(), &Env::default(), "[contexts.local]\ngroup = \"here\""), local("here"));
}

#[test]
fn read_only_holds_for_one_context_or_for_all() {
    let text = work("read_only = true");
    assert!(aws(&in_context("work"), &Env::default(), &text).read_only);
    assert_eq!(chosen(&Flags::default(), &Env::default(), &text), local("tickler"));
    let flags = Flags { read_only: true, ..Flags::default() };
    let contexts = settings(&flags, &Env::default(), &work("")).unwrap().contexts;
    for name in ["local", "work"] {
        let read_only = match &contexts.get(name).unwrap().settings {
            ContextSettings::Local { read_only, .. } => *read_only,
            ContextSettings::Aws(settings) => settings.read_only,
        };
        assert!(read_only, "{name}");
    }
}

#[test]
fn one_arn_alone_is_a_mistake_that_names_the_other() {
    for (set, value, other) in
        [("SCHEDULE_TARGET_ARN", TARGET, "SCHEDULE_ROLE_ARN"), ("SCHEDULE_ROLE_ARN", ROLE, "SCHEDULE_TARGET_ARN")]
    {
        let reported = mistakes(&Flags::default(), &env(&[(set, value)]), "");
        assert_eq!(reported.len(), 1, "{reported:?}");
        assert!(
            reported[0].starts_with(&format!("{set}: ")) && reported[0].contains(&format!("Set {other} ")),
            "{reported:?}"
        );
    }
}

#[test]
fn a_context_without_target_and_role_is_a_mistake_with_advice() {
    let reported = mistakes(&Flags::default(), &Env::default(), "[contexts.work]\nregion = \"eu-west-1\"");
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert!(reported[0].starts_with("c.toml:1:11: The context work needs a target_arn (the ARN"), "{reported:?}");
    assert!(reported[0].contains("`tickler init --name work`"), "{reported:?}");
}

#[test]
fn an_unknown_context_is_a_mistake_with_a_suggestion() {
    let reported = mistakes(&in_context("wrk"), &Env::default(), &work(""));
    assert_eq!(reported, ["--context: Unknown context “wrk”. Did you mean work?"]);
    let reported = mistakes(&Flags::default(), &env(&[("TICKLER_CONTEXT", "elsewhere")]), &work(""));
    assert_eq!(
        reported,
        [
            "TICKLER_CONTEXT: Unknown context “elsewhere”. Known contexts: local, work. `tickler init` creates one in AWS."
        ]
    );
    let reported = mistakes(&Flags::default(), &Env::default(), "context = \"home\"");
    assert_eq!(
        reported,
        ["c.toml:1:11: Unknown context “home”. Known contexts: local. `tickler init` creates one in AWS."]
    );
}

#[test]
fn an_invalid_setting_is_not_reported_as_missing_too() {
    let set = env(&[("SCHEDULE_TARGET_ARN", "executeMemo"), ("SCHEDULE_ROLE_ARN", ROLE)]);
    let reported = mistakes(&Flags::default(), &set, "");
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert!(reported[0].starts_with("SCHEDULE_TARGET_ARN: “executeMemo” is not an ARN."), "{reported:?}");
    let reported = mistakes(&in_context("work"), &Env::default(), &work("").replace("role/", "user/"));
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert!(reported[0].starts_with("c.toml:3:12: "), "{reported:?}");
    assert_eq!(mistakes(&in_context("work"), &Env::default(), "[contexts.work\n").len(), 1);
}

#[test]
fn mistakes_in_flags_variables_and_file_are_reported_together() {
    let flags = Flags {
        region: Some("Ireland".to_owned()),
        endpoint_url: Some("localhost".to_owned()),
        profile: Some(String::new()),
        ..Flags::default()
    };
    let set = env(&[("SCHEDULE_ROLE_ARN", "me"), ("SCHEDULE_GROUP", "a b")]);
    let reported = mistakes(&flags, &set, "[screen]\nmouse = 1\n[retry]\nmaximum_retry_attempts = 186\n");
    let origins: Vec<_> = reported.iter().map(|mistake| mistake.split(": ").next().unwrap()).collect();
    assert_eq!(
        origins,
        ["c.toml:2:9", "c.toml:4:26", "--profile", "--region", "--endpoint-url", "SCHEDULE_ROLE_ARN", "SCHEDULE_GROUP"]
    );
}

#[test]
fn another_mistake_does_not_hide_a_missing_setting() {
    let reported = mistakes(&Flags::default(), &Env::default(), "zoen = \"UTC\"\n[contexts.work]\n");
    assert_eq!(reported.len(), 2, "{reported:?}");
}

#[test]
fn a_flag_for_aws_is_a_mistake_in_the_local_context() {
    let flags = Flags { region: Some("eu-west-1".to_owned()), ..Flags::default() };
    let reported = mistakes(&flags, &Env::default(), "");
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert!(reported[0].starts_with("--region: ") && reported[0].contains("--context NAME"), "{reported:?}");
    let reported = mistakes(&Flags::default(), &Env::default(), "[contexts.local]\nregion = \"eu-west-1\"");
    assert_eq!(
        reported,
        ["c.toml:2:1: Unknown setting “region” in [contexts.local]. Known settings: group, read_only."]
    );
}

#[test]
fn mistakes_in_preferences_are_reported_like_the_others() {
    let text = "refresh_seconds = -1\n[screen]\ntheme = \"drak\"\nborders = \"double\"\nbell = true\n\
                [notifications]\nterminal = \"osc\"\ncommand = [\"say\", 1]\n[when]\nweek_begins = \"Mon\"\nhours = 13\n";
    insta::assert_snapshot!(mistakes(&Flags::default(), &Env::default(), text).join("\n"));
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf8_is_a_mistake() {
    use std::os::unix::ffi::OsStringExt as _;
    let set = Env::read(|name| (name == "SCHEDULE_GROUP").then(|| OsString::from_vec(vec![0xFF])));
    assert_eq!(
        mistakes(&Flags::default(), &set, ""),
        ["SCHEDULE_GROUP: The value is not UTF-8, so it cannot be read."]
    );
}

#[test]
fn the_settings_of_the_file_are_read() {
    let text = "zone = \"asia/tokyo\"\nrefresh_seconds = 0\n\
                [screen]\ntheme = \"high-contrast\"\nborders = \"ascii\"\nmouse = false\n\
                [notifications]\nbell = false\ndesktop = false\nterminal = \"osc777\"\ncommand = [\"say\", \"{memo}\"]\n\
                [retry]\nmaximum_event_age_seconds = 86_400\nmaximum_retry_attempts = 0\n\
                [when]\nevening = \"18:30\"\ndate_order = \"day-first\"\nweek_begins = \"sunday\"\nhours = 12\n";
    let time = chrono::NaiveTime::from_hms_opt(18, 30, 0).unwrap();
    let config = settings(&Flags::default(), &Env::default(), text).unwrap();
    assert_eq!(config.contexts.names().collect::<Vec<_>>(), ["local"]);
    let Config { contexts: _, zone, preferences, when, retry, keys: _ } = config;
    assert_eq!(zone, Some(when::Tz::Asia__Tokyo));
    let screen = Screen { theme: ThemeName::HighContrast, borders: Borders::Ascii, mouse: false };
    let notifications = Notifications {
        bell: false,
        desktop: false,
        terminal: Some(TerminalNote::Osc777),
        command: vec!["say".to_owned(), "{memo}".to_owned()],
    };
    assert_eq!(preferences, Preferences { screen, notifications, refresh: None });
    assert_eq!(
        when,
        when::Settings {
            evening: time,
            date_order: when::DateOrder::DayFirst,
            week_begins: chrono::Weekday::Sun,
            hours: when::Hours::Twelve,
            ..when::Settings::default()
        }
    );
    assert_eq!(retry, RetryPolicy { maximum_event_age_seconds: 86_400, maximum_retry_attempts: 0 });
}
