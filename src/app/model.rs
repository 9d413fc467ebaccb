//! [`App`], the state of the program, and the questions that everybody asks of it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use when::Hours;

use super::banner::Banners;
use super::context::state::ContextState;
use super::form::edit::PASTE_LIMIT;
use super::form::state::{Field, Form};
use super::ids::Ids;
use super::list_view::ListView;
use super::message::Effect;
use super::modal::Modal;
use super::selection::Selected;
use super::settings::Settings;
use super::state_trouble::StateTrouble;
use super::view::{Focus, View};
use crate::context::{ContextId, ContextInfo};
use crate::failure::Failure;
use crate::keymap::{Action, KeyContext, Keymap};
use crate::memo::{self, Memo};
use crate::preferences::Preferences;
use crate::schedule::{Name, Receipt, Schedule};

/// Whether the current context is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionState {
    /// The program is opening it.
    Opening,
    /// Open.
    Open(ContextId),
    /// It could not be opened.
    Closed(Vec<Failure>),
}

/// The connection to the current context.
#[derive(Debug)]
pub struct Connection {
    /// Whether it is open.
    pub state: ConnectionState,
    /// The name of the context that the person wants; `None` until the settings are read.
    pub(super) wanted: Option<String>,
    /// When to try again to open the context.
    pub(super) retry_at: Option<DateTime<Utc>>,
}

/// The drafts beside the one in the form, and how drafts are saved.
#[derive(Debug, Default)]
pub(super) struct DraftSaving {
    /// When to save it next.
    pub(super) due: Option<DateTime<Utc>>,
    /// Whether one is saved.
    pub(super) saved: bool,
    /// The drafts that are kept aside while the form holds another one, the newest last.
    pub(super) aside: Vec<Form>,
    /// Whether such drafts are saved.
    pub(super) saved_aside: bool,
}

/// The start of the program, before the person has pressed a key.
#[derive(Debug, Default)]
pub(super) struct Beginning {
    /// Whether the person is new.
    pub(super) first_start: bool,
    /// Whether the focus is decided.
    pub(super) settled: bool,
}

/// The state of the program.
#[derive(Debug)]
pub struct App {
    pub(super) ids: Ids,
    /// The size of the terminal: columns, rows.
    pub size: (u16, u16),
    /// The settings of the screen.
    pub settings: Settings,
    /// The contexts that have been opened.
    pub(super) contexts: BTreeMap<ContextId, ContextState>,
    /// Stands in while no context is open.
    pub(super) no_context: ContextState,
    /// The connection to the current context.
    pub connection: Connection,
    /// The view.
    pub view: View,
    /// The selected day of the calendar.
    pub day: NaiveDate,
    /// The selected hour of the Hours view, by its start.
    pub hour: DateTime<Utc>,
    /// The part of the screen that has the keys.
    pub focus: Focus,
    /// The form.
    pub form: Form,
    pub(super) draft: DraftSaving,
    pub(super) list_view: ListView,
    /// The overlay.
    pub modal: Option<Modal>,
    /// The banners.
    pub banners: Banners,
    pub(super) beginning: Beginning,
    /// Why the state of this machine cannot be written, while it cannot.
    pub(super) state_trouble: Option<StateTrouble>,
    /// Whether the program is ending.
    pub ending: bool,
}

impl App {
    /// The program at its start, before it has read anything. `zone` is the machine's.
    #[must_use]
    pub fn new(seed: u128, zone: Tz, size: (u16, u16)) -> Self {
        Self {
            ids: Ids::new(seed),
            size,
            settings: Settings {
                zone,
                when: when::Settings::default(),
                preferences: Preferences::default(),
                keys: Keymap::default(),
                contexts: Vec::new(),
                chosen: String::new(),
            },
            contexts: BTreeMap::new(),
            no_context: ContextState::placeholder(),
            connection: Connection { state: ConnectionState::Opening, wanted: None, retry_at: None },
            view: View::Pending,
            day: NaiveDate::default(),
            hour: DateTime::default(),
            focus: Focus::List,
            form: Form::new(zone),
            draft: DraftSaving::default(),
            list_view: ListView::default(),
            modal: None,
            banners: Banners::default(),
            beginning: Beginning::default(),
            state_trouble: None,
            ending: false,
        }
    }

    /// What to do at the start.
    #[must_use]
    pub fn start() -> Vec<Effect> {
        vec![Effect::Open(None)]
    }

    /// The current context, or the placeholder while none is open.
    #[must_use]
    pub fn current(&self) -> &ContextState {
        self.current_id().and_then(|id| self.contexts.get(id)).unwrap_or(&self.no_context)
    }

    pub(super) fn current_mut(&mut self) -> &mut ContextState {
        match &self.connection.state {
            ConnectionState::Open(id) => self.contexts.get_mut(id).unwrap_or(&mut self.no_context),
            ConnectionState::Opening | ConnectionState::Closed(_) => &mut self.no_context,
        }
    }

    /// The identity of the current context, if it is open.
    #[must_use]
    pub fn current_id(&self) -> Option<&ContextId> {
        match &self.connection.state {
            ConnectionState::Open(id) => Some(id),
            ConnectionState::Opening | ConnectionState::Closed(_) => None,
        }
    }

    /// The current context's description, if it is open.
    #[must_use]
    pub fn here(&self) -> Option<&ContextInfo> {
        self.current_id().and_then(|id| self.contexts.get(id)).map(|context| &context.info)
    }

    /// All contexts that have been opened.
    #[must_use = "an iterator does nothing by itself"]
    pub fn contexts(&self) -> impl Iterator<Item = &ContextState> {
        self.contexts.values()
    }

    /// The opened contexts except the current one.
    #[must_use = "an iterator does nothing by itself"]
    pub fn other_contexts(&self) -> impl Iterator<Item = &ContextState> {
        self.contexts.values().filter(|context| self.current_id() != Some(context.id()))
    }

    /// How many changes no scheduler has taken yet, in all contexts.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.contexts.values().map(|context| context.changes.unsent()).sum()
    }

    /// The key of an action in the list, as a sentence names it.
    pub(super) fn key(&self, action: impl Into<Action>) -> String {
        self.settings.keys.key(KeyContext::Pending, action)
    }

    /// Whether the person is new.
    #[must_use]
    pub fn is_first_start(&self) -> bool {
        self.beginning.first_start
    }

    /// Whether this part shows that it has the keys. Until the first list is read, no part does.
    #[must_use]
    pub fn has_keys(&self, part: Focus) -> bool {
        self.beginning.settled && self.focus == part
    }

    /// How to write times of day.
    #[must_use]
    pub fn hours(&self) -> Hours {
        self.settings.when.hours
    }

    /// How many lines the list has: what has arrived, then the schedules that pass the filter.
    #[must_use]
    pub fn lines(&self) -> usize {
        let context = self.current();
        context.arrivals().count() + context.list.shown_len()
    }

    /// The number of the selected line, counted from 0.
    #[must_use]
    pub fn selected_line(&self) -> Option<usize> {
        let context = self.current();
        match self.list_view.selected.as_ref()? {
            Selected::Arrived(key) => context.arrivals().position(|receipt| receipt.key == *key),
            Selected::Row(name) => context.list.position(name).map(|at| at + context.arrivals().count()),
        }
    }

    /// Selects the line with this number, or the last line.
    pub(super) fn select_line(&mut self, line: usize) {
        let line = line.min(self.lines().saturating_sub(1));
        let context = self.current();
        let arrived = context.arrivals().nth(line).map(|receipt| Selected::Arrived(receipt.key.clone()));
        self.list_view.selected = arrived.or_else(|| {
            let schedule = context.list.at(line.saturating_sub(context.arrivals().count()))?;
            Some(Selected::Row(Name::clone(&schedule.name)))
        });
    }

    /// Selects the line at the same number when the selected line is gone.
    pub(super) fn keep_selection(&mut self, was_at: Option<usize>) {
        if self.selected_line().is_none() {
            self.list_view.selected = None;
            if self.lines() > 0 {
                self.select_line(was_at.unwrap_or(0));
            }
        }
    }

    /// The selected schedule.
    #[must_use]
    pub fn selected_row(&self) -> Option<&Schedule> {
        match self.list_view.selected.as_ref()? {
            Selected::Row(name) => self.current().list.get(name),
            Selected::Arrived(_) => None,
        }
    }

    /// The selected delivery.
    #[must_use]
    pub fn selected_arrived(&self) -> Option<&Receipt> {
        match self.list_view.selected.as_ref()? {
            Selected::Arrived(key) => self.current().arrivals().find(|receipt| receipt.key == *key),
            Selected::Row(_) => None,
        }
    }

    /// The selected memo, if it is pending.
    #[must_use]
    pub fn selected_memo(&self) -> Option<&Memo> {
        self.selected_row()?.memo()
    }

    /// When the next schedule is due.
    #[must_use]
    pub fn next_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.current().list.next_due(now)
    }

    /// The size of the form's memo in bytes, and the largest size.
    #[must_use]
    pub fn room(&self) -> (usize, usize) {
        let text = self.form.text(Field::Memo);
        (memo::written_size(&text), self.here().map_or(PASTE_LIMIT, |here| here.memo_limit))
    }
}

/// Where a window of `rows` begins over `lines`, so that the selected line is in its middle where possible.
#[must_use]
pub fn window(selected: usize, lines: usize, rows: usize) -> usize {
    selected.saturating_sub(rows / 2).min(lines.saturating_sub(rows))
}

/// From this width on, the form and the list stand side by side.
pub const WIDE: u16 = 100;

/// How long after a failed try the context is opened again.
pub(super) const RECONNECT_PAUSE: TimeDelta = TimeDelta::seconds(15);

/// How long after the last key the draft is saved.
pub(super) const DRAFT_PAUSE: TimeDelta = TimeDelta::milliseconds(500);
