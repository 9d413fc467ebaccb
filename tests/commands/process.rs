//! The binary: its streams, its exit codes, and what it does when AWS cannot be reached.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use tickler::context::ContextId;
use tickler::state::State;

use crate::moto::Server;

pub struct Machine {
    home: TempDir,
}

impl Machine {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    pub fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tickler"));
        command.env_clear().args(line).env("HOME", self.home.path()).env("TZ", "Europe/Paris").stdin(Stdio::null());
        for (variable, directory) in
            [("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state")]
        {
            command.env(variable, self.home.path().join(directory));
        }
        command
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.home.path().join(below)
    }

    pub fn run(&self, line: &[&str]) -> Output {
        self.command(line).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_script_adds_lists_and_cancels_a_memo() {
    let machine = Machine::new();
    let added = machine.run(&["add", "call", "mum", "2999-01-01", "18:00"]);
    assert_eq!(added.status.code(), Some(0), "{added:?}");
    let fields: Vec<&str> = text(&added.stdout).trim_end().split('\t').collect();
    assert_eq!(fields[1..], ["2999-01-01T18:00:00+01:00", "Europe/Paris", "pending", "call mum"]);
    assert!(text(&added.stderr).starts_with("Warning: tickler is not open"), "{added:?}");
    let listed = machine.run(&["list"]);
    assert_eq!((listed.stdout, text(&listed.stderr)), (added.stdout.clone(), ""));
    assert_eq!(machine.run(&["cancel", fields[0]]).status.code(), Some(0));
    assert!(machine.run(&["list"]).stdout.is_empty());
}

#[test]
fn commands_end_with_every_exit_code() {
    let machine = Machine::new();
    let codes: [(&[&str], i32); 7] = [
        (&["list"], 0),
        (&["man", "add"], 0),
        (&["add", "tea"], 2),
        (&["add", "--nonsense"], 2),
        (&["list", "--context", "nowhere"], 2),
        (&["show", "0123"], 3),
        (&["add", "tea", "--at", "1999-01-01"], 4),
    ];
    for (line, code) in codes {
        let ended = machine.run(line);
        assert_eq!(ended.status.code(), Some(code), "{line:?}: {ended:?}");
        assert_eq!(ended.stderr.is_empty(), code == 0, "{line:?}: {ended:?}");
    }
}

#[test]
fn a_closed_output_pipe_is_no_error() {
    let machine = Machine::new();
    let mut command = machine.command(&["add", "--stdin-lines"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all("tea 2999-01-01 18:00\ncoffee 2999-01-02 18:00\n".as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert_eq!(text(&machine.run(&["list"]).stdout).lines().count(), 2);
}

#[test]
fn an_unknown_tz_is_an_error() {
    let machine = Machine::new();
    for zone in ["CET-1CEST", "Nowhere/Land"] {
        let ended = machine.command(&["add", "tea", "18:00"]).env("TZ", zone).output().unwrap();
        assert_eq!(ended.status.code(), Some(2), "{zone}: {ended:?}");
        assert!(text(&ended.stderr).starts_with("The time zone of this machine is unknown. Set it in "), "{ended:?}");
    }
    let named = machine.command(&["add", "tea", "18:00"]).env("TZ", ":Europe/Rome").output().unwrap();
    assert!(text(&named.stdout).contains("\tEurope/Rome\t"), "{named:?}");
}

/// A command with AWS credentials, which sends its requests to `url`.
pub fn in_aws(machine: &Machine, url: &str, line: &[&str]) -> Command {
    let mut command = machine.command(line);
    command
        .args(["--endpoint-url", url, "--region", "eu-west-1"])
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("SCHEDULE_TARGET_ARN", "arn:aws:lambda:eu-west-1:123456789012:function:executeMemo")
        .env("SCHEDULE_ROLE_ARN", "arn:aws:iam::123456789012:role/scheduler");
    command
}

#[test]
fn the_same_commands_work_in_aws() {
    let (machine, server) = (Machine::new(), Server::start());
    let run = |line: &[&str], input: &str| {
        // For a missing group moto answers 500. AWS says that it is missing, and the client creates it.
        let mut command = in_aws(&machine, &server.url(), line);
        let command = command.args(["--group", "default"]).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success() && ended.stderr.is_empty(), "{line:?}: {ended:?}");
        String::from_utf8(ended.stdout).unwrap()
    };
    let line = |number: u32| format!("2999-01-{:02} 18:00\tmemo {number}\n", number % 28 + 1);
    let lines: String = (1..=40).map(line).collect();
    assert_eq!(run(&["add", "--stdin-lines"], &lines).lines().count(), 40);
    let added = run(&["add", "tea", "2998-01-01", "18:00"], "");
    let id = &added[..36];
    assert_eq!(run(&["show", &id[..12]], ""), added);
    assert_eq!(run(&["list"], "").lines().count(), 41);
    assert!(run(&["snooze", id, "1", "h"], "").contains("\t2998-01-01T19:00:00+01:00\t"));
    assert!(run(&["edit", id, "-m", "coffee"], "").ends_with("\tpending\tcoffee\n"));
    assert!(run(&["cancel", id], "").ends_with("\tcancelled\tcoffee\n"));
    assert_eq!(run(&["list"], "").lines().count(), 40);
    assert_eq!(run(&["history"], ""), "", "no function was called, so there is no log");
    assert!(!machine.path("data/tickler/memos.db").exists());
}

#[test]
fn an_offline_change_fails_and_is_not_sent_later() {
    let machine = Machine::new();
    // This port was just released, so nothing listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let line = ["add", "tea", "2999-01-01", "18:00", "--json"];
    let mut command = in_aws(&machine, &format!("http://127.0.0.1:{port}"), &line);
    // The account is known, so the first request sends the memo.
    let ended = command.env("AWS_ACCOUNT_ID", "123456789012").output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let printed: serde_json::Value = serde_json::from_slice(&ended.stderr).unwrap();
    assert_eq!(printed["error"]["kind"], "offline", "{printed}");
    assert!(printed["error"]["message"].as_str().unwrap().starts_with("The memo could not be scheduled"), "{printed}");
    assert!(ended.stdout.is_empty());
    // The change has left the journal.
    let state = State::open(&machine.home.path().join("state/tickler")).unwrap();
    assert_eq!(state.adopt(&ContextId::new("aws/123456789012/eu-west-1/tickler")).unwrap().changes, []);
}

#[test]
fn each_error_of_several_names_its_id() {
    let machine = Machine::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let ids = ["01010101-0101-4101-8101-010101010101", "02020202-0202-4202-8202-020202020202"];
    let cancel = |line: &[&str]| {
        let mut command = in_aws(&machine, &format!("http://127.0.0.1:{port}"), line);
        let ended = command.env("AWS_ACCOUNT_ID", "123456789012").output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        text(&ended.stderr).to_owned()
    };
    let printed = cancel(&["cancel", ids[0], ids[1]]);
    assert!(printed.lines().zip(ids).all(|(line, id)| line.starts_with(&format!("{id}: "))), "{printed}");
    assert_eq!(printed.lines().count(), 2, "{printed}");
    assert!(!cancel(&["cancel", ids[0]]).contains(ids[0]), "a single error needs no id");
}

/// A server that announces requests, and answers when the test says so.
struct SlowServer {
    url: String,
    arrived: std::sync::mpsc::Receiver<()>,
    answer: std::sync::Arc<std::sync::Barrier>,
}

impl SlowServer {
    /// The first `held` requests get their answers together, when the test says so. Later ones get theirs at once.
    fn start(held: usize) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tell, arrived) = std::sync::mpsc::channel();
        let answer = std::sync::Arc::new(std::sync::Barrier::new(held + 1));
        let barrier = std::sync::Arc::clone(&answer);
        let serve = move || {
            for (number, stream) in listener.incoming().enumerate() {
                let (mut stream, tell, barrier) = (stream.unwrap(), tell.clone(), std::sync::Arc::clone(&barrier));
                std::thread::spawn(move || {
                    let request = whole_request(&mut stream);
                    tell.send(()).unwrap_or(());
                    if request.is_some() && number < held {
                        barrier.wait();
                    }
                    let body = r#"{"ScheduleArn":"arn:aws:scheduler:eu-west-1:123456789012:schedule/t/x"}"#;
                    let status = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
                    write!(stream, "{status}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
                });
            }
        };
        std::thread::spawn(serve);
        Self { url, arrived, answer }
    }
}

/// Reads a complete request.
pub fn whole_request(stream: &mut std::net::TcpStream) -> Option<Vec<u8>> {
    let (mut request, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let read = std::io::Read::read(stream, &mut part).ok().filter(|read| *read > 0)?;
        request.extend_from_slice(&part[..read]);
        let received = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let Some((head, body)) = received.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some(request);
        }
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_between_memos_and_reports_what_was_added() {
    use rustix::process::{Pid, Signal, kill_process};

    let (machine, slow) = (Machine::new(), SlowServer::start(16));
    let mut command = in_aws(&machine, &slow.url, &["add", "--stdin-lines"]);
    command.env("AWS_ACCOUNT_ID", "123456789012").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines = "2999-01-01 18:00\ttea\n".repeat(40);
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    for _ in 0..16 {
        slow.arrived.recv().unwrap();
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    slow.answer.wait();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert_eq!(text(&ended.stdout).lines().count(), 16, "{ended:?}");
    let expected = "Stopped after adding 16 of 40 memos. No memo was added from line 17 on.";
    assert!(text(&ended.stderr).contains(expected), "{ended:?}");
    let state = State::open(&machine.home.path().join("state/tickler")).unwrap();
    assert_eq!(state.adopt(&ContextId::new("aws/123456789012/eu-west-1/tickler")).unwrap().changes, []);
}
