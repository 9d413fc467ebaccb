//! Notifications beside the terminal: the desktop, and a command of the person's own. Nothing waits for either. A desktop
//! that has none is no failure of a delivery, which is on the screen already; a command that fails is told of, since
//! somebody relies on it.

use std::process::{Command, Stdio};

use crate::failure::{Failure, FailureKind};
use crate::preferences::Notifications;

/// What stands for the memo in an argument of the command.
const MEMO: &str = "{memo}";

/// Makes a text heard, as the settings say; what fails is told to `failed`, from a thread of its own.
pub fn show(by: &Notifications, text: &str, failed: impl FnOnce(Failure) + Send + 'static) {
    if by.desktop {
        on_the_desktop(text);
    }
    if let [program, arguments @ ..] = by.command.as_slice() {
        by_command(program, arguments, text, failed);
    }
}

#[cfg(feature = "desktop")]
fn on_the_desktop(text: &str) {
    let text = text.to_owned();
    // The bus may take its time, or never answer: nothing waits for it.
    let shown = std::thread::Builder::new().name("notify".into()).spawn(move || {
        if let Err(error) = notify_rust::Notification::new().appname("tickler").summary(&text).show() {
            tracing::info!(%error, "no desktop notification");
        }
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "no desktop notification");
    }
}

/// Built without desktop notifications.
#[cfg(not(feature = "desktop"))]
fn on_the_desktop(_text: &str) {}

/// Runs the command itself, not by a shell: nothing in a memo can become a command.
fn by_command(program: &str, arguments: &[String], text: &str, failed: impl FnOnce(Failure) + Send + 'static) {
    let name = program.to_owned();
    let mut command = Command::new(program);
    command.args(arguments.iter().map(|argument| argument.replace(MEMO, text))).env("TICKLER_MEMO", text);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let run = move || {
        let what = match command.status() {
            Ok(status) if status.success() => return,
            Ok(status) => format!("ended with {status}"),
            Err(error) => format!("could not be run: {error}"),
        };
        failed(Failure::new(
            FailureKind::Settings,
            format!("The notification command {name} {what}."),
            "It is named in the settings, under [notifications].",
        ));
    };
    if let Err(error) = std::thread::Builder::new().name("notify-command".into()).spawn(run) {
        tracing::warn!(%error, "no thread for the notification command");
    }
}
