//! The command of the AWS CLI that schedules a memo, for the person to copy and run. Pure.

use serde_json::{Value, json};

use super::context::Context;
use super::schedule::{AFTER_COMPLETION, encode};
use crate::memo::Memo;

/// The command that schedules a memo exactly as tickler does, for a POSIX shell.
#[must_use]
pub fn create_schedule(memo: &Memo, context: &Context) -> String {
    let encoded = encode(memo);
    let target = target(&encoded.input, context).to_string();
    let options = [
        ("region", context.region.as_str()),
        ("group-name", &context.group),
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

fn target(input: &str, context: &Context) -> Value {
    let mut target = json!({
        "Arn": context.target_arn.to_string(),
        "RoleArn": context.role_arn.to_string(),
        "Input": input,
        "RetryPolicy": {
            "MaximumEventAgeInSeconds": context.retry.maximum_event_age_seconds,
            "MaximumRetryAttempts": context.retry.maximum_retry_attempts,
        },
    });
    if let (Some(arn), Some(target)) = (&context.dead_letter_arn, target.as_object_mut()) {
        target.insert("DeadLetterConfig".to_owned(), json!({ "Arn": arn.to_string() }));
    }
    target
}

/// A word of a command, in single quotes where the shell requires them.
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
    fn any_text_stays_one_word() {
        assert_eq!(quoted("Europe/Paris"), "Europe/Paris");
        assert_eq!(quoted("mum's; $(rm) `x`\n"), "'mum'\\''s; $(rm) `x`\n'");
        assert_eq!(quoted(""), "''");
    }
}
