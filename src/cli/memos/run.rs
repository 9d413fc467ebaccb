//! `tickler run`: delivers a memo now, and cancels its schedule.

use clap::Args;

use super::error::{CommandError, CommandErrors};
use super::lookup::Lookup;
use super::output::{MemoOutput, state};
use super::printer::Printer;
use super::quote::quoted;
use super::session::Session;
use crate::schedule::Change;

/// The arguments of `tickler run`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// The id of the memo, or the start of it if that is unique
    id: String,
    /// Print JSON: the memo
    #[arg(long)]
    pub json: bool,
}

/// Runs `tickler run`.
pub(super) async fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    let memo = Lookup::new(session).find_memo(&arguments.id).await?;
    let answer = session.scheduler.run_now(&memo).await.map_err(CommandError::from)?;
    let output = MemoOutput::of_memo(&memo, state::DELIVERED, session.scheduler.context());
    let answer = if answer.is_empty() { answer } else { format!(" The target answered: {answer}.") };
    printer.print_memo(&output, &format!("Delivered {} now.{answer}", quoted(&memo.text)))?;
    let due = memo.due.words(session.when.hours);
    session.apply(&Change::Cancel(memo)).await.map_err(|error| CommandError {
        message: format!("The memo was delivered, but is still scheduled for {due}. {}", error.message),
        ..error
    })?;
    Ok(())
}
