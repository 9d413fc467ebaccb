//! A memo as the command of the AWS CLI that schedules it, to be shown, copied and run by hand. Pure.

use serde_json::{Value, json};

use super::Place;
use super::schedule::{AFTER_COMPLETION, encode};
use crate::memo::Memo;

/// The command that schedules a memo as this program does, for a POSIX shell.
#[must_use]
pub fn create_schedule(memo: &Memo, place: &Place) -> String {
    let encoded = encode(memo);
    let target = target(&encoded.input, place).to_string();
    let options = [
        ("region", place.region.as_str()),
        ("group-name", &place.group),
        ("name", &encoded.name),
        ("schedule-expression", &encoded.expression),
        ("schedule-expression-timezone", encoded.zone),
        ("flexible-time-window", "Mode=OFF"),
        ("action-after-completion", AFTER_COMPLETION.as_str()),
        ("description", &encoded.description),
        ("target", &target),
    ];
    let options = options.map(|(name, value)| format!("--{name} {}", quoted(value)));
    format!("aws scheduler create-schedule {}", options.join(" \\\n  "))
}

fn target(input: &str, place: &Place) -> Value {
    let mut target = json!({
        "Arn": place.target_arn,
        "RoleArn": place.role_arn,
        "Input": input,
        "RetryPolicy": {
            "MaximumEventAgeInSeconds": place.retry.maximum_event_age_seconds,
            "MaximumRetryAttempts": place.retry.maximum_retry_attempts,
        },
    });
    if let (Some(arn), Some(target)) = (&place.dead_letter_arn, target.as_object_mut()) {
        target.insert("DeadLetterConfig".to_owned(), json!({ "Arn": arn }));
    }
    target
}

/// A word of a command: as it is where the shell leaves it alone, and else between single quotes.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word_whatever_it_holds() {
        assert_eq!(quoted("Europe/Paris"), "Europe/Paris");
        assert_eq!(quoted("mum's; $(rm) `x`\n"), "'mum'\\''s; $(rm) `x`\n'");
        assert_eq!(quoted(""), "''");
    }
}
