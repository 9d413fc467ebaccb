//! What comes in and what goes out: [`Msg`] and [`Effect`], both plain values that tests compare.
//!
//! An effect is a wish; the runtime carries it out and answers with a message. Whatever concerns a place where memos
//! live carries its [`ContextId`], so that an answer that comes late never lands in another place.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use crossterm::event::KeyEvent;

use super::copy::Copied;
use crate::context::{ContextId, ContextInfo};

use crate::failure::Failure;
use crate::keymap::Keymap;
use crate::memo::{Draft, Memo};
use crate::preferences::{Notifications, Preferences};
use crate::schedule::{Change, ChangeOutcome, Details, Name, Receipt, Schedule};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed (releases are filtered at the terminal's edge).
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse touched something on the screen.
    Clicked(ClickTarget),
    /// The wheel turned: rows down, or up when negative.
    Scrolled(i16),
    /// The terminal has this size now: columns, rows.
    Resized(u16, u16),
    /// The deadline that `next_wake` named has come.
    Wake,
    /// The program was asked to end from outside (SIGTERM, SIGHUP), or the terminal is gone.
    QuitAsked,
    /// An answer that belongs to no place: settings, the draft.
    System(SystemEvent),
    /// An answer from a place where memos live.
    Response(ContextId, Response),
    /// Something in the place's store changed by itself: a delivery, or another process.
    StoreChanged(ContextId, StoreEvent),
}

/// What the mouse touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClickTarget {
    /// The n-th line of the panel, arrived ones first, counted from 0.
    Line(usize),
    /// A day of the calendar.
    Day(chrono::NaiveDate),
    /// An hour of the day ahead, by its beginning.
    Hour(DateTime<Utc>),
    /// A part of the next 24 hours: from the one moment to just before the other.
    Time(DateTime<Utc>, DateTime<Utc>),
    /// A field of the form.
    Field(super::form::Field),
}

/// Why a store stirred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreEvent {
    /// The embedded engine delivered something in this process.
    Delivered,
    /// Another process changed the store.
    Elsewhere,
}

/// What the program learns about itself after the first frame.
#[derive(Debug, Clone, PartialEq)]
pub enum SystemEvent {
    /// The settings, as far as the screen is concerned.
    Settings(Settings),
    /// The place where memos live can be used.
    Connected(ContextInfo),
    /// The one of this name, or with none the chosen one, cannot: settings that do not parse, a store that cannot be
    /// read, credentials that are missing.
    NotConnected(Option<String>, Vec<Failure>),
    /// This machine remembers nothing yet: the person is new here.
    FirstStart,
    /// The form as it was left.
    Draft(Draft),
    /// Something on this machine's disk failed that stops nothing, but must be said.
    Trouble(Failure),
}

/// The settings that change what is shown or understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The zone of the person.
    pub zone: Tz,
    /// What words such as "tomorrow" mean in full.
    pub when: when::Settings,
    /// How the screen looks, how a delivery makes itself heard, how often a place is read again.
    pub preferences: Preferences,
    /// Which keys do what.
    pub keys: Keymap,
    /// The names of the places where memos can live.
    pub contexts: Vec<String>,
    /// Which of them is opened at the start.
    pub chosen: String,
}

/// What a place answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Response {
    /// What was read the last time, from this machine's disk.
    Cached {
        /// The schedules.
        rows: Vec<Schedule>,
        /// When they were read.
        read_at: Option<DateTime<Utc>>,
    },
    /// Changes that an earlier run of the program could not confirm; they are this one's now.
    Adopted(Vec<Change>),
    /// Schedules that were read.
    Rows(Vec<Schedule>),
    /// How far the reading has come.
    Progress {
        /// How many schedules were listed so far.
        listed: usize,
        /// How many of those that had to be read were read.
        read: usize,
    },
    /// The reading of the group was stopped before its end.
    ReadingStopped,
    /// The whole group was read.
    Loaded(Result<Loaded, Failure>),
    /// A change was made, or was not.
    Wrote(Change, Result<ChangeOutcome, Failure>),
    /// These changes were not sent, and will not be; they are out of the journal.
    Withdrawn(Vec<Change>),
    /// A memo was run at once, and what its target answered, or was not.
    Ran(Memo, Result<String, Failure>),
    /// Everything known about one schedule; `None` when it is gone.
    Details(Name, Result<Option<Details>, Failure>),
    /// What is to be copied.
    Copy(String),
    /// What arrived and was not said done to, and which of it is new.
    Arrived(Result<Arrived, Failure>),
    /// A part of what was delivered.
    History(Result<Log, Failure>),
}

/// How a reading of the whole group ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// How many schedules there are.
    pub total: usize,
    /// Whether anything differed from what was known.
    pub changed: bool,
    /// Which are there no more.
    pub gone: Vec<Name>,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

/// What arrived, or failed for good.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrived {
    /// All that nobody said done to, oldest first.
    pub undone: Vec<Receipt>,
    /// Every receipt that was read, whether done or not, one for each delivery: made, failing or failed.
    pub read: Vec<Receipt>,
    /// The keys of those never seen before.
    pub fresh: HashSet<String>,
    /// Why the dead-letter queue could not be read, where that is so: the log was, all the same.
    pub queue: Option<Failure>,
}

/// A part of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// What was delivered and what failed, newest first: all of it that is younger than `since`.
    pub lines: Vec<Receipt>,
    /// How far back the reading has come; `None` when it is through.
    pub since: Option<DateTime<Utc>>,
}

/// Something to be done outside of [`App`](super::App).
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read the settings and the draft, and open the place of this name; with none, the one that the settings choose.
    Start(Option<String>),
    /// Read the settings again.
    Settings,
    /// Read the settings again, and where they say something else of the place of this name than when it was opened,
    /// open it anew.
    Review(String),
    /// Ask the place for something.
    Request(ContextId, Request),
    /// Keep the form as it stands; `None` when there is nothing to keep.
    SaveDraft(Option<Draft>),
    /// Write down what waits for the change of a schedule that is on its way, in the place of what had waited; with
    /// nothing, strike that out.
    Keep(ContextId, Vec<(Name, Option<Change>)>),
    /// Stop reading the group.
    StopReading(ContextId),
    /// The changes of a schedule are given up: take them out of the journal.
    GiveUp(ContextId, Name),
    /// Take those changes of these schedules back that were not sent yet.
    Withdraw(ContextId, Vec<Name>),
    /// The person has said done to these.
    Done(ContextId, Vec<String>),
    /// Ring for these deliveries.
    Ring(Ring),
    /// Put this into the clipboard of the terminal.
    Copy(String),
    /// Listen to the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Draw the screen anew from nothing.
    Redraw,
    /// Stop until the shell brings the program back.
    Suspend,
    /// Wait a moment for changes under way, then end.
    Quit,
}

/// What is asked of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Read the group again; these names first, since they are on the screen.
    Refresh(Vec<Name>),
    /// Make a change (it is journalled before it is sent).
    Write(Change),
    /// Make many changes: all of them are journalled at once, and sent a few at a time.
    WriteAll(Vec<Change>),
    /// Deliver a memo at once.
    Run(Memo),
    /// Everything known about one schedule.
    Details(Name),
    /// Say what is to be copied of a schedule.
    Copy(Copied),
    /// What was delivered since the log was last read, or since the earliest delivery that is awaited.
    Arrived(Option<DateTime<Utc>>),
    /// The delivery log.
    History,
}

/// What makes itself heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// In which ways.
    pub by: Notifications,
    /// What each notification says.
    pub texts: Vec<String>,
}
