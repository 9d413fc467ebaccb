//! moto's server, one per test, on a port that the system chooses. It ends with the test.

use std::process::{Child, Command, Stdio};

use crate::python_servers::{python_program, wait_for_port};

pub struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts it, and returns when it listens.
    pub fn start() -> Self {
        let program = python_program("moto_server");
        let mut child = Command::new(&program)
            // Port 0 means any free port; the server prints it.
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", program.display()));
        let port = wait_for_port(&mut child, "moto");
        Self { child, port }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
