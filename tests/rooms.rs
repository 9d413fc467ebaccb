//! Who imports from whom: no two files import from each other, directly or through others, and no file imports from a
//! layer above its own.
//!
//! An import is a `use`, or a path in the code such as `super::list::rows()`. It is traced to the file that defines the
//! name; a re-export on the way counts too. What is under `#[cfg(test)]` does not count.

mod circles;
mod imports;
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use imports::{Imports, imports};
use tree::Sources;

/// The layers: each with the layers that it may import from. A file may always import from its own layer.
const LAYERS: &[(&str, &[&str])] = &[
    ("when", &[]),
    ("files", &[]),
    ("embedded", &["files"]),
    ("domain", &["when"]),
    ("keymap", &["when", "domain"]),
    ("app", &["when", "domain", "keymap"]),
    ("ui", &["when", "domain", "keymap", "app"]),
    ("aws", &["when", "domain"]),
    ("state", &["when", "files", "domain"]),
    ("config", &["when", "files", "domain", "keymap"]),
    ("runtime", &["when", "files", "domain", "keymap", "app", "ui", "aws", "state"]),
    ("cli", &["when", "files", "embedded", "domain", "keymap", "app", "ui", "aws", "state", "config", "runtime"]),
    ("main", &["cli"]),
];

/// The modules at the top of the program that are named after something else than their layer.
const DOMAIN: &[&str] =
    &["memo", "schedule", "context", "arn", "proof", "failure", "countdown", "preferences", "harmless"];

/// The crates, by the names that their paths begin with, and their root files.
const CRATES: &[(&str, &str)] = &[
    ("tickler", "src/lib.rs"),
    ("main", "src/main.rs"),
    ("when", "crates/when/src/lib.rs"),
    ("embedded", "crates/embedded/src/lib.rs"),
    ("files", "crates/files/src/lib.rs"),
];

/// The layer of a file. The root of the library is in none: it only names its modules.
fn layer(file: &str) -> Option<&str> {
    if let Some(rest) = file.strip_prefix("crates/") {
        return rest.split('/').next();
    }
    let top = file.strip_prefix("src/")?.split(['/', '.']).next()?;
    match top {
        "lib" => None,
        top if DOMAIN.contains(&top) => Some("domain"),
        top => Some(top),
    }
}

/// What is wrong with the layers of the imports, a line each.
fn up_arrows(imports: &Imports) -> Vec<String> {
    let mut lines = Vec::new();
    for ((from, to), names) in imports {
        let Some(from_layer) = layer(from) else {
            lines.push(format!("{from} imports {} from {to}: it should only name its modules", names.join(", ")));
            continue;
        };
        let Some((_, below)) = LAYERS.iter().find(|(name, _)| *name == from_layer) else {
            lines.push(format!("{from} is in no layer: give `{from_layer}` a row in LAYERS or a place in DOMAIN"));
            continue;
        };
        match layer(to) {
            Some(to_layer) if to_layer == from_layer || below.contains(&to_layer) => {}
            Some(to_layer) => lines.push(format!(
                "{from} ({from_layer}) imports {} from {to} ({to_layer}), which is not below it",
                names.join(", ")
            )),
            None => lines.push(format!("{from} imports {} from {to}", names.join(", "))),
        }
    }
    lines
}

/// The sources of the program and of its crates, by their paths from the root of the repository.
fn sources() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::new();
    let mut folders: Vec<PathBuf> =
        ["src", "crates/when/src", "crates/embedded/src", "crates/files/src"].map(|folder| root.join(folder)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                sources.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    sources
}

#[test]
fn no_files_import_from_each_other_in_a_circle() {
    let circles = circles::circles(&imports(&sources(), CRATES));
    assert!(circles.is_empty(), "{} circles of imports:\n\n{}", circles.len(), circles.join("\n"));
}

#[test]
fn no_file_imports_from_a_layer_above() {
    let lines = up_arrows(&imports(&sources(), CRATES));
    assert!(
        lines.is_empty(),
        "{} imports run up the layers of docs/architecture.md:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

/// The imports of a made-up program: files of the library, each with its text.
fn imports_of(files: &[(&str, &str)]) -> Imports {
    let sources: BTreeMap<_, _> = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    imports(&sources, &[("tickler", "src/lib.rs")])
}

fn edges(imports: &Imports) -> Vec<String> {
    imports.iter().map(|((from, to), names)| format!("{from} → {to}: {}", names.join(", "))).collect()
}

#[test]
fn a_circle_is_found_with_the_names_that_tie_it() {
    let imports = imports_of(&[
        ("src/lib.rs", "pub mod memo; pub mod app; pub mod ui;"),
        ("src/memo.rs", "pub struct Memo; #[cfg(test)] mod tests { use crate::app::App; }"),
        ("src/app.rs", "mod list; use crate::memo::Memo; pub struct App(list::List, Memo); pub enum Key { A }"),
        ("src/app/list.rs", "pub struct List; fn f() { if let Some(super::Key::A) = None {} }"),
        ("src/ui.rs", "use crate::app::App; pub fn draw(_: &App) {}"),
    ]);
    let [circle] = &circles::circles(&imports)[..] else { panic!("one circle, not {:#?}", edges(&imports)) };
    assert_eq!(
        circle,
        "src/app.rs, src/app/list.rs\n  \
         src/app.rs imports List from src/app/list.rs\n  \
         src/app/list.rs imports Key from src/app.rs\n"
    );
}

#[test]
fn an_import_from_above_is_found() {
    let files = [
        ("src/lib.rs", "pub mod memo; pub mod app; pub mod odd;"),
        ("src/memo.rs", "fn f() { println!(\"{}\", crate::app::now()) }"),
        ("src/app.rs", "use crate::memo; pub fn now() {}"),
        ("src/odd.rs", "use crate::memo::f as _;"),
    ];
    assert_eq!(
        up_arrows(&imports_of(&files)),
        [
            "src/memo.rs (domain) imports now from src/app.rs (app), which is not below it",
            "src/odd.rs is in no layer: give `odd` a row in LAYERS or a place in DOMAIN",
        ]
    );
}

#[test]
fn an_index_that_only_re_exports_ties_no_circle() {
    let index = "mod client; mod write; pub use client::Client; pub use write::*;";
    let files = |aws: &'static str| {
        [
            ("src/lib.rs", "pub mod aws; pub mod cli;"),
            ("src/aws.rs", aws),
            ("src/aws/client.rs", "pub struct Client;"),
            ("src/aws/write.rs", "use super::Client; pub fn write(_: Client) {}"),
            ("src/cli.rs", "use crate::aws::{self, Client as Own}; fn f() { aws::write(Own) }"),
        ]
    };
    let imports = imports_of(&files(index));
    assert_eq!(
        edges(&imports),
        [
            "src/aws/write.rs → src/aws.rs: Client",
            "src/aws/write.rs → src/aws/client.rs: Client",
            "src/cli.rs → src/aws.rs: Client, write",
            "src/cli.rs → src/aws/client.rs: Client",
            "src/cli.rs → src/aws/write.rs: write",
        ]
    );
    assert!(circles::circles(&imports).is_empty());

    let used = imports_of(&files("mod client; mod write; pub use client::Client; fn f(_: Client) { write::write(_) }"));
    let [circle] = &circles::circles(&used)[..] else { panic!("one circle, not {:#?}", edges(&used)) };
    assert!(circle.starts_with("src/aws.rs, src/aws/write.rs\n"), "{circle}");
}
