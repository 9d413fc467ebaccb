use std::path::Path;

use super::super::{Config, Env, Flags, resolve};
use super::{ContextSection, FileSettings, NotificationsSection, RetrySection, ScreenSection, WhenSection, read};
use crate::context::{AwsSettings, RetryPolicy};
use crate::keymap::Keymap;
use crate::preferences::{Borders, Notifications, Preferences, Screen, TerminalNote, ThemeName};

const SAMPLE: &str = include_str!("../../../docs/config.sample.toml");

/// The sample with its settings uncommented: those with a default, or all of them.
fn uncommented(all: bool) -> String {
    let setting = |line: &str| {
        let named = line
            .strip_prefix('#')
            .filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '['));
        named.filter(|rest| all || !rest.ends_with("# an example")).unwrap_or(line).to_owned()
    };
    SAMPLE.lines().map(setting).collect::<Vec<_>>().join("\n")
}

fn defaults() -> Config {
    Config {
        contexts: resolve(&Flags::default(), &Env::default(), None).unwrap().contexts,
        zone: None,
        preferences: Preferences::default(),
        when: when::Settings::default(),
        retry: RetryPolicy::default(),
        keys: Keymap::default(),
    }
}

#[test]
fn the_sample_holds_the_defaults() {
    let path = Path::new("config.sample.toml");
    for text in [SAMPLE.to_owned(), uncommented(false)] {
        assert_eq!(resolve(&Flags::default(), &Env::default(), Some((path, &text))), Ok(defaults()));
    }
    assert_eq!(resolve(&Flags::default(), &Env::default(), None), Ok(defaults()));
}

#[test]
fn the_defaults_of_the_sample_are_really_read() {
    let mut mistakes = Vec::new();
    let settings = read(Path::new("config.sample.toml"), &uncommented(false), &mut mistakes);
    assert_eq!(settings.context.map(|context| context.value).as_deref(), Some("local"));
    let local = settings.contexts.into_iter().find(|context| context.name.value == "local").unwrap();
    assert_eq!(local.group.map(|group| group.value).as_deref(), Some(AwsSettings::DEFAULT_GROUP));
    assert!(local.read_only.is_some_and(|read_only| !read_only.value));
    // Over other values than the defaults, so that each value comes from the sample.
    let midnight = when::Settings {
        date_alone: chrono::NaiveTime::MIN,
        morning: chrono::NaiveTime::MIN,
        afternoon: chrono::NaiveTime::MIN,
        evening: chrono::NaiveTime::MIN,
        tonight: chrono::NaiveTime::MIN,
        end_of_day: chrono::NaiveTime::MIN,
        date_order: when::DateOrder::DayFirst,
        week_begins: chrono::Weekday::Thu,
        hours: when::Hours::Twelve,
    };
    assert_eq!(settings.when.over(midnight), when::Settings::default());
    let other = Screen { theme: ThemeName::Light, borders: Borders::Ascii, mouse: false };
    assert_eq!(settings.screen.over(other), Screen::default());
    let other = Notifications {
        bell: false,
        desktop: false,
        terminal: Some(TerminalNote::Osc9),
        command: vec!["say".to_owned()],
    };
    assert_eq!(settings.notifications.over(other), Notifications::default());
    assert_eq!(settings.refresh.map(|refresh| refresh.value), Some(Preferences::default().refresh));
    let never = RetryPolicy { maximum_event_age_seconds: 0, maximum_retry_attempts: -1 };
    assert_eq!(settings.retry.over(never), RetryPolicy::default());
}

#[test]
fn the_sample_shows_every_setting() {
    let mut mistakes = Vec::new();
    let settings = read(Path::new("config.sample.toml"), &uncommented(true), &mut mistakes);
    assert_eq!(mistakes, []);
    // No `..` anywhere: a new setting must be added here, and then to the sample.
    let FileSettings {
        zone: Some(_),
        refresh: Some(_),
        context: Some(_),
        contexts,
        broken: false,
        screen: ScreenSection { theme: Some(_), borders: Some(_), mouse: Some(_) },
        notifications: NotificationsSection { bell: Some(_), desktop: Some(_), terminal: Some(_), command: Some(_) },
        retry: RetrySection { maximum_event_age_seconds: Some(_), maximum_retry_attempts: Some(_) },
        when:
            WhenSection {
                date_alone: Some(_),
                morning: Some(_),
                afternoon: Some(_),
                evening: Some(_),
                tonight: Some(_),
                end_of_day: Some(_),
                date_order: Some(_),
                week_begins: Some(_),
                hours: Some(_),
            },
        keys: _,
    } = settings
    else {
        panic!("the sample does not show every setting: {settings:?}");
    };
    let [_, work] = &contexts[..] else { panic!("the sample shows another context besides local: {contexts:?}") };
    let ContextSection {
        name: _,
        profile: Some(_),
        region: Some(_),
        endpoint_url: Some(_),
        group: Some(_),
        target_arn: Some(_),
        role_arn: Some(_),
        dead_letter_arn: Some(_),
        log_group: Some(_),
        read_only: Some(_),
        broken: false,
    } = work
    else {
        panic!("the sample does not show every setting of a context: {work:?}");
    };
}

/// The mistakes in a file, each as text.
fn mistakes(text: &str) -> Vec<String> {
    let mut mistakes = Vec::new();
    read(Path::new("c.toml"), text, &mut mistakes);
    mistakes.iter().map(ToString::to_string).collect()
}

#[test]
fn all_mistakes_are_reported_in_order_with_their_places() {
    let text = r#"
zone = "Europe/Pariss"
contxt = "local"
refresh_seconds = "often"

[when]
morning = "25:00"
"évening" = "19:00"
"ééé" = 1
date_order = "us"
tonight = 20

[retry]
maximum_event_age_seconds = 30
maximum_retry_attempts = 1.5
attempts = 3
"#;
    assert_eq!(
        mistakes(text),
        [
            "c.toml:2:8: “Europe/Pariss” is not a time zone. Use an IANA name, such as Europe/Paris. Did you mean \
             Europe/Paris?",
            "c.toml:3:1: Unknown setting “contxt”. Did you mean context?",
            "c.toml:4:19: refresh_seconds must be a number from 0 to 86400, not a string.",
            "c.toml:7:11: “25:00” is not a time of day. Write it as HH:MM, from 00:00 to 23:59.",
            "c.toml:8:1: Unknown setting “évening” in [when]. Did you mean evening?",
            "c.toml:9:1: Unknown setting “ééé” in [when]. Known settings: date_alone, morning, afternoon, evening, \
             tonight, end_of_day, date_order, week_begins, hours.",
            "c.toml:10:14: “us” is not a date order. Use \"ask\", \"day-first\" or \"month-first\".",
            "c.toml:11:11: tonight must be a time of day such as \"09:00\", not a whole number.",
            "c.toml:14:29: maximum_event_age_seconds must be a number from 60 to 86400, not 30.",
            "c.toml:15:26: maximum_retry_attempts must be a number from 0 to 185, not a decimal number.",
            "c.toml:16:1: Unknown setting “attempts” in [retry]. Known settings: maximum_event_age_seconds, \
             maximum_retry_attempts.",
        ]
    );
}

#[test]
fn columns_count_characters() {
    let reported = mistakes("contexts.work = { profile = \"é\", region = \"x\" }");
    assert_eq!(reported, ["c.toml:1:43: “x” is not a region. A region looks like eu-west-1."]);
}

#[test]
fn a_syntax_error_is_reported_with_its_line() {
    let reported = mistakes("zone = \"UTC\"\nrefresh_seconds = = 5\n");
    assert_eq!(reported.len(), 1);
    assert!(reported[0].starts_with("c.toml:2:"), "{reported:?}");
}

#[test]
fn a_time_may_be_a_toml_time() {
    for (text, valid) in [("09:30:00", true), ("\"9:30\"", true), ("09:30:05", false), ("2026-01-01", false)] {
        let text = format!("[when]\nmorning = {text}\n");
        assert_eq!(mistakes(&text).is_empty(), valid, "{text}");
    }
}

#[test]
fn a_value_in_place_of_a_section_is_a_mistake() {
    assert_eq!(mistakes("retry = 3"), ["c.toml:1:9: retry must be a section, [retry], not a whole number."]);
    let reported = mistakes("[wen]\nmorning = \"09:00\"");
    assert_eq!(reported, ["c.toml:1:2: Unknown setting “wen”. Did you mean when?"]);
    let reported = mistakes("[contexts]\nwork = 3");
    assert_eq!(reported, ["c.toml:2:8: work must be a section, [contexts.work], not a whole number."]);
    assert!(mistakes("[contexts.\"a b\"]")[0].starts_with("c.toml:1:11: “a b” is not a valid context name."));
}
