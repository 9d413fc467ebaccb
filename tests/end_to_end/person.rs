//! A person with a machine of their own and keys to an account.

use std::process::{Output, Stdio};

use crate::ministack::account::{Account, Keys, REGION, ROOT};
use crate::pty::machine::Machine;
use crate::pty::terminal::Terminal;

pub const INIT: [&str; 3] = ["init", "--yes", "--no-test"];

pub struct Person {
    machine: Machine,
    keys: Keys,
    endpoint: String,
}

impl Person {
    /// A person who may do anything in the account, and has never used tickler.
    pub fn with_account(account: &Account) -> Self {
        let (key, secret) = ROOT;
        let keys = (key.to_owned(), secret.to_owned());
        Self { machine: Machine::new(), keys, endpoint: account.server.url() }
    }

    /// A person with other keys, at the same machine.
    pub fn signing_with(self, keys: Keys) -> Self {
        Self { keys, ..self }
    }

    /// The text of the settings.
    pub fn settings(&self) -> String {
        std::fs::read_to_string(self.machine.settings()).unwrap()
    }

    /// Runs the binary without a terminal. As long as the settings are empty, it needs the address of AWS.
    pub fn call(&self, arguments: &[&str]) -> Output {
        let mut command = self.machine.without_terminal();
        command.args(arguments).envs(self.environment()).stdin(Stdio::null());
        if matches!(arguments, ["init" | "teardown", ..]) {
            command.args(["--endpoint-url", &self.endpoint]);
        }
        command.output().unwrap()
    }

    /// Runs the binary without a terminal, and returns its output. It has to succeed.
    pub fn tickler(&self, arguments: &[&str]) -> String {
        let ended = self.call(arguments);
        let (said, complained) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert!(ended.status.success(), "{arguments:?}: {said}\n{complained}");
        said.into_owned()
    }

    /// Opens tickler in a terminal wide enough for any error. The settings choose the context.
    pub fn open(&self) -> Terminal {
        let program = self.machine.program().sized(200, 30);
        self.environment().into_iter().fold(program, |program, (name, value)| program.with(name, value)).start()
    }

    fn environment(&self) -> [(&'static str, &str); 4] {
        let (key, secret) = &self.keys;
        [
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", key),
            ("AWS_SECRET_ACCESS_KEY", secret),
            // ministack reads every schedule's time in this zone.
            ("TZ", "UTC"),
        ]
    }
}
