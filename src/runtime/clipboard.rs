//! Copying to the clipboard of the terminal, which over SSH is the one on the near side.
//!
//! A terminal takes a copy by xterm's OSC 52, and does not say whether it did. tmux drops that sequence from a program
//! inside it, unless it is set up otherwise, so tmux gets the text as its own buffer too, and passes it on. GNU screen
//! passes a sequence on only where it is wrapped. Does not depend on the screen.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::inbox::InboxSender;
use crate::app::{Msg, SystemEvent};

/// How long tmux may take.
const TMUX_TIMEOUT: Duration = Duration::from_secs(2);

/// GNU screen passes on short strings only.
const SCREEN_LIMIT: usize = 76;

/// The program between tickler and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// None that is known.
    Nothing,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Between {
    /// What the environment says.
    #[must_use]
    pub fn of_this_process() -> Self {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match (is_set("TMUX"), is_set("STY")) {
            (true, _) => Self::Tmux,
            (false, true) => Self::Screen,
            (false, false) => Self::Nothing,
        }
    }

    /// The sequence that copies a text.
    #[must_use]
    pub fn sequence(self, text: &str) -> String {
        let copy = format!("\x1b]52;c;{}\x07", aws_smithy_types::base64::encode(text));
        match self {
            Self::Nothing | Self::Tmux => copy,
            Self::Screen => {
                // The sequence is ASCII.
                let parts = copy.as_bytes().chunks(SCREEN_LIMIT).map(String::from_utf8_lossy);
                parts.flat_map(|part| ["\x1bP".to_owned(), part.into_owned(), "\x1b\\".to_owned()]).collect()
            }
        }
    }
}

/// Gives a text to tmux, and tells the inbox what became of it. Does not wait for tmux.
pub fn give_to_tmux(text: String, inbox: InboxSender) {
    let give = move || {
        let result = load_buffer(&["load-buffer", "-w", "-"], &text)
            // Before 3.2, tmux had no -w.
            .or_else(|_| load_buffer(&["load-buffer", "-"], &text));
        inbox.send(Msg::System(SystemEvent::GivenToTmux(text, result)));
    };
    if let Err(error) = std::thread::Builder::new().name("tmux".into()).spawn(give) {
        tracing::warn!(%error, "cannot give a copy to tmux");
    }
}

/// Runs tmux with this text as its input.
fn load_buffer(arguments: &[&str], text: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("it could not be run: {error}");
    let mut tmux = Command::new("tmux");
    tmux.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = tmux.spawn().map_err(failed)?;
    let id = child.id();
    let (sender, ended) = mpsc::channel();
    let text = text.to_owned();
    let wait = move || {
        let written = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(text.as_bytes()));
        let output = child.wait_with_output();
        // If it ended without reading, its own words say more.
        sender
            .send(output.and_then(|output| if output.status.success() { written.map(|()| output) } else { Ok(output) }))
    };
    std::thread::Builder::new().name("tmux-end".into()).spawn(wait).map_err(failed)?;
    match ended.recv_timeout(TMUX_TIMEOUT) {
        Ok(Ok(Output { status, .. })) if status.success() => Ok(()),
        Ok(Ok(Output { stderr, status, .. })) => {
            let words = String::from_utf8_lossy(&stderr);
            let first = words.lines().next().unwrap_or_default().trim();
            Err(if first.is_empty() { status.to_string() } else { first.to_owned() })
        }
        Ok(Err(error)) => Err(failed(error)),
        Err(_) => {
            kill(id);
            Err("it does not answer".to_owned())
        }
    }
}

#[cfg(unix)]
fn kill(id: u32) {
    let process = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(process) = process
        && let Err(error) = rustix::process::kill_process(process, rustix::process::Signal::KILL)
    {
        tracing::debug!(%error, "cannot end tmux");
    }
}

#[cfg(not(unix))]
fn kill(_id: u32) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screen_gets_short_wrapped_strings() {
        let text = "tea ".repeat(40);
        let plain = Between::Tmux.sequence(&text);
        assert_eq!(plain, format!("\x1b]52;c;{}\x07", aws_smithy_types::base64::encode(&text)));
        let wrapped = Between::Screen.sequence(&text);
        let parts: Vec<&str> = wrapped.split_inclusive("\x1b\\").collect();
        assert!(parts.len() > 1);
        let inner = |part: &&str| part.strip_prefix("\x1bP").unwrap().strip_suffix("\x1b\\").unwrap().to_owned();
        assert!(parts.iter().all(|part| part.len() <= SCREEN_LIMIT + 4));
        assert_eq!(parts.iter().map(inner).collect::<String>(), plain);
    }
}
