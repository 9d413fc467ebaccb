//! The commands on memos. They do what the screen does with keys, once, and end.
//!
//! Each command has a module. They share [`session`] (the open context), [`apply`] (how changes are sent), [`printer`] (how
//! they print), [`ask`] (what only the person knows), [`output`] (what programs read), [`receipts`] (what was delivered) and
//! [`error`]. Only `list --watch` delivers memos.

mod add;
mod apply;
mod ask;
mod cancel;
mod changes;
mod command_line;
mod dry_run;
mod edit;
mod error;
mod export;
mod history;
mod labelled;
mod list;
mod lookup;
mod memo_table;
mod new_memos;
mod output;
mod parse_when;
mod printer;
mod quote;
mod receipts;
mod run;
mod session;
mod short_id;
mod show;
mod snooze;
mod streams;
mod table;
mod watch;
mod zone_names;

use std::process::ExitCode;

use clap::Subcommand;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::stdio::print_error;
use super::{exit_code, log};
use crate::config::{Flags, Paths};
use error::{CommandError, CommandErrors};
use printer::{Encoding, Printer};
pub use session::Environment;
use session::{CommandSettings, Session};
pub use streams::Streams;

/// The commands on memos.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum Command {
    /// Schedule a memo
    Add(add::Arguments),
    /// List pending memos
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    /// Show a memo in full, pending or recently delivered
    Show(show::Arguments),
    /// Change the text or the time of a pending memo
    Edit(edit::Arguments),
    /// Snooze a memo
    Snooze(snooze::Arguments),
    /// Cancel memos
    #[command(visible_alias = "rm")]
    Cancel(cancel::Arguments),
    /// Deliver a memo now, and cancel its schedule
    Run(run::Arguments),
    /// List deliveries, latest first
    History(history::Arguments),
    /// Export pending memos as an iCalendar file
    Export(export::Arguments),
}

impl Command {
    fn encoding(&self) -> Encoding {
        let json = match self {
            Self::Add(arguments) => arguments.json,
            Self::List(arguments) => arguments.json,
            Self::Show(arguments) => arguments.json,
            Self::Edit(arguments) => arguments.json,
            Self::Snooze(arguments) => arguments.json,
            Self::Cancel(arguments) => arguments.json,
            Self::Run(arguments) => arguments.json,
            Self::History(arguments) => arguments.json,
            Self::Export(_) => false,
        };
        if json { Encoding::Json } else { Encoding::Text }
    }

    /// Whether the command may write files, its log among them.
    fn writes_files(&self) -> bool {
        !matches!(self, Self::Add(arguments) if arguments.dry_run)
    }

    /// Whether it draws on a terminal, instead of printing lines.
    pub fn draws(&self) -> bool {
        match self {
            Self::List(arguments) => arguments.draws(),
            Self::Add(_)
            | Self::Show(_)
            | Self::Edit(_)
            | Self::Snooze(_)
            | Self::Cancel(_)
            | Self::Run(_)
            | Self::History(_)
            | Self::Export(_) => false,
        }
    }
}

/// Runs a command on this machine.
pub(super) fn run(command: &Command, flags: &Flags, paths: &Paths) -> ExitCode {
    let log = if command.writes_files() { log::start(&paths.log_file) } else { Ok(()) };
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let (environment, mut streams) = (Environment::of_this_machine(paths), Streams::of_this_process());
            if let Err(failure) = log {
                Printer::new(&mut streams, command.encoding()).warn("disk", &failure.what, &failure.advice);
            }
            ExitCode::from(runtime.block_on(perform(command, flags, &environment, &mut streams)))
        }
        Err(error) => {
            print_error(&format!("tickler cannot start: {error}."));
            ExitCode::from(exit_code::FAILED)
        }
    }
}

/// Runs a command and returns its exit code.
pub(super) async fn perform(
    command: &Command,
    flags: &Flags,
    environment: &Environment,
    streams: &mut Streams<'_>,
) -> u8 {
    let mut printer = Printer::new(streams, command.encoding());
    match dispatch(command, flags, environment, &mut printer).await {
        Ok(()) => exit_code::OK,
        Err(errors) => {
            for error in &errors {
                printer.print_error(error);
            }
            errors.first().map_or(exit_code::FAILED, |error| error.exit_code)
        }
    }
}

async fn dispatch(
    command: &Command,
    flags: &Flags,
    environment: &Environment,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let settings = CommandSettings::read(flags, environment)?;
    if let Command::Add(arguments) = command
        && arguments.dry_run
    {
        return add::dry_run(arguments, &settings, printer);
    }
    let session = Session::open(settings, printer).await?;
    let done = match command {
        Command::Add(arguments) => add::add(arguments, &session, printer).await,
        Command::List(arguments) => list::list(arguments, &session, printer).await,
        Command::Show(arguments) => show::show(arguments, &session, printer).await,
        Command::Edit(arguments) => edit::edit(arguments, &session, printer).await,
        Command::Snooze(arguments) => snooze::snooze(arguments, &session, printer).await,
        Command::Cancel(arguments) => cancel::cancel(arguments, &session, printer).await,
        Command::Run(arguments) => run::run(arguments, &session, printer).await,
        Command::History(arguments) => history::history(arguments, &session, printer).await,
        Command::Export(arguments) => export::export(arguments, &session, printer).await,
    };
    for failure in session.damaged_rows() {
        printer.warn("disk", &failure.what, &failure.advice);
    }
    done
}

/// Makes a usage error easier to read: drops a list of valid values that is longer than a screen (hundreds of zones),
/// and mentions quotes if they are missing, as in `edit ID --at fri 18:00`.
pub(super) fn improve_error(mut error: clap::Error) -> clap::Error {
    const MAX_LISTED: usize = 20;
    if let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue)
        && values.len() > MAX_LISTED
    {
        error.remove(ContextKind::ValidValue);
    }
    let is_of_edit = error.get(ContextKind::Usage).is_some_and(|usage| usage.to_string().contains(" edit "));
    let is_word = |word: &ContextValue| !word.to_string().starts_with('-');
    if is_of_edit
        && error.kind() == ErrorKind::UnknownArgument
        && error.get(ContextKind::InvalidArg).is_some_and(is_word)
    {
        let tip = StyledStr::from("put a MEMO or WHEN of several words in quotes, as in --at \"fri 18:00\"");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// Prints a usage error as JSON, and returns the exit code.
pub(super) fn print_usage_error_as_json(error: &clap::Error, streams: &mut Streams<'_>) -> u8 {
    let text = error.render().to_string();
    let (message, hint) = text.split_once("\n\n").unwrap_or((&text, ""));
    let error = CommandError::usage(message.trim_start_matches("error: ").trim(), hint.trim());
    Printer::new(streams, Encoding::Json).print_error(&error);
    exit_code::USAGE
}

/// Prints a usage error, or the help that was asked for, as text. Returns the exit code.
pub(super) fn print_usage_error(error: &clap::Error, streams: &mut Streams<'_>) -> u8 {
    let mut printer = Printer::new(streams, Encoding::Text);
    let text = error.render().to_string();
    if error.use_stderr() {
        printer.print_error_text(&text);
        return exit_code::USAGE;
    }
    if let Err(error) = printer.print(&text) {
        printer.print_error(&error);
    }
    exit_code::OK
}
