//! The three streams of a command, and what each of them is: a terminal, or something that a program reads.
//!
//! A terminal gets sentences and tables as wide as it is; whatever else reads gets lines of fields between tabs; and
//! `--json` gives JSON to both. It must never know what is told.

use std::io::{self, BufRead, BufReader, ErrorKind, IsTerminal as _, Read as _, Write};

use serde::Serialize;

use super::error::CommandError;
use super::output::MemoOutput;
use crate::preferences::TerminalNote;
use crate::ui::text::{cut, harmless, notification, width};

/// How wide a table is where a terminal does not know its width.
const USUAL: usize = 80;

/// The three streams of a command.
pub struct Streams<'a> {
    /// What is read.
    pub input: Box<dyn BufRead + 'a>,
    /// Whether a person would have to type it.
    pub input_is_terminal: bool,
    /// What is told.
    pub output: Box<dyn Write + 'a>,
    /// The width of the terminal that shows it; none where it is no terminal.
    pub columns: Option<usize>,
    /// What is complained of.
    pub errors: Box<dyn Write + 'a>,
    /// Whether a person watches that.
    pub errors_are_terminal: bool,
}

impl Streams<'static> {
    /// Those of this process.
    #[must_use]
    pub fn own() -> Self {
        let (input, output, errors) = (io::stdin(), io::stdout(), io::stderr());
        let columns = output.is_terminal().then(|| {
            // Some terminals do not know their size, and say that it is nothing.
            crossterm::terminal::size().ok().map(|(columns, _)| columns.into()).filter(|columns| *columns > 0)
        });
        Self {
            input_is_terminal: input.is_terminal(),
            input: Box::new(BufReader::new(input)),
            columns: columns.map(|columns| columns.unwrap_or(USUAL)),
            output: Box::new(output),
            errors_are_terminal: errors.is_terminal(),
            errors: Box::new(errors),
        }
    }
}

/// How a command tells what it has to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputFormat {
    /// Sentences and tables, this wide.
    Terminal(usize),
    /// Lines of fields between tabs.
    Tsv,
    Json,
}

/// Whether anybody reads what is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PipeState {
    Open,
    /// The other end of the pipe is closed.
    Closed,
}

impl Streams<'_> {
    pub(super) fn form(&self, json: bool) -> OutputFormat {
        match self.columns {
            _ if json => OutputFormat::Json,
            Some(columns) => OutputFormat::Terminal(columns),
            None => OutputFormat::Tsv,
        }
    }

    /// All that is to be read.
    pub(super) fn read_all(&mut self) -> Result<String, CommandError> {
        let mut text = String::new();
        match self.input.read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(CommandError::usage(format!("Standard input cannot be read as text: {error}."), "")),
        }
    }

    /// Tells a text that has its line ends. Where nobody reads it any more there is nobody to tell.
    pub(super) fn print(&mut self, text: &str) -> Result<(), CommandError> {
        self.try_print(text).map(drop)
    }

    /// Tells a text, and whether anybody reads it.
    pub(super) fn try_print(&mut self, text: &str) -> Result<PipeState, CommandError> {
        match self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush()) {
            Ok(()) => Ok(PipeState::Open),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(PipeState::Closed),
            Err(error) => Err(CommandError::output(&error)),
        }
    }

    /// Rings the terminal's bell.
    pub(super) fn bell(&mut self) {
        self.try_errors(|errors| errors.write_all(b"\x07"));
    }

    /// Asks the terminal to show a notification; one that cannot shows nothing.
    pub(super) fn notify(&mut self, note: TerminalNote, text: &str) {
        self.try_errors(|errors| errors.write_all(notification(note, text).as_bytes()));
    }

    /// Tells a value as JSON.
    pub(super) fn print_json(&mut self, value: &impl Serialize) -> Result<(), CommandError> {
        let text = serde_json::to_string_pretty(value).map_err(|error| CommandError::output(&error))?;
        self.print(&format!("{text}\n"))
    }

    /// Tells a memo: in a sentence, in a line, or as JSON.
    pub(super) fn print_row(&mut self, json: bool, row: &MemoOutput, sentence: &str) -> Result<(), CommandError> {
        match self.form(json) {
            OutputFormat::Json => self.print_json(row),
            OutputFormat::Tsv => self.print(&format!("{}\n", row.tsv())),
            OutputFormat::Terminal(_) => self.print(&format!("{sentence}\n")),
        }
    }

    pub(super) fn complain(&mut self, json: bool, error: &CommandError) {
        let line = if json { error.json_as("error") } else { Ok(error.to_string()) };
        self.line_of_errors(&line.unwrap_or_else(|_| error.to_string()));
    }

    /// Says what stops nothing.
    pub(super) fn warn(&mut self, json: bool, kind: &'static str, message: &str, hint: &str) {
        let warning = CommandError::warning(kind, message, hint);
        let line = if json { warning.json_as("warning") } else { Ok(format!("Warning: {warning}")) };
        self.line_of_errors(&line.unwrap_or_else(|_| warning.to_string()));
    }

    /// Tells a text that somebody else has made, as an error or as an answer.
    pub(super) fn explain(&mut self, text: &str, is_error: bool) {
        if is_error {
            self.try_errors(|errors| errors.write_all(text.as_bytes()));
        } else if let Err(error) = self.print(text) {
            self.complain(false, &error);
        }
    }

    /// Puts a line in the place of the last one, where a person watches; an empty one takes it away.
    pub(super) fn progress(&mut self, line: &str) {
        if self.errors_are_terminal {
            self.try_errors(|errors| write!(errors, "\r\u{1b}[K{line}"));
        }
    }

    fn line_of_errors(&mut self, line: &str) {
        self.try_errors(|errors| writeln!(errors, "{line}"));
    }

    fn try_errors(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if let Err(error) = write(&mut self.errors).and_then(|()| self.errors.flush()) {
            tracing::debug!(%error, "nobody reads the error");
        }
    }
}

/// The room between two columns.
const GAP: usize = 2;
/// The least that the last column gets.
const LEAST: usize = 10;

/// How wide each column of a table is, but the last.
fn widths(head: &[&str], rows: &[Vec<String>]) -> Vec<usize> {
    let of = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell));
        cells.chain([width(head[column])]).max().unwrap_or_default()
    };
    (0..head.len().saturating_sub(1)).map(of).collect()
}

/// How much room the last column of a table has.
pub(super) fn room(head: &[&str], rows: &[Vec<String>], columns: usize) -> usize {
    columns.saturating_sub(widths(head, rows).iter().map(|width| width + GAP).sum())
}

/// A table in which the last column takes what room is left.
pub(super) fn table(head: &[&str], rows: &[Vec<String>], columns: usize) -> String {
    let last = head.len().saturating_sub(1);
    let widths = widths(head, rows);
    let room = room(head, rows, columns).max(LEAST);
    let mut text = String::new();
    for row in std::iter::once(head.iter().map(ToString::to_string).collect()).chain(rows.iter().cloned()) {
        let mut line = String::new();
        for (cell, width_of_column) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width_of_column - width(cell) + GAP));
        }
        let end = row.get(last).map(|cell| harmless(cell).into_owned()).unwrap_or_default();
        line.push_str(&cut(&end, room));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A memo's first line in quotes, short enough for a sentence, and without power over the terminal.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    format!("“{}”", cut(&harmless(text.lines().next().unwrap_or_default()), LONGEST))
}
