//! What the log says about an AWS request that failed: enough to report a bug, and nothing that is private.

use std::error::Error as _;
use std::io;
use std::sync::{Arc, Mutex};

use tickler::failure::Failure;
use tickler::schedule::Change;
use tracing_subscriber::fmt::MakeWriter;

use super::recorder::{REQUEST_ID, Recorder};
use super::{connected, memo};

/// A log in memory.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What is logged, and the failure, when a create with this memo text fails.
async fn failed_create(recorder: &Recorder, text: &str) -> (String, Failure) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).without_time().finish();
    let scheduler = connected(recorder).await;
    let failure = {
        let _guard = tracing::subscriber::set_default(subscriber);
        scheduler.write(&Change::Create(memo(1, text, 3))).await.unwrap_err()
    };
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    (log, failure)
}

#[tokio::test]
async fn a_refused_request_is_logged_with_its_id_and_without_the_memo() {
    const TEXT: &str = "where the spare key is";
    let recorder = Recorder::default();
    let message = format!(
        r#"1 validation error detected: Value '{{"v":1,"memo":"{TEXT}"}}' at 'target.input' failed to satisfy constraint: too long"#
    );
    recorder.error(400, "ValidationException", &message);
    let (log, failure) = failed_create(&recorder, TEXT).await;
    for part in ["WARN", REQUEST_ID, "ValidationException", "scheduler:CreateSchedule", "satisfy constraint: too long"]
    {
        assert!(log.contains(part), "{part} is not in {log}");
    }
    for private in [TEXT, "AKIAWIRE"] {
        assert!(!log.contains(private), "{private} is in {log}");
    }
    let source = failure.source().unwrap().to_string();
    assert!(source.contains(REQUEST_ID) && !source.contains(TEXT), "{source}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_the_network_is_logged_with_its_innermost_error() {
    let recorder = Recorder::default();
    for _ in 0..3 {
        recorder.broken(|| {
            let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "Connection refused (os error 111)");
            aws_smithy_runtime_api::client::result::ConnectorError::io(refused.into())
        });
    }
    let (log, failure) = failed_create(&recorder, "tea").await;
    assert!(log.contains("Connection refused (os error 111)") && !log.contains("tea"), "{log}");
    assert_eq!(failure.source().unwrap().to_string(), "Connection refused (os error 111)");
}
