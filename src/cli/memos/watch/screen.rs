//! The table on the alternate screen, below the latest events.
//!
//! Does not change the modes of the terminal, so that Ctrl-C ends it like any command.

use crossterm::Command;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};

use super::lines::sentence;
use super::tracker::Tracker;
use crate::cli::memos::error::CommandError;
use crate::cli::memos::memo_table::memo_table;
use crate::cli::memos::output::{MemoOutput, state};
use crate::cli::memos::printer::{PipeState, Printer};
use crate::cli::memos::session::Session;
use crate::harmless;
use crate::ui::text::cut;

/// How many events stay above the table.
const KEPT: usize = 5;
/// The size of a terminal that does not report one.
const DEFAULT_SIZE: (u16, u16) = (80, 24);

/// What stays on the screen from one draw to the next.
pub(super) struct Screen {
    head: String,
    /// The latest events, oldest first.
    events: Vec<String>,
}

impl Screen {
    /// Switches to the alternate screen.
    pub fn enter(session: &Session<'_>, printer: &mut Printer<'_, '_>) -> Result<Self, CommandError> {
        enter_screen(printer)?;
        let context = session.scheduler.context();
        let rings = match (&session.local, context.read_only) {
            (Some(_), false) => ", rings here",
            (_, true) => ", read-only",
            (None, false) => "",
        };
        Ok(Self { head: format!("tickler: {}{rings}. Press Ctrl-C to quit.", context.name), events: Vec::new() })
    }

    /// Draws the latest events, the errors and the table.
    pub fn draw(
        &mut self,
        tracker: &Tracker,
        events: &[MemoOutput],
        errors: &[CommandError],
        session: &Session<'_>,
        printer: &mut Printer<'_, '_>,
    ) -> Result<PipeState, CommandError> {
        let ended = events.iter().filter(|event| {
            !matches!(event.state, state::PENDING | state::DUE | state::LATE | state::OFF | state::REPEATING)
        });
        self.events.extend(ended.map(|event| sentence(event, session)));
        self.events.drain(..self.events.len().saturating_sub(KEPT));
        let size = crossterm::terminal::size().ok().filter(|(columns, rows)| *columns > 0 && *rows > 0);
        let (columns, height) = size.unwrap_or(DEFAULT_SIZE);
        let (columns, height) = (usize::from(columns), usize::from(height));
        let (now, context) = (session.now(), session.scheduler.context());
        let memos: Vec<MemoOutput> =
            tracker.schedules.iter().map(|schedule| MemoOutput::of(schedule, context, now)).collect();
        let table = memo_table(&memos, session.when.hours, now, columns);
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let above = [self.head.as_str(), ""].into_iter().chain(self.events.iter().map(String::as_str));
        let gap = (!self.events.is_empty()).then_some("");
        let lines = above.chain(errors.iter().map(String::as_str)).chain(gap).chain(table.lines());
        let mut text = codes(&[&BeginSynchronizedUpdate, &MoveTo(0, 0)])?;
        let clear = codes(&[&Clear(ClearType::UntilNewLine)])?;
        let shown: Vec<String> =
            lines.take(height).map(|line| format!("{}{clear}", cut(&harmless::line(line), columns))).collect();
        text.push_str(&shown.join("\r\n"));
        text.push_str(&codes(&[&Clear(ClearType::FromCursorDown), &EndSynchronizedUpdate])?);
        printer.print_styled(&text)
    }
}

/// Switches to the alternate screen, and clears it: where there is none, it has what the shell wrote.
pub(super) fn enter_screen(printer: &mut Printer<'_, '_>) -> Result<(), CommandError> {
    printer.print_styled(&codes(&[&EnterAlternateScreen, &Clear(ClearType::All), &Hide])?).map(drop)
}

/// Switches back to the main screen. Where there is no other one, the shell goes on in an empty last line.
pub(super) fn leave_screen(printer: &mut Printer<'_, '_>) -> Result<(), CommandError> {
    let last_line = MoveTo(0, 9998);
    printer.print_styled(&codes(&[&last_line, &Clear(ClearType::CurrentLine), &Show, &LeaveAlternateScreen])?).map(drop)
}

/// The escape sequences of some commands.
fn codes(commands: &[&dyn Ansi]) -> Result<String, CommandError> {
    let mut text = String::new();
    for command in commands {
        command.write(&mut text).map_err(|error| CommandError::output(&error))?;
    }
    Ok(text)
}

/// A terminal command of any type. crossterm's own trait cannot be a trait object.
trait Ansi {
    fn write(&self, text: &mut String) -> std::fmt::Result;
}

impl<C: Command> Ansi for C {
    fn write(&self, text: &mut String) -> std::fmt::Result {
        self.write_ansi(text)
    }
}
