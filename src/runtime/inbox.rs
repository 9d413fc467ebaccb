//! What comes in to the thread that draws: what a person does at the terminal, and what the other threads tell.
//!
//! There is one queue to wait on, so that an idle program sleeps in one place and wakes once; what has come is taken
//! from two, so that a key never waits behind a flood of messages.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crossterm::event::Event;

use crate::app::Msg;

/// Something that has come in.
#[derive(Debug)]
pub enum Incoming {
    /// The terminal: keys, pastes, changes of its size. An error is the last that comes from it.
    Terminal(io::Result<Event>),
    /// Another thread has something to tell.
    Told(Msg),
    /// The service thread has ended: nothing more will be told.
    ServiceEnded,
}

/// Where things are told. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Tell(Sender<Incoming>);

impl Tell {
    /// Tells something. What nobody takes any more is about a program that has ended.
    pub fn tell(&self, msg: Msg) {
        self.put(Incoming::Told(msg));
    }

    /// Puts anything in; answers whether somebody may take it.
    pub(super) fn put(&self, incoming: Incoming) -> bool {
        let taken = self.0.send(incoming).is_ok();
        if !taken {
            tracing::debug!("the thread that draws has ended before the last message");
        }
        taken
    }
}

/// What has come in and was not taken yet.
#[derive(Debug)]
pub struct Inbox {
    queue: Receiver<Incoming>,
    keys: VecDeque<Incoming>,
    told: VecDeque<Incoming>,
}

impl Inbox {
    /// An inbox, and where things are told to it.
    #[must_use]
    pub fn new() -> (Tell, Self) {
        let (sender, queue) = channel();
        (Tell(sender), Self { queue, keys: VecDeque::new(), told: VecDeque::new() })
    }

    /// What came from the terminal first, then what was told, each in its order; nothing, where nothing has come.
    pub fn take(&mut self) -> Option<Incoming> {
        while let Ok(incoming) = self.queue.try_recv() {
            self.sort(incoming);
        }
        self.keys.pop_front().or_else(|| self.told.pop_front())
    }

    /// As [`Inbox::take`], but waits for something to come, for so long at most.
    pub fn wait(&mut self, at_most: Duration) -> Option<Incoming> {
        if let Some(incoming) = self.take() {
            return Some(incoming);
        }
        match self.queue.recv_timeout(at_most) {
            Ok(incoming) => {
                self.sort(incoming);
                self.take()
            }
            Err(RecvTimeoutError::Timeout) => None,
            // Whoever could tell anything has ended.
            Err(RecvTimeoutError::Disconnected) => Some(Incoming::ServiceEnded),
        }
    }

    fn sort(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Terminal(_) => self.keys.push_back(incoming),
            Incoming::Told(_) | Incoming::ServiceEnded => self.told.push_back(incoming),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_does_comes_before_what_was_told_earlier() {
        let (tell, mut inbox) = Inbox::new();
        for _ in 0..3 {
            tell.tell(Msg::Wake);
        }
        tell.put(Incoming::Terminal(Ok(Event::FocusGained)));
        assert!(matches!(inbox.take(), Some(Incoming::Terminal(Ok(Event::FocusGained)))));
        for _ in 0..3 {
            assert!(matches!(inbox.wait(Duration::ZERO), Some(Incoming::Told(Msg::Wake))));
        }
        assert!(inbox.wait(Duration::ZERO).is_none());
        drop(tell);
        assert!(matches!(inbox.wait(Duration::ZERO), Some(Incoming::ServiceEnded)));
    }
}
