//! The keyboard: a thread that does nothing but wait for it.
//!
//! The loop never reads the terminal itself. A read from a terminal that has gone never comes back, because crossterm
//! tries it again and again; here it holds nobody up, and the program ends as it would by key.

use std::io;
use std::time::Duration;

use crossterm::event::Event;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What comes from the terminal: keys, pastes, changes of its size. An error is the last that comes.
pub type Keyboard = UnboundedReceiver<io::Result<Event>>;

/// Begins to listen. Whoever asks for the size of the terminal afterwards is told of every later change of it.
///
/// # Errors
/// When there is no terminal to listen to, or the system has no thread left.
pub fn listen() -> io::Result<Keyboard> {
    // The first question of any kind makes crossterm listen to the signal that tells of a new size.
    crossterm::event::poll(Duration::ZERO)?;
    let (tell, keyboard) = unbounded_channel();
    std::thread::Builder::new().name("keyboard".into()).spawn(move || {
        loop {
            let event = crossterm::event::read();
            let last = event.is_err();
            if tell.send(event).is_err() || last {
                return;
            }
        }
    })?;
    Ok(keyboard)
}
