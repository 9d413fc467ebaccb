//! The stack's template and the function in it, tested without AWS.
//!
//! [`crate::ministack`] tests the two together.

mod function;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value};

use crate::python_servers::python_program;

/// The most bytes that fit into a request. A larger template would need a bucket.
const LARGEST_TEMPLATE: usize = 51_200;

/// What must not change: the type of each resource, and the properties whose change would replace it.
const CREATE_ONLY: &str = include_str!("../infra/create-only.json");

pub const TEMPLATE: &str = include_str!("../infra/stack.yaml");

/// A file of this workspace.
pub fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The output of a program that has to succeed.
fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{said}{complained}", output.status);
    said.into_owned()
}

/// The function's code in the template: the block of text after `ZipFile`.
fn function_code() -> String {
    const INDENT: &str = "          ";
    let (_, rest) = TEMPLATE.split_once("ZipFile: |\n").unwrap();
    let block = rest.lines().take_while(|line| line.is_empty() || line.starts_with(INDENT));
    let code: String = block.flat_map(|line| [line.strip_prefix(INDENT).unwrap_or_default(), "\n"]).collect();
    format!("{}\n", code.trim_end())
}

/// The template as JSON (`template`), and the create-only properties of each resource type in it (`createOnly`).
fn described() -> Value {
    let script = workspace("tests/infra/template.py");
    let said = output(Command::new(python_program("python")).arg(script).arg(workspace("infra/stack.yaml")));
    serde_json::from_str(&said).unwrap()
}

/// The parts of a template that must not change, in the format of the record.
fn create_only(described: &Value) -> Value {
    let resources = described["template"]["Resources"].as_object().unwrap();
    let frozen = |resource: &Value| {
        let kind = resource["Type"].as_str().unwrap();
        let names = described["createOnly"][kind].as_array().unwrap().iter().filter_map(Value::as_str);
        let values = names.filter_map(|name| Some((name.to_owned(), resource["Properties"].get(name)?.clone())));
        Map::from_iter([("Type".to_owned(), kind.into())]).into_iter().chain(values).collect::<Map<_, _>>()
    };
    resources.iter().map(|(id, resource)| (id.clone(), Value::from(frozen(resource)))).collect::<Map<_, _>>().into()
}

#[test]
fn cfn_lint_finds_nothing() {
    let said = output(Command::new(python_program("cfn-lint")).arg(workspace("infra/stack.yaml")));
    assert_eq!(said.trim(), "");
}

#[test]
fn the_tested_code_is_the_deployed_code() {
    let described = described();
    assert_eq!(described["template"]["Resources"]["ExecuteMemo"]["Properties"]["Code"]["ZipFile"], function_code());
}

#[test]
fn the_template_fits_into_a_request() {
    assert!(TEMPLATE.len() < LARGEST_TEMPLATE, "it has {} bytes", TEMPLATE.len());
}

/// Pending schedules carry the ARNs of function, role and queue, and a new topic loses the confirmed subscriptions. New
/// entries of the record are fine; existing ones may change only before the first release.
#[test]
fn no_update_replaces_anything() {
    let record: Value = serde_json::from_str(CREATE_ONLY).unwrap();
    let now = create_only(&described());
    assert_eq!(now, record, "infra/create-only.json should be\n{now:#}");
    for resource in ["Group", "ExecuteMemo", "SchedulerRole", "DeadLetters"] {
        assert!(record.get(resource).is_some(), "{resource}");
    }
}

#[test]
fn only_two_names_derive_from_the_stack_and_cloudformation_chooses_the_others() {
    let described = described();
    let frozen = create_only(&described);
    let of_the_stack =
        |id: &str, name: &str| frozen[id][name]["Fn::Sub"].as_str().unwrap().contains("${AWS::StackName}");
    assert!(of_the_stack("Group", "Name"));
    assert!(of_the_stack("Log", "LogGroupName"));
    for (id, name) in [
        ("ExecuteMemo", "FunctionName"),
        ("FunctionRole", "RoleName"),
        ("SchedulerRole", "RoleName"),
        ("UserPolicy", "ManagedPolicyName"),
        ("DeadLetters", "QueueName"),
        ("Topic", "TopicName"),
    ] {
        assert_eq!(frozen[id].get(name), None, "{id}: CAPABILITY_IAM would not be enough, or names would clash");
        let kind = frozen[id]["Type"].as_str().unwrap();
        let known = described["createOnly"][kind].as_array().unwrap();
        assert!(known.contains(&name.into()), "{kind} has no {name}");
    }
}

#[test]
fn the_template_has_every_output_that_tickler_reads() {
    let described = described();
    let outputs = described["template"]["Outputs"].as_object().unwrap();
    let mut names: Vec<_> = outputs.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "FunctionArn",
            "GroupName",
            "LogGroupName",
            "PolicyArn",
            "QueueArn",
            "QueueUrl",
            "SchedulerRoleArn",
            "TopicArn"
        ]
    );
}
