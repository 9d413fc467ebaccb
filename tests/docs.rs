//! What the documents say is what the program does.

use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_readme_lists_the_keys_that_there_are() {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("<!-- keys -->\n").expect("README.md has a place for the keys");
    let (listed, _) = rest.split_once("<!-- /keys -->").expect("the place for the keys ends");
    let table = tickler::keymap::markdown();
    assert!(listed == table, "put this between the two marks in README.md:\n{table}");
}

#[test]
fn the_sample_of_the_settings_has_every_key() {
    let part = tickler::keymap::sample();
    assert!(read("docs/config.sample.toml").contains(&part), "put this into docs/config.sample.toml:\n{part}");
}

#[test]
fn every_document_that_is_named_is_there() {
    for document in [
        "README.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/aws.md",
        "docs/cli.md",
        "docs/performance.md",
        "docs/roadmap.md",
    ] {
        let text = read(document);
        let folder = Path::new(document).parent().unwrap().to_owned();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.starts_with("http") || target.starts_with('#') {
                continue;
            }
            let path = folder.join(target.split('#').next().unwrap());
            assert!(
                Path::new(env!("CARGO_MANIFEST_DIR")).join(&path).exists(),
                "{document} points to {}, which is not there",
                path.display()
            );
        }
    }
}

#[test]
fn the_help_of_the_command_line_is_what_it_was() {
    use clap::CommandFactory as _;

    insta::assert_snapshot!(tickler::cli::Arguments::command().render_long_help());
}
