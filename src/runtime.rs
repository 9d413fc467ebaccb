//! What moves the program: the loop of the terminal thread, and the service thread beside it.
//!
//! The *terminal* thread takes keys, updates the state and draws, and sleeps on one queue between; the *service* thread,
//! with an asynchronous runtime of its own, speaks to services and disks. Nothing the network or the disk does can hold a key up. Beside them
//! one thread does nothing but wait for the next key, and another for the end of the terminal.

pub mod clock;
mod deliveries;
pub mod inbox;
mod journal;
mod keyboard;
mod open_contexts;
mod send_queue;
mod service;
pub mod terminal;
pub mod worker;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEventKind};

use crate::app::{App, Effect, List, Msg, Settings};
use crate::ui::{self, Theme};
use clock::Clock;
use inbox::{Inbox, Incoming};
use service::Service;
use terminal::Screen;
use worker::Opener;

/// How many messages are taken, and for how long, before the keys are looked at again.
const TURN: usize = 64;
const LONGEST_TURN: Duration = Duration::from_millis(2);

/// How long a change from the background may wait to be drawn, so that a flood of them is drawn once. A key never
/// waits.
const FRAME: Duration = Duration::from_millis(16);

/// The longest rest at a stretch.
const LONGEST_REST: Duration = Duration::from_mins(1);

/// How many lines a notch of the wheel moves.
const NOTCH: i16 = 3;

/// Runs the program on the terminal until it ends, with `colour` or without; answers the state in which it ended.
///
/// # Errors
/// When the terminal cannot be read, written or taken over, or the system has no thread left.
pub fn run<O: Opener + 'static>(
    mut app: App,
    colour: bool,
    clock: Arc<dyn Clock>,
    state_dir: PathBuf,
    opener: impl FnOnce() -> O + Send + 'static,
    notify: worker::Notify,
) -> io::Result<App> {
    let mut screen = Screen::take_over()?;
    let (tell, inbox) = Inbox::new();
    keyboard::listen(tell.clone())?;
    app.size = screen.size()?;
    screen.draw(|frame| ui::draw(&app, clock.now(), &Theme::new(app.settings.preferences.screen, colour), frame))?;
    // Only now, with the first frame on the screen, does anything else begin.
    let service = Service::start(opener, state_dir, Arc::clone(&clock), notify, tell)?;
    let mut program = Loop { app, colour, clock, screen, inbox, service, drawn: now(), due: None };
    program.run()?;
    let Loop { app, screen, inbox, service, .. } = program;
    drop(screen);
    drop(inbox);
    if service.thread.is_finished() && service.thread.join().is_err() {
        tracing::error!("the service thread panicked");
    }
    Ok(app)
}

struct Loop {
    app: App,
    /// Whether there is colour at all.
    colour: bool,
    clock: Arc<dyn Clock>,
    screen: Screen,
    inbox: Inbox,
    service: Service,
    /// When the screen was drawn the last time.
    drawn: Instant,
    /// When it is to be drawn for changes from the background.
    due: Option<Instant>,
}

/// What a turn of the loop came to.
enum Turn {
    Done,
    Ended,
}

impl Loop {
    fn run(&mut self) -> io::Result<()> {
        for effect in App::start() {
            self.perform(effect)?;
        }
        let ended = loop {
            match self.turn() {
                Ok(Turn::Done) => {}
                Ok(Turn::Ended) if self.app.unsent() > 0 => break self.draw(),
                Ok(Turn::Ended) => break Ok(()),
                Err(error) => {
                    // The terminal is of no use any more. What is kept on quitting is kept all the same.
                    for effect in self.app.update(Msg::QuitAsked, self.clock.now()) {
                        self.pass_on(effect)?;
                    }
                    break Err(error);
                }
            }
        };
        self.end();
        ended
    }

    /// Takes what has come, keys first, and draws: at once after a key, and otherwise when the frame is due.
    fn turn(&mut self) -> io::Result<Turn> {
        let wake = self.app.next_wake(self.clock.now());
        let mut incoming = self.inbox.wait(self.rest(wake));
        let mut urgent = false;
        if incoming.is_none() && self.clock.now() >= wake {
            // A second by the clock shows at once: it is what the countdowns are for.
            urgent = true;
            incoming = Some(Incoming::Told(Msg::Wake));
        }
        let began = now();
        let mut taken = 0;
        while let Some(next) = incoming.take() {
            let msgs = match next {
                Incoming::Terminal(event) => {
                    urgent = true;
                    self.translate(event?)
                }
                Incoming::Told(msg) => vec![msg],
                Incoming::ServiceEnded => return Err(service_gone()),
            };
            let mut effects = Vec::new();
            for msg in msgs {
                effects.extend(self.app.update(msg, self.clock.now()));
            }
            for effect in effects {
                if effect == Effect::Quit {
                    return Ok(Turn::Ended);
                }
                self.perform(effect)?;
            }
            self.due.get_or_insert(self.drawn + FRAME);
            taken += 1;
            if taken < TURN && began.elapsed() < LONGEST_TURN {
                incoming = self.inbox.take();
            }
        }
        if urgent || self.due.is_some_and(|due| due <= now()) {
            self.draw()?;
            self.drawn = now();
            self.due = None;
        }
        Ok(Turn::Done)
    }

    /// For how long there is nothing to do: until the state wants to be woken, or a frame is due. Never for longer than
    /// a minute, since the clock that waits by stands still while a laptop sleeps.
    fn rest(&self, wake: DateTime<Utc>) -> Duration {
        let until_wake = (wake - self.clock.now()).to_std().unwrap_or(Duration::ZERO);
        let until_frame = self.due.map_or(LONGEST_REST, |due| due.saturating_duration_since(now()));
        until_wake.min(until_frame).min(LONGEST_REST)
    }

    /// Waits for the changes that are on their way; a second key to end does not wait.
    fn end(&mut self) {
        let (closed, _) = tokio::sync::mpsc::unbounded_channel();
        drop(std::mem::replace(&mut self.service.effects, closed));
        let patience = now() + service::PATIENCE + Duration::from_millis(200);
        while let Some(incoming) = self.inbox.wait(patience.saturating_duration_since(now())) {
            let msgs = match incoming {
                Incoming::ServiceEnded => return,
                // A signal, or the end of the terminal, on top of what ends the program already.
                Incoming::Told(Msg::QuitAsked) | Incoming::Terminal(Err(_)) => Vec::new(),
                Incoming::Told(msg) => vec![msg],
                Incoming::Terminal(Ok(event)) => self.translate(event),
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
            Effect::Copy(text) => self.screen.copy(&text),
            Effect::Redraw => self.screen.clear(),
            Effect::Suspend => {
                self.screen.suspend()?;
                self.measure()
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
            effect => self.pass_on(effect),
        }
    }

    /// Takes note of the terminal's size, which may have changed while nobody here could be told.
    fn measure(&mut self) -> io::Result<()> {
        let (columns, rows) = self.screen.size()?;
        let effects = self.app.update(Msg::Resized(columns, rows), self.clock.now());
        effects.into_iter().try_for_each(|effect| self.perform(effect))
    }

    fn pass_on(&self, effect: Effect) -> io::Result<()> {
        self.service.effects.send(effect).map_err(|_| service_gone())
    }

    fn draw(&mut self) -> io::Result<()> {
        let (app, now) = (&self.app, self.clock.now());
        let theme = Theme::new(app.settings.preferences.screen, self.colour);
        self.screen.draw(|frame| ui::draw(app, now, &theme, frame))
    }

    fn translate(&self, event: Event) -> Vec<Msg> {
        #[cfg(debug_assertions)]
        terminal::rehearse_panic(&event);
        translate(&self.app, event, self.clock.now())
    }
}

#[expect(clippy::disallowed_methods, reason = "how long ago a frame was drawn is nobody's business but the loop's")]
fn now() -> Instant {
    Instant::now()
}

fn service_gone() -> io::Error {
    io::Error::other("the part of tickler that speaks to services has stopped; the log file says why")
}

/// What an event of the terminal means to the program. While a document is open, its measure comes first.
#[must_use]
pub fn translate(app: &App, event: Event, now: DateTime<Utc>) -> Vec<Msg> {
    let measured = ui::document_end(app).map(Msg::Measured);
    measured.into_iter().chain(message(app, event, now)).collect()
}

fn message(app: &App, event: Event, now: DateTime<Utc>) -> Option<Msg> {
    match event {
        // Windows, and terminals with the newer protocols, tell of releases too.
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        Event::Key(key) => Some(Msg::Key(key)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(columns, rows) => Some(Msg::Resized(columns, rows)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => ui::hit(app, now, mouse.column, mouse.row).map(Msg::Clicked),
            MouseEventKind::ScrollDown => Some(Msg::Scrolled(NOTCH)),
            MouseEventKind::ScrollUp => Some(Msg::Scrolled(-NOTCH)),
            _ => None,
        },
        Event::FocusGained | Event::FocusLost => None,
    }
}

/// What a person should know when the program has ended: what is unsent, and what will not ring.
#[must_use]
pub fn farewell(app: &App, now: DateTime<Utc>) -> Vec<String> {
    let mut lines = Vec::new();
    match app.unsent() {
        0 => {}
        1 => lines.push("One change is not confirmed yet: it is kept, and sent at the next start.".to_owned()),
        n => lines.push(format!("{n} changes are not confirmed yet: they are kept, and sent at the next start.")),
    }
    // A read-only context does not deliver while it is open either.
    let hosted = app.contexts().find(|context| context.info.local && !context.info.read_only);
    lines.extend(hosted.and_then(|context| silence(&context.list, &app.settings, now)));
    lines
}

/// What will not ring while nobody hosts this list.
fn silence(list: &List, settings: &Settings, now: DateTime<Utc>) -> Option<String> {
    let pending = list.iter().filter(|row| row.enabled && row.due().is_some_and(|due| due > now)).count();
    let due = list.next_due(now)?;
    let at = when::Moment::at(due, settings.zone).words(settings.when.hours);
    let rest = if pending == 1 { String::new() } else { format!(" ({pending} are pending)") };
    Some(format!(
        "While tickler is closed nothing rings here. Next: {at}{rest}. What comes due meanwhile is delivered, late, at \
         the next start."
    ))
}
