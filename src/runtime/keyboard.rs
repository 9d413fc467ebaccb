//! The keyboard: a thread that does nothing but wait for it.
//!
//! The loop never reads the terminal itself. A read from a terminal that has gone never comes back, because crossterm
//! tries it again and again; here it holds nobody up, and the program ends as it would by key.

use std::io;
use std::time::Duration;

use super::inbox::{Incoming, Tell};

/// Begins to listen. Whoever asks for the size of the terminal afterwards is told of every later change of it.
///
/// # Errors
/// When there is no terminal to listen to, or the system has no thread left.
pub fn listen(tell: Tell) -> io::Result<()> {
    // The first question of any kind makes crossterm listen to the signal that tells of a new size.
    crossterm::event::poll(Duration::ZERO)?;
    std::thread::Builder::new().name("keyboard".into()).spawn(move || {
        loop {
            let event = crossterm::event::read();
            let last = event.is_err();
            if !tell.put(Incoming::Terminal(event)) || last {
                return;
            }
        }
    })?;
    Ok(())
}
