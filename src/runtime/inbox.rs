//! The inbox of the terminal thread: events of the terminal, and messages from the other threads.
//!
//! There is one channel to wait on, so an idle program sleeps in one place. Its content is sorted into two queues, so a
//! key never waits behind a flood of messages.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crossterm::event::Event;

use crate::app::Msg;

/// What a signal asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The terminal has another size.
    Resized,
    /// Stop, until the shell continues the program.
    Suspend,
    /// The program goes on after a stop. Somebody else may have used the terminal meanwhile.
    Continued,
    /// End by this signal, so that the parent process sees it.
    End(i32),
}

/// What an inbox receives.
#[expect(clippy::large_enum_variant, reason = "most are messages, and a box would allocate for each")]
#[derive(Debug)]
pub enum Incoming {
    /// What the terminal has sent, and when. After an error no more follow.
    Bytes(io::Result<Vec<u8>>, Instant),
    /// An event, from a terminal that sends no bytes. After an error no more follow.
    Terminal(io::Result<Event>),
    /// A signal.
    Signal(Signal),
    /// A message from another thread.
    Message(Msg),
    /// The worker thread has ended; it sends no more messages.
    WorkerEnded,
}

/// Sends messages to the inbox. Clones are cheap.
#[derive(Debug, Clone)]
pub struct InboxSender(Sender<Incoming>);

impl InboxSender {
    /// Sends a message. Once the terminal thread has ended, messages are dropped.
    pub fn send(&self, msg: Msg) {
        self.deliver(Incoming::Message(msg));
    }

    /// Puts `incoming` into the inbox; returns whether there still is one.
    pub(super) fn deliver(&self, incoming: Incoming) -> bool {
        let delivered = self.0.send(incoming).is_ok();
        if !delivered {
            tracing::debug!("a message came after the terminal thread had ended");
        }
        delivered
    }
}

/// The receiving end.
#[derive(Debug)]
pub struct Inbox {
    channel: Receiver<Incoming>,
    terminal: VecDeque<Incoming>,
    messages: VecDeque<Incoming>,
}

impl Inbox {
    /// An inbox and its sender.
    #[must_use]
    pub fn new() -> (InboxSender, Self) {
        let (sender, channel) = channel();
        (InboxSender(sender), Self { channel, terminal: VecDeque::new(), messages: VecDeque::new() })
    }

    /// Takes the next item, without waiting: what comes from the terminal first, then messages, each in their order.
    pub fn take(&mut self) -> Option<Incoming> {
        while let Ok(incoming) = self.channel.try_recv() {
            self.sort(incoming);
        }
        self.terminal.pop_front().or_else(|| self.messages.pop_front())
    }

    /// As [`Inbox::take`], but waits for the next item, at most for `timeout`.
    pub fn wait(&mut self, timeout: Duration) -> Option<Incoming> {
        if let Some(incoming) = self.take() {
            return Some(incoming);
        }
        match self.channel.recv_timeout(timeout) {
            Ok(incoming) => {
                self.sort(incoming);
                self.take()
            }
            Err(RecvTimeoutError::Timeout) => None,
            // All senders have ended.
            Err(RecvTimeoutError::Disconnected) => Some(Incoming::WorkerEnded),
        }
    }

    fn sort(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Bytes(..) | Incoming::Terminal(_) | Incoming::Signal(_) => self.terminal.push_back(incoming),
            Incoming::Message(_) | Incoming::WorkerEnded => self.messages.push_back(incoming),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_overtakes_earlier_messages() {
        let (sender, mut inbox) = Inbox::new();
        for _ in 0..3 {
            sender.send(Msg::Wake);
        }
        sender.deliver(Incoming::Terminal(Ok(Event::FocusGained)));
        assert!(matches!(inbox.take(), Some(Incoming::Terminal(Ok(Event::FocusGained)))));
        for _ in 0..3 {
            assert!(matches!(inbox.wait(Duration::ZERO), Some(Incoming::Message(Msg::Wake))));
        }
        assert!(inbox.wait(Duration::ZERO).is_none());
        drop(sender);
        assert!(matches!(inbox.wait(Duration::ZERO), Some(Incoming::WorkerEnded)));
    }
}
