//! The documents agree with the program and with each other.

#[path = "../examples/docs.rs"]
#[expect(dead_code, reason = "`main` is for `cargo run --example docs`")]
mod generate;

use std::fs;
use std::path::Path;

use generate::in_repository;

/// Files of the person's machine, not of the repository.
const ON_THE_MACHINE: &[&str] = &["config.toml"];

/// Where a path in a document may begin.
const ROOTS: &[&str] = &["", "src/", "crates/when/src/", "crates/when/tests/", "crates/embedded/src/", "tests/"];

/// The endings of the files in the repository.
const ENDINGS: &[&str] = &[".rs", ".md", ".toml", ".yaml", ".yml", ".json", ".tsv", ".snap", ".lock"];

/// Every page of prose, by its path.
fn pages() -> Vec<(String, String)> {
    let in_folder = |folder: &str| {
        let names = fs::read_dir(in_repository(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        let prefix = if folder == "." { String::new() } else { format!("{folder}/") };
        names.map(move |name| prefix.clone() + name.to_str().unwrap()).collect::<Vec<_>>()
    };
    let mut paths = [in_folder("."), in_folder("docs")].concat();
    paths.retain(|path| Path::new(path).extension().is_some_and(|ending| ending == "md"));
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(in_repository(&path)).unwrap())).collect()
}

#[test]
fn the_generated_parts_are_up_to_date() {
    for document in generate::documents().unwrap() {
        let text = fs::read_to_string(in_repository(document.path)).unwrap();
        assert!(text == document.text, "{} is out of date: run `cargo run --example docs`", document.path);
    }
}

#[test]
fn every_link_leads_to_a_file() {
    for (page, text) in pages() {
        let folder = Path::new(&page).parent().unwrap().to_owned();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.starts_with("http") || target.starts_with('#') {
                continue;
            }
            let path = folder.join(target.split('#').next().unwrap());
            assert!(
                in_repository(path.to_str().unwrap()).exists(),
                "{page} links to {}, which is missing",
                path.display()
            );
        }
    }
}

#[test]
fn every_path_in_back_ticks_exists() {
    let mut missing = Vec::new();
    for (page, text) in pages() {
        let paths = code(&text).filter(|span| is_path(span) && !ON_THE_MACHINE.contains(span));
        missing.extend(paths.filter(|path| !exists(path)).map(|path| format!("{page}: `{path}`")));
    }
    assert!(missing.is_empty(), "these paths lead nowhere:\n{}", missing.join("\n"));
}

/// The text between back-ticks, outside of code blocks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2))
}

/// Whether a text names a file or a folder: it ends like one, or has a slash between words.
fn is_path(text: &str) -> bool {
    let words = |part: &str| part.chars().all(|letter| letter.is_ascii_lowercase() || "_-.".contains(letter));
    let ends_like_one = ENDINGS.iter().any(|ending| text.ends_with(ending));
    let plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-./".contains(letter));
    let from_elsewhere =
        text.starts_with(['/', '~', '.']) && !text.starts_with(".github/") && !text.starts_with(".config/");
    plain && !from_elsewhere && (ends_like_one || (text.contains('/') && text.split('/').all(words)))
}

fn exists(path: &str) -> bool {
    ROOTS.iter().any(|root| {
        let path = in_repository(&format!("{root}{path}"));
        path.exists() || path.with_extension("rs").exists()
    })
}

#[test]
fn a_path_is_told_from_other_code() {
    for path in ["src/ui/", "aws/stack.rs", "aws/stack", "Cargo.toml", "crates/when", ".github/workflows/check.yml"] {
        assert!(is_path(path), "{path}");
    }
    for other in ["4/7", "~/.aws/config", "/aws/lambda/executeMemo", "tickler init", "http://a", "due", "state.db"] {
        assert!(!is_path(other), "{other}");
    }
    assert!(exists("ui/") && exists("aws/stack") && !exists("stack/progress.rs"));
}

#[test]
fn the_help_of_the_command_line_is_what_it_was() {
    use clap::CommandFactory as _;

    insta::assert_snapshot!(tickler::cli::Arguments::command().render_long_help());
}
