//! What is made of the command line's own definition: completions for shells, and man pages.
//!
//! Both come from the one definition that also parses, so that they cannot say anything else than what is done.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{USAGE, complain};
use crate::keymap;

const NAME: &str = "tickler";

/// What `tickler completions` takes.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = "\
Examples:
  tickler completions bash > ~/.local/share/bash-completion/completions/tickler
  tickler completions fish > ~/.config/fish/completions/tickler.fish
  tickler completions zsh > \"${fpath[1]}/_tickler\"")]
pub(super) struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

/// What `tickler man` takes.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = "\
Examples:
  tickler man | man -l -
  tickler man add | man -l -
  tickler man --dir ~/.local/share/man/man1")]
pub(super) struct ManArguments {
    /// The command that the page is about; without it, the program
    #[arg(value_name = "COMMAND")]
    about: Option<String>,
    /// Write all pages into this directory instead
    #[arg(long, value_name = "DIR", conflicts_with = "about")]
    dir: Option<PathBuf>,
}

/// Prints the completions for a shell.
pub(super) fn print_completions(arguments: &CompletionsArguments) -> ExitCode {
    print(&completions(arguments.shell))
}

/// Prints a page, or writes them all.
pub(super) fn print_man(arguments: &ManArguments) -> ExitCode {
    if let Some(directory) = &arguments.dir {
        return match write_pages(directory) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                complain(&format!("The pages cannot be written into {}: {error}.", directory.display()));
                ExitCode::FAILURE
            }
        };
    }
    match page(arguments.about.as_deref()) {
        Some(Ok(page)) => print(&page),
        Some(Err(error)) => {
            complain(&format!("The page cannot be written: {error}."));
            ExitCode::FAILURE
        }
        None => {
            let about = arguments.about.as_deref().unwrap_or_default();
            complain(&format!("There is no command {about}. `tickler --help` tells them all."));
            ExitCode::from(USAGE)
        }
    }
}

/// The completions for a shell.
#[must_use]
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut super::Arguments::command(), NAME, &mut text);
    text
}

/// The man page of a command, or of the program; none where there is no such command.
///
/// # Errors
/// Never: a page is written into memory.
#[must_use]
pub fn page(about: Option<&str>) -> Option<io::Result<Vec<u8>>> {
    let whole = whole();
    Some(match about {
        Some(name) => written(&Man::new(whole.find_subcommand(name)?.clone()), false),
        None => written(&Man::new(whole), true),
    })
}

/// A page; that of the program itself has its keys, too.
fn written(page: &Man, has_keys: bool) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    if has_keys {
        keys().to_writer(&mut text)?;
    }
    Ok(text)
}

/// The keys of the program, as a section of its page.
fn keys() -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["KEYS"]);
    section.text([roman(
        "These are the keys of the program where its settings give no others, under [keys]. Its help shows those that \
         hold.",
    )]);
    for place in keymap::DOCUMENTED {
        section.control("SS", [place.title()]);
        for line in keymap::documented(place) {
            section.control("TP", []);
            let names = line.keys.iter().map(|chord| bold(chord.name()));
            let apart = |(index, name)| if index == 0 { vec![name] } else { vec![roman(" "), name] };
            section.text(names.enumerate().flat_map(apart).collect::<Vec<_>>());
            section.text([roman(line.long)]);
        }
    }
    section
}

fn write_pages(directory: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    let whole = whole();
    for command in whole.get_subcommands().filter(|command| command.get_name() != "help") {
        write_page(directory, &Man::new(command.clone()), false)?;
    }
    write_page(directory, &Man::new(whole), true)
}

fn write_page(directory: &Path, page: &Man, has_keys: bool) -> io::Result<()> {
    std::fs::write(directory.join(page.get_filename()), written(page, has_keys)?)
}

/// The whole command line, each command with its full name.
fn whole() -> Command {
    let mut command = super::Arguments::command();
    command.build();
    command
}

fn print(text: &[u8]) -> ExitCode {
    use io::Write as _;

    let mut output = io::stdout();
    match output.write_all(text).and_then(|()| output.flush()) {
        // A pager was left before its end.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("What there is to tell cannot be written: {error}."));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
