//! The commands on memos: what the program does with keys, done with words, once.
//!
//! Each room is one of them. They share a `session`, which is the place that the settings choose; `streams`, on which they
//! tell what they did; `outcomes`, what has become of memos; `shape`, the form in which a program reads that; and `error`, which is how they end when they
//! do not do it. A command never asks anything, and never delivers what has come due.

mod add;
mod cancel;
mod edit;
mod error;
mod export;
mod history;
mod list;
mod lookup;
mod output;
mod parse_when;
mod receipts;
mod run;
mod session;
mod show;
mod snooze;
mod streams;
mod watch;
mod zone_names;

use std::process::ExitCode;

use clap::Subcommand;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::log;
use crate::config::{Flags, Paths};
use error::{CommandError, CommandErrors, exit};
pub use session::Environment;
use session::Session;
pub use streams::Streams;

/// What can be done with memos.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum Command {
    /// Schedule a memo
    Add(add::Arguments),
    /// Tell what is pending
    #[command(visible_alias = "ls")]
    List(list::Arguments),
    /// Tell all of one memo: pending, or delivered lately
    Show(show::Arguments),
    /// Change the text or the time of a pending memo
    Edit(edit::Arguments),
    /// Put a memo off: a pending one from its time, one that has arrived from now
    Snooze(snooze::Arguments),
    /// Call memos off
    #[command(visible_alias = "rm")]
    Cancel(cancel::Arguments),
    /// Deliver a memo now instead of at its time
    Run(run::Arguments),
    /// Tell what was delivered, the latest first
    History(history::Arguments),
    /// Write what is pending as an iCalendar file, with its time zones
    Export(export::Arguments),
}

impl Command {
    /// Whether a program reads what it tells.
    fn json(&self) -> bool {
        match self {
            Self::Add(arguments) => arguments.json,
            Self::List(arguments) => arguments.json,
            Self::Show(arguments) => arguments.json,
            Self::Edit(arguments) => arguments.json,
            Self::Snooze(arguments) => arguments.json,
            Self::Cancel(arguments) => arguments.json,
            Self::Run(arguments) => arguments.json,
            Self::History(arguments) => arguments.json,
            Self::Export(_) => false,
        }
    }
}

/// Does it, on this machine.
pub(super) fn run(command: &Command, flags: &Flags, paths: &Paths) -> ExitCode {
    log::begin(&paths.log_file);
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let (environment, mut streams) = (Environment::own(paths), Streams::own());
            ExitCode::from(runtime.block_on(perform(command, flags, &environment, &mut streams)))
        }
        Err(error) => {
            super::complain(&format!("tickler cannot start on this machine: {error}."));
            ExitCode::from(exit::FAILED)
        }
    }
}

/// Does it; the exit code.
pub(super) async fn perform(
    command: &Command,
    flags: &Flags,
    environment: &Environment,
    streams: &mut Streams<'_>,
) -> u8 {
    match attempt(command, flags, environment, streams).await {
        Ok(()) => exit::DONE,
        Err(errors) => {
            for error in &errors {
                streams.complain(command.json(), error);
            }
            errors.first().map_or(exit::FAILED, |error| error.exit)
        }
    }
}

async fn attempt(
    command: &Command,
    flags: &Flags,
    environment: &Environment,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    let session = Session::open(flags, environment).await?;
    match command {
        Command::Add(arguments) => add::add(arguments, &session, streams).await,
        Command::List(arguments) => list::list(arguments, &session, streams).await,
        Command::Show(arguments) => show::show(arguments, &session, streams).await,
        Command::Edit(arguments) => edit::edit(arguments, &session, streams).await,
        Command::Snooze(arguments) => snooze::snooze(arguments, &session, streams).await,
        Command::Cancel(arguments) => cancel::cancel(arguments, &session, streams).await,
        Command::Run(arguments) => run::run(arguments, &session, streams).await,
        Command::History(arguments) => history::history(arguments, &session, streams).await,
        Command::Export(arguments) => export::export(arguments, &session, streams).await,
    }
}

/// The same error as a person needs it: without the list of values that it would take, where that is longer than a screen
/// (of zones there are some hundreds), and with a word on quotes where they were forgotten, as in `edit ID --at fri 18:00`.
pub(super) fn helpful(mut error: clap::Error) -> clap::Error {
    const MOST: usize = 20;
    if let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue)
        && values.len() > MOST
    {
        error.remove(ContextKind::ValidValue);
    }
    let is_of_edit = error.get(ContextKind::Usage).is_some_and(|usage| usage.to_string().contains(" edit "));
    let is_word = |word: &ContextValue| !word.to_string().starts_with('-');
    if is_of_edit
        && error.kind() == ErrorKind::UnknownArgument
        && error.get(ContextKind::InvalidArg).is_some_and(is_word)
    {
        let tip = StyledStr::from("a MEMO or a WHEN of several words goes into quotes, as in --at \"fri 18:00\"");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// Says as JSON that the program was called wrongly; the exit code.
pub(super) fn misused(error: &clap::Error, streams: &mut Streams<'_>) -> u8 {
    let text = error.render().to_string();
    let (message, hint) = text.split_once("\n\n").unwrap_or((&text, ""));
    streams.complain(true, &CommandError::usage(message.trim_start_matches("error: ").trim(), hint.trim()));
    exit::USAGE
}

/// Says in words that the program was called wrongly, or how it is called; the exit code.
pub(super) fn explained(error: &clap::Error, streams: &mut Streams<'_>) -> u8 {
    streams.explain(&error.render().to_string(), error.use_stderr());
    if error.use_stderr() { exit::USAGE } else { exit::DONE }
}
