//! The harness: the real program, client and embedded scheduler on one thread. The test types keys, reads the screen,
//! cuts the network and advances the clock.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tempfile::TempDir;
use tickler::app::{App, Effect, Msg, StoreEvent};
use tickler::runtime::clock::{Clock, ManualClock};
use tickler::runtime::decoder::{Decoder, Input};
use tickler::runtime::inbox::{Inbox, Incoming};
use tickler::runtime::worker::Worker;
use tickler::runtime::{self};
use tickler::schedule::Change;
use tickler::ui::{self, Theme};
use tokio::task::LocalSet;

mod fake_aws;
mod network;
mod work;

use fake_aws::FakeAws;
use network::{Network, TestOpener, client};
use work::WorkContext;

/// The program as a person uses it.
pub struct Journey {
    pub app: App,
    pub clock: ManualClock,
    pub store: embedded::Store,
    pub bells: usize,
    pub notified: Vec<String>,
    /// The texts sent to the clipboard.
    pub copied: Vec<String>,
    pub ended: bool,
    pub size: (u16, u16),
    network: Network,
    /// A second context, if the journey has one.
    work: Option<WorkContext>,
    worker: Rc<Worker>,
    inbox: Inbox,
    tasks: LocalSet,
    /// Effects whose requests are held.
    held: Vec<tokio::task::JoinHandle<()>>,
    engine: embedded::Engine,
    tokio: tokio::runtime::Runtime,
    dir: Rc<TempDir>,
    zone: when::Tz,
    /// Whether this program runs the engine.
    runs_engine: bool,
    settings: Rc<RefCell<String>>,
    /// Another process's hold on the files.
    other: Option<rusqlite::Connection>,
}

/// The start of each journey: a Wednesday morning in Paris.
pub fn morning() -> DateTime<Utc> {
    "2026-03-04T09:17:00Z".parse().unwrap()
}

impl Journey {
    /// The first start of the program, in Paris.
    pub fn start() -> Self {
        Self::start_in(when::Tz::Europe__Paris)
    }

    pub fn start_in(zone: when::Tz) -> Self {
        let dir = Rc::new(TempDir::new().unwrap());
        Self::launch(dir, ManualClock::new(morning()), Network::default(), zone)
    }

    /// The first start, with a context in AWS, which reports no events: the program has to ask.
    pub fn start_remote() -> Self {
        let network = Network::default();
        network.remote.store(true, Ordering::SeqCst);
        let dir = Rc::new(TempDir::new().unwrap());
        Self::launch(dir, ManualClock::new(morning()), network, when::Tz::Europe__Paris)
    }

    /// The first start, on a machine where the state directory cannot be created.
    pub fn start_without_state() -> Self {
        let dir = Rc::new(TempDir::new().unwrap());
        std::fs::write(dir.path().join("state"), "a file where a directory belongs").unwrap();
        Self::launch(dir, ManualClock::new(morning()), Network::default(), when::Tz::Europe__Paris)
    }

    /// A second window with the same memos.
    pub fn second_window(other: &Self) -> Self {
        Self::launch(Rc::clone(&other.dir), other.clock.clone(), Network::default(), other.zone)
    }

    fn launch(dir: Rc<TempDir>, clock: ManualClock, network: Network, zone: when::Tz) -> Self {
        Self::launch_with(dir, clock, network, zone, None, false)
    }

    /// The first start, with two contexts: `local`, and `work` in AWS.
    pub fn start_with_work() -> Self {
        let dir = Rc::new(TempDir::new().unwrap());
        let work = WorkContext::new(&dir.path().join("work.db"));
        Self::launch_with(
            dir,
            ManualClock::new(morning()),
            Network::default(),
            when::Tz::Europe__Paris,
            Some(work),
            false,
        )
    }

    /// Quits, and starts again after this time, with `--read-only`.
    pub fn quit_and_restart_read_only(mut self, away: TimeDelta) -> Self {
        self.keys("<esc><esc>q");
        assert!(self.ended, "q quits:\n{}", self.screen());
        let Self { dir, clock, network, zone, work, tasks, worker, store, engine, .. } = self;
        drop((tasks, worker, store, engine));
        clock.advance(away);
        Self::launch_with(dir, clock, network, zone, work, true)
    }

    fn launch_with(
        dir: Rc<TempDir>,
        clock: ManualClock,
        network: Network,
        zone: when::Tz,
        work: Option<WorkContext>,
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
            held: Vec::new(),
            tokio,
            dir,
            zone,
            runs_engine: !read_only,
            settings,
            other: None,
        };
        journey.perform(App::start());
        journey.fire();
        journey
    }

    /// Crashes, and starts again after this time.
    pub fn crash_and_restart(self, away: TimeDelta) -> Self {
        let Self { dir, clock, network, zone, work, tasks, worker, store, engine, .. } = self;
        // A dead process holds no locks and no connections.
        drop((tasks, worker, store, engine));
        clock.advance(away);
        Self::launch_with(dir, clock, network, zone, work, false)
    }

    /// Like [`Journey::crash_and_restart`], but after the restart the network fails as soon as the context is open.
    pub fn crash_and_restart_offline(self, away: TimeDelta) -> Self {
        self.network.cut_after_opening.store(true, Ordering::SeqCst);
        self.crash_and_restart(away)
    }

    /// Quits, and starts again after this time, while another process has done this to the files. It lets go of them in
    /// [`Journey::release_state`].
    pub fn quit_and_restart_with(mut self, away: TimeDelta, other: impl FnOnce() -> rusqlite::Connection) -> Self {
        self.keys("<esc><esc>q");
        assert!(self.ended, "q quits:\n{}", self.screen());
        let Self { dir, clock, network, zone, work, tasks, worker, store, engine, .. } = self;
        drop((tasks, worker, store, engine));
        clock.advance(away);
        let other = other();
        let mut journey = Self::launch_with(dir, clock, network, zone, work, false);
        journey.other = Some(other);
        journey
    }

    /// The other process lets go of the files.
    pub fn release_state(&mut self) -> &mut Self {
        self.other = None;
        self
    }

    /// The file of the state.
    pub fn state_file(&self) -> std::path::PathBuf {
        self.dir.path().join("state/state.db")
    }

    /// Quits, and starts again after this time.
    pub fn quit_and_restart(mut self, away: TimeDelta) -> Self {
        self.keys("<esc><esc>q");
        assert!(self.ended, "q quits:\n{}", self.screen());
        self.crash_and_restart(away)
    }

    /// Presses keys: plain text, and names such as `<tab>`, `<enter>`, `<c-s>`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (key, after) = match (first, rest.find('>')) {
                ('<', Some(end)) => (named_key(&rest[1..end]), &rest[end + 1..]),
                _ => (KeyEvent::new(KeyCode::Char(first), KeyModifiers::NONE), &rest[first.len_utf8()..]),
            };
            self.event(Event::Key(key));
            rest = after;
        }
        self
    }

    /// Presses all keys before any of their effects is performed.
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

    /// What the terminal sends, in these reads, and then nothing for a while.
    pub fn reads(&mut self, reads: &[&[u8]]) -> &mut Self {
        let mut decoder = Decoder::default();
        let mut inputs: Vec<Input> = reads.iter().flat_map(|bytes| decoder.feed(bytes, Duration::ZERO)).collect();
        inputs.extend(decoder.expire(Duration::from_secs(10)));
        for input in inputs {
            match input {
                Input::Event(event) => {
                    self.event(event);
                }
                Input::Burst(keys) => match runtime::translate_burst(&self.app, &keys) {
                    Some(msg) => self.send(msg),
                    None => keys.into_iter().for_each(|key| {
                        self.event(Event::Key(key));
                    }),
                },
            }
        }
        self
    }

    fn event(&mut self, event: Event) -> &mut Self {
        for msg in runtime::translate(&self.app, event, self.clock.now()) {
            self.send(msg);
        }
        self
    }

    /// Replaces the settings file and reads it.
    pub fn change_settings(&mut self, settings: &str) -> &mut Self {
        settings.clone_into(&mut self.settings.borrow_mut());
        self.perform(vec![Effect::ReadSettings]);
        self.fire();
        self
    }

    /// Schedules a memo with the form.
    pub fn add(&mut self, memo: &str, date: &str, time: &str) -> &mut Self {
        if self.app.focus == tickler::app::Focus::List {
            self.keys("a");
        }
        self.paste(memo).keys("<tab>").paste(date).keys("<tab>").paste(time).keys("<c-s>")
    }

    /// Advances the clock. Whatever is due in this time happens at its time.
    pub fn wait(&mut self, time: TimeDelta) -> &mut Self {
        let until = self.clock.now() + time;
        loop {
            let now = self.clock.now();
            let next = self.fire().into_iter().chain([self.app.next_wake(now), until]).min().unwrap_or(until);
            assert!(next > now || now >= until, "the program wakes up with nothing to do");
            self.clock.set(next.min(until));
            self.fire();
            self.send(Msg::Wake);
            if next >= until {
                return self;
            }
        }
    }

    /// Sets the clock forward or back: no time passes.
    pub fn step_clock(&mut self, by: TimeDelta) -> &mut Self {
        self.clock.advance(by);
        self.fire();
        self.send(Msg::Wake);
        self
    }

    /// Runs the engines once, and returns when they have something to do next.
    fn fire(&mut self) -> Option<DateTime<Utc>> {
        // AWS delivers without a host.
        let work = self.work.as_ref().map(|work| work.engine().fire(self.clock.now()).unwrap());
        let work = work.and_then(|fired| fired.next);
        if !self.runs_engine {
            return work;
        }
        let fired = self.engine.fire(self.clock.now()).unwrap();
        if !self.network.remote.load(Ordering::SeqCst) && !fired.deliveries.is_empty() {
            self.send(Msg::StoreChanged(
                client(&self.store, &self.clock, Network::default()).context().id.clone(),
                StoreEvent::Delivered,
            ));
        }
        fired.next.into_iter().chain(work).min()
    }

    /// Reports that another process changed the store.
    pub fn store_changed(&mut self) -> &mut Self {
        let context = self.app.here().unwrap().id.clone();
        self.send(Msg::StoreChanged(context, StoreEvent::Elsewhere));
        self
    }

    /// Stops the engine of this program: it delivers nothing any more.
    pub fn stop_engine(&mut self) -> &mut Self {
        self.runs_engine = false;
        self
    }

    pub fn cut_network(&mut self) -> &mut Self {
        self.network.cut.store(true, Ordering::SeqCst);
        self
    }

    /// Requests take effect, but their responses are lost.
    pub fn lose_responses(&mut self) -> &mut Self {
        self.network.loses_responses.store(true, Ordering::SeqCst);
        self
    }

    pub fn restore_network(&mut self) -> &mut Self {
        self.network.cut.store(false, Ordering::SeqCst);
        self.network.loses_responses.store(false, Ordering::SeqCst);
        self
    }

    pub fn send(&mut self, msg: Msg) {
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
            // A held request is awaited when it is released.
            let gate = self.work.as_ref().map(|work| work.network.gate.clone()).unwrap_or_default();
            let before = gate.waiting();
            let ended = self.tasks.block_on(&self.tokio, async {
                tokio::select! {
                    ended = &mut task => { ended.unwrap(); true }
                    () = gate.wait_for_more_than(before) => false,
                }
            });
            if !ended {
                self.held.push(task);
            }
            todo.extend(self.handle_messages());
        }
    }

    /// Handles the messages that have arrived, and returns their effects.
    fn handle_messages(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some(Incoming::Message(msg)) = self.inbox.take() {
            effects.extend(self.app.update(msg, self.clock.now()));
        }
        effects
    }

    /// Releases all held requests and responses of `work`.
    pub fn release_requests(&mut self) -> &mut Self {
        self.work.as_ref().unwrap().network.gate.open();
        for task in std::mem::take(&mut self.held) {
            self.tasks.block_on(&self.tokio, task).unwrap();
        }
        let effects = self.handle_messages();
        self.perform(effects);
        self
    }

    /// The screen as text, without trailing spaces.
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

    /// Where the terminal's cursor stands: the text before it in its line. `None` while it is hidden.
    pub fn before_cursor(&self) -> Option<String> {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        let theme = Theme::new(self.app.settings.preferences.screen, true);
        terminal.draw(|frame| ui::draw(&self.app, self.clock.now(), &theme, frame)).unwrap();
        let backend = terminal.backend();
        let at = backend.cursor_position();
        let before = (0..at.x).map(|column| backend.buffer()[(column, at.y)].symbol());
        backend.cursor_visible().then(|| before.collect())
    }

    /// The first line of the screen that contains this text.
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

    /// Creates a foreign schedule in the group.
    pub fn create_foreign(&mut self, name: &str, expression: &str) -> &mut Self {
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

    /// The number of schedules, even if the network is cut.
    pub fn scheduled(&self) -> usize {
        let loader = client(&self.store, &self.clock, Network::default()).loader();
        self.tokio.block_on(loader.refresh(&[], |_| {})).unwrap().total
    }

    /// The parts of AWS that the embedded scheduler lacks.
    pub fn aws(&self) -> &FakeAws {
        &self.network.aws
    }

    /// Deletes the schedules that are due, as if they had fired, with no receipt.
    pub fn fire_without_receipt(&mut self) -> &mut Self {
        let client = client(&self.store, &self.clock, Network::default());
        let due: Vec<_> = self.app.current().list.due(self.clock.now()).filter_map(|row| row.memo().cloned()).collect();
        for memo in due {
            self.tokio.block_on(client.write(&Change::Cancel(memo))).unwrap();
        }
        self
    }

    /// The memos in the history.
    pub fn delivered(&mut self) -> Vec<String> {
        self.keys("<esc>2");
        let texts = self.app.current().history.visible().map(|receipt| receipt.text.clone()).collect();
        self.keys("1");
        texts
    }
}

fn named_key(name: &str) -> KeyEvent {
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
        other => panic!("unknown key {other}"),
    })
}
