//! Checks of single values. The message of a failed check says what is allowed.
//!
//! The patterns are those of AWS's API models, where they have one. Does not depend on where a value was read.

use chrono::{NaiveTime, TimeDelta, Weekday};
use when::{DateOrder, Tz};

use super::spelling::nearest;
use crate::arn::Arn;
use crate::preferences::{Borders, TerminalNote, ThemeName};

/// Checks a string: returns it, or a message.
pub(super) type Text = fn(&str) -> Result<String, String>;

/// Checks a string that is to be an ARN.
pub(super) type ArnCheck = fn(&str) -> Result<Arn, String>;

pub(super) fn profile(text: &str) -> Result<String, String> {
    accept(!text.trim().is_empty(), text, || "A profile name cannot be empty.".to_owned())
}

/// A name that `[contexts.NAME]` takes without quotes, so that it needs no quotes anywhere.
pub(super) fn context(text: &str) -> Result<String, String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    accept(text.len() <= 64 && all(text, allowed), text, || {
        format!("“{text}” is not a valid context name. Use 1 to 64 letters (a to z), digits, dashes and underscores.")
    })
}

/// Letters, then words, then a number, with dashes between: `eu-west-1`, `us-gov-east-1`.
pub(super) fn region(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let matches = match parts.as_slice() {
        [words @ .., number] => {
            words.len() >= 2
                && words.iter().all(|word| all(word, |letter| letter.is_ascii_lowercase()))
                && all(number, |digit| digit.is_ascii_digit())
        }
        [] => false,
    };
    accept(matches, text, || format!("“{text}” is not a region. A region looks like eu-west-1."))
}

pub(super) fn group(text: &str) -> Result<String, String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    accept(text.len() <= 64 && all(text, allowed), text, || {
        format!(
            "“{text}” is not a valid group name. Use 1 to 64 letters (a to z), digits, dashes, underscores and dots."
        )
    })
}

pub(super) fn endpoint_url(text: &str) -> Result<String, String> {
    let rest = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let matches = host.is_some_and(|host| !host.is_empty() && !host.starts_with(':'))
        && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    accept(matches, text, || format!("“{text}” is not a URL. It must begin with http:// or https:// and name a host."))
}

pub(super) fn target_arn(text: &str) -> Result<Arn, String> {
    let message = || {
        format!(
            "“{text}” is not an ARN. An ARN has six parts with colons between them, such as \
             arn:aws:lambda:eu-west-1:123456789012:function:executeMemo."
        )
    };
    arn(text, |_| true, message)
}

/// `arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@\/-]+`
pub(super) fn role_arn(text: &str) -> Result<Arn, String> {
    let is_role = |arn: &Arn| {
        let name = arn.resource.strip_prefix("role/").unwrap_or_default();
        arn.service == "iam"
            && arn.region.is_empty()
            && arn.account.len() == 12
            && all(&arn.account, |digit| digit.is_ascii_digit())
            && all(name, |letter| letter.is_ascii_alphanumeric() || "_+=,.@/-".contains(letter))
    };
    arn(text, is_role, || {
        format!("“{text}” is not the ARN of a role. It looks like arn:aws:iam::123456789012:role/NAME.")
    })
}

/// A standard SQS queue: EventBridge Scheduler accepts no other.
pub(super) fn dead_letter_arn(text: &str) -> Result<Arn, String> {
    let is_queue = |arn: &Arn| arn.service == "sqs" && arn.resource.strip_suffix(".fifo").is_none();
    arn(text, is_queue, || {
        format!(
            "“{text}” is not the ARN of a standard SQS queue (FIFO queues do not work). It looks like \
             arn:aws:sqs:eu-west-1:123456789012:NAME."
        )
    })
}

pub(super) fn log_group(text: &str) -> Result<String, String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_./#".contains(letter);
    accept(text.len() <= 512 && all(text, allowed), text, || {
        format!(
            "“{text}” is not a valid log group name. Use 1 to 512 letters (a to z), digits and any of - _ . / #, such \
             as /aws/lambda/executeMemo."
        )
    })
}

pub(super) fn zone(text: &str) -> Result<Tz, String> {
    when::zones::parse(text).ok_or_else(|| {
        let message = format!("“{text}” is not a time zone. Use an IANA name, such as Europe/Paris.");
        match suggested_zone(text) {
            Some(meant) => format!("{message} Did you mean {meant}?"),
            None => message,
        }
    })
}

fn suggested_zone(text: &str) -> Option<&'static str> {
    let names: Vec<_> = when::zones::all().collect();
    nearest(text, &names).or_else(|| Some(when::zones::search(text, 1).first()?.name()))
}

pub(super) fn time_of_day(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .map_err(|_| format!("“{text}” is not a time of day. Write it as HH:MM, from 00:00 to 23:59."))
}

pub(super) fn date_order(text: &str) -> Result<DateOrder, String> {
    match text {
        "ask" => Ok(DateOrder::Ask),
        "day-first" => Ok(DateOrder::DayFirst),
        "month-first" => Ok(DateOrder::MonthFirst),
        _ => Err(format!("“{text}” is not a date order. Use \"ask\", \"day-first\" or \"month-first\".")),
    }
}

/// A weekday by its full name.
pub(super) fn weekday(text: &str) -> Result<Weekday, String> {
    let known = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let day = known.contains(&text).then(|| text.parse().ok()).flatten();
    day.ok_or_else(|| format!("“{text}” is not a day of the week. Use one of {}.", one_of(&known)))
}

pub(super) fn theme(text: &str) -> Result<ThemeName, String> {
    named(text, "theme", &ThemeName::ALL.map(|theme| (theme.name(), theme)))
}

pub(super) fn borders(text: &str) -> Result<Borders, String> {
    named(text, "border style", &Borders::ALL.map(|borders| (borders.name(), borders)))
}

pub(super) fn terminal_note(text: &str) -> Result<Option<TerminalNote>, String> {
    let known: Vec<_> = TerminalNote::ALL.map(|note| (note.name(), Some(note))).into_iter().collect();
    named(text, "terminal notification", &[&[("off", None)], known.as_slice()].concat())
}

/// `None` (0 seconds) for never.
pub(super) fn refresh(seconds: i32) -> Option<TimeDelta> {
    (seconds > 0).then(|| TimeDelta::seconds(seconds.into()))
}

fn named<T: Copy>(text: &str, what: &str, known: &[(&str, T)]) -> Result<T, String> {
    let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    found.ok_or_else(|| format!("“{text}” is not a {what}. Use one of {}.", one_of(&names)))
}

fn one_of(names: &[&str]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

fn arn(text: &str, allowed: impl Fn(&Arn) -> bool, message: impl Fn() -> String) -> Result<Arn, String> {
    text.parse().ok().filter(allowed).ok_or_else(message)
}

/// Whether the text is not empty and each character is allowed.
fn all(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

fn accept(allowed: bool, text: &str, message: impl Fn() -> String) -> Result<String, String> {
    if allowed { Ok(text.to_owned()) } else { Err(message()) }
}

#[cfg(test)]
mod tests {
    use super::{dead_letter_arn, endpoint_url, group, log_group, profile, region, role_arn, target_arn};
    use crate::arn::Arn;

    /// A check of an ARN, as a check of a text.
    fn text_of(checked: Result<Arn, String>) -> Result<String, String> {
        checked.map(|arn| arn.to_string())
    }

    #[test]
    fn each_check_accepts_and_refuses_values() {
        let long = "x".repeat(65);
        let table: [(super::Text, &[&str], &[&str]); 8] = [
            (profile, &["default", "my work"], &["", "  "]),
            (
                region,
                &["eu-west-1", "us-gov-east-1", "ap-southeast-12"],
                &["", "eu", "eu-1", "eu-west", "EU-west-1", "eu-west-1a", "eu--1", "eu-west-1 "],
            ),
            (group, &["tickler", "A.b-c_9"], &["", "a b", "a/b", "é", &long]),
            (
                endpoint_url,
                &["http://127.0.0.1:5000", "https://example.org/path", "http://[::1]:4566"],
                &["", "127.0.0.1:5000", "ftp://host", "http://", "http:///path", "http://:80", "http://a b"],
            ),
            (
                |text| text_of(target_arn(text)),
                &[
                    "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo",
                    "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
                    "arn:aws-us-gov:sns:us-gov-west-1:123456789012:topic",
                ],
                &[
                    "",
                    "executeMemo",
                    "arn:aws:lambda:eu-west-1:123456789012",
                    "arn:aws:lambda:eu-west-1:123456789012:",
                    "arn:gcp:lambda:eu-west-1:123456789012:function:f",
                    "arn:aws::eu-west-1:123456789012:function:f",
                    "arn:aws:lambda:eu-west-1:123456789012:function f",
                ],
            ),
            (
                |text| text_of(role_arn(text)),
                &["arn:aws:iam::123456789012:role/tickler", "arn:aws-cn:iam::123456789012:role/path/to/My_role+=,.@-"],
                &[
                    "arn:aws:iam::12345678901:role/tickler",
                    "arn:aws:iam:eu-west-1:123456789012:role/tickler",
                    "arn:aws:iam::123456789012:role/",
                    "arn:aws:iam::123456789012:user/tickler",
                    "arn:aws:sts::123456789012:role/tickler",
                    "arn:aws:iam::123456789012:role/tick:ler",
                ],
            ),
            (
                |text| text_of(dead_letter_arn(text)),
                &["arn:aws:sqs:eu-west-1:123456789012:tickler-dead"],
                &["arn:aws:sqs:eu-west-1:123456789012:tickler.fifo", "arn:aws:sns:eu-west-1:123456789012:tickler"],
            ),
            (log_group, &["/aws/lambda/executeMemo"], &["", "a b"]),
        ];
        for (check, accepted, refused) in table {
            for text in accepted {
                assert_eq!(check(text).as_deref(), Ok(*text));
            }
            for text in refused {
                assert!(check(text).is_err_and(|message| message.ends_with('.')), "“{text}” was accepted");
            }
        }
    }

    #[test]
    fn an_unknown_zone_gets_a_suggestion() {
        assert_eq!(super::zone("europe/paris"), Ok(when::Tz::Europe__Paris));
        for typo in ["Paris", "Europe/Pariss"] {
            let message = super::zone(typo).unwrap_err();
            assert!(message.ends_with("Did you mean Europe/Paris?"), "{message}");
        }
        let message = super::zone("Qqqq").unwrap_err();
        assert!(message.ends_with("such as Europe/Paris."), "{message}");
    }
}
