//! Help, completions and man pages.

use clap::{CommandFactory as _, ValueEnum as _};
use clap_complete::Shell as Of;

use super::shell::Shell;

/// The names of all commands.
fn commands() -> Vec<String> {
    let program = tickler::cli::Arguments::command();
    program.get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

#[test]
fn every_command_has_help() {
    for command in commands() {
        let printed = Shell::new().run(&[&command, "--help"]);
        assert_eq!(printed.code, 0);
        insta::assert_snapshot!(format!("help_of_{command}"), printed.output);
    }
}

#[test]
fn completions_contain_all_commands_and_zones() {
    for shell in Of::value_variants() {
        let text = String::from_utf8(tickler::cli::completions(*shell)).unwrap();
        // The other shells complete no values.
        if matches!(shell, Of::Bash | Of::Fish | Of::Zsh) {
            assert!(when::zones::all().all(|zone| text.contains(zone)), "{shell} does not know every zone");
        }
        assert!(commands().iter().all(|command| text.contains(command)), "{shell} does not know every command");
        insta::assert_snapshot!(format!("completions_for_{shell}"), without_zones(&text));
    }
}

/// Replaces the zones by the first one.
fn without_zones(text: &str) -> String {
    let zones: std::collections::HashSet<&str> = when::zones::all().skip(1).collect();
    let kept = |line: &str| -> Option<String> {
        // fish has one line for each zone.
        if line.split_once('\\').is_some_and(|(zone, _)| zones.contains(zone)) {
            return line.strip_suffix('"').map(|_| "\"".to_owned());
        }
        let words: Vec<&str> =
            line.split(' ').filter(|word| !zones.contains(word.trim_matches(['"', ')', '(']))).collect();
        let dropped = line.split(' ').count() > words.len();
        Some(words.join(" ") + if dropped { " # and all others" } else { "" })
    };
    text.lines().filter_map(kept).map(|line| line + "\n").collect()
}

#[test]
fn man_pages_match_the_help() {
    let page = |about: Option<&str>| String::from_utf8(tickler::cli::page(about).unwrap().unwrap()).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    insta::assert_snapshot!("man_of_tickler", page(None).replace(version, "VERSION"));
    insta::assert_snapshot!("man_of_add", page(Some("add")).replace(version, "VERSION"));
    for command in commands() {
        assert!(page(Some(&command)).contains(".SH SYNOPSIS"), "{command}");
    }
    assert!(tickler::cli::page(Some("nothing")).is_none());
}
