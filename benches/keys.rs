//! How long a key takes: updating the state, drawing, and deciding when to wake next.
//!
//! This is everything that the program does for a key, except writing to a terminal.

#![expect(clippy::expect_used, reason = "a benchmark whose setup fails must stop")]

#[path = "sample/memos.rs"]
mod memos;

use std::hint::black_box;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{BatchSize, Criterion};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use memos::memos;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tickler::app::{App, Arrived, Field, Focus, Loaded, Msg, Response, SystemEvent};
use tickler::aws::INPUT_LIMIT;
use tickler::context::{ContextId, ContextInfo};
use tickler::preferences::Screen;
use tickler::schedule::{Body, Schedule};
use tickler::ui::{self, Theme};
use when::Tz;

const SIZE: (u16, u16) = (120, 36);
const MANY: u32 = 10_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args().without_plots();
    typing(&mut criterion);
    moving(&mut criterion);
    filtering(&mut criterion);
    waking(&mut criterion);
    arriving(&mut criterion);
    criterion.final_summary();
}

/// Types a character and deletes it, so that the text keeps its length.
fn typing(criterion: &mut Criterion) {
    for (count, what) in [(0, "no memo"), (MANY, "10,000 memos")] {
        for (field, name) in [(Field::Memo, "memo"), (Field::Date, "date")] {
            let mut program = Program::with(count);
            program.write_a_memo(field);
            let mut keys = [KeyCode::Char('s'), KeyCode::Backspace].into_iter().cycle();
            criterion.bench_function(&format!("a key typed into the {name}, {what}"), |bencher| {
                bencher.iter(|| keys.next().map(|code| program.key(code)));
            });
        }
    }
}

/// Moves at the end of the list, the farthest from its beginning.
fn moving(criterion: &mut Criterion) {
    let mut program = Program::with(MANY);
    program.key(KeyCode::End);
    let mut keys = [KeyCode::Up, KeyCode::Down].into_iter().cycle();
    criterion.bench_function("a line up or down at the end of 10,000 memos", |bencher| {
        bencher.iter(|| keys.next().map(|code| program.key(code)));
    });
}

/// Types a letter of a filter and deletes it. Each key looks at every memo.
fn filtering(criterion: &mut Criterion) {
    for count in [MANY, 10 * MANY] {
        let mut program = Program::with(count);
        for c in "/friday dntst !par".chars() {
            program.key(KeyCode::Char(c));
        }
        let mut keys = [KeyCode::Char('i'), KeyCode::Backspace].into_iter().cycle();
        criterion.bench_function(&format!("a key of a filter over {count} memos"), |bencher| {
            bencher.iter(|| keys.next().map(|code| program.key(code)));
        });
    }
}

fn waking(criterion: &mut Criterion) {
    let mut program = Program::with(MANY);
    criterion.bench_function("the next change of the screen, 10,000 memos", |bencher| {
        bencher.iter(|| black_box(&program.app).next_wake(black_box(now())));
    });
    program.key(KeyCode::End);
    criterion.bench_function("the next change of the screen, at the end of 10,000 memos", |bencher| {
        bencher.iter(|| black_box(&program.app).next_wake(black_box(now())));
    });
}

/// Each batch moves the same memos by a few hours and the next moves them back, so that all of them change position.
fn arriving(criterion: &mut Criterion) {
    let mut program = Program::with(MANY);
    let batch = |later| -> Vec<Schedule> { rows(MANY, later).into_iter().step_by(MANY as usize / 100).collect() };
    let (later, earlier) = (batch(TimeDelta::hours(5)), batch(TimeDelta::zero()));
    let mut batches = [later, earlier].into_iter().cycle();
    let mut batch = || batches.next().unwrap_or_default();
    criterion.bench_function("100 changed memos coming in among 10,000", |bencher| {
        bencher.iter_batched(&mut batch, |rows| program.respond(Response::Read(rows)), BatchSize::SmallInput);
    });
}

/// The program without a worker, on a terminal in memory.
struct Program {
    app: App,
    terminal: Terminal<TestBackend>,
    theme: Theme,
}

impl Program {
    /// A program that has read `count` memos.
    fn with(count: u32) -> Self {
        let mut program = Self {
            app: App::new(1, Tz::Europe__Paris, SIZE),
            terminal: Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a terminal in memory"),
            theme: Theme::new(Screen::default(), true),
        };
        let here = ContextInfo {
            id: context(),
            name: "local".to_owned(),
            account: "000000000000".to_owned(),
            region: "local".to_owned(),
            group: "tickler".to_owned(),
            read_only: false,
            local: true,
            memo_limit: INPUT_LIMIT,
        };
        program.update(Msg::System(SystemEvent::Connected(here)));
        program.respond(Response::Read(rows(count, TimeDelta::zero())));
        let loaded = Loaded { total: count as usize, changed: true, gone: Vec::new(), took_ms: 0 };
        program.respond(Response::Loaded(Ok(loaded)));
        program.respond(Response::Arrived(Ok(Arrived::default())));
        program.draw();
        program
    }

    /// Fills in the form, and puts the cursor into this field.
    fn write_a_memo(&mut self, field: Field) {
        self.app.focus = Focus::Form;
        for (field, text) in
            [(Field::Memo, "Call the dentist about the"), (Field::Date, "24 dec"), (Field::Time, "18:00")]
        {
            self.app.form.focus(field);
            self.update(Msg::Paste(text.to_owned()));
        }
        self.app.form.focus(field);
        self.draw();
    }

    fn key(&mut self, code: KeyCode) {
        self.update(Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        self.draw();
    }

    fn respond(&mut self, response: Response) {
        self.update(Msg::Response(context(), response));
    }

    fn update(&mut self, msg: Msg) {
        black_box(self.app.update(msg, now()));
    }

    fn draw(&mut self) {
        let Self { app, terminal, theme } = self;
        terminal.draw(|frame| ui::draw(app, now(), theme, frame)).expect("a terminal in memory");
    }
}

fn context() -> ContextId {
    ContextId::new("local/tickler")
}

/// A Wednesday morning in Paris.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_615_820, 0).expect("a time within chrono's range")
}

/// Memos as the loader reads them, due `later` than the first batch.
fn rows(count: u32, later: TimeDelta) -> Vec<Schedule> {
    memos(0..count, now() + TimeDelta::days(1) + later, TimeDelta::minutes(52))
        .map(|memo| Schedule {
            name: memo.id.to_string().into(),
            modified: now(),
            enabled: true,
            body: Body::Memo(memo),
        })
        .collect()
}
