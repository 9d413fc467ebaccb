//! The command line: parses the arguments and runs what they ask for.
//!
//! Only here does the program meet the embedded scheduler.

mod aws_setup;
mod context_opener;
mod doctor;
mod exit_code;
mod init;
mod log;
mod manual;
mod memos;
mod notify;
mod parse;
mod prompt;
mod stack_operations;
mod stdio;
mod teardown;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use uuid::Uuid;

use crate::app::{App, Msg, Ring, SystemEvent};
use crate::config::{Env, Flags, Paths};
use crate::runtime;
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::inbox::InboxSender;
use crate::runtime::opener::Opener as _;
pub use aws_setup::SetupEnvironment;
use context_opener::ContextOpener;
pub use context_opener::local_context;
pub use doctor::{Colour, Report};
pub use init::{Arguments as InitArguments, init};
pub use memos::{Environment, Streams};
use parse::parse;
pub use prompt::{Prompt, Stop};
use stdio::{print_error, print_line};
pub use teardown::{Arguments as TeardownArguments, teardown};

/// Reminders in the terminal, delivered by AWS EventBridge Scheduler or by an embedded scheduler.
///
/// Without a command, tickler opens its screen. At first memos live on this machine, and ring while tickler is open. In
/// AWS they are delivered even when this machine is off: run `tickler init` once to set that up.
#[derive(Debug, Clone, Parser)]
#[command(name = "tickler", version, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    context: ContextArguments,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The commands. Without one, the screen opens.
#[derive(Debug, Clone, Subcommand)]
enum Command {
    #[command(flatten)]
    Memos(memos::Command),
    /// Set up memos in AWS, and add a context for them
    Init(init::Arguments),
    /// Delete everything that `tickler init` created
    Teardown(teardown::Arguments),
    /// Check the setup and suggest fixes
    Doctor(doctor::Arguments),
    /// Generate shell completions
    Completions(manual::CompletionsArguments),
    /// Print a man page
    Man(manual::ManArguments),
}

impl Command {
    /// Whether it draws on the terminal, instead of printing lines.
    fn draws(&self) -> bool {
        match self {
            Self::Memos(command) => command.draws(),
            Self::Init(_) | Self::Teardown(_) | Self::Doctor(_) | Self::Completions(_) | Self::Man(_) => false,
        }
    }
}

/// The flags that choose a context and how to reach it. They go before or after a command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Context")]
struct ContextArguments {
    /// The context to use: local, or one from the settings file (or set `TICKLER_CONTEXT`)
    #[arg(long, short, value_name = "NAME", global = true)]
    context: Option<String>,
    /// The AWS profile
    #[arg(long, value_name = "NAME", global = true)]
    profile: Option<String>,
    /// The AWS region
    #[arg(long, value_name = "REGION", global = true)]
    region: Option<String>,
    /// Send AWS requests to this URL instead
    #[arg(long, value_name = "URL", global = true)]
    endpoint_url: Option<String>,
    /// The schedule group of the memos [default: tickler]
    #[arg(long, value_name = "NAME", global = true)]
    group: Option<String>,
    /// Refuse every change: add, edit, snooze, cancel and run
    #[arg(long, global = true)]
    read_only: bool,
}

impl ContextArguments {
    fn flags(&self) -> Flags {
        Flags {
            context: self.context.clone(),
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            group: self.group.clone(),
            read_only: self.read_only,
        }
    }
}

/// Runs what the command line asks for.
#[must_use]
pub fn main() -> ExitCode {
    let Arguments { context, command } = match parse::<Arguments>(std::env::args_os()).map_err(memos::improve_error) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() && wants_json(std::env::args_os()) => {
            return ExitCode::from(memos::print_usage_error_as_json(&error, &mut Streams::of_this_process()));
        }
        Err(error) => error.exit(),
    };
    let paths = match Paths::find() {
        Ok(paths) => paths,
        Err(failure) => {
            print_error(&failure.to_string());
            return ExitCode::FAILURE;
        }
    };
    let flags = context.flags();
    let draws = command.as_ref().is_none_or(Command::draws) && io::stdout().is_terminal();
    if draws && std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        print_error(
            "tickler cannot draw in this terminal (TERM=dumb). `tickler list --watch --plain` prints a line for each \
             event, and `tickler add` schedules a memo.",
        );
        return ExitCode::from(exit_code::USAGE);
    }
    match command {
        Some(Command::Completions(arguments)) => manual::print_completions(&arguments, &mut Arguments::command()),
        Some(Command::Man(arguments)) => manual::print_man(&arguments, Arguments::command()),
        None => open_screen(flags, paths),
        Some(Command::Memos(command)) => memos::run(&command, &flags, &paths),
        Some(Command::Init(arguments)) => init::run(&arguments, &flags, &paths),
        Some(Command::Teardown(arguments)) => teardown::run(&arguments, &flags, &paths),
        Some(Command::Doctor(arguments)) => doctor::run(&arguments, &flags, &paths),
    }
}

/// Runs a memo command in an environment that may not be this machine, and returns the exit code. Any other command is
/// a usage error.
pub async fn perform(line: &[&str], environment: &Environment, streams: &mut Streams<'_>) -> u8 {
    let print_usage_error = if wants_json(line.iter().map(OsString::from)) {
        memos::print_usage_error_as_json
    } else {
        memos::print_usage_error
    };
    let words = std::iter::once(&"tickler").chain(line).map(OsString::from);
    match parse::<Arguments>(words).map_err(memos::improve_error) {
        Ok(Arguments { context, command: Some(Command::Memos(command)) }) => {
            memos::perform(&command, &context.flags(), environment, streams).await
        }
        Ok(_) => {
            print_usage_error(&Arguments::command().error(ErrorKind::InvalidSubcommand, "not a memo command"), streams)
        }
        Err(error) => print_usage_error(&error, streams),
    }
}

/// The completion script for a shell.
#[must_use]
pub fn completions(shell: Shell) -> Vec<u8> {
    manual::completions(shell, &mut Arguments::command())
}

/// The man page of a command, or of the whole program. `None` if there is no such command.
///
/// # Errors
/// Never: the page is written to memory.
#[must_use]
pub fn page(command: Option<&str>) -> Option<io::Result<Vec<u8>>> {
    manual::page(command, Arguments::command())
}

/// Whether to print usage errors as JSON. The arguments could not be parsed, so this looks for the flag itself.
fn wants_json(mut arguments: impl Iterator<Item = OsString>) -> bool {
    arguments.any(|argument| argument == "--json")
}

/// Opens the screen.
fn open_screen(flags: Flags, paths: Paths) -> ExitCode {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        print_error("tickler needs a terminal. `tickler --help` lists the commands that work without one.");
        return ExitCode::from(exit_code::USAGE);
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let zone = context_opener::system_zone().unwrap_or(when::Tz::UTC);
    let mut app = App::new(Uuid::new_v4().as_u128(), zone, (0, 0));
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let state_dir = paths.state_dir.clone();
    let log_file = paths.log_file.clone();
    let opener = ContextOpener::new(flags, Env::read(|name| std::env::var_os(name)), paths, Arc::clone(&clock));
    // The first frame and the first key already use the person's settings. Errors in them show when the worker reads
    // them again.
    if let Ok(settings) = opener.settings() {
        app.form.set_zone(settings.zone);
        app.settings = settings;
    }
    let hosts = opener.hosts();
    let start = move || match log::start(&log_file) {
        Ok(()) => opener,
        Err(failure) => opener.with_notice(failure),
    };
    let notifier = Box::new(notify_arrivals);
    let host = Box::new(move |hosting| hosts.switch(hosting));
    match runtime::run(app, colour, Arc::clone(&clock), state_dir, start, notifier, host) {
        Ok(app) => {
            for line in runtime::exit_summary(&app, clock.now()) {
                print_line(&line);
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            print_error(&format!("The terminal failed: {error}. Scheduled memos stay scheduled."));
            ExitCode::FAILURE
        }
    }
}

/// Sends the notifications of the screen. A failure shows as a message on it.
fn notify_arrivals(ring: &Ring, tell: &InboxSender) {
    for text in &ring.texts {
        let tell = tell.clone();
        notify::send(&ring.by, text, move |failure| tell.send(Msg::System(SystemEvent::Trouble(failure))));
    }
}
