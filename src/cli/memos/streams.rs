//! The three streams of a command, and whether each one is a terminal.

use std::io::{self, BufRead, BufReader, IsTerminal as _, Write};

/// The width of a terminal that does not report one.
const DEFAULT_COLUMNS: usize = 80;

/// The three streams of a command.
pub struct Streams<'a> {
    /// Standard input.
    pub input: Box<dyn BufRead + 'a>,
    /// Whether a person would have to type the input.
    pub input_is_terminal: bool,
    /// Standard output.
    pub output: Box<dyn Write + 'a>,
    /// The width of the output's terminal. `None` if it is a pipe or a file.
    pub columns: Option<usize>,
    /// Standard error.
    pub errors: Box<dyn Write + 'a>,
    /// Whether standard error is a terminal.
    pub errors_are_terminal: bool,
}

impl Streams<'static> {
    /// The streams of this process.
    #[must_use]
    pub fn of_this_process() -> Self {
        let (input, output, errors) = (io::stdin(), io::stdout(), io::stderr());
        let columns = output.is_terminal().then(|| {
            // Some terminals report a size of 0.
            crossterm::terminal::size().ok().map(|(columns, _)| columns.into()).filter(|columns| *columns > 0)
        });
        Self {
            input_is_terminal: input.is_terminal(),
            input: Box::new(BufReader::new(input)),
            columns: columns.map(|columns| columns.unwrap_or(DEFAULT_COLUMNS)),
            output: Box::new(output),
            errors_are_terminal: errors.is_terminal(),
            errors: Box::new(errors),
        }
    }
}
