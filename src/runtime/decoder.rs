//! From the bytes of the terminal to its input: events, and bursts of characters.
//!
//! A terminal without bracketed paste sends a paste as characters. No person types as many at once, so a read that has
//! [`BURST`] of them is one piece of input, and what has the focus decides what it is: see `input`. Nor does one come in
//! the middle of a paste, so what follows a burst at once belongs to it.
//!
//! Pure, like its two parts: `splitter` finds the pieces, `key_table` knows what they mean.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::key_table;
use super::splitter::{Piece, Splitter};

/// How many characters in one read are a burst.
pub const BURST: usize = 8;

/// How long a burst waits for more of it, and how long in all: a key that is held down may go on and on.
pub const BURST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_BURST: Duration = Duration::from_millis(200);

/// An input of the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key, a paste, or the mouse.
    Event(Event),
    /// Keys that came at once, beginning with a character.
    Burst(Vec<KeyEvent>),
}

/// Decodes what the terminal sends. Times are counted from any one moment.
#[derive(Debug, Default)]
pub struct Decoder {
    splitter: Splitter,
    /// A burst that may have more to it.
    burst: Vec<Event>,
    /// When it began, and when its last byte came.
    burst_began: Duration,
    burst_at: Duration,
}

impl Decoder {
    /// Decodes the bytes of one read at the time `now`.
    pub fn feed(&mut self, bytes: &[u8], now: Duration) -> Vec<Input> {
        let mut inputs =
            if self.deadline().is_some_and(|deadline| deadline <= now) { self.expire(now) } else { vec![] };
        let events = events(self.splitter.feed(bytes, now));
        if self.burst.is_empty() && !is_burst(&events) {
            inputs.extend(events.into_iter().map(Input::Event));
        } else {
            if self.burst.is_empty() {
                self.burst_began = now;
            }
            self.burst.extend(events);
            self.burst_at = now;
        }
        inputs
    }

    /// When to call [`Decoder::expire`], if no byte comes before.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.burst_end().into_iter().chain(self.splitter.deadline()).min()
    }

    /// When the burst is complete, if there is one.
    fn burst_end(&self) -> Option<Duration> {
        let end = (self.burst_at + BURST_WAIT).min(self.burst_began + LONGEST_BURST);
        (!self.burst.is_empty()).then_some(end)
    }

    /// Returns the inputs that waited for more bytes, if their wait is over.
    pub fn expire(&mut self, now: Duration) -> Vec<Input> {
        let mut inputs = Vec::new();
        if self.burst_end().is_some_and(|end| end <= now) {
            inputs = split(std::mem::take(&mut self.burst));
        }
        inputs.extend(events(self.splitter.expire(now)).into_iter().map(Input::Event));
        inputs
    }
}

fn events(pieces: Vec<Piece>) -> Vec<Event> {
    pieces.into_iter().filter_map(key_table::event).collect()
}

/// The character that a key types.
fn typed(event: &Event) -> Option<char> {
    match event {
        Event::Key(KeyEvent { code: KeyCode::Char(c), modifiers, .. })
            if !modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) =>
        {
            Some(*c)
        }
        _ => None,
    }
}

/// Whether the events of one read are a burst.
fn is_burst(events: &[Event]) -> bool {
    events.iter().filter_map(typed).count() >= BURST
}

/// Parts a burst from what came before its first character and after its last key.
fn split(events: Vec<Event>) -> Vec<Input> {
    let mut inputs = Vec::new();
    for event in events {
        match (inputs.last_mut(), event) {
            (Some(Input::Burst(keys)), Event::Key(key)) => keys.push(key),
            (_, event) => match (typed(&event), event) {
                (Some(_), Event::Key(key)) => inputs.push(Input::Burst(vec![key])),
                (_, event) => inputs.push(Input::Event(event)),
            },
        }
    }
    inputs
}

/// The text of a burst: its characters and line ends. Other keys are left out.
#[must_use]
pub fn text(keys: &[KeyEvent]) -> String {
    keys.iter()
        .filter_map(|key| match (key.code, key.modifiers) {
            (KeyCode::Enter, _) | (KeyCode::Char('j'), KeyModifiers::CONTROL) => Some('\n'),
            (KeyCode::Tab, _) => Some('\t'),
            _ => typed(&Event::Key(*key)),
        })
        .collect()
}

#[cfg(test)]
mod tests;
