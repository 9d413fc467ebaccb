//! The program's state, and the one function that changes it: [`App::update`].
//!
//! `update` is pure: it reads no clock, does no I/O, spawns nothing. The time comes in as a value, what is to be done
//! goes out as [`Effect`] values, and [`App::next_wake`] names the next moment at which anything visible changes by
//! itself. Whatever the network does comes back as a message; no key ever waits for it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use when::Hours;

use crate::context::ContextInfo;
use crate::failure::Failure;
use crate::memo::{Delivery, Memo};
use crate::preferences::Preferences;
use crate::schedule::{Name, Receipt, Schedule};

mod act;
mod answers;
mod available;
pub mod banner;
pub mod batch;
pub mod calendar;
pub mod copy;
mod elsewhere;
pub mod filter;
pub mod form;
pub mod history;
pub mod hours;
mod ids;
pub mod life;
pub mod lines;
pub mod list;
mod marks;
pub mod message;
pub mod modal;
pub mod order;
mod palette;
pub mod places;
mod read_only;
pub mod reading;
mod save;
pub mod snooze;
mod steer;
mod succession;
mod turn;
pub mod typed;
mod undo;
mod wake;
pub mod writes;

pub use banner::Banners;
pub use batch::Batch;
pub use filter::Filter;
pub use form::{Field, Form};
pub use history::History;
pub use life::Status;
pub use lines::Row;
pub use list::List;
pub use message::{
    Arrived, ClickTarget, Effect, Loaded, Log, Msg, Request, Response, Ring, Settings, StoreEvent, SystemEvent,
};
pub use modal::Modal;
pub use order::{Order, Sort};
pub use places::Places;
pub use reading::Reading;
pub use writes::{Initiator, Stage, Writes};

use crate::keymap::{self, Action, KeyContext, Keymap};
use ids::Ids;
use steer::Sifting;
use undo::Undo;

/// What the main part of the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What is pending, and what has arrived.
    Pending,
    /// What was delivered.
    History,
    /// A month of what is pending.
    Calendar,
    /// The day ahead, hour by hour.
    Hours,
}

impl View {
    /// All of them, in the order of the ring on which they lie.
    pub const ALL: [Self; 4] = [Self::Pending, Self::History, Self::Calendar, Self::Hours];

    /// The view after this one, or before it.
    #[must_use]
    pub fn beside(self, forward: bool) -> Self {
        let at = Self::ALL.iter().position(|view| *view == self).unwrap_or(0);
        Self::ALL[modal::stepped(at, Self::ALL.len(), forward)]
    }

    /// Where the keys go when its list has them.
    #[must_use]
    pub fn key_context(self) -> KeyContext {
        match self {
            Self::Pending => KeyContext::Pending,
            Self::History => KeyContext::History,
            Self::Calendar => KeyContext::Calendar,
            Self::Hours => KeyContext::Hours,
        }
    }
}

/// Which part of the screen has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list.
    List,
    /// The form.
    Form,
}

/// Whether there is a place to keep memos in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// It is being opened.
    Opening,
    /// Here.
    Open(ContextInfo),
    /// There is none, and why.
    Closed(Vec<Failure>),
}

/// The line of the panel that is selected. It sticks to what it is about, wherever a refresh moves that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selected {
    /// A delivery, by the key of its receipt.
    Arrived(String),
    /// A schedule, by name.
    Row(Name),
}

/// How the form is kept on disk.
#[derive(Debug, Default)]
struct Keeping {
    /// When it is to be kept next.
    due: Option<DateTime<Utc>>,
    /// Whether one is kept.
    kept: bool,
}

/// What the beginning depends on: where the focus and the selection are before the person has a say.
#[derive(Debug, Default)]
struct Beginning {
    /// Whether the person is new here.
    first_start: bool,
    /// Whether the first look at what is pending has decided where the focus starts.
    settled: bool,
    /// Whether the person has moved the selection.
    moved: bool,
}

/// How the receipts are read.
#[derive(Debug, Default)]
struct Receipts {
    /// Whether they are being read.
    under_way: bool,
    /// When they were asked for the last time.
    last: Option<DateTime<Utc>>,
    /// Until when they are asked for, since something that was due is gone.
    until: Option<DateTime<Utc>>,
    /// The failure that the person was told of: once is enough.
    told: Option<Failure>,
}

/// The state of the program.
#[derive(Debug)]
pub struct App {
    ids: Ids,
    undo: Undo,
    /// The size of the terminal: columns, rows.
    pub size: (u16, u16),
    /// The settings that concern the screen.
    pub settings: Settings,
    /// Where memos live.
    pub connection: Connection,
    /// Where the person is going, and the places that were left.
    pub places: Places,
    /// What the main part of the screen shows.
    pub view: View,
    /// The day of the calendar that is selected.
    pub day: NaiveDate,
    /// The hour of the day ahead that is selected, by its beginning.
    pub hour: DateTime<Utc>,
    /// Which part has the keys.
    pub focus: Focus,
    /// The form.
    pub form: Form,
    /// The schedules of the group.
    pub list: List,
    /// What of them is shown.
    filter: Filter,
    sifting: Sifting,
    /// Where a range of marks begins that is being drawn.
    range_from: Option<Name>,
    /// Changes of many memos at once.
    pub batches: Vec<Batch>,
    /// Changes that are not confirmed.
    pub writes: Writes,
    /// What has arrived and nobody said done to, oldest first.
    pub arrived: Vec<Receipt>,
    /// The selected line of the panel.
    pub selected: Option<Selected>,
    /// What was delivered.
    pub history: History,
    /// The deliveries that failed and are tried again, each with its last failure.
    pub failing: HashMap<Delivery, Receipt>,
    /// How the reading of the group goes.
    pub reading: Reading,
    /// What lies on top.
    pub modal: Option<Modal>,
    /// What the program says by itself.
    pub banners: Banners,
    /// Memos that are being run by hand.
    running: HashSet<Name>,
    /// The keeping of the form on disk.
    draft: Keeping,
    /// When the place is to be opened again, after it could not be for a reason that may pass.
    connect_due: Option<DateTime<Utc>>,
    /// The reading of receipts.
    receipts: Receipts,
    /// How the program is begun.
    beginning: Beginning,
    /// Whether the program is ending.
    pub ending: bool,
}

impl App {
    /// The program as it starts: nothing is known yet but the zone of the machine.
    #[must_use]
    pub fn new(seed: u128, zone: Tz, size: (u16, u16)) -> Self {
        Self {
            ids: Ids::new(seed),
            undo: Undo::default(),
            size,
            settings: Settings {
                zone,
                when: when::Settings::default(),
                preferences: Preferences::default(),
                keys: Keymap::default(),
                contexts: Vec::new(),
                chosen: String::new(),
            },
            connection: Connection::Opening,
            places: Places::default(),
            view: View::Pending,
            day: NaiveDate::default(),
            hour: DateTime::default(),
            focus: Focus::List,
            form: Form::new(zone),
            list: List::default(),
            filter: Filter::default(),
            sifting: Sifting::default(),
            range_from: None,
            batches: Vec::new(),
            writes: Writes::default(),
            arrived: Vec::new(),
            selected: None,
            history: History::default(),
            failing: HashMap::new(),
            reading: Reading::default(),
            modal: None,
            banners: Banners::default(),
            running: HashSet::new(),
            draft: Keeping::default(),
            connect_due: None,
            receipts: Receipts::default(),
            beginning: Beginning::default(),
            ending: false,
        }
    }

    /// What is to be done when the program starts.
    #[must_use]
    pub fn start() -> Vec<Effect> {
        vec![Effect::Start(None)]
    }

    /// Takes note of something that happened at `now`; answers what is to be done.
    pub fn update(&mut self, msg: Msg, now: DateTime<Utc>) -> Vec<Effect> {
        // The wake at which a change came to be in doubt may be late: after a sleep of the machine a key can be first.
        let mut effects = self.send_again(now);
        effects.extend(match msg {
            Msg::Key(key) => match keymap::action(self, &key) {
                Some(action) => self.act(action, &key, now),
                None => Vec::new(),
            },
            Msg::Paste(text) => self.paste(&text, now),
            Msg::Clicked(hit) => self.touch(hit, now),
            Msg::Scrolled(lines) => self.scroll(lines, now),
            Msg::Resized(columns, rows) => {
                self.size = (columns, rows);
                Vec::new()
            }
            Msg::Wake => Vec::new(),
            Msg::QuitAsked => self.quit(),
            Msg::System(settled) => self.settled(settled, now),
            Msg::Response(context, answer) => self.answered(&context, answer, now),
            Msg::StoreChanged(context, stirred) => self.stirred(&context, stirred, now),
        });
        effects.extend(self.woken(now));
        effects
    }

    /// Where the keys go.
    #[must_use]
    pub fn key_context(&self) -> KeyContext {
        let Some(modal) = &self.modal else { return self.key_context_below() };
        match modal {
            Modal::Help { .. } => KeyContext::Help,
            Modal::Details { .. } | Modal::Receipt { .. } => KeyContext::Details,
            Modal::Confirm { .. } => KeyContext::Confirm,
            Modal::Words { .. } => KeyContext::Words,
            Modal::Palette { .. } => KeyContext::Palette,
            Modal::Choose { .. } | Modal::Places { .. } | Modal::Copy { .. } => KeyContext::Choose,
        }
    }

    /// Where the keys go when nothing lies on top.
    fn key_context_below(&self) -> KeyContext {
        match (self.focus, self.view) {
            (Focus::Form, _) => KeyContext::Form,
            (Focus::List, _) if self.filter().typing => KeyContext::Filter,
            (Focus::List, view) => view.key_context(),
        }
    }

    /// The key of an action in the list, as a sentence says it.
    fn key(&self, action: Action) -> String {
        self.settings.keys.key(KeyContext::Pending, action)
    }

    /// Whether the person is new here.
    #[must_use]
    pub fn is_first_start(&self) -> bool {
        self.beginning.first_start
    }

    /// Whether this part shows that it has the keys. Until the first look at what is pending none does.
    #[must_use]
    pub fn has_keys(&self, part: Focus) -> bool {
        self.beginning.settled && self.focus == part
    }

    /// Where memos live, once that is known.
    #[must_use]
    pub fn here(&self) -> Option<&ContextInfo> {
        match &self.connection {
            Connection::Open(here) => Some(here),
            Connection::Opening | Connection::Closed(_) => None,
        }
    }

    /// How times of day are written.
    #[must_use]
    pub fn hours(&self) -> Hours {
        self.settings.when.hours
    }

    /// How many lines the panel has: what has arrived, then the schedules that are shown.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.arrived.len() + self.list.shown_len()
    }

    /// The place of the selected line, counted from 0.
    #[must_use]
    pub fn selected_line(&self) -> Option<usize> {
        match self.selected.as_ref()? {
            Selected::Arrived(key) => self.arrived.iter().position(|receipt| receipt.key == *key),
            Selected::Row(name) => self.list.position(name).map(|at| at + self.arrived.len()),
        }
    }

    /// Selects the line at this place, or the last one where there are fewer.
    fn select_line(&mut self, line: usize) {
        let line = line.min(self.lines().saturating_sub(1));
        self.selected = match self.arrived.get(line) {
            Some(receipt) => Some(Selected::Arrived(receipt.key.clone())),
            None => {
                self.list.at(line.saturating_sub(self.arrived.len())).map(|row| Selected::Row(Name::clone(&row.name)))
            }
        };
    }

    /// After something left the panel: the selection stays at its place when what it was on is gone.
    fn keep_selection(&mut self, was_at: Option<usize>) {
        if self.selected_line().is_none() {
            self.selected = None;
            if self.lines() > 0 {
                self.select_line(was_at.unwrap_or(0));
            }
        }
    }

    /// The schedule that is selected.
    #[must_use]
    pub fn selected_row(&self) -> Option<&Schedule> {
        match self.selected.as_ref()? {
            Selected::Row(name) => self.list.get(name),
            Selected::Arrived(_) => None,
        }
    }

    /// The delivery that is selected.
    #[must_use]
    pub fn selected_arrived(&self) -> Option<&Receipt> {
        match self.selected.as_ref()? {
            Selected::Arrived(key) => self.arrived.iter().find(|receipt| receipt.key == *key),
            Selected::Row(_) => None,
        }
    }

    /// The memo that is selected, if it is one that is pending.
    #[must_use]
    pub fn selected_memo(&self) -> Option<&Memo> {
        self.selected_row()?.memo()
    }

    /// The next one that is due.
    #[must_use]
    pub fn next_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.list.next_due(now)
    }

    /// How many bytes the form's memo has, and how many it may have.
    #[must_use]
    pub fn room(&self) -> (usize, usize) {
        let text = self.form.text(Field::Memo);
        (crate::memo::written_size(&text), self.here().map_or(form::PASTE_LIMIT, |here| here.memo_limit))
    }
}

/// Where a window of `rows` begins over `lines`, so that the selected one stands in its middle where it can.
#[must_use]
pub fn window(selected: usize, lines: usize, rows: usize) -> usize {
    selected.saturating_sub(rows / 2).min(lines.saturating_sub(rows))
}

/// From how many columns on the form and the panel stand side by side.
pub const WIDE: u16 = 100;

/// How long after a place could not be opened it is tried again.
const CONNECT_PAUSE: TimeDelta = TimeDelta::seconds(15);

/// How long after the last key the form is kept on disk.
const DRAFT_PAUSE: TimeDelta = TimeDelta::milliseconds(500);
