//! `tickler run`: a memo now, and not at its time any more.

use clap::Args;

use super::error::{CommandError, CommandErrors};
use super::lookup::Lookup;
use super::output::{MemoOutput, state};
use super::session::Session;
use super::streams::{Streams, quoted};
use crate::schedule::Change;

/// What `tickler run` takes.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// The id of the memo, or as much of its beginning as tells it from the others
    id: String,
    /// Tell it as JSON: the memo
    #[arg(long)]
    pub json: bool,
}

/// Does it.
pub(super) async fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    let memo = Lookup::new(session).memo(&arguments.id).await?;
    let answer = session.scheduler.run_now(&memo, session.now()).await.map_err(CommandError::from)?;
    let row = MemoOutput::of_memo(&memo, state::DELIVERED, session.scheduler.context());
    let answer = if answer.is_empty() { answer } else { format!(" Its target answered: {answer}.") };
    streams.print_row(arguments.json, &row, &format!("Delivered {} now.{answer}", quoted(&memo.text)))?;
    let due = memo.due.words(session.when.hours);
    session.apply(&Change::Cancel(memo)).await.map_err(|error| CommandError {
        message: format!("It was delivered, and is still scheduled for {due}. {}", error.message),
        ..error
    })?;
    Ok(())
}
