//! What is made of the command line's definition: helps, completions and man pages, as they are.

use clap::{CommandFactory as _, ValueEnum as _};
use clap_complete::Shell as Of;

use super::shell::Shell;

/// The commands, by their own listing.
fn commands() -> Vec<String> {
    let whole = tickler::cli::Arguments::command();
    whole.get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

#[test]
fn each_command_helps() {
    for command in commands() {
        let said = Shell::new().run(&[&command, "--help"]);
        assert_eq!(said.code, 0);
        insta::assert_snapshot!(format!("help_of_{command}"), said.output);
    }
}

#[test]
fn completions_know_the_commands_and_every_zone() {
    for shell in Of::value_variants() {
        let text = String::from_utf8(tickler::cli::completions(*shell)).unwrap();
        // The others complete no values at all.
        if matches!(shell, Of::Bash | Of::Fish | Of::Zsh) {
            assert!(when::zones::all().all(|zone| text.contains(zone)), "{shell} does not know every zone");
        }
        assert!(commands().iter().all(|command| text.contains(command)), "{shell} does not know every command");
        insta::assert_snapshot!(format!("completions_for_{shell}"), without_zones(&text));
    }
}

/// The text with one zone in the place of all.
fn without_zones(text: &str) -> String {
    let zones: std::collections::HashSet<&str> = when::zones::all().skip(1).collect();
    let kept = |line: &str| -> Option<String> {
        // In fish each zone has a line of its own.
        if line.split_once('\\').is_some_and(|(zone, _)| zones.contains(zone)) {
            return line.strip_suffix('"').map(|_| "\"".to_owned());
        }
        let words: Vec<&str> =
            line.split(' ').filter(|word| !zones.contains(word.trim_matches(['"', ')', '(']))).collect();
        let lost = line.split(' ').count() > words.len();
        Some(words.join(" ") + if lost { " # and all others" } else { "" })
    };
    text.lines().filter_map(kept).map(|line| line + "\n").collect()
}

#[test]
fn man_pages_say_what_the_helps_say() {
    let page = |about: Option<&str>| String::from_utf8(tickler::cli::page(about).unwrap().unwrap()).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    insta::assert_snapshot!("man_of_tickler", page(None).replace(version, "VERSION"));
    insta::assert_snapshot!("man_of_add", page(Some("add")).replace(version, "VERSION"));
    for command in commands() {
        assert!(page(Some(&command)).contains(".SH SYNOPSIS"), "{command}");
    }
    assert!(tickler::cli::page(Some("nothing")).is_none());
}
