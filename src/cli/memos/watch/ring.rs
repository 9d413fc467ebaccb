//! Notifications of deliveries.

use super::background_errors::BackgroundErrors;
use crate::cli::memos::output::{MemoOutput, state};
use crate::cli::memos::printer::Printer;
use crate::cli::memos::session::Session;
use crate::cli::notify;
use crate::preferences::Notifications;

/// Rings and sends notifications for the deliveries among the events, as the settings say.
pub(super) fn ring(
    events: &[MemoOutput],
    session: &Session<'_>,
    printer: &mut Printer<'_, '_>,
    errors: &BackgroundErrors,
) {
    let delivered = events.iter().filter(|event| event.state == state::DELIVERED);
    let first_line = |event: &MemoOutput| event.memo.lines().next().unwrap_or_default().to_owned();
    let texts = Notifications::texts(delivered.map(first_line).collect(), Vec::new());
    let settings = &session.notifications;
    if settings.bell && !texts.is_empty() {
        printer.bell();
    }
    for text in texts {
        if let Some(note) = settings.terminal {
            printer.notify(note, &text);
        }
        let errors = errors.clone();
        notify::send(settings, &text, move |failure| errors.add(failure));
    }
}
