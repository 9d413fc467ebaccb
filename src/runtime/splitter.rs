//! Splits the bytes that a terminal sends into characters, sequences and pastes, and drops every reply.
//!
//! A terminal sends keys and replies over one wire, and a reply may come late, in pieces, or to a question that another
//! program asked. crossterm's parser knows a few replies, reads the rest as keys, and waits for ever for the end of what
//! it takes for a sequence. So this module stands before anything becomes a key: strings (DCS, OSC, SOS, PM, APC) are
//! dropped up to their terminator, and a CSI sequence is one piece up to its final byte. tickler asks the terminal
//! nothing, so no reply has anybody to go to.
//!
//! Whatever is incomplete has a time limit. A person who types Alt-P sends the same two bytes that open a string; only
//! the silence after them tells. If a slow line cuts a reply just there, its rest is still recognized: a terminal sends
//! several bytes at once, and a person one key.
//!
//! Pure: it never reads a clock. Times are counted from any one moment. Does not depend on what a sequence means; that is
//! `key_table`.

use std::time::Duration;

/// How long an ESC, or what a key with Alt begins with, waits for more. People do not type ESC and another key within
/// this time; a terminal sends both in one write.
pub const KEY_WAIT: Duration = Duration::from_millis(50);

/// How long a sequence that has begun waits for its next byte.
pub const SEQUENCE_WAIT: Duration = Duration::from_secs(1);

/// How long a paste waits for its next byte. Longer, because its rest would be taken for keys.
pub const PASTE_WAIT: Duration = Duration::from_secs(2);

/// How long after a wait has ended its sequence may still go on.
const RESUME_WAIT: Duration = Duration::from_secs(1);

/// No sequence that means anything has more parameter bytes.
const MOST_PARAMETERS: usize = 64;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CTRL_C: u8 = 0x03;
/// CAN and SUB cancel a sequence in every terminal.
const CANCELS: [u8; 2] = [0x18, 0x1a];
/// What opens a sequence after ESC.
const OPENERS: &[u8] = b"[]PX^_O";
const PASTE_END: &[u8] = b"\x1b[201~";

/// One piece of what a terminal sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A character, a control character too.
    Char {
        /// The character.
        c: char,
        /// Whether an ESC came right before it.
        alt: bool,
    },
    /// The Esc key.
    Escape,
    /// A CSI sequence without intermediate bytes.
    Csi {
        /// The bytes between `ESC [` and the final byte.
        parameters: String,
        /// The final byte.
        last: u8,
    },
    /// A sequence of three bytes: `ESC O` and this one.
    Ss3(u8),
    /// An old mouse report (X10): button, column and row, each 32 too large.
    Mouse([u8; 3]),
    /// A bracketed paste.
    Paste(String),
}

/// What the bytes so far have begun.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Nothing, or a character of several bytes.
    Text {
        alt: bool,
    },
    Escape,
    Csi(Vec<u8>),
    /// `ESC [ [`, with which function keys begin on the Linux console.
    Console,
    Ss3,
    Mouse(Vec<u8>),
    Dropped(Dropped),
    Paste(Vec<u8>),
}

/// A string that is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dropped {
    /// The byte after ESC that opened it; `None` if it was opened with one byte, a C1 control character.
    opener: Option<u8>,
    /// Whether it has content.
    begun: bool,
    /// Whether its last byte was ESC, with which its terminator begins.
    ending: bool,
}

/// Splits bytes into pieces.
#[derive(Debug)]
pub struct Splitter {
    state: State,
    /// The first bytes of a character.
    partial: Vec<u8>,
    /// When the last byte came.
    last: Duration,
    /// What was given up at the end of its wait, and when.
    given_up: Option<(State, Duration)>,
}

impl Default for Splitter {
    fn default() -> Self {
        Self { state: State::Text { alt: false }, partial: Vec::new(), last: Duration::ZERO, given_up: None }
    }
}

impl Splitter {
    /// Takes the bytes of one read at the time `now`, and returns the pieces that they complete.
    pub fn feed(&mut self, bytes: &[u8], now: Duration) -> Vec<Piece> {
        let mut pieces = self.expire(now);
        self.resume(bytes, now);
        if bytes == [CTRL_C] && !matches!(self.state, State::Text { .. }) {
            // A person, whatever has begun: the end of it may never come.
            self.give_up(now, &mut pieces);
        }
        if self.state == State::Escape && bytes.first().is_some_and(|first| !OPENERS.contains(first)) {
            // A terminal sends a key with Alt in one piece, so this is Esc and then another key.
            self.give_up(now, &mut pieces);
            self.given_up = None;
        }
        for byte in bytes {
            self.step(*byte, &mut pieces);
        }
        self.last = now;
        pieces
    }

    /// When to call [`Splitter::expire`], if no byte comes before.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let wait = match &self.state {
            State::Text { .. } => return None,
            State::Escape | State::Ss3 => KEY_WAIT,
            State::Csi(parameters) if parameters.is_empty() => KEY_WAIT,
            State::Dropped(string) if !string.begun && !string.ending => KEY_WAIT,
            State::Csi(_) | State::Console | State::Mouse(_) | State::Dropped(_) => SEQUENCE_WAIT,
            State::Paste(_) => PASTE_WAIT,
        };
        Some(self.last + wait)
    }

    /// Ends the wait for more bytes if its time is over, and returns what the bytes so far are without them.
    pub fn expire(&mut self, now: Duration) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.give_up(now, &mut pieces);
        }
        pieces
    }

    fn give_up(&mut self, now: Duration, pieces: &mut Vec<Piece>) {
        let state = std::mem::replace(&mut self.state, State::Text { alt: false });
        match &state {
            State::Escape => pieces.push(Piece::Escape),
            State::Ss3 => pieces.push(alt('O')),
            State::Csi(parameters) if parameters.is_empty() => pieces.push(alt('[')),
            State::Text { .. } | State::Console | State::Mouse(_) | State::Csi(_) => {}
            State::Dropped(string) => pieces.extend(string.as_key()),
            State::Paste(bytes) => {
                // The end may have begun.
                let begun = (1..PASTE_END.len()).rev().find(|length| bytes.ends_with(&PASTE_END[..*length]));
                pieces.push(paste(&bytes[..bytes.len() - begun.unwrap_or(0)]));
                return;
            }
        }
        self.given_up = Some((state, now));
    }

    /// Goes on with a sequence that was given up, if these bytes are its rest.
    fn resume(&mut self, bytes: &[u8], now: Duration) {
        let Some((state, at)) = self.given_up.take() else { return };
        if now.saturating_sub(at) > RESUME_WAIT || !matches!(self.state, State::Text { .. }) {
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let mut chars = text.chars();
        let (first, second) = (chars.next(), chars.next());
        let is_key = first.is_none_or(char::is_control);
        let goes_on = match &state {
            State::Text { .. } | State::Paste(_) => false,
            State::Dropped(Dropped { ending: true, .. }) if first == Some('\\') => true,
            // A person sends one character at a time.
            _ if is_key || second.is_none() => false,
            State::Escape => bytes.first().is_some_and(|first| OPENERS.contains(first)),
            State::Csi(_) | State::Console | State::Ss3 | State::Mouse(_) | State::Dropped(_) => true,
        };
        if goes_on {
            self.state = state;
        }
    }

    fn step(&mut self, byte: u8, pieces: &mut Vec<Piece>) {
        match std::mem::replace(&mut self.state, State::Text { alt: false }) {
            State::Text { alt } => self.text(byte, alt, pieces),
            State::Escape => self.after_escape(byte, pieces),
            State::Csi(parameters) => self.csi(parameters, byte, pieces),
            State::Console => {
                if byte.is_ascii_graphic() {
                    pieces.push(Piece::Csi { parameters: "[".to_owned(), last: byte });
                } else {
                    self.text(byte, false, pieces);
                }
            }
            State::Ss3 if (0x20..0x7f).contains(&byte) => pieces.push(Piece::Ss3(byte)),
            State::Ss3 => {
                pieces.push(alt('O'));
                self.text(byte, false, pieces);
            }
            State::Mouse(mut report) => {
                report.push(byte);
                match <[u8; 3]>::try_from(report) {
                    Ok(report) => pieces.push(Piece::Mouse(report)),
                    Err(report) => self.state = State::Mouse(report),
                }
            }
            State::Dropped(string) => self.dropped(string, byte, pieces),
            State::Paste(mut bytes) => {
                bytes.push(byte);
                match bytes.strip_suffix(PASTE_END) {
                    Some(content) => pieces.push(paste(content)),
                    None => self.state = State::Paste(bytes),
                }
            }
        }
    }

    /// A byte outside of a sequence.
    fn text(&mut self, byte: u8, alt: bool, pieces: &mut Vec<Piece>) {
        if !matches!(byte, 0x80..0xc0) {
            // What began a character was none.
            self.partial.clear();
        }
        match byte {
            ESC => self.state = State::Escape,
            0..0x80 => pieces.push(Piece::Char { c: char::from(byte), alt }),
            0x80..0xa0 if self.partial.is_empty() => self.control(byte),
            0x80..0xc0 if self.partial.is_empty() => {}
            _ => {
                self.partial.push(byte);
                match std::str::from_utf8(&self.partial) {
                    Ok(text) => {
                        let c = text.chars().next();
                        self.partial.clear();
                        match c.map(|c| (c, u8::try_from(u32::from(c)))) {
                            Some((_, Ok(c1 @ 0x80..0xa0))) => self.control(c1),
                            Some((c, _)) => pieces.push(Piece::Char { c, alt }),
                            None => {}
                        }
                    }
                    // A character has four bytes at most.
                    Err(error) if error.error_len().is_none() => self.state = State::Text { alt },
                    Err(_) => self.partial.clear(),
                }
            }
        }
    }

    /// A C1 control character: one byte for ESC and another one.
    fn control(&mut self, c1: u8) {
        self.state = match c1 {
            0x8f => State::Ss3,
            0x9b => State::Csi(Vec::new()),
            0x90 | 0x98 | 0x9d..=0x9f => State::Dropped(Dropped { opener: None, begun: false, ending: false }),
            _ => State::Text { alt: false },
        };
    }

    fn after_escape(&mut self, byte: u8, pieces: &mut Vec<Piece>) {
        match byte {
            ESC => {
                pieces.push(Piece::Escape);
                self.state = State::Escape;
            }
            b'[' => self.state = State::Csi(Vec::new()),
            b'O' => self.state = State::Ss3,
            b'P' | b'X' | b']' | b'^' | b'_' => {
                self.state = State::Dropped(Dropped { opener: Some(byte), begun: false, ending: false });
            }
            _ => self.text(byte, true, pieces),
        }
    }

    fn csi(&mut self, mut parameters: Vec<u8>, byte: u8, pieces: &mut Vec<Piece>) {
        match byte {
            ESC => self.state = State::Escape,
            b'[' if parameters.is_empty() => self.state = State::Console,
            b'M' if parameters.is_empty() => self.state = State::Mouse(Vec::new()),
            b'~' if parameters == b"200" => self.state = State::Paste(Vec::new()),
            0x20..0x40 => {
                if parameters.len() < MOST_PARAMETERS {
                    parameters.push(byte);
                }
                self.state = State::Csi(parameters);
            }
            // A sequence with intermediate bytes is a reply.
            0x40..0x7f if parameters.iter().all(|byte| *byte >= 0x30) && parameters.len() < MOST_PARAMETERS => {
                let parameters = parameters.into_iter().map(char::from).collect();
                pieces.push(Piece::Csi { parameters, last: byte });
            }
            0x40..0x7f => {}
            _ => self.text(byte, false, pieces),
        }
    }

    fn dropped(&mut self, string: Dropped, byte: u8, pieces: &mut Vec<Piece>) {
        let ends = byte == BEL || (byte == 0x9c && string.opener.is_none()) || (string.ending && byte == b'\\');
        if ends {
            return;
        }
        let cancels = byte == CTRL_C || CANCELS.contains(&byte);
        if cancels || string.ending {
            pieces.extend(string.as_key());
        }
        if string.ending {
            self.after_escape(byte, pieces);
        } else if cancels {
            self.text(byte, false, pieces);
        } else {
            let ending = byte == ESC;
            self.state = State::Dropped(Dropped { ending, begun: string.begun || !ending, ..string });
        }
    }
}

impl Dropped {
    /// The key that was typed, if the string has no content.
    fn as_key(self) -> Option<Piece> {
        self.opener.filter(|_| !self.begun).map(|opener| alt(char::from(opener)))
    }
}

fn alt(c: char) -> Piece {
    Piece::Char { c, alt: true }
}

fn paste(bytes: &[u8]) -> Piece {
    Piece::Paste(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests;
