//! Servers that others have written, one for each test: where they are, and at which port they listen.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Child;

/// A program of the Python environment in `.venv`, which the test command makes.
pub fn python_program(name: &str) -> PathBuf {
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".venv/bin").join(name);
    assert!(program.exists(), "{} is missing: run ./check, which makes the Python environment", program.display());
    program
}

/// Waits until a server says on its standard error that it listens, and where: at a port that the system chose.
pub fn port_of(child: &mut Child, who: &str) -> u16 {
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut said = String::new();
    let port = loop {
        let Some(Ok(line)) = lines.next() else { panic!("{who} ended before it listened, and said:\n{said}") };
        if let Some(port) = port_in(&line) {
            break port;
        }
        said.push_str(&line);
        said.push('\n');
    };
    // What it says from now on is read and dropped, or it would stand still when the pipe is full.
    std::thread::spawn(move || lines.for_each(drop));
    port
}

/// The port in `Running on http://127.0.0.1:45107`.
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("Running on http://127.0.0.1:")?;
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
