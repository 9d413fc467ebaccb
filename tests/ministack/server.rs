//! ministack, one per test: an AWS account on a port of this machine, with functions that really run. It ends with the
//! test.

use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::infra::workspace;
use crate::python_servers::{python_program, wait_for_port};

/// The pause before a failed function is retried, in seconds. Lambda waits one minute, then two.
const FUNCTION_RETRY_SECONDS: &str = "0.1";

pub struct Server {
    child: Child,
    port: u16,
    /// The directory of its functions.
    _directory: TempDir,
}

impl Server {
    /// An account without permission checks.
    pub fn start() -> Self {
        Self::run(false)
    }

    /// An account that enforces policies. The keys [`super::account::ROOT`] may do anything.
    pub fn start_strict() -> Self {
        Self::run(true)
    }

    /// Starts it, and returns when it listens.
    fn run(strict: bool) -> Self {
        let directory = TempDir::new().unwrap();
        let packages = workspace(".node/node_modules");
        assert!(packages.exists(), "{} is missing: run ./check, which installs it", packages.display());
        let mut child = Command::new(python_program("python"))
            .arg(workspace("tests/ministack/serve.py"))
            .env("AUTH", strict.to_string())
            .env("NODE_PATH", packages)
            .env("LAMBDA_ASYNC_RETRY_BASE_SECONDS", FUNCTION_RETRY_SECONDS)
            .env("TMPDIR", directory.path())
            .env("STATE_DIR", directory.path().join("state"))
            .env("S3_DATA_DIR", directory.path().join("s3"))
            // Two servers that would listen on well-known ports, on every address.
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            // For its functions: its address and its keys.
            .env_remove("AWS_ENDPOINT_URL")
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            // It ends when this is closed, whatever happens to the test.
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("ministack cannot be started: {error}"));
        let port = wait_for_port(&mut child, "ministack");
        Self { child, port, _directory: directory }
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
