//! moto's server, one for each test: started on a port that the system chooses, and gone with the test.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

pub struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts it, and returns when it says that it listens.
    pub fn start() -> Self {
        let program = program();
        let mut child = Command::new(&program)
            // Port 0 is any free one; the server says which.
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", program.display()));
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let port = loop {
            let Some(Ok(line)) = lines.next() else { panic!("moto ended before it listened, and said:\n{said}") };
            if let Some(port) = port_in(&line) {
                break port;
            }
            said.push_str(&line);
            said.push('\n');
        };
        // What it says from now on is read and dropped, or it would stand still when the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `.venv/bin/moto_server` of the workspace, which the test command installs.
fn program() -> PathBuf {
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".venv/bin/moto_server");
    assert!(program.exists(), "{} is missing: run ./check, which makes the Python environment", program.display());
    program
}

/// The port in ` * Running on http://127.0.0.1:45107`.
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("Running on http://127.0.0.1:")?;
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
