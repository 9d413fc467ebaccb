//! `tickler edit`: changes the text or the time of a pending memo.

use clap::Args;
use when::{Moment, Tz};

use super::ask::decide;
use super::changes::{update, warn_without_host};
use super::command_line::{CommandLine, spelling};
use super::error::{CommandError, CommandErrors};
use super::lookup::Lookup;
use super::output::{MemoOutput, state};
use super::parse_when::{check_size, memo_text};
use super::printer::Printer;
use super::quote::quoted;
use super::session::Session;
use super::zone_names::ZoneNames;
use crate::config::Flags;
use crate::countdown;
use crate::memo::Memo;

/// The arguments of `tickler edit`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Arguments {
    /// The id of the memo, or the start of it if that is unique
    id: String,
    /// The new text
    #[arg(long, short = 'm', value_name = "MEMO")]
    memo: Option<String>,
    /// The new time, as in "fri 18:00" or "in 20 min"
    #[arg(long, short = 'a', value_name = "WHEN")]
    at: Option<String>,
    /// The time zone, if the time does not name one [default: the memo's]
    #[arg(long, value_name = "ZONE", value_parser = ZoneNames, hide_possible_values = true, requires = "at")]
    zone: Option<Tz>,
    /// Print JSON: the changed memo
    #[arg(long)]
    pub json: bool,
}

impl Arguments {
    /// The command line with this moment as the time.
    fn command(&self, flags: &Flags, moment: &Moment) -> CommandLine {
        let line = CommandLine::new("edit", flags).option("--memo", self.memo.as_deref().map(str::trim));
        line.option("--at", Some(&spelling(moment))).flag("--json", self.json).argument(&self.id)
    }
}

/// Runs `tickler edit`.
pub(super) async fn edit(
    arguments: &Arguments,
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<(), CommandErrors> {
    if arguments.memo.is_none() && arguments.at.is_none() {
        return Err(CommandError::usage("There is nothing to change.", "Use --memo, --at, or both.").into());
    }
    let before = Lookup::new(session).find_memo(&arguments.id).await?;
    let now = session.now();
    let due = match &arguments.at {
        Some(at) => {
            let times = session.times();
            let meaning = times.read(at, now, arguments.zone.unwrap_or(before.due.zone))?;
            decide(meaning, &times, printer.asker(), |moment| arguments.command(session.flags, moment))?
        }
        None if before.due.instant > now => before.due,
        None => {
            let due = before.due.words(session.when.hours);
            let message = format!("{} was due {due}, which is in the past.", quoted(&before.text));
            return Err(CommandError::refused("past", message, "Give it a new time with --at.").into());
        }
    };
    let text = match &arguments.memo {
        Some(memo) => memo_text(memo)?,
        None => before.text.clone(),
    };
    let after = Memo { id: before.id, text, due };
    check_size(&after)?;
    update(session, before, &after).await?;
    let output = MemoOutput::of_memo(&after, state::PENDING, session.scheduler.context());
    let sentence = format!(
        "Changed: {} is due {}, {}.",
        quoted(&after.text),
        due.words(session.when.hours),
        countdown::text(due.instant, now)
    );
    printer.print_memo(&output, &sentence)?;
    Ok(warn_without_host(session, printer)?)
}
