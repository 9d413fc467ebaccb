//! `tickler run`: a memo now, and not at its time any more.

use clap::Args;

use super::complaint::{Complaint, Complaints};
use super::desk::Desk;
use super::lookup::Lookup;
use super::shape::{Row, state};
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
pub(super) async fn run(arguments: &Arguments, desk: &Desk<'_>, streams: &mut Streams<'_>) -> Result<(), Complaints> {
    let memo = Lookup::at(desk).memo(&arguments.id).await?;
    let answer = desk.scheduler.run_now(&memo, desk.now()).await.map_err(Complaint::from)?;
    let row = Row::of_memo(&memo, state::DELIVERED, desk.scheduler.context());
    let answer = if answer.is_empty() { answer } else { format!(" Its target answered: {answer}.") };
    streams.print_row(arguments.json, &row, &format!("Delivered {} now.{answer}", quoted(&memo.text)))?;
    let due = memo.due.words(desk.when.hours);
    desk.write(&Change::Cancel(memo)).await.map_err(|complaint| Complaint {
        message: format!("It was delivered, and is still scheduled for {due}. {}", complaint.message),
        ..complaint
    })?;
    Ok(())
}
