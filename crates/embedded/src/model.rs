//! The constraints of the service model as data, and the check of a request against them.
//!
//! Source of every figure: `scheduler/2021-06-30/service-2.json` in botocore 1.44.5. `validation` checks what the model
//! cannot express, such as the order of two dates.

use serde_json::{Map, Value};

use crate::arn;
use crate::wire::ApiError;

/// A regular expression of the model: its text for the message, and a function that matches it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pattern {
    text: &'static str,
    matches: fn(&str) -> bool,
}

/// The constraint of one value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    /// Text, with its length in characters.
    Text {
        min: usize,
        max: usize,
        pattern: Option<Pattern>,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    Integer {
        min: i64,
        max: i64,
    },
    /// Epoch seconds.
    Timestamp,
    Flag,
    List {
        min: usize,
        max: usize,
        item: &'static Rule,
    },
    /// Keys and values are text.
    Map {
        max: usize,
        key: &'static Rule,
        value: &'static Rule,
    },
    Structure(&'static [Member]),
}

/// A member of a structure. The check ignores other members, as the service does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    name: &'static str,
    required: bool,
    rule: Rule,
}

const fn required(name: &'static str, rule: Rule) -> Member {
    Member { name, required: true, rule }
}

const fn optional(name: &'static str, rule: Rule) -> Member {
    Member { name, required: false, rule }
}

const fn text(min: usize, max: usize) -> Rule {
    Rule::Text { min, max, pattern: None }
}

const fn formed(max: usize, text: &'static str, matches: fn(&str) -> bool) -> Rule {
    Rule::Text { min: 1, max, pattern: Some(Pattern { text, matches }) }
}

const fn integer(min: i64, max: i64) -> Rule {
    Rule::Integer { min, max }
}

const fn list(min: usize, max: usize, item: &'static Rule) -> Rule {
    Rule::List { min, max, item }
}

/// The name of a schedule or a group, or a prefix of one.
pub(crate) const NAME: Rule = formed(64, "^[0-9a-zA-Z-_.]+$", arn::is_name);
pub(crate) const CLIENT_TOKEN: Rule = formed(64, "^[a-zA-Z0-9-_]+$", |text| arn::is_name(text) && !text.contains('.'));
pub(crate) const NEXT_TOKEN: Rule = text(1, 2048);
pub(crate) const MAX_RESULTS: Rule = integer(1, 100);
pub(crate) const STATE: Rule = Rule::Choice(&["ENABLED", "DISABLED"]);
/// Only groups carry tags.
pub(crate) const TAG_RESOURCE_ARN: Rule =
    formed(1011, r"^arn:aws[a-z-]*:scheduler:[a-z0-9\-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+$", arn::is_group);
const TAG_KEY: Rule = text(1, 128);
const TAGS: Rule = list(0, MAX_TAGS, &Rule::Structure(&[required("Key", TAG_KEY), required("Value", text(1, 256))]));
pub(crate) const TAG_KEYS: Rule = list(0, MAX_TAGS, &TAG_KEY);
/// The maximum of tags in a request, and of a group.
pub(crate) const MAX_TAGS: usize = 200;

pub(crate) const CREATE_GROUP: Rule = Rule::Structure(&[optional("Tags", TAGS), optional("ClientToken", CLIENT_TOKEN)]);
pub(crate) const TAG_RESOURCE: Rule = Rule::Structure(&[required("Tags", TAGS)]);

/// The body of `CreateSchedule` and of `UpdateSchedule`.
pub(crate) const SCHEDULE: Rule = Rule::Structure(&[
    optional("GroupName", NAME),
    required("ScheduleExpression", text(1, 256)),
    optional("StartDate", Rule::Timestamp),
    optional("EndDate", Rule::Timestamp),
    optional("Description", text(0, 512)),
    optional("ScheduleExpressionTimezone", text(1, 50)),
    optional("State", STATE),
    optional(
        "KmsKeyArn",
        formed(2048, r"^arn:aws[a-z-]*:kms:[a-z0-9\-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]*$", arn::is_key),
    ),
    required("Target", TARGET),
    required(
        "FlexibleTimeWindow",
        Rule::Structure(&[
            required("Mode", Rule::Choice(&["OFF", "FLEXIBLE"])),
            optional("MaximumWindowInMinutes", integer(1, 1440)),
        ]),
    ),
    optional("ClientToken", CLIENT_TOKEN),
    optional("ActionAfterCompletion", Rule::Choice(&["NONE", "DELETE"])),
]);

const TARGET: Rule = Rule::Structure(&[
    required("Arn", text(1, 1600)),
    required("RoleArn", formed(1600, r"^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@\/-]+$", arn::is_role)),
    optional(
        "DeadLetterConfig",
        Rule::Structure(&[optional(
            "Arn",
            formed(1600, r"^arn:aws[a-z-]*:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+$", arn::is_standard_queue),
        )]),
    ),
    optional(
        "RetryPolicy",
        Rule::Structure(&[
            optional("MaximumEventAgeInSeconds", integer(60, 86_400)),
            optional("MaximumRetryAttempts", integer(0, 185)),
        ]),
    ),
    // The model has no maximum; `validation` checks the one in the user guide.
    optional("Input", text(1, usize::MAX)),
    optional("EcsParameters", ECS),
    optional("EventBridgeParameters", EVENT_BRIDGE),
    optional("EventBridgePutEventsV2Parameters", EVENT_BRIDGE),
    optional(
        "EventBridgePutRawEventsParameters",
        Rule::Structure(&[optional(
            "Metadata",
            Rule::Map { max: 100, key: &formed(128, "^[^/]+$", |key| !key.contains('/')), value: &text(1, usize::MAX) },
        )]),
    ),
    optional("KinesisParameters", Rule::Structure(&[required("PartitionKey", text(1, 256))])),
    optional(
        "SageMakerPipelineParameters",
        Rule::Structure(&[optional(
            "PipelineParameterList",
            list(
                0,
                200,
                &Rule::Structure(&[
                    required(
                        "Name",
                        formed(256, r"^[A-Za-z0-9\-_]*$", |name| arn::is_name(name) && !name.contains('.')),
                    ),
                    required("Value", text(1, 1024)),
                ]),
            ),
        )]),
    ),
    optional("SqsParameters", Rule::Structure(&[optional("MessageGroupId", text(1, 128))])),
]);

const EVENT_BRIDGE: Rule = Rule::Structure(&[
    required("DetailType", text(1, 128)),
    // The pattern in words: begins with a letter, a digit or one of `/.-_`, and not with `aws.`; or a JSON path.
    required(
        "Source",
        formed(256, r"^(?=[/\.\-_A-Za-z0-9]+)((?!aws\.).*)|(\$(\.[\w_-]+(\[(\d+|\*)\])*)*)$", |source| {
            !source.starts_with("aws.")
                && source.starts_with(|c: char| c.is_ascii_alphanumeric() || "/.-_$".contains(c))
        }),
    ),
]);

const ECS: Rule = Rule::Structure(&[
    required("TaskDefinitionArn", text(1, 1600)),
    optional("TaskCount", integer(1, 10)),
    optional("LaunchType", Rule::Choice(&["EC2", "FARGATE", "EXTERNAL"])),
    optional(
        "NetworkConfiguration",
        Rule::Structure(&[optional(
            "awsvpcConfiguration",
            Rule::Structure(&[
                required("Subnets", list(1, 16, &text(1, 1000))),
                optional("SecurityGroups", list(1, 5, &text(1, 1000))),
                optional("AssignPublicIp", Rule::Choice(&["ENABLED", "DISABLED"])),
            ]),
        )]),
    ),
    optional("PlatformVersion", text(1, 64)),
    optional("Group", text(1, 255)),
    optional(
        "CapacityProviderStrategy",
        list(
            0,
            6,
            &Rule::Structure(&[
                required("capacityProvider", text(1, 255)),
                optional("weight", integer(0, 1000)),
                optional("base", integer(0, 100_000)),
            ]),
        ),
    ),
    optional("EnableECSManagedTags", Rule::Flag),
    optional("EnableExecuteCommand", Rule::Flag),
    optional(
        "PlacementConstraints",
        list(
            0,
            10,
            &Rule::Structure(&[
                optional("type", Rule::Choice(&["distinctInstance", "memberOf"])),
                optional("expression", text(0, 2000)),
            ]),
        ),
    ),
    optional(
        "PlacementStrategy",
        list(
            0,
            5,
            &Rule::Structure(&[
                optional("type", Rule::Choice(&["random", "spread", "binpack"])),
                optional("field", text(0, 255)),
            ]),
        ),
    ),
    optional("PropagateTags", Rule::Choice(&["TASK_DEFINITION"])),
    optional("ReferenceId", text(0, 1024)),
    optional("Tags", list(0, 50, &Rule::Map { max: usize::MAX, key: &TAG_KEY, value: &text(1, 256) })),
]);

/// Collects the faults of a request, so that the error names all of them, as the service does.
#[derive(Debug, Default)]
pub(crate) struct Check {
    faults: Vec<String>,
}

impl Check {
    /// Checks a body.
    pub(crate) fn body(&mut self, rule: &Rule, members: &Map<String, Value>) -> Result<(), ApiError> {
        match rule {
            Rule::Structure(rules) => self.members("", rules, members),
            _ => self.value("", rule, &Value::Object(members.clone())),
        }
    }

    /// Checks an optional value from the path or the query.
    pub(crate) fn text(&mut self, at: &str, rule: &Rule, value: Option<&str>) -> Result<(), ApiError> {
        match value {
            Some(value) => self.value(at, rule, &Value::from(value)),
            None => Ok(()),
        }
    }

    /// Checks a required, repeated query parameter.
    pub(crate) fn list(&mut self, at: &str, rule: &Rule, values: &[&str]) -> Result<(), ApiError> {
        if values.is_empty() {
            self.missing(at);
        }
        self.value(at, rule, &Value::from(values.to_vec()))
    }

    /// Reads and checks an optional number from the query.
    pub(crate) fn integer(&mut self, at: &str, rule: &Rule, value: Option<&str>) -> Result<Option<i64>, ApiError> {
        let Some(value) = value else { return Ok(None) };
        let number: i64 =
            value.parse().map_err(|_| ApiError::serialization(format!("{value:?} at '{at}' is not a whole number")))?;
        self.value(at, rule, &Value::from(number))?;
        Ok(Some(number))
    }

    /// Returns all faults in one error. The wording was not recorded for this service: it is our choice, and that of
    /// most AWS services.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        let count = self.faults.len();
        match count {
            0 => Ok(()),
            _ => Err(ApiError::validation(format!(
                "{count} validation error{} detected: {}",
                if count == 1 { "" } else { "s" },
                self.faults.join("; ")
            ))),
        }
    }

    /// Returns an error at once for a value of the wrong type, as the service does.
    fn value(&mut self, at: &str, rule: &Rule, value: &Value) -> Result<(), ApiError> {
        match (rule, value) {
            (Rule::Text { min, max, pattern }, Value::String(text)) => {
                self.characters(at, (*min, *max), *pattern, text);
            }
            (Rule::Choice(words), Value::String(text)) => {
                if !words.contains(&text.as_str()) {
                    let words = words.join(", ");
                    self.fault(at, text, &format!("Member must satisfy enum value set: [{words}]"));
                }
            }
            (Rule::Integer { min, max }, Value::Number(number)) => {
                let number = number.as_i64().ok_or_else(|| mistyped(at, "a whole number"))?;
                if number < *min {
                    let rule = format!("Member must have value greater than or equal to {min}");
                    self.fault(at, &number.to_string(), &rule);
                } else if number > *max {
                    self.fault(at, &number.to_string(), &format!("Member must have value less than or equal to {max}"));
                }
            }
            (Rule::List { min, max, item }, Value::Array(items)) => {
                self.length(at, (*min, *max), items.len(), "the list");
                for (index, value) in items.iter().enumerate() {
                    self.value(&format!("{at}.{}.member", index + 1), item, value)?;
                }
            }
            (Rule::Map { max, key, value }, Value::Object(members)) => {
                self.length(at, (0, *max), members.len(), "the map");
                for (name, member) in members {
                    self.value(at, key, &Value::from(name.as_str()))?;
                    self.value(&format!("{at}.{name}"), value, member)?;
                }
            }
            (Rule::Structure(rules), Value::Object(members)) => self.members(at, rules, members)?,
            (Rule::Timestamp, Value::Number(_)) | (Rule::Flag, Value::Bool(_)) => {}
            (Rule::Text { .. } | Rule::Choice(_), _) => return Err(mistyped(at, "text")),
            (Rule::Integer { .. }, _) => return Err(mistyped(at, "a whole number")),
            (Rule::Timestamp, _) => return Err(mistyped(at, "a number of epoch seconds")),
            (Rule::Flag, _) => return Err(mistyped(at, "true or false")),
            (Rule::List { .. }, _) => return Err(mistyped(at, "a list")),
            (Rule::Map { .. } | Rule::Structure(_), _) => return Err(mistyped(at, "an object")),
        }
        Ok(())
    }

    fn members(&mut self, at: &str, rules: &[Member], members: &Map<String, Value>) -> Result<(), ApiError> {
        for member in rules {
            let at = path(at, member.name);
            match members.get(member.name) {
                Some(value) => self.value(&at, &member.rule, value)?,
                None if member.required => self.missing(&at),
                None => {}
            }
        }
        Ok(())
    }

    fn characters(&mut self, at: &str, length: (usize, usize), pattern: Option<Pattern>, text: &str) {
        self.length(at, length, text.chars().count(), text);
        if let Some(pattern) = pattern.filter(|pattern| !(pattern.matches)(text)) {
            let rule = format!("Member must satisfy regular expression pattern: {}", pattern.text);
            self.fault(at, text, &rule);
        }
    }

    fn length(&mut self, at: &str, (min, max): (usize, usize), length: usize, value: &str) {
        if length < min {
            self.fault(at, value, &format!("Member must have length greater than or equal to {min}"));
        } else if length > max {
            self.fault(at, value, &format!("Member must have length less than or equal to {max}"));
        }
    }

    fn missing(&mut self, at: &str) {
        self.faults.push(format!("Value null at '{at}' failed to satisfy constraint: Member must not be null"));
    }

    fn fault(&mut self, at: &str, value: &str, rule: &str) {
        self.faults.push(format!("Value '{value}' at '{at}' failed to satisfy constraint: {rule}"));
    }
}

/// The path of a member in a message of AWS: `target.retryPolicy`.
fn path(at: &str, name: &str) -> String {
    let mut letters = name.chars();
    let name: String = letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect();
    if at.is_empty() { name } else { format!("{at}.{name}") }
}

fn mistyped(at: &str, expected: &str) -> ApiError {
    ApiError::serialization(format!("the value at '{at}' must be {expected}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(body: &Value) -> Result<(), ApiError> {
        let mut check = Check::default();
        check.body(&SCHEDULE, body.as_object().unwrap())?;
        check.finish()
    }

    fn valid() -> Value {
        json!({
            "ScheduleExpression": "at(2030-01-01T00:00:00)",
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "Target": { "Arn": "arn:aws:lambda:local-1:000000000000:function:f", "RoleArn": arn::ROLE_ARN },
        })
    }

    fn with(pointer: &str, value: Value) -> Value {
        let mut body = valid();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent.insert(name.to_owned(), value);
        body
    }

    #[test]
    fn every_limit_is_checked_at_its_edge() {
        let long = |length: usize| json!("x".repeat(length));
        let cases: &[(&str, Value, bool)] = &[
            ("/GroupName", long(64), true),
            ("/GroupName", long(65), false),
            ("/GroupName", json!(""), false),
            ("/GroupName", json!("a b"), false),
            ("/ScheduleExpression", long(256), true),
            ("/ScheduleExpression", long(257), false),
            ("/ScheduleExpressionTimezone", long(50), true),
            ("/ScheduleExpressionTimezone", long(51), false),
            ("/Description", json!(""), true),
            ("/Description", json!("é".repeat(512)), true),
            ("/Description", long(513), false),
            ("/ClientToken", long(64), true),
            ("/ClientToken", long(65), false),
            ("/ClientToken", json!("a.b"), false),
            ("/State", json!("enabled"), false),
            ("/ActionAfterCompletion", json!("KEEP"), false),
            ("/KmsKeyArn", json!("arn:aws:kms:r:000000000000:key/k"), true),
            ("/KmsKeyArn", json!("key"), false),
            ("/FlexibleTimeWindow/MaximumWindowInMinutes", json!(1440), true),
            ("/FlexibleTimeWindow/MaximumWindowInMinutes", json!(1441), false),
            ("/FlexibleTimeWindow/MaximumWindowInMinutes", json!(0), false),
            ("/Target/Arn", long(1600), true),
            ("/Target/Arn", long(1601), false),
            ("/Target/RoleArn", json!("arn:aws:iam::1:role/x"), false),
            ("/Target/Input", json!(""), false),
            ("/Target/RetryPolicy", json!({ "MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0 }), true),
            ("/Target/RetryPolicy", json!({ "MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185 }), true),
            ("/Target/RetryPolicy", json!({ "MaximumEventAgeInSeconds": 59 }), false),
            ("/Target/RetryPolicy", json!({ "MaximumEventAgeInSeconds": 86_401 }), false),
            ("/Target/RetryPolicy", json!({ "MaximumRetryAttempts": -1 }), false),
            ("/Target/RetryPolicy", json!({ "MaximumRetryAttempts": 186 }), false),
            ("/Target/DeadLetterConfig", json!({ "Arn": "arn:aws:sqs:r:000000000000:q" }), true),
            ("/Target/DeadLetterConfig", json!({ "Arn": "arn:aws:sqs:r:000000000000:q.fifo" }), false),
            ("/Target/KinesisParameters", json!({}), false),
            ("/Target/EventBridgeParameters", json!({ "DetailType": "d", "Source": "aws.mine" }), false),
            ("/Target/EventBridgePutRawEventsParameters", json!({ "Metadata": { "a/b": "c" } }), false),
            ("/Target/EcsParameters", json!({ "TaskDefinitionArn": "t", "TaskCount": 11 }), false),
            (
                "/Target/EcsParameters",
                json!({ "TaskDefinitionArn": "t", "PlacementStrategy": [{ "type": "spread" }] }),
                true,
            ),
            ("/Target/SageMakerPipelineParameters", json!({ "PipelineParameterList": [{ "Name": "n" }] }), false),
            ("/Unheard", json!("of"), true),
        ];
        for (pointer, value, accepted) in cases {
            assert_eq!(check(&with(pointer, value.clone())).is_ok(), *accepted, "{pointer} = {value}");
        }
    }

    #[test]
    fn the_error_names_all_faults_and_their_paths() {
        let body = json!({ "GroupName": "a b", "Target": { "Arn": "x" }, "FlexibleTimeWindow": { "Mode": "OFF" } });
        let error = check(&body).unwrap_err();
        assert_eq!(
            error,
            ApiError::validation(
                "3 validation errors detected: Value 'a b' at 'groupName' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$; Value null at 'scheduleExpression' \
             failed to satisfy constraint: Member must not be null; Value null at 'target.roleArn' failed to satisfy \
             constraint: Member must not be null",
            )
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_is_a_serialization_error() {
        let error = check(&with("/Description", json!(7))).unwrap_err();
        assert_eq!(error, ApiError::serialization("the value at 'description' must be text"));
    }
}
