//! Notifications outside the terminal: on the desktop, and through the person's own command.
//!
//! Nothing waits for either. A missing desktop is not an error, because the delivery is on the screen already. A failed
//! command is reported, because the person set it up and relies on it.

use std::process::{Command, Stdio};

use crate::failure::{Failure, FailureKind};
use crate::preferences::Notifications;

/// The placeholder for the memo in the command's arguments.
const MEMO: &str = "{memo}";

/// Sends a notification in each way that the settings name. Failures go to `on_failure`, on another thread.
pub(super) fn send(settings: &Notifications, text: &str, on_failure: impl FnOnce(Failure) + Send + 'static) {
    if settings.desktop {
        show_on_desktop(text);
    }
    if let [program, arguments @ ..] = settings.command.as_slice() {
        run_command(program, arguments, text, on_failure);
    }
}

#[cfg(feature = "desktop")]
fn show_on_desktop(text: &str) {
    let text = text.to_owned();
    // D-Bus may answer late, or never.
    let started = std::thread::Builder::new().name("notify".into()).spawn(move || {
        if let Err(error) = notify_rust::Notification::new().appname("tickler").summary(&text).show() {
            tracing::info!(%error, "no desktop notification");
        }
    });
    if let Err(error) = started {
        tracing::warn!(%error, "no desktop notification");
    }
}

/// Built without desktop notifications.
#[cfg(not(feature = "desktop"))]
fn show_on_desktop(_text: &str) {}

/// Runs the command without a shell, so that nothing in a memo can be executed.
fn run_command(program: &str, arguments: &[String], text: &str, on_failure: impl FnOnce(Failure) + Send + 'static) {
    let name = program.to_owned();
    let mut command = Command::new(program);
    command.args(arguments.iter().map(|argument| argument.replace(MEMO, text))).env("TICKLER_MEMO", text);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let run = move || {
        let problem = match command.status() {
            Ok(status) if status.success() => return,
            Ok(status) => format!("ended with {status}"),
            Err(error) => format!("could not be run: {error}"),
        };
        on_failure(Failure::new(
            FailureKind::Settings,
            format!("The notification command {name} {problem}."),
            "It is set under [notifications] in the settings.",
        ));
    };
    if let Err(error) = std::thread::Builder::new().name("notify-command".into()).spawn(run) {
        tracing::warn!(%error, "no thread for the notification command");
    }
}
