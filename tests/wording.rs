//! Plain English: the program's strings, comments, helps and documents avoid a list of phrases.
//!
//! The phrases are those that made the text read like a translation. Each one has a plain replacement beside it.

use std::fs;
use std::path::Path;

use clap::CommandFactory as _;
use proc_macro2::{TokenStream, TokenTree};
use syn::Lit;

/// What not to write, in lower case, and what to write instead.
const PHRASES: &[(&str, &str)] = &[
    ("is no key", "is not a key"),
    ("is no zone", "is not a time zone"),
    ("is no time", "is not a time"),
    ("is no time zone", "is not a time zone"),
    ("is no day", "is not a day"),
    ("is no date", "is not a date"),
    ("is no number", "is not a number"),
    ("is no name", "is not a valid name"),
    ("is no region", "is not a region"),
    ("is no arn", "is not an ARN"),
    ("is no section", "is not a section"),
    ("is no terminal", "is not a terminal"),
    ("and this is", "must be …, not …"),
    ("tells of", "reports, shows"),
    ("is told", "is shown, is reported"),
    ("are told", "are shown, are reported"),
    ("told off", "listed, reported"),
    ("is said", "is shown"),
    ("said done", "marked as done"),
    ("says done", "marks as done"),
    ("call it off", "cancel it"),
    ("call them off", "cancel them"),
    ("called off", "cancelled"),
    ("put it off", "snooze it"),
    ("put off", "snooze"),
    ("put it away", "mark it as done"),
    ("put away", "mark as done; done"),
    ("take the last change back", "undo the last change"),
    ("taken back", "undone"),
    ("changed back", "undid"),
    ("behind the memo", "after the memo"),
    ("says nothing", "is empty"),
    ("holds these words", "matches"),
    ("all lines again", "clear the filter"),
    ("anew", "again"),
    ("lest", "so that … not"),
    ("as it shall", "up to date"),
    ("as it has to be", "set up correctly"),
    ("at one blow", "at once, atomically"),
    ("none of this one's", "not for this one"),
    ("nobody said", "name who does what"),
    ("must never know", "does not depend on"),
    ("answers whether", "whether"),
    ("look whether", "check whether"),
    ("looks whether", "checks whether"),
    ("so many", "the number of"),
    ("of one's own", "custom, your own"),
    ("may be meant", "did you mean"),
];

/// The phrases in a text, each with some words around it and its replacement.
fn found(text: &str) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower: String = text.chars().map(|letter| letter.to_ascii_lowercase()).collect();
    let mut lines = Vec::new();
    for (phrase, replacement) in PHRASES {
        for (start, _) in lower.match_indices(phrase) {
            let (before, after) = (&lower[..start], &lower[start + phrase.len()..]);
            let in_a_word = before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
            // “There is no time” is fine.
            let there_is_none = phrase.starts_with("is no ") && before.ends_with("there ");
            if !in_a_word && !there_is_none {
                let from = text.floor_char_boundary(start.saturating_sub(30));
                let to = text.ceil_char_boundary((start + phrase.len() + 30).min(text.len()));
                lines.push(format!("“{phrase}” → {replacement}: …{}…", &text[from..to]));
            }
        }
    }
    lines
}

/// The blocks of comments in a source file, without their slashes.
fn comments(source: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in source.lines() {
        let comment = line.trim_start().strip_prefix("//").or_else(|| Some(line.split_once(" // ")?.1));
        match comment {
            Some(comment) => {
                let text = comment.trim_start_matches(['/', '!']);
                if let Some(block) = blocks.last_mut() {
                    block.push_str(text);
                    block.push(' ');
                }
            }
            None => blocks.push(String::new()),
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// The string literals of a source file, but for doc comments.
fn strings(tokens: TokenStream, strings: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            // `#[doc = "…"]` is a comment.
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let is_doc = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.stream().to_string().starts_with("doc ="));
                tokens.next_if(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '!'));
                tokens.next_if(is_doc);
            }
            TokenTree::Group(group) => self::strings(group.stream(), strings),
            TokenTree::Literal(literal) => {
                if let Lit::Str(text) = Lit::new(literal) {
                    strings.push(text.value());
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// A page of prose; of the glossary, without its column of words to avoid.
fn prose(path: &str, text: &str) -> String {
    let row = |line: &str| {
        let cells = line.strip_suffix('|').and_then(|line| line.rsplit_once('|'));
        cells.map_or_else(|| line.to_owned(), |(kept, _)| kept.to_owned())
    };
    if path.ends_with("glossary.md") { text.lines().map(row).collect::<Vec<_>>().join("\n") } else { text.to_owned() }
}

/// The files under a folder with one of these endings.
fn files(folder: &Path, endings: &[&str], deep: bool) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let relative = path.strip_prefix(root).unwrap();
        if path.is_dir() {
            if deep {
                files.extend(self::files(relative, endings, deep));
            }
        } else if path.extension().is_some_and(|extension| endings.iter().any(|ending| extension == *ending)) {
            files.push((relative.to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
    files.sort();
    files
}

fn assert_plain(findings: &[(String, Vec<String>)]) {
    let findings: Vec<_> = findings.iter().filter(|(_, lines)| !lines.is_empty()).collect();
    let count: usize = findings.iter().map(|(_, lines)| lines.len()).sum();
    let text: Vec<String> =
        findings.iter().map(|(file, lines)| format!("{file} ({})\n  {}", lines.len(), lines.join("\n  "))).collect();
    assert!(findings.is_empty(), "{count} phrases in {} places:\n{}", findings.len(), text.join("\n"));
}

#[test]
fn the_code_speaks_plainly() {
    let folders = ["src", "crates/when/src", "crates/embedded/src"];
    let sources = folders.iter().flat_map(|folder| files(Path::new(folder), &["rs"], true));
    let findings: Vec<_> = sources
        .map(|(path, source)| {
            let mut texts = comments(&source);
            strings(source.parse().unwrap(), &mut texts);
            (path, texts.iter().flat_map(|text| found(text)).collect())
        })
        .collect();
    assert_plain(&findings);
}

#[test]
fn the_documents_speak_plainly() {
    let pages = [files(Path::new("."), &["md"], false), files(Path::new("docs"), &["md", "toml"], false)].concat();
    let findings: Vec<_> = pages.into_iter().map(|(path, text)| (path.clone(), found(&prose(&path, &text)))).collect();
    assert_plain(&findings);
}

#[test]
fn the_helps_speak_plainly() {
    fn helps(command: &mut clap::Command, texts: &mut Vec<(String, Vec<String>)>) {
        texts.push((format!("the help of {}", command.get_name()), found(&command.render_long_help().to_string())));
        command.get_subcommands_mut().for_each(|command| helps(command, texts));
    }
    let mut texts = Vec::new();
    helps(&mut tickler::cli::Arguments::command(), &mut texts);
    assert_plain(&texts);
}

#[test]
fn a_phrase_is_found_over_lines_and_in_continued_strings() {
    let source = r#"
        /// The memo is
        /// told `x`.
        fn f() -> &'static str { // lest
            assert!(smallest(), "There is no time. “zz” is \
                no key.");
        }
    "#;
    let mut texts = comments(source);
    strings(source.parse().unwrap(), &mut texts);
    let phrases: Vec<String> = texts.iter().flat_map(|text| found(text)).collect();
    let [told, lest, key] = &phrases[..] else { panic!("{phrases:#?}") };
    assert!(told.starts_with("“is told” → is shown") && lest.starts_with("“lest”"), "{phrases:#?}");
    assert_eq!(key, "“is no key” → is not a key: …There is no time. “zz” is no key.…");
    let row = "| done | dealt with | put away |";
    assert_eq!(found(row), [format!("“put away” → mark as done; done: …{row}…")]);
    assert!(found(&prose("docs/glossary.md", row)).is_empty());
}
