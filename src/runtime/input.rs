//! What an event of the terminal means to the program.

use chrono::{DateTime, Utc};
use crossterm::event::{Event, KeyEvent, KeyEventKind, MouseButton, MouseEventKind};

use super::decoder;
use crate::app::{App, Msg};
use crate::ui;

/// How many lines one notch of the mouse wheel moves.
const LINES_PER_NOTCH: i16 = 3;

/// The messages for an event of the terminal. While a document is open, its measure comes first.
#[must_use]
pub fn translate(app: &App, event: Event, now: DateTime<Utc>) -> Vec<Msg> {
    let measured = ui::document_end(app, now).map(Msg::Measured);
    measured.into_iter().chain(message(app, event, now)).collect()
}

/// The message for keys that came at once: a paste from a terminal that does not say where a paste begins. `None` if they
/// are keys, because they are typed into a text, or only move.
#[must_use]
pub fn translate_burst(app: &App, keys: &[KeyEvent]) -> Option<Msg> {
    let is_typing = app.takes_text() || keys.iter().all(|key| app.only_moves(key));
    (!is_typing).then(|| Msg::PasteOfKeys(decoder::text(keys)))
}

/// The message for an event of the terminal; `None` for one that changes nothing.
fn message(app: &App, event: Event, now: DateTime<Utc>) -> Option<Msg> {
    match event {
        // Windows, and terminals with the newer protocols, report key releases too.
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        Event::Key(key) => Some(Msg::Key(key)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(columns, rows) => Some(Msg::Resized(columns, rows)),
        // Another program may have left the reports switched on.
        Event::Mouse(_) if !app.settings.preferences.screen.mouse => None,
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => ui::hit(app, now, mouse.column, mouse.row).map(Msg::Clicked),
            MouseEventKind::ScrollDown => Some(Msg::Scrolled(LINES_PER_NOTCH)),
            MouseEventKind::ScrollUp => Some(Msg::Scrolled(-LINES_PER_NOTCH)),
            _ => None,
        },
        Event::FocusGained | Event::FocusLost => None,
    }
}
