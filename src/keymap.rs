//! The one table of keys: where a key works, what it does, how it is described, and when it is available.
//!
//! [`BINDINGS`] holds what there is to be done, with the keys that it has where the settings say nothing; a [`Keymap`]
//! holds the keys that it has for this person. Dispatch, the footer, the help, the palette and every sentence that names
//! a key ask the one; the README, the sample of the settings and the man page are written from the other. None of them
//! can say something that the others do not.

mod chord;
mod keys;
mod names;
mod pages;
mod table;

use crossterm::event::KeyEvent;

use crate::app::App;
pub use chord::{Chord, NoChord};
pub use keys::{Bound, Clash, Keymap};
pub use pages::{TOLD, markdown, sample, told};
pub use table::BINDINGS;

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyContext {
    /// Everywhere, where the more special place has no binding of its own.
    Anywhere,
    /// The panel of what is pending and what has arrived.
    Pending,
    /// The list of what was delivered.
    History,
    /// The month.
    Calendar,
    /// The day ahead, hour by hour.
    Hours,
    /// The line in which a filter is typed.
    Filter,
    /// The form.
    Form,
    /// The details of one schedule.
    Details,
    /// A question with yes and no.
    Confirm,
    /// A question with several answers.
    Choose,
    /// A question that is answered in words.
    Words,
    /// The line in which something is looked for in the palette.
    Palette,
    /// The help.
    Help,
}

impl KeyContext {
    /// All of them, in the order in which they are told of.
    pub const ALL: [Self; 13] = [
        Self::Pending,
        Self::History,
        Self::Calendar,
        Self::Hours,
        Self::Form,
        Self::Filter,
        Self::Details,
        Self::Confirm,
        Self::Choose,
        Self::Words,
        Self::Palette,
        Self::Help,
        Self::Anywhere,
    ];

    /// What the help calls it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Anywhere => "Everywhere",
            Self::Pending => "Pending",
            Self::History => "History",
            Self::Calendar => "Calendar",
            Self::Hours => "Hours",
            Self::Filter => "Filter",
            Self::Form => "Form",
            Self::Details => "Details",
            Self::Confirm => "Question",
            Self::Choose => "Choice",
            Self::Words => "In words",
            Self::Palette => "Palette",
            Self::Help => "Help",
        }
    }

    /// Whether a plain character is text there.
    #[must_use]
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Form | Self::Filter | Self::Words | Self::Palette)
    }
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Begin a new memo.
    New,
    /// Change the selected memo.
    Change,
    /// Write a new memo like the selected one.
    Duplicate,
    /// Copy something of it.
    Copy,
    /// Show everything that can be done.
    Palette,
    /// Say done to what has arrived, or show details of what is pending.
    Open,
    /// Have it come up again later.
    Snooze,
    /// Call it off.
    Cancel,
    /// Be done with what has arrived, or failed.
    PutAway,
    /// Be done with all that has arrived.
    PutAwayAll,
    /// Type what the lines have to hold.
    Filter,
    /// Show them all again.
    ClearFilter,
    /// Back to the lines that the filter lets through.
    KeepFilter,
    /// Mark the selected memo, or take its mark away.
    Mark,
    /// Begin or end a range of marks.
    MarkRange,
    /// Mark all that is shown.
    MarkAll,
    /// Take all marks away.
    Unmark,
    /// Sort by something else.
    Sort,
    /// Sort from the other end.
    TurnAround,
    /// Headings for the days, or none.
    ByDay,
    /// Deliver it at once.
    Run,
    /// Take the last change back.
    Undo,
    /// Do it again.
    Redo,
    /// Read everything again.
    Refresh,
    /// Stop what is being done to many memos.
    Stop,
    /// The next line.
    Down,
    /// The line before.
    Up,
    /// The first line.
    First,
    /// The last line.
    Last,
    /// Down by a page.
    PageDown,
    /// Up by a page.
    PageUp,
    /// Show what is pending.
    ShowPending,
    /// Show what was delivered.
    ShowHistory,
    /// Show the month.
    ShowCalendar,
    /// Show the day ahead, hour by hour.
    ShowHours,
    /// Show what is due in the selected hour.
    OpenHour,
    /// Show the view after this one.
    NextView,
    /// Show the view before this one.
    PreviousView,
    /// Show what falls on the selected day.
    OpenDay,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Go to another place where memos live.
    Contexts,
    /// Show the keys.
    Help,
    /// Go back.
    Back,
    /// Put the message at the foot away.
    Dismiss,
    /// The next field.
    NextField,
    /// The field before.
    PreviousField,
    /// The next field, or from the last one schedule the memo.
    Advance,
    /// Schedule the memo.
    Submit,
    /// The next zone on offer.
    NextZone,
    /// The zone on offer before.
    PreviousZone,
    /// Empty the form.
    Empty,
    /// Keep the words of the memo, or read a time in them again.
    KeepWords,
    /// Change the text.
    Edit(Edit),
    /// Yes.
    Yes,
    /// No.
    No,
    /// Answer in words.
    Words,
    /// Take the highlighted answer.
    Take,
    /// Take the answer with this number.
    Pick,
    /// Draw the screen anew.
    Redraw,
    /// Stop until the shell brings the program back.
    Suspend,
    /// End.
    Quit,
}

impl Action {
    /// Whether it leads to a change of what is scheduled.
    #[must_use]
    pub fn changes(self) -> bool {
        matches!(
            self,
            Self::New
                | Self::Change
                | Self::Duplicate
                | Self::Snooze
                | Self::Cancel
                | Self::Run
                | Self::Undo
                | Self::Redo
                | Self::Submit
        )
    }
}

/// One editing step in a line of text; the keys are readline's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Insert a character.
    Insert(char),
    /// Begin a new line.
    NewLine,
    /// Delete the character before the cursor.
    DeleteBack,
    /// Delete the character at the cursor.
    DeleteForward,
    /// Delete the word before the cursor.
    DeleteWordBack,
    /// Delete the word at the cursor.
    DeleteWordForward,
    /// Delete to the start of the line.
    DeleteToStart,
    /// Delete to the end of the line.
    DeleteToEnd,
    /// Insert what was deleted last.
    Yank,
    /// Take back the last change of the text.
    Undo,
    /// Do it again.
    Redo,
    /// One character back.
    Back,
    /// One character on.
    Forward,
    /// One word back.
    WordBack,
    /// One word on.
    WordForward,
    /// To the start of the line.
    LineStart,
    /// To the end of the line.
    LineEnd,
    /// One line up.
    LineUp,
    /// One line down.
    LineDown,
}

/// One line of the table.
pub struct Binding {
    /// Where it works.
    pub context: KeyContext,
    /// Its keys where the settings say nothing, the first of which the footer shows.
    pub keys: &'static [Chord],
    /// What it does.
    pub action: Action,
    /// One or two words for the footer; empty where the footer does not show it.
    pub short: &'static str,
    /// A line for the help and the README.
    pub long: &'static str,
    /// Whether it can be used now.
    pub available: fn(&App) -> bool,
}

impl Binding {
    /// What it is called, in one word and in more.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.short, self.long) {
            (short, "") => short.to_owned(),
            ("", long) => long.to_owned(),
            (short, long) if long.starts_with(short) => long.to_owned(),
            (short, long) => format!("{short}: {long}"),
        }
    }

    /// Whether it is told of: where nothing is changed, what would change something is not.
    #[must_use]
    pub fn is_offered(&self, app: &App) -> bool {
        !(app.is_read_only() && self.action.changes())
    }
}

/// Every binding, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().flat_map(|group| group.iter())
}

/// The action of a key here and now. In the form a plain character is text.
#[must_use]
pub fn action(app: &App, key: &KeyEvent) -> Option<Action> {
    app.settings.keys.action(app, key)
}
