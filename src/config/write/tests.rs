use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{rewrite, with_context, without_context};
use crate::config::{Config, Env, Flags, resolve};
use crate::context::{Access, AwsSettings, ContextSettings};

fn settings(name: &str) -> AwsSettings {
    AwsSettings {
        name: name.to_owned(),
        access: Access { profile: None, region: Some("eu-west-1".to_owned()), endpoint_url: None },
        group: format!("{name}-memos"),
        dead_letter_arn: Some("arn:aws:sqs:eu-west-1:123456789012:dead".parse().unwrap()),
        log_group: Some("/aws/lambda/executeMemo".to_owned()),
        ..AwsSettings::new(
            "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo".parse().unwrap(),
            "arn:aws:iam::123456789012:role/tickler".parse().unwrap(),
        )
    }
}

fn read(text: &str) -> Config {
    resolve(&Flags::default(), &Env::default(), Some((Path::new("config.toml"), text))).unwrap()
}

/// The program reads the settings that were written.
fn assert_holds(text: &str, settings: &AwsSettings) {
    let config = read(text);
    let context = config.contexts.chosen();
    assert_eq!(context.name, settings.name, "{text}");
    assert_eq!(context.settings, ContextSettings::Aws(Box::new(settings.clone())), "{text}");
}

#[test]
fn an_empty_file_gets_the_context_and_nothing_else() {
    let text = with_context("", &settings("tickler")).unwrap();
    assert_eq!(
        text,
        "context = \"tickler\"\n\n[contexts.tickler]\nregion = \"eu-west-1\"\ngroup = \"tickler-memos\"\n\
         target_arn = \"arn:aws:lambda:eu-west-1:123456789012:function:executeMemo\"\n\
         role_arn = \"arn:aws:iam::123456789012:role/tickler\"\n\
         dead_letter_arn = \"arn:aws:sqs:eu-west-1:123456789012:dead\"\nlog_group = \"/aws/lambda/executeMemo\"\n"
    );
    assert_holds(&text, &settings("tickler"));
    assert_eq!(without_context(&text, "tickler").unwrap().trim(), "");
}

const WRITTEN_BY_HAND: &str = r#"# Mine.
zone = "Europe/Paris" # where I live
context = "work"   # most of the time

[when]
morning = "08:00"

# The one at work.
[contexts.work]
profile = "work" # signs on by SSO
target_arn = "arn:aws:lambda:us-east-1:123456789012:function:old" # by hand
role_arn = "arn:aws:iam::123456789012:role/old"
read_only = false

[contexts.local]
group = "mine"
"#;

#[test]
fn an_existing_context_is_updated_and_comments_stay() {
    let work = settings("work");
    let text = with_context(WRITTEN_BY_HAND, &work).unwrap();
    for line in [
        "# Mine.",
        "zone = \"Europe/Paris\" # where I live",
        "context = \"work\"   # most of the time",
        "# The one at work.",
        "profile = \"work\" # signs on by SSO",
        "target_arn = \"arn:aws:lambda:eu-west-1:123456789012:function:executeMemo\" # by hand",
        "read_only = false",
        "group = \"mine\"",
    ] {
        assert_eq!(text.matches(line).count(), 1, "{line} in\n{text}");
    }
    let profile = Some("work".to_owned());
    assert_holds(&text, &AwsSettings { access: Access { profile, ..work.access.clone() }, ..work.clone() });
    assert_eq!(with_context(&text, &work).unwrap(), text, "the same again changes nothing");
}

#[test]
fn another_context_is_added_and_chosen() {
    let text = with_context(WRITTEN_BY_HAND, &settings("tickler")).unwrap();
    assert!(text.contains("context = \"tickler\"   # most of the time"), "{text}");
    assert_holds(&text, &settings("tickler"));
    assert!(read(&text).contexts.get("work").is_some());
}

#[test]
fn removing_a_context_keeps_the_others_and_chooses_local() {
    let both = with_context(WRITTEN_BY_HAND, &settings("tickler")).unwrap();
    let text = without_context(&both, "tickler").unwrap();
    let config = read(&text);
    assert_eq!(config.contexts.names().collect::<Vec<_>>(), ["local", "work"]);
    assert_eq!(config.contexts.chosen().name, "local");
    let text = without_context(WRITTEN_BY_HAND, "tickler").unwrap();
    assert_eq!(text, WRITTEN_BY_HAND, "without the context, nothing changes");
    assert_eq!(read(&text).contexts.chosen().name, "work");
}

#[test]
fn inline_contexts_work_too() {
    let inline = "contexts = { local = { group = \"mine\" } }\n";
    let text = with_context(inline, &settings("tickler")).unwrap();
    assert_holds(&text, &settings("tickler"));
    assert_eq!(read(&without_context(&text, "tickler").unwrap()).contexts.names().collect::<Vec<_>>(), ["local"]);
}

#[test]
fn an_invalid_file_is_refused() {
    let refusal = |text| with_context(text, &settings("tickler")).unwrap_err();
    assert!(refusal("a = 1\nb =\n").starts_with("line 2 is not TOML: "), "{}", refusal("a = 1\nb =\n"));
    assert_eq!(refusal("contexts = 3"), "contexts is not a section");
    assert_eq!(refusal("[contexts]\ntickler = 3"), "contexts.tickler is not a section");
    assert!(without_context("[", "tickler").is_err());
}

#[test]
fn a_new_file_is_private_and_permissions_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tickler").join("config.toml");
    rewrite(&path, |text| {
        assert_eq!(text, "");
        Ok("a = 1\n".to_owned())
    })
    .unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "a = 1\n");
    assert_eq!(mode(&path), 0o600);

    set_mode(&path, 0o640);
    rewrite(&path, |text| Ok(format!("{text}b = 2\n"))).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "a = 1\nb = 2\n");
    assert_eq!(mode(&path), 0o640);

    let failure = rewrite(&path, |_| Err("line 1 is not TOML: no".to_owned())).unwrap_err();
    assert!(failure.what.ends_with("config.toml: line 1 is not TOML: no."), "{failure}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "a = 1\nb = 2\n");
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no temporary file is left");
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let directory = tempfile::tempdir().unwrap();
    let (real, link) = (directory.path().join("dotfiles.toml"), directory.path().join("config.toml"));
    fs::write(&real, "a = 1\n").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    rewrite(&link, |_| Ok("b = 2\n".to_owned())).unwrap();
    assert!(link.is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), "b = 2\n");
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::MetadataExt::mode(&fs::metadata(path).unwrap()) & 0o777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}

proptest! {
    /// Adding a context keeps everything in the file, and removing it again restores the settings.
    #[test]
    fn everything_else_in_the_file_stays(
        zone in proptest::option::of("Europe/(Paris|Rome|Oslo)"),
        refresh in proptest::option::of(0..86_400),
        comments in proptest::collection::vec("[ -~é]{0,20}", 4),
        others in proptest::collection::btree_set("[a-z]{1,8}", 0..3),
        name in "[a-zA-Z][a-zA-Z0-9-]{0,57}",
    ) {
        prop_assume!(name != "local" && !others.contains(&name) && !others.contains("local"));
        let zone = zone.map(|zone| format!("zone = \"{zone}\" # {}", comments[1]));
        let refresh = refresh.map(|seconds| format!("refresh_seconds = {seconds}"));
        let sections = others.iter().map(|other| {
            let AwsSettings { name, target_arn, role_arn, .. } = settings(other);
            format!(
                "# {}\n[contexts.{name}]\ntarget_arn = \"{target_arn}\"\nrole_arn = '{role_arn}' # {}",
                comments[2], comments[3]
            )
        });
        let lines = [format!("# {}", comments[0])].into_iter().chain(zone).chain(refresh).chain(sections);
        let text = lines.map(|line| line + "\n").collect::<String>();
        let before = read(&text);
        let with = with_context(&text, &settings(&name)).unwrap();
        for line in text.lines() {
            prop_assert!(with.lines().any(|kept| kept == line), "{:?} is gone from\n{}", line, with);
        }
        let after = read(&with);
        prop_assert_eq!(&after.contexts.chosen().settings, &ContextSettings::Aws(Box::new(settings(&name))));
        prop_assert_eq!(after.zone, before.zone);
        prop_assert_eq!(&after.preferences, &before.preferences);
        for other in &others {
            prop_assert_eq!(after.contexts.get(other), before.contexts.get(other));
        }
        let without = without_context(&with, &name).unwrap();
        prop_assert_eq!(read(&without), before);
    }
}
