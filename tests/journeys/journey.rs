//! What a journey is made of: the real program, client and embedded scheduler on one thread, with a network that can
//! be cut and a clock that the test turns. Keys go in, pictures come out.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tempfile::TempDir;
use tickler::app::{App, Effect, Msg, StoreEvent};
use tickler::runtime::clock::{Clock, ManualClock};
use tickler::runtime::inbox::{Inbox, Incoming};
use tickler::runtime::worker::Worker;
use tickler::runtime::{self};
use tickler::schedule::Change;
use tickler::ui::{self, Theme};
use tokio::task::LocalSet;

mod network;
mod work;

use super::far::Aws;
use network::{Network, TestOpener, client};
pub use work::Work;

/// The program on its way.
pub struct Journey {
    pub app: App,
    pub clock: ManualClock,
    pub store: embedded::Store,
    pub bells: usize,
    pub notified: Vec<String>,
    /// What went to the clipboard of the terminal.
    pub copied: Vec<String>,
    pub ended: bool,
    pub size: (u16, u16),
    network: Network,
    /// Another place that memos can live in, where there is one.
    pub work: Option<Work>,
    worker: Rc<Worker>,
    inbox: Inbox,
    tasks: LocalSet,
    waiting: Vec<tokio::task::JoinHandle<()>>,
    engine: embedded::Engine,
    tokio: tokio::runtime::Runtime,
    dir: Rc<TempDir>,
    zone: when::Tz,
    hosts: bool,
    settings: Rc<RefCell<String>>,
}

/// When journeys begin: a Wednesday morning in Paris.
pub fn morning() -> DateTime<Utc> {
    "2026-03-04T09:17:00Z".parse().unwrap()
}

impl Journey {
    /// The program as it is started for the first time, in Paris.
    pub fn begin() -> Self {
        Self::begin_in(when::Tz::Europe__Paris)
    }

    pub fn begin_in(zone: when::Tz) -> Self {
        let dir = Rc::new(TempDir::new().unwrap());
        Self::start(dir, ManualClock::new(morning()), Network::default(), zone)
    }

    /// The program with its memos somewhere else: what happens there is not told, but has to be asked for.
    pub fn begin_far_away() -> Self {
        let network = Network::default();
        network.far.store(true, Ordering::SeqCst);
        let dir = Rc::new(TempDir::new().unwrap());
        Self::start(dir, ManualClock::new(morning()), network, when::Tz::Europe__Paris)
    }

    /// The program as it starts where its own directory cannot be made.
    pub fn begin_without_state() -> Self {
        let dir = Rc::new(TempDir::new().unwrap());
        std::fs::write(dir.path().join("state"), "a file where a directory belongs").unwrap();
        Self::start(dir, ManualClock::new(morning()), Network::default(), when::Tz::Europe__Paris)
    }

    /// Another window of the same person.
    pub fn beside(other: &Self) -> Self {
        Self::start(Rc::clone(&other.dir), other.clock.clone(), Network::default(), other.zone)
    }

    fn start(dir: Rc<TempDir>, clock: ManualClock, network: Network, zone: when::Tz) -> Self {
        Self::start_with(dir, clock, network, zone, None, false)
    }

    /// The program of somebody who has two places for memos: this machine, and `work`, far away.
    pub fn begin_with_work() -> Self {
        let dir = Rc::new(TempDir::new().unwrap());
        let work = Work::new(&dir.path().join("work.db"));
        Self::start_with(
            dir,
            ManualClock::new(morning()),
            Network::default(),
            when::Tz::Europe__Paris,
            Some(work),
            false,
        )
    }

    /// The person quits, and starts the program again some time later, with `--read-only`.
    pub fn quit_and_look_only(mut self, away: TimeDelta) -> Self {
        self.keys("<esc><esc>q");
        assert!(self.ended, "q quits:\n{}", self.screen());
        let Self { dir, clock, network, zone, work, tasks, worker, store, engine, .. } = self;
        drop((tasks, worker, store, engine));
        clock.advance(away);
        Self::start_with(dir, clock, network, zone, work, true)
    }

    fn start_with(
        dir: Rc<TempDir>,
        clock: ManualClock,
        network: Network,
        zone: when::Tz,
        work: Option<Work>,
        read_only: bool,
    ) -> Self {
        let tokio = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let store = embedded::Store::open(&dir.path().join("memos.db")).unwrap();
        let (sender, inbox) = Inbox::new();
        let settings = Rc::default();
        let opener = TestOpener {
            store: store.clone(),
            clock: clock.clone(),
            network: network.clone(),
            zone,
            work: work.clone(),
            read_only,
            settings: Rc::clone(&settings),
        };
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let worker = Worker::new(Box::new(opener), dir.path().join("state"), shared, sender, Box::new(|_, _| {}));
        let seed = u128::from(clock.now().timestamp().unsigned_abs()) + Rc::strong_count(&dir) as u128;
        let size = (100, 18);
        let mut journey = Self {
            app: App::new(seed, zone, size),
            clock,
            engine: embedded::Engine::new(store.clone()),
            store,
            bells: 0,
            notified: Vec::new(),
            copied: Vec::new(),
            ended: false,
            size,
            network,
            work,
            worker: Rc::new(worker),
            inbox,
            tasks: LocalSet::new(),
            waiting: Vec::new(),
            tokio,
            dir,
            zone,
            hosts: !read_only,
            settings,
        };
        journey.perform(App::start());
        journey.fire();
        journey
    }

    /// The power fails, and the program is started again some time later.
    pub fn crash_for(self, away: TimeDelta) -> Self {
        let Self { dir, clock, network, zone, work, tasks, worker, store, engine, .. } = self;
        // What a dead process held is free: its locks and its connections.
        drop((tasks, worker, store, engine));
        clock.advance(away);
        Self::start_with(dir, clock, network, zone, work, false)
    }

    /// As [`Journey::crash_for`], and when the program is started again its network fails in the middle of things: it
    /// finds its place, and then nothing answers.
    pub fn crash_offline_for(self, away: TimeDelta) -> Self {
        self.network.cut_once_open.store(true, Ordering::SeqCst);
        self.crash_for(away)
    }

    /// The person quits, and starts the program again some time later.
    pub fn quit_for(mut self, away: TimeDelta) -> Self {
        self.keys("<esc><esc>q");
        assert!(self.ended, "q quits:\n{}", self.screen());
        self.crash_for(away)
    }

    /// Keys, written as in the program's help: `<tab>`, `<enter>`, `<c-s>`, and plain text.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (key, after) = match (first, rest.find('>')) {
                ('<', Some(end)) => (named(&rest[1..end]), &rest[end + 1..]),
                _ => (KeyEvent::new(KeyCode::Char(first), KeyModifiers::NONE), &rest[first.len_utf8()..]),
            };
            self.event(Event::Key(key));
            rest = after;
        }
        self
    }

    /// Keys that come in before anything that they ask for is carried out.
    pub fn burst(&mut self, keys: &str) -> &mut Self {
        let mut effects = Vec::new();
        for key in keys.chars() {
            let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
            effects.extend(self.app.update(Msg::Key(key), self.clock.now()));
        }
        self.perform(effects);
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.event(Event::Paste(text.to_owned()))
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.size = (columns, rows);
        self.event(Event::Resize(columns, rows))
    }

    pub fn click(&mut self, column: u16, row: u16) -> &mut Self {
        let kind = MouseEventKind::Down(MouseButton::Left);
        self.event(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }))
    }

    pub fn wheel(&mut self, down: bool) -> &mut Self {
        let kind = if down { MouseEventKind::ScrollDown } else { MouseEventKind::ScrollUp };
        self.event(Event::Mouse(MouseEvent { kind, column: 60, row: 5, modifiers: KeyModifiers::NONE }))
    }

    fn event(&mut self, event: Event) -> &mut Self {
        for msg in runtime::translate(&self.app, event, self.clock.now()) {
            self.tell(msg);
        }
        self
    }

    /// The settings file has these lines, and is read again.
    pub fn settle(&mut self, settings: &str) -> &mut Self {
        settings.clone_into(&mut self.settings.borrow_mut());
        self.perform(vec![Effect::ReadSettings]);
        self.fire();
        self
    }

    /// Writes a memo with the form and schedules it.
    pub fn add(&mut self, memo: &str, date: &str, time: &str) -> &mut Self {
        if self.app.focus == tickler::app::Focus::List {
            self.keys("a");
        }
        self.paste(memo).keys("<tab>").paste(date).keys("<tab>").paste(time).keys("<c-s>")
    }

    /// Lets time pass: everything that is to happen by itself meanwhile happens, at its time.
    pub fn pass(&mut self, time: TimeDelta) -> &mut Self {
        let until = self.clock.now() + time;
        loop {
            let now = self.clock.now();
            let next = self.fire().into_iter().chain([self.app.next_wake(now), until]).min().unwrap_or(until);
            assert!(next > now || now >= until, "the program wakes up with nothing to do");
            self.clock.set(next.min(until));
            self.fire();
            self.tell(Msg::Wake);
            if next >= until {
                return self;
            }
        }
    }

    /// The clock is stepped: no time passes, but it shows another one.
    pub fn step_clock(&mut self, by: TimeDelta) -> &mut Self {
        self.clock.advance(by);
        self.fire();
        self.tell(Msg::Wake);
        self
    }

    /// What the engine of this host delivers now; answers when it has something to do next.
    fn fire(&mut self) -> Option<DateTime<Utc>> {
        // Far away memos are delivered whoever has the program open.
        let far = self.work.as_ref().map(|work| work.engine().fire(self.clock.now()).unwrap());
        let far = far.and_then(|fired| fired.next);
        if !self.hosts {
            return far;
        }
        let fired = self.engine.fire(self.clock.now()).unwrap();
        if !self.network.far.load(Ordering::SeqCst) && !fired.deliveries.is_empty() {
            self.tell(Msg::StoreChanged(
                client(&self.store, &self.clock, Network::default()).context().id.clone(),
                StoreEvent::Delivered,
            ));
        }
        fired.next.into_iter().chain(far).min()
    }

    /// Another process has changed the store.
    pub fn stir(&mut self) -> &mut Self {
        let context = self.app.here().unwrap().id.clone();
        self.tell(Msg::StoreChanged(context, StoreEvent::Elsewhere));
        self
    }

    /// No engine runs here: what comes due stays where it is.
    pub fn without_engine(&mut self) -> &mut Self {
        self.hosts = false;
        self
    }

    pub fn cut_network(&mut self) -> &mut Self {
        self.network.cut.store(true, Ordering::SeqCst);
        self
    }

    /// Requests arrive and are carried out, but no answer comes back.
    pub fn lose_answers(&mut self) -> &mut Self {
        self.network.deaf.store(true, Ordering::SeqCst);
        self
    }

    pub fn mend_network(&mut self) -> &mut Self {
        self.network.cut.store(false, Ordering::SeqCst);
        self.network.deaf.store(false, Ordering::SeqCst);
        self
    }

    pub fn tell(&mut self, msg: Msg) {
        let effects = self.app.update(msg, self.clock.now());
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut todo = std::collections::VecDeque::from(effects);
        while let Some(effect) = todo.pop_front() {
            match &effect {
                Effect::Quit => self.ended = true,
                Effect::Copy(text) => self.copied.push(text.clone()),
                Effect::Ring(ring) => {
                    self.bells += usize::from(ring.by.bell);
                    self.notified.extend(ring.texts.iter().cloned());
                }
                _ => {}
            }
            let worker = Rc::clone(&self.worker);
            let mut task = self.tasks.spawn_local(async move { worker.perform(effect).await });
            // What is held up on its way is waited for when it is let go.
            let held = self.work.as_ref().map(|work| work.network.gate.clone()).unwrap_or_default();
            let before = held.waiting();
            let ended = self.tasks.block_on(&self.tokio, async {
                tokio::select! {
                    ended = &mut task => { ended.unwrap(); true }
                    () = held.more_than(before) => false,
                }
            });
            if !ended {
                self.waiting.push(task);
            }
            todo.extend(self.told());
        }
    }

    /// What the messages that have come lead to.
    fn told(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some(Incoming::Message(msg)) = self.inbox.take() {
            effects.extend(self.app.update(msg, self.clock.now()));
        }
        effects
    }

    /// Lets go of everything that was held up on its way to `work`.
    pub fn let_go(&mut self) -> &mut Self {
        self.work.as_ref().unwrap().network.gate.open();
        for task in std::mem::take(&mut self.waiting) {
            self.tasks.block_on(&self.tokio, task).unwrap();
        }
        let effects = self.told();
        self.perform(effects);
        self
    }

    /// The screen as text, without the spaces at the ends of lines.
    pub fn screen(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        let theme = Theme::new(self.app.settings.preferences.screen, true);
        terminal.draw(|frame| ui::draw(&self.app, self.clock.now(), &theme, frame)).unwrap();
        let buffer = terminal.backend().buffer();
        let lines = (0..self.size.1).map(|row| {
            let mut line = String::new();
            let mut skip = 0;
            for column in 0..self.size.0 {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(column, row)].symbol();
                line.push_str(symbol);
                skip = ui::text::width(symbol).saturating_sub(1);
            }
            line.trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The line of the screen that holds this text.
    pub fn line_with(&self, text: &str) -> String {
        let screen = self.screen();
        screen
            .lines()
            .find(|line| line.contains(text))
            .unwrap_or_else(|| panic!("{text:?} is not on\n{screen}"))
            .to_owned()
    }

    pub fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }

    /// Somebody else schedules something in the same group.
    pub fn foreign(&mut self, name: &str, expression: &str) -> &mut Self {
        use aws_sdk_scheduler::types::{FlexibleTimeWindow, FlexibleTimeWindowMode, Target};

        let clock = self.clock.clone();
        let service = embedded::Service::new(self.store.clone(), Arc::new(move || clock.now())).http_client();
        let config = aws_sdk_scheduler::Config::builder()
            .behavior_version_latest()
            .region(aws_sdk_scheduler::config::Region::new(embedded::REGION))
            .credentials_provider(aws_sdk_scheduler::config::Credentials::new("a", "b", None, None, "test"))
            .http_client(service)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .build();
        let target = Target::builder().arn(embedded::EXECUTE_MEMO_ARN).role_arn(embedded::ROLE_ARN).input("{}");
        let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).build().unwrap();
        let create = aws_sdk_scheduler::Client::from_conf(config)
            .create_schedule()
            .group_name("tickler")
            .name(name)
            .schedule_expression(expression)
            .description("the nightly backup")
            .flexible_time_window(window)
            .target(target.build().unwrap());
        self.tokio.block_on(create.send()).unwrap();
        self
    }

    /// How many schedules the service holds, whatever the state of the network.
    pub fn scheduled(&self) -> usize {
        let loader = client(&self.store, &self.clock, Network::default()).loader();
        self.tokio.block_on(loader.refresh(&[], |_| {})).unwrap().total
    }

    /// What AWS does that the embedded service does not.
    pub fn aws(&self) -> &Aws {
        &self.network.aws
    }

    /// What is due goes from the service as if it had fired, and nothing more is known.
    pub fn fire_without_trace(&mut self) -> &mut Self {
        let client = client(&self.store, &self.clock, Network::default());
        let due: Vec<_> = self.app.current().list.due(self.clock.now()).filter_map(|row| row.memo().cloned()).collect();
        for memo in due {
            self.tokio.block_on(client.write(&Change::Cancel(memo))).unwrap();
        }
        self
    }

    /// The delivery log, each line's text.
    pub fn delivered(&mut self) -> Vec<String> {
        self.keys("<esc>2");
        let texts = self.app.current().history.visible().map(|receipt| receipt.text.clone()).collect();
        self.keys("1");
        texts
    }
}

fn named(name: &str) -> KeyEvent {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    if let Some(key) = name.strip_prefix("c-") {
        return KeyEvent::new(KeyCode::Char(key.chars().next().unwrap()), KeyModifiers::CONTROL);
    }
    if let Some(key) = name.strip_prefix("a-") {
        return KeyEvent::new(KeyCode::Char(key.chars().next().unwrap()), KeyModifiers::ALT);
    }
    plain(match name {
        "tab" => KeyCode::Tab,
        "s-tab" => KeyCode::BackTab,
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "del" => KeyCode::Delete,
        "ins" => KeyCode::Insert,
        "f2" => KeyCode::F(2),
        "f5" => KeyCode::F(5),
        "bs" => KeyCode::Backspace,
        "space" => KeyCode::Char(' '),
        other => panic!("no key is called {other}"),
    })
}
