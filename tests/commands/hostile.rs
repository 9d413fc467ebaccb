//! Memos, arguments and settings that try to act on the terminal: nothing of them reaches it raw.

use std::sync::LazyLock;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

use super::process::Machine;
use super::shell::{Printed, Shell};

/// All of Unicode's controls (Cc), format characters (Cf) and separators of lines and paragraphs (Zl, Zp), and what is
/// reserved for tags.
pub static HOSTILE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let categories = CodePointMapData::<GeneralCategory>::new();
    let is_hostile = |c: &char| {
        matches!(
            categories.get(*c),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        )
    };
    let all: Vec<char> =
        ('\0'..=char::MAX).filter(|c| is_hostile(c) || ('\u{e0000}'..='\u{e007f}').contains(c)).collect();
    assert!(all.len() > 260, "only {} characters", all.len());
    all
});

/// A text with each of them between two letters.
pub fn hostile_text() -> String {
    HOSTILE.iter().flat_map(|c| ['x', *c]).chain(['x']).collect()
}

/// Asserts that a text has none of them but its layout.
#[track_caller]
pub fn assert_harmless(what: &str, text: &str, layout: &[char]) {
    let raw: Vec<char> = HOSTILE.iter().copied().filter(|c| !layout.contains(c) && text.contains(*c)).collect();
    assert!(raw.is_empty(), "{what} prints {raw:?}:\n{text:?}");
}

/// Runs a command, and asserts that what it prints acts on nothing.
#[track_caller]
fn run(shell: &Shell, line: &[&str]) -> Printed {
    let printed = shell.run(line);
    let what = format!("tickler {line:?}");
    assert_harmless(&what, &printed.output, &['\n', '\t']);
    assert_harmless(&what, &printed.errors, &['\n', '\t']);
    printed
}

#[test]
fn no_command_prints_a_memo_raw() {
    let hostile = hostile_text();
    let (terminal, pipe) = (Shell::new(), Shell::new().piped());
    for shell in [&terminal, &pipe] {
        for json in [&[][..], &["--json"]] {
            let memo = |line: &[&str]| run(shell, &[line, json].concat());
            let first = memo(&["add", &hostile, "--at", "in 1 h"]);
            assert_eq!(first.code, 0, "{first:?}");
            let listed = shell.run(&["list", "--json"]).json();
            assert_eq!(listed[0]["memo"], hostile, "JSON has the same text");
            let id = listed[0]["id"].as_str().unwrap().to_owned();
            memo(&["list"]);
            memo(&["list", "--cached"]);
            memo(&["show", &id]);
            memo(&["edit", &id, "-m", &format!("{hostile}y")]);
            memo(&["snooze", &id]);
            memo(&["run", &id]);
            memo(&["add", &hostile, "--at", "in 1 h"]);
            shell.pass_with_host(60);
            memo(&["history"]);
            memo(&["show", &id]);
            memo(&["add", &hostile, "--at", "in 1 h"]);
            let listed = shell.run(&["list", "--json"]).json();
            memo(&["cancel", listed[0]["id"].as_str().unwrap()]);
        }
    }
}

#[test]
fn a_piped_field_reads_back() {
    let shell = Shell::new().piped();
    let printed = shell.run(&["add", "a\tb\u{9b}1m\\\u{e0041}\u{1b}", "--at", "in 1 h"]);
    assert!(printed.output.ends_with("\tpending\ta\\tb\\u009b1m\\\\\\U000e0041\\u001b\n"), "{printed:?}");
}

#[test]
fn a_calendar_has_no_control_character() {
    let hostile = hostile_text();
    let (terminal, pipe) = (Shell::new(), Shell::new().piped());
    terminal.run(&["add", &hostile, "--at", "in 1 h"]);
    run(&terminal, &["export"]);
    pipe.run(&["add", &hostile, "--at", "in 1 h"]);
    let calendar = pipe.run(&["export"]).output;
    let controls = calendar.replace("\r\n", "").chars().filter(|c| c.is_control()).count();
    assert_eq!(controls, 0, "{calendar:?}");
    assert!(calendar.replace("\r\n ", "").contains("x\u{200f}x"), "a calendar keeps the direction of its words");
}

#[test]
fn no_error_repeats_an_argument_raw() {
    let hostile = hostile_text();
    let flag = format!("--{hostile}");
    let assigned = format!("--zone={hostile}");
    let words = format!("call mum {hostile} fri 18:00 sat 19:00");
    for shell in [Shell::new(), Shell::new().piped()] {
        shell.run(&["add", "tea", "in", "1", "h"]);
        let lines: [&[&str]; 19] = [
            &["add", &hostile],
            &["add", &words],
            &["add", "tea", "--at", &hostile],
            &["add", "tea", "18:00", "--zone", &hostile],
            &["add", "tea", "18:00", &assigned],
            &["add", "tea", "18:00", &flag],
            &["add", "tea", "--at", "fri", &hostile, "18:00"],
            &["list", "--context", &hostile],
            &["list", &hostile],
            &["list", "--group", &hostile],
            &["show", &hostile],
            &["edit", &hostile, "-m", "tea"],
            &["edit", "01", "--at", &hostile],
            &["snooze", &hostile],
            &["snooze", "01", &hostile],
            &["cancel", &hostile, "02"],
            &["run", &hostile],
            &["history", "--days", &hostile],
            &[&hostile],
        ];
        for line in lines {
            assert_ne!(run(&shell, line).code, 0, "{line:?}");
            assert_ne!(run(&shell, &[line, &["--json"]].concat()).code, 0, "{line:?}");
        }
    }
}

#[test]
fn the_other_commands_repeat_no_argument_raw() {
    let machine = Machine::new();
    let hostile = hostile_text().replace('\0', "");
    let url = format!("http://{hostile}");
    let lines: [&[&str]; 10] = [
        &["man", &hostile],
        &["completions", &hostile],
        &["doctor", "--context", &hostile],
        &["doctor", "--json", "--context", &hostile],
        &["doctor", "--policy", "--context", &hostile],
        &["init", "--name", &hostile],
        &["init", "--email", &hostile, "--context", &hostile],
        &["teardown", "--yes-delete", &hostile],
        &["--context", &hostile],
        &["list", "--endpoint-url", &url],
    ];
    for line in lines {
        let ended = machine.run(line);
        let (output, errors) = (String::from_utf8(ended.stdout).unwrap(), String::from_utf8(ended.stderr).unwrap());
        assert_harmless(&format!("{line:?}"), &output, &['\n', '\t']);
        assert_harmless(&format!("{line:?}"), &errors, &['\n', '\t']);
        let repeats = ["␛", "\\u001b"].iter().any(|escape| output.contains(escape) || errors.contains(escape));
        assert!(repeats || line[0].starts_with("--"), "{line:?} repeats nothing: {output}{errors}");
    }
}

#[test]
fn no_error_repeats_the_settings_raw() {
    let escaped: Vec<String> = hostile_text().chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
    let hostile = escaped.concat();
    for shell in [Shell::new(), Shell::new().piped()] {
        shell.settings(&format!("context = \"{hostile}\"\nzone = \"{hostile}\"\n\"{hostile}\" = 1\n"));
        for line in [&["list"][..], &["list", "--json"]] {
            assert_eq!(run(&shell, line).code, 2);
        }
    }
}

#[test]
fn a_memo_that_cannot_be_seen_is_empty() {
    let shell = Shell::new();
    shell.run(&["add", "tea", "in", "1", "h"]);
    for memo in ["\u{200b}", "\0", "\u{200b}\u{feff}\u{ad} \u{e0041}", "\u{3164}"] {
        for line in [&["add", memo, "--at", "fri 18:00"][..], &["edit", "01", "-m", memo]] {
            let printed = run(&shell, line);
            let expected = "The memo is empty. Type what to be reminded of.\n";
            assert_eq!((printed.code, printed.errors.as_str()), (2, expected), "{line:?}");
        }
        let with_time = run(&shell, &["add", &format!("{memo} fri 18:00")]);
        assert_eq!(with_time.code, 2, "{with_time:?}");
        let alone = run(&shell, &["add", memo]);
        assert!(alone.errors.starts_with("The memo is empty. Give one, as in "), "{alone:?}");
    }
    assert_eq!(shell.run(&["list"]).output.lines().count(), 2);
}

#[test]
fn a_list_item_is_a_memo_and_no_flag() {
    let shell = Shell::new().piped();
    for line in [
        &["add", "- [ ] call mum", "--at", "fri 18:00"][..],
        &["add", "-", "[", "]", "call", "mum", "--at", "fri 18:00"],
        &["add", "--at", "fri 18:00", "--", "- [ ] call mum"],
        &["add", "- [ ] call mum fri 18:00"],
        &["add", "-", "[", "]", "call", "mum", "fri", "18:00"],
    ] {
        let added = shell.run(line);
        assert!(added.output.ends_with("\tpending\t- [ ] call mum\n"), "{line:?}: {added:?}");
    }
    let edited = shell.run(&["edit", "0101", "-m", "- [x] call mum"]);
    assert!(edited.output.ends_with("\tpending\t- [x] call mum\n"), "{edited:?}");
    assert_eq!(shell.run(&["add", "--nonsense", "fri", "18:00"]).code, 2);
}
