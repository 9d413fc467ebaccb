//! The event loop of the terminal thread: take messages, update the state, perform effects, draw, sleep.

use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use crossterm::event::Event;

use super::clipboard::{Between, give_to_tmux};
use super::clock::Clock;
use super::decoder::{Decoder, Input};
use super::inbox::{Inbox, InboxSender, Incoming, Signal};
use super::input::{translate, translate_burst};
use super::opener::{HostSwitch, Hosting, Opener};
use super::own_process::end_by;
use super::terminal::Screen;
use super::worker::Notifier;
use super::worker_thread::{SHUTDOWN_TIMEOUT, WorkerThread};
use super::{keyboard, terminal};
use crate::app::{App, Effect, Msg};
use crate::ui::{self, Theme};

/// How many messages one turn of the loop takes, and for how long, before it looks at the keys again.
const MESSAGES_PER_TURN: usize = 64;
const LONGEST_TURN: Duration = Duration::from_millis(2);

/// How long a change from the background may wait to be drawn, so that a flood of changes needs one frame. A key never
/// waits.
const FRAME_INTERVAL: Duration = Duration::from_millis(16);

/// The longest sleep. The monotonic clock stands still while a laptop sleeps, so the loop looks at the wall clock at
/// least this often.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// Runs the program in the terminal until it ends, and returns its last state. Without `colour` every theme is plain.
///
/// # Errors
/// When the terminal cannot be read or written, or the system has no thread left.
pub fn run<O: Opener + 'static>(
    mut app: App,
    colour: bool,
    clock: Arc<dyn Clock>,
    state_dir: PathBuf,
    opener: impl FnOnce() -> O + Send + 'static,
    notifier: Notifier,
    host: HostSwitch,
) -> io::Result<App> {
    let mut screen = Screen::take_over()?;
    let (sender, inbox) = Inbox::new();
    keyboard::listen(sender.clone())?;
    app.size = screen.size()?;
    screen.draw(|frame| ui::draw(&app, clock.now(), &Theme::new(app.settings.preferences.screen, colour), frame))?;
    // Everything else starts after the first frame.
    let worker = WorkerThread::start(opener, state_dir, Arc::clone(&clock), notifier, sender.clone())?;
    let mut event_loop = EventLoop {
        app,
        colour,
        clock,
        screen,
        inbox,
        sender,
        between: Between::of_this_process(),
        decoder: Decoder::default(),
        began: now(),
        worker,
        host,
        drawn_at: now(),
        frame_due: None,
        ended_by: None,
    };
    event_loop.run()?;
    let EventLoop { app, screen, inbox, worker, ended_by, .. } = event_loop;
    drop(screen);
    drop(inbox);
    if let Some(signal) = ended_by {
        end_by(signal);
    }
    if worker.thread.is_finished() && worker.thread.join().is_err() {
        tracing::error!("the worker thread panicked");
    }
    Ok(app)
}

struct EventLoop {
    app: App,
    colour: bool,
    clock: Arc<dyn Clock>,
    screen: Screen,
    inbox: Inbox,
    sender: InboxSender,
    between: Between,
    decoder: Decoder,
    /// The moment from which the decoder counts.
    began: Instant,
    worker: WorkerThread,
    host: HostSwitch,
    drawn_at: Instant,
    /// When to draw the changes that came from the background.
    frame_due: Option<Instant>,
    /// The signal that ends the program.
    ended_by: Option<i32>,
}

impl EventLoop {
    fn run(&mut self) -> io::Result<()> {
        for effect in App::start() {
            self.perform(effect)?;
        }
        let result = loop {
            match self.turn() {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) if self.app.unsent() > 0 => break self.draw(),
                Ok(ControlFlow::Break(())) => break Ok(()),
                Err(error) => {
                    // The terminal no longer works, but quitting still saves the draft and the changes.
                    for effect in self.app.update(Msg::QuitAsked, self.clock.now()) {
                        self.pass_on(effect)?;
                    }
                    break Err(error);
                }
            }
        };
        self.shut_down();
        result
    }

    /// Takes the messages that have come, keys first, and draws: at once after a key, otherwise when a frame is due.
    fn turn(&mut self) -> io::Result<ControlFlow<()>> {
        let wake = self.app.next_wake(self.clock.now());
        let mut incoming = self.inbox.wait(self.sleep_time(wake));
        let mut urgent = false;
        let began = now();
        if !matches!(incoming, Some(Incoming::Bytes(..))) {
            // No byte has come in time, so the bytes so far are complete.
            let inputs = self.decoder.expire(began.saturating_duration_since(self.began));
            urgent = !inputs.is_empty();
            if self.take_inputs(inputs)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        if incoming.is_none() && self.clock.now() >= wake {
            // A countdown changes on the second.
            urgent = true;
            incoming = Some(Incoming::Message(Msg::Wake));
        }
        let mut taken = 0;
        while let Some(next) = incoming.take() {
            let flow = match next {
                Incoming::Bytes(bytes, at) => {
                    urgent = true;
                    let inputs = self.decoder.feed(&bytes?, at.saturating_duration_since(self.began));
                    self.take_inputs(inputs)?
                }
                Incoming::Terminal(event) => {
                    urgent = true;
                    self.take_inputs(vec![Input::Event(event?)])?
                }
                Incoming::Signal(signal) => {
                    urgent = true;
                    let msgs = self.obey(signal)?;
                    self.take_all(msgs)?
                }
                Incoming::Message(msg) => self.take_all(vec![msg])?,
                Incoming::WorkerEnded => return Err(worker_ended()),
            };
            if flow.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            self.frame_due.get_or_insert(self.drawn_at + FRAME_INTERVAL);
            taken += 1;
            if taken < MESSAGES_PER_TURN && began.elapsed() < LONGEST_TURN {
                incoming = self.inbox.take();
            }
        }
        if urgent || self.frame_due.is_some_and(|due| due <= now()) {
            self.draw()?;
            self.drawn_at = now();
            self.frame_due = None;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Takes inputs of the terminal in order; each one sees the state that the previous one left.
    fn take_inputs(&mut self, inputs: Vec<Input>) -> io::Result<ControlFlow<()>> {
        for input in inputs {
            let events = match input {
                Input::Event(event) => vec![event],
                Input::Burst(keys) => match translate_burst(&self.app, &keys) {
                    Some(msg) => {
                        if self.take_all(vec![msg])?.is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                        continue;
                    }
                    None => keys.into_iter().map(Event::Key).collect(),
                },
            };
            for event in events {
                let msgs = self.translate(event);
                if self.take_all(msgs)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Takes messages, and performs their effects.
    fn take_all(&mut self, msgs: Vec<Msg>) -> io::Result<ControlFlow<()>> {
        for msg in msgs {
            for effect in self.app.update(msg, self.clock.now()) {
                if effect == Effect::Quit {
                    return Ok(ControlFlow::Break(()));
                }
                self.perform(effect)?;
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Obeys a signal, and returns the messages for the state.
    fn obey(&mut self, signal: Signal) -> io::Result<Vec<Msg>> {
        match signal {
            Signal::Resized => {}
            Signal::Suspend => self.perform(Effect::Suspend)?,
            Signal::Continued => self.screen.take_over_again()?,
            Signal::End(signal) => {
                self.ended_by = Some(signal);
                return Ok(vec![Msg::QuitAsked]);
            }
        }
        let (columns, rows) = self.screen.size()?;
        Ok(vec![Msg::Resized(columns, rows)])
    }

    /// How long the loop may sleep: until the state wants to wake, a frame is due, or a key need not wait for more bytes.
    fn sleep_time(&self, wake: DateTime<Utc>) -> Duration {
        let until_wake = (wake - self.clock.now()).to_std().unwrap_or(Duration::ZERO);
        let until_frame = self.frame_due.map_or(LONGEST_SLEEP, |due| due.saturating_duration_since(now()));
        let silence = self.decoder.deadline();
        let until_silence = silence.map_or(LONGEST_SLEEP, |at| (self.began + at).saturating_duration_since(now()));
        until_wake.min(until_frame).min(until_silence).min(LONGEST_SLEEP)
    }

    /// Waits for the changes in flight, unless the person quits a second time.
    fn shut_down(&mut self) {
        // Dropping the only sender tells the worker thread to finish.
        let (closed, _) = tokio::sync::mpsc::unbounded_channel();
        drop(std::mem::replace(&mut self.worker.effects, closed));
        let deadline = now() + SHUTDOWN_TIMEOUT + Duration::from_millis(200);
        while let Some(incoming) = self.inbox.wait(deadline.saturating_duration_since(now())) {
            let msgs = match incoming {
                Incoming::WorkerEnded => return,
                // A signal or a hang-up: the program is ending already.
                Incoming::Message(Msg::QuitAsked)
                | Incoming::Signal(_)
                | Incoming::Terminal(Err(_))
                | Incoming::Bytes(Err(_), _) => Vec::new(),
                Incoming::Message(msg) => vec![msg],
                Incoming::Terminal(Ok(event)) => self.translate(event),
                Incoming::Bytes(Ok(bytes), at) => {
                    let inputs = self.decoder.feed(&bytes, at.saturating_duration_since(self.began));
                    let event = |input| if let Input::Event(event) = input { Some(event) } else { None };
                    inputs.into_iter().filter_map(event).flat_map(|event| self.translate(event)).collect()
                }
            };
            for msg in msgs {
                if self.app.update(msg, self.clock.now()).contains(&Effect::Quit) {
                    return;
                }
            }
        }
    }

    fn perform(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::Mouse(on) => self.screen.listen_to_mouse(on),
            Effect::Copy(text) => {
                self.screen.send(&self.between.sequence(&text))?;
                if self.between == Between::Tmux {
                    give_to_tmux(text, self.sender.clone());
                }
                Ok(())
            }
            Effect::Redraw => self.screen.clear(),
            Effect::Suspend => {
                // A stopped program delivers nothing, so it must not count as a host.
                (self.host)(Hosting::Paused);
                let suspended = self.screen.suspend();
                (self.host)(Hosting::Resumed);
                suspended?;
                self.update_size()
            }
            Effect::Ring(ring) => {
                if ring.by.bell {
                    self.screen.ring()?;
                }
                if let Some(note) = ring.by.terminal {
                    ring.texts.iter().try_for_each(|text| self.screen.notify(note, text))?;
                }
                self.pass_on(Effect::Ring(ring))
            }
            effect @ (Effect::Open(_)
            | Effect::ReadSettings
            | Effect::Reopen(_)
            | Effect::Request(..)
            | Effect::SaveDraft(_)
            | Effect::SaveAside(_)
            | Effect::WriteAgain
            | Effect::JournalQueued(..)
            | Effect::StopReading(_)
            | Effect::DropFromJournal(..)
            | Effect::Withdraw(..)
            | Effect::Done(..)
            | Effect::NotDone(..)) => self.pass_on(effect),
            // `turn` ends the loop before it performs this.
            Effect::Quit => Ok(()),
        }
    }

    /// Reads the size of the terminal, which may have changed while the program was suspended.
    fn update_size(&mut self) -> io::Result<()> {
        let (columns, rows) = self.screen.size()?;
        let effects = self.app.update(Msg::Resized(columns, rows), self.clock.now());
        effects.into_iter().try_for_each(|effect| self.perform(effect))
    }

    fn pass_on(&self, effect: Effect) -> io::Result<()> {
        self.worker.effects.send(effect).map_err(|_| worker_ended())
    }

    fn draw(&mut self) -> io::Result<()> {
        let (app, now) = (&self.app, self.clock.now());
        let theme = Theme::new(app.settings.preferences.screen, self.colour);
        self.screen.draw(|frame| ui::draw(app, now, &theme, frame))
    }

    fn translate(&self, event: Event) -> Vec<Msg> {
        terminal::panic_if_asked(&event);
        translate(&self.app, event, self.clock.now())
    }
}

#[expect(clippy::disallowed_methods, reason = "frame timing concerns this loop only")]
fn now() -> Instant {
    Instant::now()
}

fn worker_ended() -> io::Error {
    io::Error::other("the background thread of tickler has stopped; the log file says why")
}
