//! A person who types commands on a new machine.

use std::cell::Cell;
use std::io::Cursor;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use tickler::cli::{Environment, Streams, perform};
use tickler::config::{Env, Paths};
use tickler::memo::MemoId;
use tickler::runtime::clock::{Clock, ManualClock};

/// The width of the terminal.
const COLUMNS: usize = 100;

pub struct Shell {
    pub dir: TempDir,
    pub clock: ManualClock,
    environment: Environment,
    terminal: bool,
    tokio: tokio::runtime::Runtime,
}

/// What a command printed.
#[derive(Debug, PartialEq, Eq)]
pub struct Printed {
    pub code: u8,
    pub output: String,
    pub errors: String,
}

impl Shell {
    /// A terminal in Paris, on a Wednesday morning.
    pub fn new() -> Self {
        Self::with_ids(|count| MemoId::from_random([count; 16]))
    }

    pub fn with_ids(id: impl Fn(u8) -> MemoId + 'static) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = ManualClock::new("2026-03-04T09:17:00Z".parse().unwrap());
        let below = |name: &str| dir.path().join(name);
        let paths = Paths {
            config_file: below("config.toml"),
            data_dir: below("data"),
            log_file: below("tickler.log"),
            state_dir: below("state"),
        };
        let count = Rc::new(Cell::new(0));
        let environment = Environment {
            paths,
            variables: Env::default(),
            clock: Arc::new(clock.clone()),
            zone: Some(when::Tz::Europe__Paris),
            new_id: Box::new(move || {
                count.set(count.get() % u8::MAX + 1);
                id(count.get())
            }),
            interrupted: Box::new(|| Box::pin(std::future::pending())),
        };
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        Self { dir, clock, environment, terminal: true, tokio }
    }

    /// Its output goes to a pipe.
    pub fn piped(mut self) -> Self {
        self.terminal = false;
        self
    }

    pub fn store(&self) -> PathBuf {
        self.environment.paths.data_dir.join("memos.db")
    }

    pub fn state_dir(&self) -> PathBuf {
        self.environment.paths.state_dir.clone()
    }

    pub fn settings(&self, text: &str) {
        std::fs::write(&self.environment.paths.config_file, text).unwrap();
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Lets time pass while a host delivers what comes due.
    pub fn pass_with_host(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
        let store = embedded::Store::open(&self.store()).unwrap();
        embedded::Engine::new(store).fire(self.now()).unwrap();
    }

    /// Types a command without input.
    pub fn run(&self, line: &[&str]) -> Printed {
        self.run_with(line, None)
    }

    /// Types a command with this input.
    pub fn run_with(&self, line: &[&str], input: Option<&str>) -> Printed {
        self.tokio.block_on(self.type_in(COLUMNS, line, input))
    }

    /// Types a command, and then the answers to its questions.
    pub fn run_and_answer(&self, line: &[&str], answers: &str) -> Printed {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let mut streams = Streams {
            input: Box::new(Cursor::new(answers.as_bytes())),
            input_is_terminal: true,
            output: Box::new(&mut output),
            columns: Some(COLUMNS),
            errors: Box::new(&mut errors),
            errors_are_terminal: true,
        };
        let code = self.tokio.block_on(perform(line, &self.environment, &mut streams));
        drop(streams);
        Printed { code, output: String::from_utf8(output).unwrap(), errors: String::from_utf8(errors).unwrap() }
    }

    /// Types a command in a terminal of this width.
    pub fn run_in(&self, columns: usize, line: &[&str]) -> Printed {
        self.tokio.block_on(self.type_in(columns, line, None))
    }

    /// Types a command while another one runs.
    pub async fn run_async(&self, line: &[&str]) -> Printed {
        self.type_in(COLUMNS, line, None).await
    }

    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.tokio.block_on(future)
    }

    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    async fn type_in(&self, columns: usize, line: &[&str], input: Option<&str>) -> Printed {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let mut streams = Streams {
            input: Box::new(Cursor::new(input.unwrap_or_default().as_bytes())),
            input_is_terminal: input.is_none(),
            output: Box::new(&mut output),
            columns: self.terminal.then_some(columns),
            errors: Box::new(&mut errors),
            errors_are_terminal: false,
        };
        let code = perform(line, &self.environment, &mut streams).await;
        drop(streams);
        Printed { code, output: String::from_utf8(output).unwrap(), errors: String::from_utf8(errors).unwrap() }
    }

    /// What the terminal shows after these commands. An exit code other than 0 follows the command.
    pub fn transcript(&self, lines: &[&[&str]]) -> String {
        lines.iter().map(|line| transcript_of(line, &self.run(line))).collect()
    }
}

/// A command and its output, as in a terminal.
pub fn transcript_of(line: &[&str], printed: &Printed) -> String {
    let quoted =
        |word: &&str| if word.contains(' ') || word.is_empty() { format!("'{word}'") } else { (*word).to_owned() };
    let typed = line.iter().map(quoted).collect::<Vec<_>>().join(" ");
    let code = if printed.code == 0 { String::new() } else { format!("[{}]\n", printed.code) };
    format!("$ tickler {typed}\n{}{}{code}\n", printed.output, printed.errors)
}

impl Printed {
    /// The output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.output).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}
