//! What comes in and what goes out: [`Msg`] and [`Effect`], plain values that tests compare.
//!
//! The runtime carries out an effect and reports the result as a message. Whatever concerns a context carries its
//! [`ContextId`], so a late response never lands in another context.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use crossterm::event::KeyEvent;

use super::form::state::Field;
use super::settings::Settings;
use crate::context::{ContextId, ContextInfo};
use crate::failure::Failure;
use crate::memo::{Draft, Memo};
use crate::preferences::Notifications;
use crate::schedule::{Change, ChangeOutcome, Details, Name, Receipt, Schedule};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed. The terminal filters key releases.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// Keys came at once, as no person types them: a paste from a terminal that does not say where a paste begins.
    PasteOfKeys(String),
    /// The mouse clicked something.
    Clicked(ClickTarget),
    /// The wheel turned by this many rows: down, or up when negative.
    Scrolled(i16),
    /// The screen has measured the open document: the first line of its last page. Precedes each event of the terminal
    /// while a document is open, since only the screen knows how its text wraps.
    Measured(usize),
    /// The terminal has this size now: columns, rows.
    Resized(u16, u16),
    /// The time that `next_wake` named has come.
    Wake,
    /// A signal asks the program to end (SIGTERM, SIGHUP), or the terminal is gone.
    QuitAsked,
    /// Something that belongs to no context.
    System(SystemEvent),
    /// A context responded.
    Response(ContextId, Response),
    /// The store of a context changed.
    StoreChanged(ContextId, StoreEvent),
}

/// What the mouse clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClickTarget {
    /// A line of the list, counted from 0; arrived memos come first.
    Line(usize),
    /// A day of the calendar.
    Day(NaiveDate),
    /// An hour of the Hours view, by its start.
    Hour(DateTime<Utc>),
    /// A part of the next 24 hours, from its start to its end (exclusive).
    Time(DateTime<Utc>, DateTime<Utc>),
    /// A field of the form.
    Field(Field),
}

/// Why a store changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreEvent {
    /// The engine in this process delivered something.
    Delivered,
    /// Another process changed the store.
    Elsewhere,
}

/// What the program learns about this machine and the settings.
#[derive(Debug, Clone, PartialEq)]
pub enum SystemEvent {
    /// The settings were read.
    Settings(Settings),
    /// A context was opened.
    Connected(ContextInfo),
    /// The context with this name, or the default one, could not be opened: mistakes in the settings, an unreadable store,
    /// missing credentials.
    NotConnected(Option<String>, Vec<Failure>),
    /// The person has never used tickler on this machine.
    FirstStart,
    /// The draft from the last run.
    Draft(Draft),
    /// The drafts that the last run kept aside.
    Aside(Vec<Draft>),
    /// Something failed on this machine that stops nothing.
    Trouble(Failure),
    /// tmux was given this text to copy, and took it, or why it did not.
    GivenToTmux(String, Result<(), String>),
    /// The failed operation works again.
    TroubleOver(Failure),
    /// The state of this machine cannot be read or written. What could not be written is in memory.
    StateFailed(Failure),
    /// Everything is written that could not be written to the state of this machine before.
    StateWorks,
    /// A sentence: which process tickler waits for.
    Waiting(String),
}

/// What a context answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Response {
    /// The schedules as they were last read, from this machine's disk.
    Cached {
        /// The schedules.
        schedules: Vec<Schedule>,
        /// When they were read.
        read_at: Option<DateTime<Utc>>,
    },
    /// The changes that an earlier run left in the journal. This run takes them over.
    Journalled(Vec<Change>),
    /// Schedules that were read.
    Read(Vec<Schedule>),
    /// How far the reading of the group is.
    Progress {
        /// How many schedules are listed.
        listed: usize,
        /// How many of the changed ones are read.
        read: usize,
    },
    /// The reading of the group was stopped.
    ReadingStopped,
    /// The reading of the group has ended.
    Loaded(Result<Loaded, Failure>),
    /// The outcome of a change.
    Change(Change, Result<ChangeOutcome, Failure>),
    /// These changes were stopped before they were sent. They are out of the journal.
    Withdrawn(Vec<Change>),
    /// A memo was run now; the text is the answer of its target.
    Ran(Memo, Result<String, Failure>),
    /// Everything the scheduler knows about one schedule; `None` if it is gone.
    Details(Name, Result<Option<Details>, Failure>),
    /// The text to copy.
    Copy(String),
    /// What has arrived and is not done, and which of it is new.
    Arrived(Result<Arrived, Failure>),
    /// A part of the history.
    History(Result<Log, Failure>),
}

/// A complete reading of the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// How many schedules there are.
    pub total: usize,
    /// Whether anything changed since the last reading.
    pub changed: bool,
    /// The schedules that are gone.
    pub gone: Vec<Name>,
    /// How long the reading took, in milliseconds.
    pub took_ms: i64,
}

/// What has arrived, or failed for good.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrived {
    /// Everything that is not done, oldest first.
    pub undone: Vec<Receipt>,
    /// Every receipt that was read, done or not, one for each delivery.
    pub read: Vec<Receipt>,
    /// The keys of the receipts that are new.
    pub fresh: HashSet<String>,
    /// Why the dead-letter queue could not be read, although the log could.
    pub queue: Option<Failure>,
}

/// A part of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Every delivery and failure since `since`, newest first.
    pub lines: Vec<Receipt>,
    /// How far back the reading is; `None` when it has ended.
    pub since: Option<DateTime<Utc>>,
}

/// Something to do outside of [`App`](super::App).
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read the settings and the draft, and open the context with this name, or else the default one.
    Open(Option<String>),
    /// Read the settings again.
    ReadSettings,
    /// Read the settings again, and open the context with this name again if its settings changed.
    Reopen(String),
    /// Send a request to a context.
    Request(ContextId, Request),
    /// Save the draft; `None` if there is none.
    SaveDraft(Option<Draft>),
    /// Save the drafts that are kept aside, in place of those before.
    SaveAside(Vec<Draft>),
    /// Write what could not be written to the state of this machine.
    WriteAgain,
    /// Write the queued change of each schedule to the journal, in place of the one before; `None` removes it.
    JournalQueued(ContextId, Vec<(Name, Option<Change>)>),
    /// Stop the reading of the group.
    StopReading(ContextId),
    /// Remove the changes of a schedule from the journal.
    DropFromJournal(ContextId, Name),
    /// Withdraw the changes of these schedules that are not sent yet.
    Withdraw(ContextId, Vec<Name>),
    /// Record that the person is done with these deliveries, by the keys of their receipts.
    Done(ContextId, Vec<String>),
    /// Record that the person is not done with these deliveries after all.
    NotDone(ContextId, Vec<String>),
    /// Notify the person of deliveries.
    Ring(Ring),
    /// Copy this text to the terminal's clipboard.
    Copy(String),
    /// Capture the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Redraw the whole screen.
    Redraw,
    /// Suspend the program until the shell resumes it.
    Suspend,
    /// Wait a moment for changes on their way, then end.
    Quit,
}

/// What the app asks of a context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Read the group again, beginning with these schedules.
    Refresh(Vec<Name>),
    /// Make a change. It is journalled before it is sent.
    Change(Change),
    /// Make many changes. All are journalled at once, and sent a few at a time.
    ChangeMany(Vec<Change>),
    /// Run a memo now.
    Run(Memo),
    /// Read everything about one schedule.
    Details(Name),
    /// Make the text to copy.
    Copy(Copied),
    /// Read the receipts since the last reading, or since this time.
    Arrived(Option<DateTime<Utc>>),
    /// Read the history.
    History,
}

/// What to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// This text.
    Text(String),
    /// The ARN of this schedule.
    Arn(Name),
    /// The AWS CLI command that creates a schedule like this memo's.
    Command(Box<Memo>),
}

/// A notification of deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// The ways to notify.
    pub by: Notifications,
    /// The text of each notification.
    pub texts: Vec<String>,
}
