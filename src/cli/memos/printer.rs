//! How a command prints.
//!
//! A terminal gets sentences and tables. A pipe or a file gets tab-separated lines. With `--json` both get JSON. Does not
//! depend on the commands.

use std::io::{self, BufRead as _, ErrorKind, Read as _, Write};

use serde::Serialize;

use super::error::CommandError;
use super::output::MemoOutput;
use super::streams::Streams;
use crate::harmless;
use crate::preferences::TerminalNote;
use crate::ui::text::notification;

/// Whether to print JSON or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Text for a person, or tab-separated lines for a pipe.
    Text,
    /// JSON, because of `--json`.
    Json,
}

/// What standard output gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputFormat {
    /// Sentences and tables, this many columns wide.
    Terminal(usize),
    /// Tab-separated lines.
    Tsv,
    Json,
}

/// Whether anybody still reads the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PipeState {
    Open,
    /// The reader closed the other end.
    Closed,
}

/// Prints to the streams of a command in one encoding.
pub(super) struct Printer<'p, 's> {
    streams: &'p mut Streams<'s>,
    encoding: Encoding,
}

impl<'p, 's> Printer<'p, 's> {
    pub fn new(streams: &'p mut Streams<'s>, encoding: Encoding) -> Self {
        Self { streams, encoding }
    }

    pub fn format(&self) -> OutputFormat {
        match (self.encoding, self.streams.columns) {
            (Encoding::Json, _) => OutputFormat::Json,
            (Encoding::Text, Some(columns)) => OutputFormat::Terminal(columns),
            (Encoding::Text, None) => OutputFormat::Tsv,
        }
    }

    /// Whether a person would have to type the input.
    pub fn input_is_terminal(&self) -> bool {
        self.streams.input_is_terminal
    }

    /// Whether a person sees a question and can answer it: standard input and standard error are a terminal, and the
    /// output is not JSON, which is for programs.
    fn can_ask(&self) -> bool {
        self.streams.input_is_terminal && self.streams.errors_are_terminal && self.encoding == Encoding::Text
    }

    /// This printer, if it can ask.
    pub fn asker(&mut self) -> Option<&mut Self> {
        self.can_ask().then_some(self)
    }

    /// Asks on standard error, and waits for a line. `None` if the input ends.
    pub fn ask(&mut self, question: &str) -> Option<String> {
        self.write_error(|errors| write!(errors, "{} ", harmless::lines(question)));
        let mut answer = String::new();
        match self.streams.input.read_line(&mut answer) {
            Ok(bytes) if bytes > 0 => return Some(answer),
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "no answer"),
        }
        // What follows begins on a line of its own.
        self.write_error(|errors| errors.write_all(b"\n"));
        None
    }

    /// Reads standard input to its end.
    pub fn read_input(&mut self) -> Result<String, CommandError> {
        let mut text = String::new();
        match self.streams.input.read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(CommandError::usage(format!("Standard input cannot be read as text: {error}."), "")),
        }
    }

    /// Prints a text, of which a terminal shows each character and obeys none. A closed pipe is no error.
    pub fn print(&mut self, text: &str) -> Result<(), CommandError> {
        self.try_print(text).map(drop)
    }

    /// Prints a text like [`Printer::print`], and reports a closed pipe.
    pub fn try_print(&mut self, text: &str) -> Result<PipeState, CommandError> {
        match self.streams.columns {
            Some(_) => self.print_styled(&harmless::lines(text)),
            None => self.print_styled(text),
        }
    }

    /// Prints a text with escape sequences of our own, whose other parts are harmless already.
    pub fn print_styled(&mut self, text: &str) -> Result<PipeState, CommandError> {
        match self.streams.output.write_all(text.as_bytes()).and_then(|()| self.streams.output.flush()) {
            Ok(()) => Ok(PipeState::Open),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(PipeState::Closed),
            Err(error) => Err(CommandError::output(&error)),
        }
    }

    /// Prints a value as JSON.
    pub fn print_json(&mut self, value: &impl Serialize) -> Result<(), CommandError> {
        let text = serde_json::to_string_pretty(value).map_err(|error| CommandError::output(&error))?;
        self.print(&format!("{}\n", harmless::json(&text)))
    }

    /// Prints one memo. A terminal gets the sentence instead.
    pub fn print_memo(&mut self, memo: &MemoOutput, sentence: &str) -> Result<(), CommandError> {
        match self.format() {
            OutputFormat::Json => self.print_json(memo),
            OutputFormat::Tsv => self.print(&format!("{}\n", memo.tsv())),
            OutputFormat::Terminal(_) => self.print(&format!("{sentence}\n")),
        }
    }

    /// Prints memos. A terminal gets the text instead, which is made for its width.
    pub fn print_memos(
        &mut self,
        memos: &[MemoOutput],
        text: impl FnOnce(usize) -> String,
    ) -> Result<(), CommandError> {
        match self.format() {
            OutputFormat::Json => self.print_json(&memos),
            OutputFormat::Tsv => self.print(&memos.iter().map(|memo| memo.tsv() + "\n").collect::<String>()),
            OutputFormat::Terminal(columns) => self.print(&text(columns)),
        }
    }

    pub fn print_error(&mut self, error: &CommandError) {
        let line = match self.encoding {
            Encoding::Json => error.json_as("error"),
            Encoding::Text => Ok(error.to_string()),
        };
        self.error_line(&line.unwrap_or_else(|_| error.to_string()));
    }

    /// Prints a warning. The command goes on.
    pub fn warn(&mut self, kind: &'static str, message: &str, hint: &str) {
        let warning = CommandError::warning(kind, message, hint);
        let line = match self.encoding {
            Encoding::Json => warning.json_as("warning"),
            Encoding::Text => Ok(format!("Warning: {warning}")),
        };
        self.error_line(&line.unwrap_or_else(|_| warning.to_string()));
    }

    /// Prints a text of several lines on standard error.
    pub fn print_error_text(&mut self, text: &str) {
        self.write_error(|errors| errors.write_all(harmless::lines(text).as_bytes()));
    }

    /// Replaces the progress line on a terminal. An empty line removes it.
    pub fn progress(&mut self, line: &str) {
        if self.streams.errors_are_terminal {
            self.write_error(|errors| write!(errors, "\r\u{1b}[K{}", harmless::line(line)));
        }
    }

    /// Rings the terminal's bell.
    pub fn bell(&mut self) {
        if self.streams.errors_are_terminal {
            self.write_error(|errors| errors.write_all(b"\x07"));
        }
    }

    /// Asks the terminal to show a notification. Many terminals ignore it.
    pub fn notify(&mut self, note: TerminalNote, text: &str) {
        if self.streams.errors_are_terminal {
            self.write_error(|errors| errors.write_all(notification(note, text).as_bytes()));
        }
    }

    fn error_line(&mut self, line: &str) {
        self.write_error(|errors| writeln!(errors, "{}", harmless::lines(line)));
    }

    fn write_error(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if let Err(error) = write(&mut self.streams.errors).and_then(|()| self.streams.errors.flush()) {
            tracing::debug!(%error, "standard error cannot be written");
        }
    }
}
