//! Events as lines: for screen readers and scripts.

use crate::cli::memos::error::CommandError;
use crate::cli::memos::output::{MemoOutput, state};
use crate::cli::memos::printer::{PipeState, Printer};
use crate::cli::memos::quote::quoted;
use crate::cli::memos::session::Session;
use crate::countdown;
use crate::harmless;

/// What a line is.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli::memos) enum LineFormat {
    Sentences,
    Tsv,
    /// A JSON object.
    Json,
}

/// Prints each event on a line, and each error.
pub(super) fn print_lines(
    format: LineFormat,
    events: &[MemoOutput],
    errors: &[CommandError],
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
) -> Result<PipeState, CommandError> {
    for error in errors {
        printer.print_error(error);
    }
    let mut text = String::new();
    for event in events {
        match format {
            LineFormat::Sentences => text.push_str(&sentence(event, session)),
            LineFormat::Tsv => text.push_str(&event.tsv()),
            LineFormat::Json => {
                let json = serde_json::to_string(event).map_err(|error| CommandError::output(&error))?;
                text.push_str(&harmless::json(&json));
            }
        }
        text.push('\n');
    }
    printer.try_print(&text)
}

/// An event as a sentence.
pub(super) fn sentence(event: &MemoOutput, session: &Session<'_>) -> String {
    let memo = quoted(&event.memo);
    let (now, hours) = (session.now(), session.when.hours);
    let clock = hours.seconds(now.with_timezone(&session.zone).time());
    match event.state {
        state::PENDING | state::DUE | state::LATE => {
            let countdown = event.instant().map(|due| countdown::text(due, now)).unwrap_or_default();
            let state = if event.state == state::PENDING { "" } else { &format!("{}: ", event.state) };
            format!("{state}{memo}, due {}, {countdown}.", event.due_text(hours))
        }
        state::DELIVERED => format!("{clock} {memo} was delivered, due {}.", event.due_text(hours)),
        other => format!("{clock} {memo}: {other}."),
    }
}
