//! AWS mocks written in Python: where they are, and the port on which each one listens. Each test starts its own.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Child;

/// A program of the Python environment in `.venv`, which `./check` creates.
pub fn python_program(name: &str) -> PathBuf {
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".venv/bin").join(name);
    assert!(program.exists(), "{} is missing: run ./check, which creates the Python environment", program.display());
    program
}

/// Waits until a server writes to its standard error on which port it listens. The system chose the port.
pub fn wait_for_port(child: &mut Child, server: &str) -> u16 {
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut output = String::new();
    let port = loop {
        let Some(Ok(line)) = lines.next() else { panic!("{server} ended before it listened:\n{output}") };
        if let Some(port) = port_in(&line) {
            break port;
        }
        output.push_str(&line);
        output.push('\n');
    };
    // Read and drop the rest: a server blocks when the pipe is full.
    std::thread::spawn(move || lines.for_each(drop));
    port
}

/// The port in `Running on http://127.0.0.1:45107`.
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("Running on http://127.0.0.1:")?;
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
