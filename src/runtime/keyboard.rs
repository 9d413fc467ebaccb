//! The keyboard thread, which waits for the terminal and puts what it sends into the inbox.
//!
//! The event loop never reads the terminal itself: a read from a terminal that has gone may never return. Here it blocks
//! nobody, and the program can still end. The thread reads bytes and understands none of them; the event loop decodes
//! them with a `decoder`, and has their times, so that no wait for a byte needs a thread.

use std::io;
#[cfg(unix)]
use std::time::Instant;

use super::inbox::{InboxSender, Incoming};

/// Starts the thread.
///
/// # Errors
/// When the system has no thread left.
#[cfg(unix)]
pub fn listen(inbox: InboxSender) -> io::Result<()> {
    std::thread::Builder::new().name("keyboard".into()).spawn(move || {
        let input = io::stdin();
        let mut bytes = vec![0; 1 << 16];
        loop {
            let read = match rustix::io::read(&input, &mut bytes) {
                Err(rustix::io::Errno::INTR) => continue,
                // The terminal has gone. The signal task notices that as well.
                Ok(0) | Err(rustix::io::Errno::IO) => return,
                Ok(read) => Ok(bytes[..read].to_vec()),
                Err(error) => Err(io::Error::from(error)),
            };
            let is_last = read.is_err();
            if !inbox.deliver(Incoming::Bytes(read, now())) || is_last {
                return;
            }
        }
    })?;
    Ok(())
}

#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the time between two bytes concerns the decoder only")]
fn now() -> Instant {
    Instant::now()
}

/// Starts the thread. Windows reports keys, not bytes, and crossterm reads them.
///
/// # Errors
/// When there is no terminal, or the system has no thread left.
#[cfg(not(unix))]
pub fn listen(inbox: InboxSender) -> io::Result<()> {
    crossterm::event::poll(std::time::Duration::ZERO)?;
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
