//! The watcher's screen: the table, drawn anew in the terminal's alternate screen, under what has arrived lately.
//!
//! The terminal's modes stay as they are, so that Ctrl-C ends it as it ends any command.

use crossterm::Command;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};

use super::sentence;
use super::tracker::Tracker;
use crate::cli::memos::error::CommandError;
use crate::cli::memos::list;
use crate::cli::memos::output::{MemoOutput, state};
use crate::cli::memos::session::Session;
use crate::cli::memos::streams::{PipeState, Streams};
use crate::ui::text::cut;

/// How many of those that came to an end stay on the screen.
const KEPT: usize = 5;
/// The size of a terminal that does not know its own.
const USUAL: (u16, u16) = (80, 24);

/// The screen, and what stays on it.
pub(super) struct Screen {
    head: String,
    /// What came to an end lately, oldest first.
    ends: Vec<String>,
}

impl Screen {
    /// Goes to the alternate screen.
    pub fn take_over(session: &Session<'_>, streams: &mut Streams<'_>) -> Result<Self, CommandError> {
        streams.print(&codes(&[&EnterAlternateScreen, &Hide])?)?;
        let place = session.scheduler.context();
        let rings = match (&session.local, place.read_only) {
            (Some(_), false) => ", rings here",
            (_, true) => ", read-only",
            _ => "",
        };
        Ok(Self { head: format!("tickler: {}{rings}. Ctrl-C ends it.", place.name), ends: Vec::new() })
    }

    /// Draws what there is.
    pub fn draw(
        &mut self,
        seen: &Tracker,
        happened: &[MemoOutput],
        failed: &[CommandError],
        session: &Session<'_>,
        streams: &mut Streams<'_>,
    ) -> Result<PipeState, CommandError> {
        let ended = happened.iter().filter(|row| {
            !matches!(row.state, state::PENDING | state::DUE | state::LATE | state::OFF | state::REPEATING)
        });
        self.ends.extend(ended.map(|row| sentence(row, session)));
        self.ends.drain(..self.ends.len().saturating_sub(KEPT));
        let size = crossterm::terminal::size().ok().filter(|(columns, rows)| *columns > 0 && *rows > 0);
        let (columns, height) = size.unwrap_or(USUAL);
        let (columns, height) = (usize::from(columns), usize::from(height));
        let now = session.now();
        let rows: Vec<MemoOutput> =
            seen.rows.iter().map(|row| MemoOutput::of(row, session.scheduler.context(), now)).collect();
        let table = list::screen(&rows, session.when.hours, now, columns);
        let failed: Vec<String> = failed.iter().map(ToString::to_string).collect();
        let above = [self.head.as_str(), ""].into_iter().chain(self.ends.iter().map(String::as_str));
        let gap = (!self.ends.is_empty()).then_some("");
        let lines = above.chain(failed.iter().map(String::as_str)).chain(gap).chain(table.lines());
        let mut text = codes(&[&BeginSynchronizedUpdate, &MoveTo(0, 0)])?;
        let clear = codes(&[&Clear(ClearType::UntilNewLine)])?;
        let shown: Vec<String> = lines.take(height).map(|line| format!("{}{clear}", cut(line, columns))).collect();
        text.push_str(&shown.join("\r\n"));
        text.push_str(&codes(&[&Clear(ClearType::FromCursorDown), &EndSynchronizedUpdate])?);
        streams.try_print(&text)
    }
}

/// Gives the terminal back as it was.
pub(super) fn give_back(streams: &mut Streams<'_>) -> Result<(), CommandError> {
    streams.print(&codes(&[&Show, &LeaveAlternateScreen])?)
}

/// What makes the terminal do these.
fn codes(commands: &[&dyn Ansi]) -> Result<String, CommandError> {
    let mut text = String::new();
    for command in commands {
        command.write(&mut text).map_err(|error| CommandError::output(&error))?;
    }
    Ok(text)
}

/// A command of the terminal, of whichever type.
trait Ansi {
    fn write(&self, text: &mut String) -> std::fmt::Result;
}

impl<C: Command> Ansi for C {
    fn write(&self, text: &mut String) -> std::fmt::Result {
        self.write_ansi(text)
    }
}
