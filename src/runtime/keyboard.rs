//! The keyboard thread, which waits for events of the terminal and puts them into the inbox.
//!
//! The event loop never reads the terminal itself: a read from a terminal that has gone never returns, because crossterm
//! keeps retrying it. Here it blocks nobody, and the program can still end.

use std::io;
use std::time::Duration;

use super::inbox::{InboxSender, Incoming};

/// Starts the thread. Read the size of the terminal after this call: every later change of it arrives as an event.
///
/// # Errors
/// When there is no terminal, or the system has no thread left.
pub fn listen(inbox: InboxSender) -> io::Result<()> {
    // The first call of any kind makes crossterm listen to SIGWINCH.
    crossterm::event::poll(Duration::ZERO)?;
    std::thread::Builder::new().name("keyboard".into()).spawn(move || {
        loop {
            let event = crossterm::event::read();
            let is_last = event.is_err();
            if !inbox.deliver(Incoming::Terminal(event)) || is_last {
                return;
            }
        }
    })?;
    Ok(())
}
