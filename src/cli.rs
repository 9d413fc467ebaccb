//! The command line: what was asked for, and the program started accordingly. Here, and nowhere else in the library,
//! the embedded service and the program are brought together.

mod aws_setup;
mod context_opener;
mod doctor;
mod init;
mod log;
mod manual;
mod memos;
mod notify;
mod prompt;
mod teardown;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
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
pub use doctor::Report;
pub use init::{Arguments as InitArguments, init};
pub use manual::{completions, page};
pub use memos::{Environment, Streams};
pub use prompt::{Prompt, Stop};
pub use teardown::{Arguments as TeardownArguments, teardown};

/// How the program was called wrongly, or cannot run here: the exit code of it.
const USAGE: u8 = 2;

/// Reminders in the terminal, kept and delivered by AWS EventBridge Scheduler, or by a scheduler of its own.
///
/// At first memos are kept on this machine and ring while tickler is open. In AWS they are delivered whether this
/// machine is on or off: `tickler init` sets that up once.
#[derive(Debug, Clone, Parser)]
#[command(name = "tickler", version, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What can be done beside opening the program itself.
#[derive(Debug, Clone, Subcommand)]
enum Command {
    #[command(flatten)]
    Memos(memos::Command),
    /// Set up in AWS what memos need, and choose it as a context
    Init(init::Arguments),
    /// Take down what `tickler init` has set up
    Teardown(teardown::Arguments),
    /// Look whether everything is as it has to be, and say what to do where it is not
    Doctor(doctor::Arguments),
    /// Print what completes commands, flags and time zones in a shell
    Completions(manual::CompletionsArguments),
    /// Print the manual as a man page
    Man(manual::ManArguments),
}

/// Which place is meant, and how it is reached. They go before or after a command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Place")]
struct PlaceArguments {
    /// Where memos live: local, or a context of the settings file (or `TICKLER_CONTEXT`)
    #[arg(long, short, value_name = "NAME", global = true)]
    context: Option<String>,
    /// The profile of the AWS configuration to use
    #[arg(long, value_name = "NAME", global = true)]
    profile: Option<String>,
    /// The AWS region
    #[arg(long, value_name = "REGION", global = true)]
    region: Option<String>,
    /// Where to send requests instead of the services' own addresses
    #[arg(long, value_name = "URL", global = true)]
    endpoint_url: Option<String>,
    /// The schedule group that memos live in [default: tickler]
    #[arg(long, value_name = "NAME", global = true)]
    group: Option<String>,
    /// Change nothing: refuse every add, edit, cancel and run
    #[arg(long, global = true)]
    read_only: bool,
}

/// Does what the command line asks for.
#[must_use]
pub fn main() -> ExitCode {
    let Arguments { place, command } = match Arguments::try_parse().map_err(memos::helpful) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() && wants_json(std::env::args_os()) => {
            return ExitCode::from(memos::misused(&error, &mut Streams::own()));
        }
        Err(error) => error.exit(),
    };
    let paths = match Paths::find() {
        Ok(paths) => paths,
        Err(failure) => {
            complain(&failure.to_string());
            return ExitCode::FAILURE;
        }
    };
    let flags = place.flags();
    match command {
        Some(Command::Completions(arguments)) => manual::print_completions(&arguments),
        Some(Command::Man(arguments)) => manual::print_man(&arguments),
        None => program(flags, paths),
        Some(Command::Memos(command)) => memos::run(&command, &flags, &paths),
        Some(Command::Init(arguments)) => init::run(&arguments, &flags, &paths),
        Some(Command::Teardown(arguments)) => teardown::run(&arguments, &flags, &paths),
        Some(Command::Doctor(arguments)) => doctor::run(&arguments, &flags, &paths),
    }
}

/// Does what a command line on memos asks for, somewhere else than on this machine; the exit code. What is no command
/// on memos is refused as a wrong call.
pub async fn perform(line: &[&str], environment: &Environment, streams: &mut Streams<'_>) -> u8 {
    let json = wants_json(line.iter().map(OsString::from));
    let refuse = if json { memos::misused } else { memos::explained };
    match Arguments::try_parse_from(std::iter::once(&"tickler").chain(line)).map_err(memos::helpful) {
        Ok(Arguments { place, command: Some(Command::Memos(command)) }) => {
            memos::perform(&command, &place.flags(), environment, streams).await
        }
        Ok(_) => refuse(&Arguments::command().error(ErrorKind::InvalidSubcommand, "no command on memos"), streams),
        Err(error) => refuse(&error, streams),
    }
}

/// Whether whoever called reads JSON: what is wrong with the call is then told as JSON too.
fn wants_json(mut arguments: impl Iterator<Item = OsString>) -> bool {
    arguments.any(|argument| argument == "--json")
}

/// Opens the program.
fn program(flags: Flags, paths: Paths) -> ExitCode {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        complain("tickler draws on a terminal, and standard input or output is none. Start it in a terminal.");
        return ExitCode::from(USAGE);
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let zone = context_opener::system_zone().unwrap_or(when::Tz::UTC);
    let mut app = App::new(Uuid::new_v4().as_u128(), zone, (0, 0));
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let state_dir = paths.state_dir.clone();
    let log_file = paths.log_file.clone();
    let opener = ContextOpener::new(flags, Env::read(|name| std::env::var_os(name)), paths, Arc::clone(&clock));
    // The first frame, and the first key, are as the person has them. What is wrong with the settings is told when they
    // are read again, with everything else.
    if let Ok(settings) = opener.settings() {
        app.form.set_zone(settings.zone);
        app.settings = settings;
    }
    let begin = move || {
        log::begin(&log_file);
        opener
    };
    match runtime::run(app, colour, Arc::clone(&clock), state_dir, begin, Box::new(make_heard)) {
        Ok(app) => {
            for line in runtime::exit_summary(&app, clock.now()) {
                say(&line);
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&format!("tickler cannot go on with this terminal: {error}. What was scheduled stays scheduled."));
            ExitCode::FAILURE
        }
    }
}

/// Notifications of the program: what fails of them shows as a message.
fn make_heard(ring: &Ring, tell: &InboxSender) {
    for text in &ring.texts {
        let tell = tell.clone();
        notify::show(&ring.by, text, move |failure| tell.send(Msg::System(SystemEvent::Trouble(failure))));
    }
}

impl PlaceArguments {
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

/// A line on standard output. Where nobody reads it any more there is nobody to tell.
fn say(line: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "{line}") {
        tracing::debug!(%error, "nobody reads the last words");
    }
}

fn complain(line: &str) {
    if let Err(error) = writeln!(std::io::stderr(), "{line}") {
        tracing::debug!(%error, "nobody reads the error");
    }
}
