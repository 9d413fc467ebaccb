//! Shell completions and man pages, both generated from the definition that parses the arguments.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::exit_code;
use super::stdio::print_error;
use crate::keymap;

const NAME: &str = "tickler";

/// The arguments of `tickler completions`.
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

/// The arguments of `tickler man`.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = "\
Examples:
  tickler man | man -l -
  tickler man add | man -l -
  tickler man --dir ~/.local/share/man/man1")]
pub(super) struct ManArguments {
    /// The command to describe. Without it, the page describes tickler
    #[arg(value_name = "COMMAND")]
    about: Option<String>,
    /// Write all pages to this directory
    #[arg(long, value_name = "DIR", conflicts_with = "about")]
    dir: Option<PathBuf>,
}

/// Prints the completion script for a shell.
pub(super) fn print_completions(arguments: &CompletionsArguments, program: &mut Command) -> ExitCode {
    print(&completions(arguments.shell, program))
}

/// Prints one man page, or writes all of them to a directory.
pub(super) fn print_man(arguments: &ManArguments, program: Command) -> ExitCode {
    if let Some(directory) = &arguments.dir {
        return match write_pages(directory, program) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                print_error(&format!("The pages cannot be written to {}: {error}.", directory.display()));
                ExitCode::FAILURE
            }
        };
    }
    match page(arguments.about.as_deref(), program) {
        Some(Ok(page)) => print(&page),
        Some(Err(error)) => {
            print_error(&format!("The page cannot be written: {error}."));
            ExitCode::FAILURE
        }
        None => {
            let about = arguments.about.as_deref().unwrap_or_default();
            print_error(&format!("There is no command {about}. `tickler --help` lists all commands."));
            ExitCode::from(exit_code::USAGE)
        }
    }
}

/// The completion script for a shell.
pub(super) fn completions(shell: Shell, program: &mut Command) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, program, NAME, &mut script);
    script
}

/// The man page of a command, or of the whole program. `None` if there is no such command.
pub(super) fn page(command: Option<&str>, mut program: Command) -> Option<io::Result<Vec<u8>>> {
    // Gives each command its full name, as in `tickler add`.
    program.build();
    Some(match command {
        Some(name) => render(&Man::new(program.find_subcommand(name)?.clone())),
        None => render_program(&Man::new(program)),
    })
}

fn render(page: &Man) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    Ok(text)
}

/// The page of the program itself lists the keys too.
fn render_program(page: &Man) -> io::Result<Vec<u8>> {
    let mut text = render(page)?;
    keys().to_writer(&mut text)?;
    Ok(text)
}

/// The default keys, as a section of a man page.
fn keys() -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["KEYS"]);
    section.text([roman(
        "These are the default keys. The settings can change them under [keys]. The help on the screen shows the current \
         ones.",
    )]);
    for context in keymap::DOCUMENTED {
        section.control("SS", [context.title()]);
        for line in keymap::documented(context) {
            section.control("TP", []);
            let names = line.keys.iter().map(|chord| bold(chord.name()));
            let separated = |(index, name)| if index == 0 { vec![name] } else { vec![roman(" "), name] };
            section.text(names.enumerate().flat_map(separated).collect::<Vec<_>>());
            section.text([roman(line.long)]);
        }
    }
    section
}

fn write_pages(directory: &Path, mut program: Command) -> io::Result<()> {
    program.build();
    std::fs::create_dir_all(directory)?;
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        let page = Man::new(command.clone());
        std::fs::write(directory.join(page.get_filename()), render(&page)?)?;
    }
    let page = Man::new(program);
    std::fs::write(directory.join(page.get_filename()), render_program(&page)?)
}

fn print(text: &[u8]) -> ExitCode {
    let mut output = io::stdout();
    match output.write_all(text).and_then(|()| output.flush()) {
        // A pager that quits early is no error.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            print_error(&format!("The output cannot be written: {error}."));
            ExitCode::FAILURE
        }
        Ok(()) | Err(_) => ExitCode::SUCCESS,
    }
}
