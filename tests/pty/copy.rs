//! Copying where another program stands between tickler and the terminal.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::machine::{Machine, Program};
use super::memos::{schedule, wait_for_form};
use super::terminal::Terminal;

/// A program that stands in for tmux, and a place where it writes.
fn with_tmux(machine: &Machine, script: &str) -> (Program, PathBuf) {
    let directory = machine.settings().parent().unwrap().join("bin");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("tmux"), format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(directory.join("tmux"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", directory.display(), std::env::var("PATH").unwrap_or_default());
    let buffer = directory.join("buffer");
    let program = machine.program().with("TMUX", "/tmp/tmux-0/default,1,0").with("PATH", &path);
    (program.with("BUFFER", buffer.to_str().unwrap()).sized(120, 30), buffer)
}

fn copy(program: Program) -> Terminal {
    let mut terminal = program.start();
    wait_for_form(&mut terminal);
    schedule(&mut terminal, "tea", "in 2 hours");
    terminal.wait_to_show("a add");
    terminal.send("y");
    terminal.wait_to_show("ARN of its schedule");
    terminal.send("1");
    terminal
}

#[test]
fn tmux_gets_the_copy_as_its_buffer_too() {
    let machine = Machine::new();
    let (program, buffer) = with_tmux(&machine, r#"echo "$@" > "$BUFFER"; cat >> "$BUFFER""#);
    let mut terminal = copy(program);
    terminal.wait_to_say("Copied to tmux's buffer, and to the clipboard if the terminal allows it: tea");
    assert_eq!(fs::read_to_string(buffer).unwrap(), "load-buffer -w -\ntea");
    assert_eq!(terminal.clipboard(), ["tea"]);
}

#[test]
fn an_old_tmux_gets_it_without_w() {
    let machine = Machine::new();
    let script = r#"[ "$2" = -w ] && { echo "unknown flag -w" >&2; exit 1; }; echo "$@" > "$BUFFER"; cat >> "$BUFFER""#;
    let (program, buffer) = with_tmux(&machine, script);
    copy(program).wait_to_say("Copied to tmux's buffer");
    assert_eq!(fs::read_to_string(buffer).unwrap(), "load-buffer -\ntea");
}

#[test]
fn a_tmux_that_fails_is_named() {
    let machine = Machine::new();
    let (program, _) = with_tmux(&machine, "echo no server running >&2; exit 1");
    copy(program).wait_to_say("tmux did not take the copy: no server running.");
}

#[test]
fn screen_passes_the_copy_on() {
    let machine = Machine::new();
    let mut terminal = copy(machine.program().with("STY", "1.pts-0.host").sized(120, 30));
    terminal.wait_to_say("Copied, if the terminal allows it: tea");
    let written = String::from_utf8_lossy(terminal.written()).into_owned();
    assert!(written.contains("\x1bP\x1b]52;c;dGVh\x07\x1b\\"), "{written:?}");
}
