//! `tickler edit`: another text, or another time, for a memo that is pending.

use clap::Args;
use when::Tz;

use super::add::warn_without_host;
use super::error::{CommandError, CommandErrors};
use super::lookup::{Lookup, not_found};
use super::output::{MemoOutput, state};
use super::parse_when::{self, check_size};
use super::session::Session;
use super::streams::{Streams, quoted};
use super::zone_names::ZoneNames;
use crate::countdown;
use crate::memo::Memo;
use crate::schedule::{Change, ChangeOutcome};

/// What `tickler edit` takes.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// The id of the memo, or as much of its beginning as tells it from the others
    id: String,
    /// What to be reminded of instead
    #[arg(long, short = 'm', value_name = "MEMO")]
    memo: Option<String>,
    /// When instead; the zone that is meant where none is named is the memo's own
    #[arg(long, short = 'a', value_name = "WHEN")]
    at: Option<String>,
    /// The zone that is meant where WHEN names none
    #[arg(long, value_name = "ZONE", value_parser = ZoneNames, hide_possible_values = true, requires = "at")]
    zone: Option<Tz>,
    /// Tell it as JSON: the memo as it is now
    #[arg(long)]
    pub json: bool,
}

/// Does it.
pub(super) async fn edit(
    arguments: &Arguments,
    session: &Session<'_>,
    streams: &mut Streams<'_>,
) -> Result<(), CommandErrors> {
    if arguments.memo.is_none() && arguments.at.is_none() {
        return Err(CommandError::usage("Nothing is to be changed.", "Say --memo, --at, or both.").into());
    }
    let before = Lookup::new(session).memo(&arguments.id).await?;
    let now = session.now();
    let due = match &arguments.at {
        Some(at) => session.parse_when(at, now, arguments.zone.unwrap_or(before.due.zone))?,
        None if before.due.instant > now => before.due,
        None => {
            let message =
                format!("{} was due {}, which has passed.", quoted(&before.text), before.due.words(session.when.hours));
            return Err(CommandError::refused("past", message, "Say --at, too.").into());
        }
    };
    let text = match &arguments.memo {
        Some(memo) => parse_when::memo_text(memo)?,
        None => before.text.clone(),
    };
    let after = Memo { id: before.id, text, due };
    check_size(&after)?;
    change(session, before, &after).await?;
    let row = MemoOutput::of_memo(&after, state::PENDING, session.scheduler.context());
    let sentence = format!(
        "Changed: {} is due {}, {}.",
        quoted(&after.text),
        due.words(session.when.hours),
        countdown::text(due.instant, now)
    );
    streams.print_row(arguments.json, &row, &sentence)?;
    Ok(warn_without_host(arguments.json, session, streams)?)
}

/// Puts `after` in the place of `before`.
pub(super) async fn change(session: &Session<'_>, before: Memo, after: &Memo) -> Result<(), CommandError> {
    match session.apply(&Change::Update { before, after: after.clone() }).await? {
        ChangeOutcome::Saved(_) => Ok(()),
        ChangeOutcome::Cancelled | ChangeOutcome::AlreadyGone => Err(not_found(&after.id.to_string())),
        ChangeOutcome::Differs(there) => {
            let theirs =
                there.memo().map(|memo| format!(": {}, {}", quoted(&memo.text), memo.due.words(session.when.hours)));
            let message = format!("It was changed elsewhere meanwhile{}.", theirs.unwrap_or_default());
            Err(CommandError::conflict(message, "Nothing was overwritten. Look at it, and run the command again."))
        }
    }
}
