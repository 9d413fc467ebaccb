//! A new machine: an empty home directory, and none of the real environment.

use std::path::PathBuf;
use std::process::Command;

use chrono::{DateTime, FixedOffset};
use portable_pty::CommandBuilder;
use rusqlite::{Connection, OpenFlags};
use serde::Deserialize;
use tempfile::TempDir;

use super::terminal::Terminal;

/// The tested program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_tickler");

/// A machine with its own home directory.
pub struct Machine {
    home: TempDir,
}

impl Machine {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// Starts the program in a terminal of 80×24.
    pub fn start(&self) -> Terminal {
        self.program().start()
    }

    /// The program, not started yet.
    pub fn program(&self) -> Program {
        self.command(CommandBuilder::new(PROGRAM))
    }

    /// A shell that runs `script`. In it, `"$0"` is the program.
    pub fn script(&self, script: &str) -> Program {
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", script, PROGRAM]);
        self.command(command)
    }

    fn command(&self, mut command: CommandBuilder) -> Program {
        command.env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command.cwd(self.home.path());
        Program { command, size: (80, 24) }
    }

    /// The program without a terminal.
    pub fn without_terminal(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command.env_clear().envs(self.environment());
        command
    }

    /// The pending memos as `tickler list --json` prints them in another process, the next one first.
    pub fn listed(&self) -> Vec<Listed> {
        let output = self.without_terminal().args(["list", "--json"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let below = |name: &str| self.home.path().join(name).to_string_lossy().into_owned();
        vec![
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("TERM", "xterm-256color".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TZ", "Europe/Paris".to_owned()),
            ("HOME", below("")),
            ("XDG_DATA_HOME", below("data")),
            ("XDG_STATE_HOME", below("state")),
            ("XDG_CONFIG_HOME", below("config")),
        ]
    }

    /// The store of the embedded scheduler.
    pub fn store(&self) -> PathBuf {
        self.home.path().join("data/tickler/memos.db")
    }

    /// A file in the home directory.
    pub fn home(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A file in the directory of the state.
    pub fn state(&self, name: &str) -> PathBuf {
        self.home.path().join("state/tickler").join(name)
    }

    /// The settings file.
    pub fn settings(&self) -> PathBuf {
        self.home.path().join("config/tickler/config.toml")
    }

    /// The text of the saved draft.
    pub fn draft(&self) -> Option<String> {
        let path = self.home.path().join("state/tickler/state.db");
        let state = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).ok()?;
        state.query_row("SELECT memo FROM draft", [], |row| row.get(0)).ok()
    }

    /// The number of deliveries in the log.
    pub fn deliveries(&self) -> u32 {
        let store = Connection::open_with_flags(self.store(), OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        store.query_row("SELECT count(*) FROM deliveries", [], |row| row.get(0)).unwrap()
    }
}

/// A memo as the command line prints it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Listed {
    pub id: String,
    pub memo: String,
    pub due: DateTime<FixedOffset>,
    pub zone: String,
}

/// The program, not started yet.
pub struct Program {
    command: CommandBuilder,
    size: (u16, u16),
}

impl Program {
    /// Adds an environment variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Adds arguments.
    pub fn called_with(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets the size of the terminal, in columns and rows.
    pub fn sized(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    /// Gives it a terminal that is not its controlling terminal, so that the system sends no SIGHUP.
    pub fn in_a_foreign_terminal(mut self) -> Self {
        self.command.set_controlling_tty(false);
        self
    }

    pub fn start(self) -> Terminal {
        Terminal::start(self.command, self.size)
    }
}
