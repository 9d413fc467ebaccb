use std::ffi::OsString;
use std::path::Path;

use super::{Config, Env, Flags, resolve};
use crate::context::ContextSettings;
use crate::context::{Access, AwsSettings, RetryPolicy};
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

fn place(flags: &Flags, env: &Env, file: &str) -> ContextSettings {
    settings(flags, env, file).unwrap().contexts.chosen().settings.clone()
}

fn aws(flags: &Flags, env: &Env, file: &str) -> AwsSettings {
    match place(flags, env, file) {
        ContextSettings::Aws(place) => *place,
        local @ ContextSettings::Local { .. } => panic!("{local:?}"),
    }
}

fn local(group: &str) -> ContextSettings {
    ContextSettings::Local { group: group.to_owned(), retry: RetryPolicy::default(), read_only: false }
}

fn mistakes(flags: &Flags, env: &Env, file: &str) -> Vec<String> {
    settings(flags, env, file).unwrap_err()
}

/// A file with a context that has a target and a role, and says more.
fn work(more: &str) -> String {
    format!("[contexts.work]\ntarget_arn = \"{TARGET}\"\nrole_arn = \"{ROLE}\"\n{more}\n")
}

#[test]
fn memos_are_kept_here_unless_another_context_is_chosen() {
    assert_eq!(place(&Flags::default(), &Env::default(), ""), local("tickler"));
    assert_eq!(place(&Flags::default(), &Env::default(), &work("")), local("tickler"));
    let empty = env(&[("SCHEDULE_TARGET_ARN", ""), ("SCHEDULE_ROLE_ARN", ""), ("TICKLER_CONTEXT", "")]);
    assert_eq!(place(&Flags::default(), &empty, ""), local("tickler"));
}

#[test]
fn the_flag_then_the_variable_then_the_arns_then_the_file_choose() {
    let file = format!(
        "context = \"home\"\n{}{}",
        work(""),
        work("group = \"mine\"").replace("contexts.work", "contexts.home")
    );
    let chosen = |flags: &Flags, env: &Env| settings(flags, env, &file).unwrap().contexts.chosen().name.clone();
    let arns = [("SCHEDULE_TARGET_ARN", TARGET), ("SCHEDULE_ROLE_ARN", ROLE)];
    let all = env(&[arns[0], arns[1], ("TICKLER_CONTEXT", "work")]);
    assert_eq!(chosen(&in_context("local"), &all), "local");
    assert_eq!(chosen(&Flags::default(), &all), "work");
    assert_eq!(chosen(&Flags::default(), &env(&arns)), "environment");
    assert_eq!(chosen(&Flags::default(), &Env::default()), "home");
}

#[test]
fn every_context_is_offered_in_the_order_of_the_file() {
    let file = format!("{}{}", work("").replace("work", "zebra"), work("").replace("work", "ant"));
    let names = |env: &Env| {
        let contexts = settings(&Flags::default(), env, &file).unwrap().contexts;
        contexts.names().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names(&Env::default()), ["local", "zebra", "ant"]);
    assert_eq!(names(&both()), ["local", "zebra", "ant", "environment"]);
}

#[test]
fn the_arns_of_the_environment_make_a_context_of_defaults() {
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
fn a_context_is_what_the_file_says_and_flags_win_over_it() {
    let text = work(
        "profile = \"p\"\nregion = \"eu-west-3\"\nendpoint_url = \"http://file\"\ngroup = \"of-the-file\"\n\
         dead_letter_arn = \"arn:aws:sqs:eu-west-1:123456789012:dead\"\nlog_group = \"/logs\"",
    );
    let of_the_file = AwsSettings {
        name: "work".to_owned(),
        access: Access {
            profile: Some("p".to_owned()),
            region: Some("eu-west-3".to_owned()),
            endpoint_url: Some("http://file".to_owned()),
        },
        group: "of-the-file".to_owned(),
        target_arn: TARGET.parse().unwrap(),
        role_arn: ROLE.parse().unwrap(),
        dead_letter_arn: Some("arn:aws:sqs:eu-west-1:123456789012:dead".parse().unwrap()),
        log_group: Some("/logs".to_owned()),
        retry: RetryPolicy::default(),
        read_only: false,
    };
    assert_eq!(aws(&in_context("work"), &Env::default(), &text), of_the_file);
    let flags = Flags {
        profile: Some("q".to_owned()),
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some("http://flag".to_owned()),
        group: Some("of-the-flag".to_owned()),
        ..in_context("work")
    };
    let access = Access {
        profile: flags.profile.clone(),
        region: flags.region.clone(),
        endpoint_url: flags.endpoint_url.clone(),
    };
    let over = AwsSettings { access, group: "of-the-flag".to_owned(), ..of_the_file };
    assert_eq!(aws(&flags, &Env::default(), &text), over);
}

#[test]
fn a_context_that_is_named_is_not_changed_by_the_environment() {
    let other = "arn:aws:iam::123456789012:role/other";
    let set = env(&[("SCHEDULE_ROLE_ARN", other), ("SCHEDULE_GROUP", "of-the-environment")]);
    let settings = aws(&in_context("work"), &set, &work(""));
    assert_eq!((settings.role_arn.to_string().as_str(), settings.group.as_str()), (ROLE, "tickler"));
}

#[test]
fn a_group_is_for_memos_on_this_machine_too() {
    let flags = Flags { group: Some("work".to_owned()), ..Flags::default() };
    assert_eq!(place(&flags, &Env::default(), ""), local("work"));
    let set = env(&[("SCHEDULE_GROUP", "home")]);
    assert_eq!(place(&Flags::default(), &set, ""), local("home"));
    assert_eq!(place(&Flags::default(), &Env::default(), "[contexts.local]\ngroup = \"here\""), local("here"));
}

#[test]
fn read_only_is_said_of_one_context_or_of_all() {
    let text = work("read_only = true");
    assert!(aws(&in_context("work"), &Env::default(), &text).read_only);
    assert_eq!(place(&Flags::default(), &Env::default(), &text), local("tickler"));
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
        let told = mistakes(&Flags::default(), &env(&[(set, value)]), "");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(&format!("{set}: ")) && told[0].contains(&format!("Set {other} ")), "{told:?}");
    }
}

#[test]
fn a_context_without_target_and_role_is_a_mistake_that_says_how_to_get_them() {
    let told = mistakes(&Flags::default(), &Env::default(), "[contexts.work]\nregion = \"eu-west-1\"");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("c.toml:1:11: The context work needs both a target_arn"), "{told:?}");
    assert!(told[0].contains("`tickler init --name work`"), "{told:?}");
}

#[test]
fn a_context_that_nobody_knows_is_a_mistake_with_the_one_that_may_be_meant() {
    let told = mistakes(&in_context("wrk"), &Env::default(), &work(""));
    assert_eq!(told, ["--context: There is no context “wrk”. Did you mean work?"]);
    let told = mistakes(&Flags::default(), &env(&[("TICKLER_CONTEXT", "elsewhere")]), &work(""));
    assert_eq!(
        told,
        ["TICKLER_CONTEXT: There is no context “elsewhere”. There are: local, work. `tickler init` makes one in AWS."]
    );
    let told = mistakes(&Flags::default(), &Env::default(), "context = \"home\"");
    assert_eq!(told, ["c.toml:1:11: There is no context “home”. There are: local. `tickler init` makes one in AWS."]);
}

#[test]
fn what_is_wrong_is_not_called_missing_as_well() {
    let set = env(&[("SCHEDULE_TARGET_ARN", "executeMemo"), ("SCHEDULE_ROLE_ARN", ROLE)]);
    let told = mistakes(&Flags::default(), &set, "");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("SCHEDULE_TARGET_ARN: “executeMemo” is no ARN."), "{told:?}");
    let told = mistakes(&in_context("work"), &Env::default(), &work("").replace("role/", "user/"));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("c.toml:3:12: "), "{told:?}");
    assert_eq!(mistakes(&in_context("work"), &Env::default(), "[contexts.work\n").len(), 1);
}

#[test]
fn mistakes_of_all_three_are_told_at_once() {
    let flags = Flags {
        region: Some("Ireland".to_owned()),
        endpoint_url: Some("localhost".to_owned()),
        profile: Some(String::new()),
        ..Flags::default()
    };
    let set = env(&[("SCHEDULE_ROLE_ARN", "me"), ("SCHEDULE_GROUP", "a b")]);
    let told = mistakes(&flags, &set, "[screen]\nmouse = 1\n[retry]\nmaximum_retry_attempts = 186\n");
    let places: Vec<_> = told.iter().map(|told| told.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        ["c.toml:2:9", "c.toml:4:26", "--profile", "--region", "--endpoint-url", "SCHEDULE_ROLE_ARN", "SCHEDULE_GROUP"]
    );
}

#[test]
fn a_mistake_elsewhere_hides_nothing_that_is_missing() {
    let told = mistakes(&Flags::default(), &Env::default(), "zoen = \"UTC\"\n[contexts.work]\n");
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn what_is_for_aws_only_is_not_passed_over() {
    let flags = Flags { region: Some("eu-west-1".to_owned()), ..Flags::default() };
    let told = mistakes(&flags, &Env::default(), "");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("--region: ") && told[0].contains("--context NAME"), "{told:?}");
    let told = mistakes(&Flags::default(), &Env::default(), "[contexts.local]\nregion = \"eu-west-1\"");
    assert_eq!(told, ["c.toml:2:1: There is no setting “region” in [contexts.local]. There are: group, read_only."]);
}

#[test]
fn what_a_person_prefers_is_told_off_like_the_rest() {
    let text = "refresh_seconds = -1\n[screen]\ntheme = \"drak\"\nborders = \"double\"\nbell = true\n\
                [notifications]\nterminal = \"osc\"\ncommand = [\"say\", 1]\n[when]\nweek_begins = \"Mon\"\nhours = 13\n";
    insta::assert_snapshot!(mistakes(&Flags::default(), &Env::default(), text).join("\n"));
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
